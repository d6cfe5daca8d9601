"""Taking the money for a visit: one transaction that makes everything true together (promise 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk import times
from kiosk.counter import centre, issue, lines, operations, papers, postings, timing
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, LineState, ReceiptKind, Settled, Tender, TenderKind, Visit
from kiosk.ledger import journal
from kiosk.store.engine import Connection, insert
from printing import spool
from sync import outbox
from sync.operations import Operation


def settle(counter: Counter, visit_id: str, tenders: Sequence[Tender]) -> Settled:
    """Take the money for a visit and make it durable (promises 1 and 4).

    Raises:
        CounterError: `empty_basket`, `visit_not_open`, `underpaid` (with the missing poisha), `overpaid_not_cash`,
            `reference_missing`, `citizen_missing`.
    """
    with counter.store.transaction() as connection:
        visit = _with_vat(counter, connection, lines.open_visit_or_refuse(connection, visit_id))
        _refuse_incomplete(visit)
        change = change_due(visit.total_poisha, tenders)
        at = counter.now()
        _keep_tenders(connection, visit_id, tenders)
        connection.execute(
            "UPDATE visits SET state = 'settled', settled_at_utc = ? WHERE id = ?", (times.text(at), visit_id)
        )
        entries = postings.for_visit(visit, tenders, change)
        journal.post(connection, entries, cause="visit", cause_id=visit_id, at=at, operator_id=counter.operator.id)
        for line in visit.lines:
            lines.move(connection, line, LineState.WAITING, at=at, operator_id=counter.operator.id)
            terms = timing.terms(counter, line)
            for operation, official in operations.for_line(line, visit.citizen, at, terms):
                send(connection, operation, line.id, official)
        settled = lines.visit(connection, visit_id)
        receipt = issue.issue(
            counter, connection, ReceiptKind.PROVISIONAL, visit_id,
            lambda number: papers.provisional(counter.device, counter.operator.name, settled, number, change, at),
        )
        if counter.printing.drawer and any(tender.kind is TenderKind.CASH for tender in tenders):
            spool.add_drawer(connection, receipt.shown_number, printer=counter.printing.printer)
    return Settled(receipt, change)


def change_due(total_poisha: int, tenders: Sequence[Tender]) -> int:
    """What goes back in cash.

    Raises:
        CounterError: `bad_amount`, `reference_missing`, `underpaid`, `overpaid_not_cash`.
    """
    if any(tender.amount_poisha <= 0 for tender in tenders):
        raise CounterError("bad_amount")
    if any(tender.kind is not TenderKind.CASH and not tender.reference.strip() for tender in tenders):
        raise CounterError("reference_missing")
    given = sum(tender.amount_poisha for tender in tenders)
    if given < total_poisha:
        raise CounterError("underpaid", missing_poisha=total_poisha - given)
    cash = sum(tender.amount_poisha for tender in tenders if tender.kind is TenderKind.CASH)
    if given - total_poisha > cash:
        raise CounterError("overpaid_not_cash", over_poisha=given - total_poisha)
    return given - total_poisha


def send(connection: Connection, operation: Operation, line_id: str, official_poisha: int) -> None:
    """Put an operation into the outbox and say which line's money it moves."""
    outbox.add(connection, operation)
    insert(connection, "line_operations", {
        "operation_key": operation.key, "line_id": line_id, "official_poisha": official_poisha,
    })


def _with_vat(counter: Counter, connection: Connection, visit: Visit) -> Visit:
    """The VAT in each charge is fixed when the money is taken."""
    taxed = [replace(line, vat_poisha=centre.vat_of(counter, line.charge_poisha)) for line in visit.lines]
    for line in taxed:
        if line.vat_poisha:
            lines.reprice(connection, line)
    return replace(visit, lines=tuple(taxed))


def _refuse_incomplete(visit: Visit) -> None:
    if not visit.lines:
        raise CounterError("empty_basket")
    if visit.citizen is None and any(line.kind in ("application", "order") for line in visit.lines):
        raise CounterError("citizen_missing")


def _keep_tenders(connection: Connection, visit_id: str, tenders: Sequence[Tender]) -> None:
    for tender in tenders:
        insert(connection, "tenders", {
            "visit_id": visit_id, "kind": tender.kind, "amount_poisha": tender.amount_poisha,
            "reference": tender.reference.strip(),
        })

