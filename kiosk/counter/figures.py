"""What a span of transactions comes to: the figures of a day, of a month. Every sum is of postings, made here only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.ledger import accounts, periods
from kiosk.ledger.periods import Moved
from kiosk.store.engine import Connection, rows

TAKEN = ("visit", "difference")


@dataclass(frozen=True, slots=True)
class PortalDay:
    """What was taken for one portal, what it has passed on, what it gave back."""

    portal: str
    taken_poisha: int
    passed_on_poisha: int
    given_back_poisha: int


@dataclass(frozen=True, slots=True)
class OperatorDay:
    name: str
    visits: int
    taken_poisha: int
    charge_poisha: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A day, or any other span of transactions. Amounts in poisha."""

    since: str  # UTC ISO of the close before, empty for the first
    until: str
    visits: int
    opening_poisha: int
    cash_taken_poisha: int
    cash_given_back_poisha: int
    cash_moved_poisha: int
    expected_poisha: int
    tenders: Mapping[str, int]  # by tender, change deducted from cash
    portals: tuple[PortalDay, ...]
    operators: tuple[OperatorDay, ...]
    charge_poisha: int
    vat_poisha: int
    provisional_lines: int
    provisional_poisha: int
    refunds_due: int
    refunds_due_poisha: int
    floats: Mapping[str, int]


def of_json(text: str) -> Figures:
    """The figures that a closed day keeps."""
    raw = json.loads(text)
    return Figures(**{
        **raw, "portals": tuple(PortalDay(**item) for item in raw["portals"]),
        "operators": tuple(OperatorDay(**item) for item in raw["operators"]),
    })


def span(connection: Connection, first: int, last: int, since: str, until: str) -> Figures:
    """The figures of transactions `first` to `last`."""
    moved = periods.moved(connection, first, last)
    before, after = periods.balances_after(connection, first - 1), periods.balances_after(connection, last)
    opening = before.get(accounts.CASH, 0)
    taken, back = (
        periods.total(moved, accounts.CASH, *TAKEN), -periods.total(moved, accounts.CASH, "refund")
    )
    expected = after.get(accounts.CASH, 0)
    served = _operators(connection, moved, first, last)
    return Figures(
        since, until, sum(one.visits for one in served), opening, taken, back,
        expected - opening - taken + back, expected, _tenders(moved), _portals(moved), served,
        -periods.total(moved, accounts.CHARGE), -periods.total(moved, accounts.VAT),
        *_open(connection, "lines", "official_poisha + charge_poisha", "state IN ('waiting', 'unknown', 'decide')"),
        *_open(connection, "refunds", "amount_poisha", "paid_at_utc = ''"),
        {name: held for name, held in after.items() if accounts.float_name(name)},
    )


def _tenders(moved: list[Moved]) -> dict[str, int]:
    """What citizens paid, by how they paid it."""
    places = {one.account for one in moved if is_tender(one.account)}
    return {
        place.removeprefix("clearing:").replace(accounts.CASH, "cash"): periods.total(moved, place, *TAKEN)
        for place in sorted(places)
    }


def _portals(moved: list[Moved]) -> tuple[PortalDay, ...]:
    payables = sorted({one.account for one in moved if periods.portal_of(one.account)})
    found = []
    for account in payables:
        portal = periods.portal_of(account)
        taken = -periods.total(moved, account, *TAKEN)
        floats = [one for one in moved if one.account.startswith(accounts.float_of(portal)) and one.cause == "outcome"]
        passed_on = -sum(one.amount_poisha for one in floats)
        given_back = periods.total(moved, account, "outcome") - passed_on
        found.append(PortalDay(portal, taken, passed_on, given_back))
    return tuple(found)


def _operators(connection: Connection, moved: list[Moved], first: int, last: int) -> tuple[OperatorDay, ...]:
    served = rows(
        connection, """SELECT operator_id, coalesce(name, '') AS name, count(*) AS visits FROM transactions
                       LEFT JOIN operators ON operators.id = operator_id
                       WHERE cause = 'visit' AND transactions.id BETWEEN ? AND ? GROUP BY operator_id ORDER BY name""",
        (first, last),
    )
    found = []
    for item in served:
        own = [one for one in moved if one.operator_id == item["operator_id"] and one.cause == "visit"]
        came = sum(one.amount_poisha for one in own if is_tender(one.account))
        found.append(OperatorDay(item["name"], item["visits"], came, -periods.total(own, accounts.CHARGE)))
    return tuple(found)


def is_tender(account: str) -> bool:
    return account == accounts.CASH or account.startswith("clearing:")


def _open(connection: Connection, table: str, amount: str, where: str) -> tuple[int, int]:
    sql = f"SELECT count(*), coalesce(sum({amount}), 0) FROM {table} WHERE {where}"
    count, poisha = connection.execute(sql).fetchone()
    return int(count), int(poisha)
