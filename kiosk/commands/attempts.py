"""For whoever asks a portal's office what became of something: each operation of a visit with all that was tried."""

from __future__ import annotations

from typing import Any

from kiosk.counter.records import CounterError
from kiosk.store.engine import Connection, rows
from sync import outbox


def attempts(connection: Connection, receipt: str) -> list[dict[str, Any]]:
    """The operations of the visit that `receipt` (as it is printed on the paper) belongs to, in the order in which they
    were made.

    Raises:
        CounterError: `no_such_receipt`.
    """
    visit = connection.execute("SELECT visit_id FROM receipts WHERE shown = ?", (receipt.upper(),)).fetchone()
    if visit is None:
        raise CounterError("no_such_receipt")
    found = rows(
        connection,
        """SELECT key, operations.portal, operations.kind, operations.state, operations.reason, operations.reference
           FROM operations JOIN line_operations ON operation_key = key JOIN lines ON lines.id = line_id
           WHERE visit_id = ? ORDER BY made_at_utc, key""", visit,
    )
    return [{**one, "attempts": [_told(tried) for tried in outbox.attempts(connection, one["key"])]} for one in found]


def _told(tried: outbox.Attempt) -> dict[str, Any]:
    return {name: getattr(tried, name) for name in tried.__slots__}
