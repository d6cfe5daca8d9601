"""What moved between two transactions: the figures of a day close and of a month, each summed in one place only."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ledger import accounts
from kiosk.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Moved:
    """One account's movement for one cause by one operator."""

    account: str
    cause: str
    operator_id: str
    amount_poisha: int
    times: int


def moved(connection: Connection, first: int, last: int) -> list[Moved]:
    """Everything that was posted by transactions `first` to `last`, summed by account, cause and operator."""
    found = connection.execute(
        """SELECT account, cause, operator_id, sum(amount_poisha), count(DISTINCT transactions.id) FROM postings
           JOIN transactions ON transactions.id = transaction_id
           WHERE transactions.id BETWEEN ? AND ? GROUP BY account, cause, operator_id ORDER BY 1, 2, 3""",
        (first, last),
    )
    return [Moved(*row) for row in found.fetchall()]


def balances_after(connection: Connection, last: int) -> dict[str, int]:
    """Every account's balance after transaction `last`."""
    sql = "SELECT account, sum(amount_poisha) FROM postings WHERE transaction_id <= ? GROUP BY account ORDER BY 1"
    return dict(connection.execute(sql, (last,)).fetchall())


def between(connection: Connection, since_utc: str, until_utc: str) -> tuple[int, int]:
    """The first and last transaction of a span of time; (1, 0) when there was none."""
    sql = "SELECT min(id), max(id) FROM transactions WHERE at_utc >= ? AND at_utc < ?"
    first, last = connection.execute(sql, (since_utc, until_utc)).fetchone()
    return (first, last) if first is not None else (1, 0)


def last_transaction(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM transactions").fetchone()[0])


def total(movements: list[Moved], account: str, *causes: str) -> int:
    """What `account` moved for these causes, or for all of them."""
    return sum(
        one.amount_poisha for one in movements if one.account == account and (not causes or one.cause in causes)
    )


def portal_of(account: str) -> str:
    """The portal that a payable is for; empty for any other account."""
    head, _, portal = account.partition(":")
    return portal if head == "payable" and account != accounts.VAT else ""
