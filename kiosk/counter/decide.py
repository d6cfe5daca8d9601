"""What a person decides when a portal found another amount than the paper said: go on at the new one, or give back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kiosk.counter import issue, lines, operations, outcomes, papers, postings
from kiosk.counter.context import Counter
from kiosk.counter.records import Citizen, CounterError, Kind, Line, LineState, Receipt, ReceiptKind, Tender
from kiosk.counter.settle import change_due, send
from kiosk.ledger import journal
from kiosk.store.engine import Connection, row
from sync.operations import Operation


def difference(counter: Counter, line_id: str) -> int:
    """How much dearer (positive) or cheaper (negative) the portal found it, in poisha.

    Raises:
        CounterError: `nothing_to_decide`.
    """
    connection = counter.store.connection()
    line = _to_decide(connection, line_id)
    return _found(connection, line).official_poisha - line.official_poisha


def pay_new_amount(counter: Counter, line_id: str, tenders: Sequence[Tender]) -> Receipt:
    """Go on at the portal's amount: the difference is collected or returned against a slip, and a new payment goes out.

    Raises:
        CounterError: `nothing_to_decide`, `underpaid`, `reference_missing`, `overpaid_not_cash`.
    """
    with counter.store.transaction() as connection:
        line = _to_decide(connection, line_id)
        changed = _found(connection, line)
        owed = changed.official_poisha - line.official_poisha
        change = change_due(max(owed, 0), tenders)
        visit = lines.visit(connection, lines.visit_id_of(connection, line_id))
        operation = _again(changed, visit.citizen, counter.now())
        entries = (
            postings.collected(line, owed, tenders, change) if owed > 0 else postings.returned(line, -owed)
        )
        journal.post(
            connection, entries, cause="difference", cause_id=operation.key, at=counter.now(),
            operator_id=counter.operator.id,
        )
        lines.reprice(connection, changed)
        lines.move(connection, changed, LineState.WAITING, at=counter.now(), operator_id=counter.operator.id)
        send(connection, operation, line.id, changed.official_poisha)
        return issue.issue(
            counter, connection, ReceiptKind.COLLECTION, visit.id,
            lambda number: papers.difference(
                counter.device, counter.operator.name, changed, visit.citizen, number,
                issue.shown_of(connection, visit.id), owed, counter.now()),
            line_id=line.id,
        )


def give_back(counter: Counter, line_id: str) -> None:
    """Do not go on: what was taken becomes money owed to the citizen.

    Raises:
        CounterError: `nothing_to_decide`.
    """
    with counter.store.transaction() as connection:
        line = _to_decide(connection, line_id)
        outcomes.owe_back(counter, connection, line, line.reason, f"give_back:{line.id}", {})
        outcomes.issue_final(counter, connection, lines.visit_id_of(connection, line_id))


def _to_decide(connection: Connection, line_id: str) -> Line:
    line = lines.line(connection, line_id)
    if line.state is not LineState.DECIDE:
        raise CounterError("nothing_to_decide")
    return line


def _found(connection: Connection, line: Line) -> Line:
    """The line as the portal would have it."""
    sql = """SELECT json_extract(facts, '$.new_poisha') AS new_poisha, json_extract(facts, '$.product_id') AS product_id
             FROM line_events WHERE line_id = ? AND state = 'decide' ORDER BY id DESC LIMIT 1"""
    seen = row(connection, sql, (line.id,))
    if seen is None or seen["new_poisha"] is None:
        raise CounterError("nothing_to_decide")
    if line.kind is Kind.ORDER:
        return _repriced_order(line, seen["product_id"], seen["new_poisha"])
    return replace(line, official_poisha=seen["new_poisha"])


def _repriced_order(line: Line, product_id: str, new_poisha: int) -> Line:
    items = [
        {**item, "unit_price_poisha": new_poisha} if item["product_id"] == product_id else item
        for item in line.facts["items"]
    ]
    total = sum(item["unit_price_poisha"] * item["quantity"] for item in items)
    return replace(line, facts={**line.facts, "items": items}, official_poisha=total)


def _again(line: Line, citizen: Citizen | None, at: datetime) -> Operation:
    [(operation, _official)] = operations.for_line(line, citizen, at)
    return operation
