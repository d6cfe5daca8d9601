"""What an outcome at a portal does to a line and to the money. Runs inside the transaction that records the outcome."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from kiosk import times
from kiosk.counter import centre, issue, lines, papers, postings
from kiosk.counter.context import Counter
from kiosk.counter.records import Kind, Line, LineState, ReceiptKind, Visit
from kiosk.ledger import journal
from kiosk.ledger.journal import Posting
from kiosk.people.operators import Operator
from kiosk.store.engine import Connection, insert, row
from sync.operations import Accepted, Confirmed, Operation, Outcome, Rejected, Unknown

_TO_DECIDE = frozenset({"amount_changed", "price_changed"})
_ENDED = frozenset({
    LineState.ACCEPTED, LineState.CONFIRMED, LineState.OFFICE_REFUSED, LineState.REFUND_DUE, LineState.REFUNDED,
})


def apply(counter: Counter, connection: Connection, operation: Operation, outcome: Outcome) -> None:
    """Bring the operation's line to its outcome, post the money, issue the final receipt when it is time."""
    if operation.kind.endswith(".document.fetch"):
        _keep_document(counter, connection, operation, outcome)
        return
    tied = row(connection, "SELECT * FROM line_operations WHERE operation_key = ?", (operation.key,))
    if tied is None:
        return
    line = lines.line(connection, tied["line_id"])
    if line.state not in (LineState.WAITING, LineState.UNKNOWN):
        return  # its end was already written: the child of a refused parent
    match outcome:
        case Unknown():
            lines.move(connection, line, LineState.UNKNOWN, at=counter.now(), reason=outcome.reason)
        case Rejected():
            _refused(counter, connection, line, operation, outcome)
        case Accepted() | Confirmed():
            _taken(counter, connection, line, operation, outcome, tied["official_poisha"])
    issue_final(counter, connection, lines.visit_id_of(connection, line.id))


def _taken(
    counter: Counter, connection: Connection, line: Line, operation: Operation, outcome: Accepted | Confirmed,
    official_poisha: int,
) -> None:
    _post(counter, connection, postings.passed_on(line, official_poisha), operation.key)
    state = _state_after(connection, line, operation, outcome)
    if "orders" in outcome.facts:
        line = replace(line, facts={**line.facts, "orders": outcome.facts["orders"]})
        lines.reprice(connection, line)
    facts = {name: value for name, value in outcome.facts.items() if name != "body"}
    keep_first = line.reference if operation.kind.endswith(".fee.pay") else ""
    lines.move(
        connection, line, state, at=counter.now(), reference=keep_first or outcome.reference,
        facts={"kind": operation.kind, "reference": outcome.reference, **facts},
    )


def _state_after(
    connection: Connection, line: Line, operation: Operation, outcome: Accepted | Confirmed
) -> LineState:
    if _waits_for_more(connection, line, operation):
        return LineState.WAITING
    if line.kind in (Kind.APPLICATION, Kind.ORDER) or isinstance(outcome, Accepted):
        return LineState.ACCEPTED
    return LineState.CONFIRMED


def _waits_for_more(connection: Connection, line: Line, operation: Operation) -> bool:
    """Whether another operation of this line has no end yet (an application's fee)."""
    sql = """SELECT count(*) FROM line_operations AS tied JOIN operations ON operations.key = tied.operation_key
             WHERE tied.line_id = ? AND tied.operation_key <> ?
             AND operations.state IN ('waiting', 'ready', 'sending', 'unknown')"""
    return bool(connection.execute(sql, (line.id, operation.key)).fetchone()[0])


def _refused(
    counter: Counter, connection: Connection, line: Line, operation: Operation, outcome: Rejected
) -> None:
    facts = {"kind": operation.kind, **outcome.facts}
    if outcome.reason in _TO_DECIDE:
        lines.move(connection, line, LineState.DECIDE, at=counter.now(), reason=outcome.reason, facts=facts)
        return
    owe_back(counter, connection, line, outcome.reason, operation.key, facts)


def owe_back(
    counter: Counter, connection: Connection, line: Line, reason: str, cause_id: str, facts: dict[str, Any]
) -> None:
    """What was taken for the line becomes money owed to the citizen, visible until paid back (promise 4)."""
    at = counter.now()
    _post(counter, connection, postings.refused(line), cause_id)
    if line.total_poisha:
        insert(connection, "refunds", {
            "line_id": line.id, "amount_poisha": line.total_poisha, "reason": reason, "due_at_utc": times.text(at),
        })
    state = LineState.REFUND_DUE if line.total_poisha else LineState.REFUNDED
    lines.move(connection, line, state, at=at, reason=reason, facts=facts, operator_id=counter.operator.id)


def issue_final(counter: Counter, connection: Connection, visit_id: str) -> None:
    """Print the truth once every line of the visit has a known end (promise 3)."""
    visit = lines.visit(connection, visit_id)
    if visit.state != "settled" or not _is_over(connection, visit):
        return
    server, counter = _who_settled(connection, visit_id), centre.as_it_is_now(counter)
    about = issue.shown_of(connection, visit_id)
    issue.issue(
        replace(counter, operator=server), connection, ReceiptKind.FINAL, visit_id,
        lambda number: papers.final(counter.device, server.name, visit, number, about, counter.now()),
    )


def _is_over(connection: Connection, visit: Visit) -> bool:
    sql = "SELECT number FROM receipts WHERE visit_id = ? AND kind = 'final'"
    already = row(connection, sql, (visit.id,))
    return already is None and all(line.state in _ENDED for line in visit.lines)


def _who_settled(connection: Connection, visit_id: str) -> Operator:
    sql = """SELECT operators.id, name, role FROM visits JOIN operators ON operators.id = visits.operator_id
             WHERE visits.id = ?"""
    found = row(connection, sql, (visit_id,))
    return Operator(**found) if found else Operator("", "", "")


def _post(counter: Counter, connection: Connection, entries: list[Posting], cause_id: str) -> None:
    journal.post(
        connection, entries, cause="outcome", cause_id=cause_id, at=counter.now(), operator_id=counter.operator.id
    )


def _keep_document(counter: Counter, connection: Connection, operation: Operation, outcome: Outcome) -> None:
    if not isinstance(outcome, Confirmed):
        return


    line_id = operation.payload["line_id"]
    connection.execute(
        "INSERT OR REPLACE INTO documents (line_id, file_name, body, arrived_at_utc) VALUES (?, ?, ?, ?)",
        (line_id, f"{outcome.reference}.pdf", base64.b64decode(outcome.facts["body"]), times.text(counter.now())),
    )
    line = lines.line(connection, line_id)
    lines.move(connection, line, LineState.CONFIRMED, at=counter.now(), facts={"kind": operation.kind})


