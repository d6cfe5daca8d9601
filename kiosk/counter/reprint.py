"""Printing a paper again: always marked as a copy, with its count."""

from __future__ import annotations

from kiosk import bangla
from kiosk.counter import issue
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.words import words
from printing import spool


def reprint(counter: Counter, number: int) -> int:
    """Queue a copy of a receipt; the count that it carries.

    Raises:
        CounterError: `no_such_receipt`.
    """
    with counter.store.transaction() as connection:
        found = connection.execute("SELECT shown, document FROM receipts WHERE number = ?", (number,)).fetchone()
        if found is None or found[1] == issue.PURGED:
            raise CounterError("no_such_receipt")
        return spool.reprint(connection, str(found[0]), mark_of_copy)


def mark_of_copy(count: int) -> str:
    """What a copy says that it is, with its count."""
    return words("bn")("paper.copy", count=bangla.digits(str(count)))
