"""Papers are issued here: a number without gaps, the document as it was printed, and a job for the printer."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import times
from kiosk.counter import copies
from kiosk.counter.context import Counter
from kiosk.counter.records import Receipt, ReceiptKind
from kiosk.ledger import signature
from kiosk.store.engine import Connection, Row, insert
from kiosk.words import words
from printing.document import Document, Stamp

PURGED = "{}"


def issue(
    counter: Counter, connection: Connection, kind: ReceiptKind, visit_id: str,
    draw: Callable[[str], Document], *, line_id: str | None = None,
) -> Receipt:
    """Take the device's next number, draw the paper with it, keep it and queue its print, all in the caller's write."""
    number = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM receipts").fetchone()[0]
    shown = f"{counter.device.code}-{number:06d}"
    office = counter.device.look.office_copy or kind is ReceiptKind.REFUND  # who took the money signs the office's
    drawn = draw(shown)
    document = copies.for_citizen(drawn, counter.device.look.lang) if office else drawn
    at = counter.now()
    body = document.to_json()
    insert(connection, "receipts", {
        "number": number, "shown": shown, "kind": kind, "visit_id": visit_id, "line_id": line_id,
        "issued_at_utc": times.text(at), "operator_id": counter.operator.id, "document": body,
        "signature": counter.device.sign(signature.statement(number, kind, visit_id, times.text(at), body)),
    })
    copies.queue(counter, connection, document, office=office)
    return Receipt(number, shown, kind, visit_id, at, document)


def shown_of(connection: Connection, visit_id: str) -> str:
    """The number on the visit's provisional receipt, which later papers refer to."""
    sql = "SELECT shown FROM receipts WHERE visit_id = ? AND kind = 'provisional'"
    return str(connection.execute(sql, (visit_id,)).fetchone()[0])


def receipt_of(found: Row) -> Receipt:
    """A kept receipt. What was printed on a purged one is gone; its number stays."""
    shown, kept = found["shown"], found["document"]
    gone = Document(shown, shown, (Stamp(words("bn")("paper.purged")),))
    return Receipt(
        found["number"], shown, ReceiptKind(found["kind"]), found["visit_id"], times.moment(found["issued_at_utc"]),
        Document.from_json(kept) if kept != PURGED else gone,
    )
