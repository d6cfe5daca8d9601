"""Papers are issued here: a number without gaps, the document as it was printed, and a job for the printer."""

from __future__ import annotations

from collections.abc import Callable

from kiosk import times
from kiosk.counter.context import Counter
from kiosk.counter.records import Receipt, ReceiptKind
from kiosk.ledger import signature
from kiosk.store.engine import Connection, Row, insert
from printing import spool
from printing.document import Document


def issue(
    counter: Counter, connection: Connection, kind: ReceiptKind, visit_id: str,
    draw: Callable[[str], Document], *, line_id: str | None = None,
) -> Receipt:
    """Take the device's next number, draw the paper with it, keep it and queue its print, all in the caller's write."""
    number = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM receipts").fetchone()[0]
    shown = shown_number(counter, number)
    document = draw(shown)
    at = counter.now()
    body = document.to_json()
    insert(connection, "receipts", {
        "number": number, "kind": kind, "visit_id": visit_id, "line_id": line_id, "issued_at_utc": times.text(at),
        "operator_id": counter.operator.id, "document": body,
        "signature": counter.device.sign(signature.statement(number, kind, visit_id, times.text(at), body)),
    })
    spool.add(connection, document, printer=counter.printing.printer, width_dots=counter.printing.width_dots)
    return Receipt(number, shown, kind, visit_id, at, document)


def shown_number(counter: Counter, number: int) -> str:
    """A receipt's number as people say it: the device's code, then six digits."""
    return f"{counter.device.code}-{number:06d}"


def receipt_of(counter: Counter, found: Row) -> Receipt:
    return Receipt(
        found["number"], shown_number(counter, found["number"]), ReceiptKind(found["kind"]), found["visit_id"],
        times.moment(found["issued_at_utc"]), Document.from_json(found["document"]),
    )
