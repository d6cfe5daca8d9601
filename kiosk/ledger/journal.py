"""Double entry, append only: transactions of postings that sum to zero, each tied to its cause once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kiosk import times
from kiosk.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Posting:
    """`amount_poisha` is a debit when positive, a credit when negative."""

    account: str
    amount_poisha: int


class Unbalanced(Exception):
    """Postings that do not sum to zero were about to be written."""


def post(
    connection: Connection, postings: Iterable[Posting], *, cause: str, cause_id: str, at: datetime, operator_id: str
) -> None:
    """Write one balanced transaction. Postings of zero are left out; nothing at all is written for none.

    Raises:
        Unbalanced: the postings do not sum to zero.
        IntegrityError: this cause has been posted before.
    """
    kept = [posting for posting in postings if posting.amount_poisha]
    if sum(posting.amount_poisha for posting in kept):
        raise Unbalanced(f"{cause} {cause_id}: {kept}")
    if not kept:
        return
    cursor = connection.execute(
        "INSERT INTO transactions (at_utc, cause, cause_id, operator_id) VALUES (?, ?, ?, ?)",
        (times.text(at), cause, cause_id, operator_id),
    )
    connection.executemany(
        "INSERT INTO postings (transaction_id, account, amount_poisha) VALUES (?, ?, ?)",
        [(cursor.lastrowid, posting.account, posting.amount_poisha) for posting in kept],
    )


def balance(connection: Connection, account: str) -> int:
    """What `account` holds, in poisha; debits positive."""
    found = connection.execute("SELECT coalesce(sum(amount_poisha), 0) FROM postings WHERE account = ?", (account,))
    return int(found.fetchone()[0])


def was_posted(connection: Connection, account: str, cause: str) -> bool:
    """Whether anything was ever posted to `account` for this cause."""
    sql = "SELECT 1 FROM postings JOIN transactions AS tied ON tied.id = transaction_id WHERE account = ? AND cause = ?"
    return connection.execute(sql, (account, cause)).fetchone() is not None


def balances(connection: Connection) -> dict[str, int]:
    """Every account that was ever posted to, with its balance."""
    sql = "SELECT account, sum(amount_poisha) FROM postings GROUP BY account ORDER BY account"
    return dict(connection.execute(sql).fetchall())
