"""Money that moves without a visit: a float is topped up, cash goes to the bank, what came by phone has arrived."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.counter import authority, postings
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, TenderKind
from kiosk.ledger import accounts, events, journal

PLACES = {"cash": accounts.CASH, "bank": accounts.BANK, "owner": accounts.OWNER}


def floats(counter: Counter) -> list[str]:
    """What may be topped up: what the catalogue's billers and portals take from, and what was ever open here."""
    named = [*(biller.float for biller in counter.catalogue.billers()), *counter.catalogue.portals()]
    held = journal.balances(counter.store.connection())
    return list(dict.fromkeys([*named, *filter(None, map(accounts.float_name, held))]))


def top_up(counter: Counter, name: str, amount_poisha: int, source: str, reference: str = "") -> None:
    """Money was put into a float at a portal, out of the drawer (`cash`), the `bank` or the `owner`'s pocket.

    Raises:
        CounterError: `bad_amount`, `not_in_the_field`, `drawer_too_small`.
    """
    if name not in floats(counter):
        raise ValueError(name)
    _move(counter, "topped_up", accounts.float_of(name), PLACES[source], amount_poisha, reference)


def deposit(counter: Counter, amount_poisha: int, place: str = "bank", reference: str = "") -> None:
    """Cash went out of the drawer to the bank or to the owner. Raises: CounterError, as `top_up`."""
    _move(counter, "deposited", PLACES[place], accounts.CASH, amount_poisha, reference)


def put_in(counter: Counter, amount_poisha: int, place: str = "owner", reference: str = "") -> None:
    """Change money was put into the drawer. Raises: CounterError, as `top_up`."""
    _move(counter, "put_in", accounts.CASH, PLACES[place], amount_poisha, reference)


def arrived(counter: Counter, tender: TenderKind, amount_poisha: int, reference: str = "") -> None:
    """What citizens paid by phone, card or wallet has arrived in the bank.

    Raises:
        CounterError: `bad_amount`, `not_in_the_field`, `more_than_awaited`.
    """
    _move(counter, "arrived", accounts.BANK, accounts.clearing(tender), amount_poisha, reference)


def balance(counter: Counter, account: str) -> int:
    return journal.balance(counter.store.connection(), account)


_TOO_SMALL: dict[str, Callable[[str], bool]] = {
    "drawer_too_small": lambda account: account == accounts.CASH,
    "more_than_awaited": lambda account: account.startswith("clearing:"),
}


def _move(counter: Counter, kind: str, to: str, source: str, amount_poisha: int, reference: str) -> None:
    authority.require(counter, "move_money")
    if amount_poisha <= 0:
        raise CounterError("bad_amount")
    at = counter.now()
    with counter.store.transaction() as connection:
        held = journal.balance(connection, source)
        for reason, applies in _TOO_SMALL.items():
            if applies(source) and held < amount_poisha:
                raise CounterError(reason, held_poisha=held)
        events.record(
            connection, kind, counter.operator.id, at, to=to, source=source, amount_poisha=amount_poisha,
            reference=reference,
        )
        event_id = connection.execute("SELECT max(id) FROM events").fetchone()[0]
        entries = postings.moved(source, to, amount_poisha)
        journal.post(
            connection, entries, cause="moved", cause_id=str(event_id), at=at, operator_id=counter.operator.id
        )

