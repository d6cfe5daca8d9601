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
from sync.operations import FORGOT, Accepted, Confirmed, Operation, Outcome, Rejected, State, Unknown

ASK_THERE = "ask_there"  # the reason of an unknown line whose portal can't be asked by key: a person has to
A_PERSONS = frozenset({ASK_THERE, FORGOT})
PAPER_MISSING = "paper_missing"
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
        _late_paper(counter, connection, operation, outcome)
        return
    line = lines.line(connection, tied["line_id"])
    if line.state not in (LineState.WAITING, LineState.UNKNOWN):
        return  # its end was already written: the child of a refused parent
    match outcome:
        case Unknown() if (line.state, line.reason) != (LineState.UNKNOWN, outcome.reason):
            lines.move(connection, line, LineState.UNKNOWN, at=counter.now(), reason=outcome.reason)
        case Rejected() if operation.kind.endswith(".attachment.put"):
            _paper_missing(counter, connection, line, operation, outcome)
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
        reason=line.reason if state is LineState.UNKNOWN or line.reason == PAPER_MISSING else "",
        facts={"kind": operation.kind, "reference": outcome.reference, **facts},
    )


def _state_after(
    connection: Connection, line: Line, operation: Operation, outcome: Accepted | Confirmed
) -> LineState:
    others = _others(connection, line, operation)
    if others:
        return LineState.UNKNOWN if State.UNKNOWN in others and line.state is LineState.UNKNOWN else LineState.WAITING
    if line.kind in (Kind.APPLICATION, Kind.ORDER) or isinstance(outcome, Accepted):
        return LineState.ACCEPTED
    return LineState.CONFIRMED


def _others(connection: Connection, line: Line, operation: Operation) -> set[str]:
    """The states of this line's other operations that have no end yet (an application's fee, its files)."""
    sql = """SELECT operations.state FROM line_operations AS tied JOIN operations ON operations.key = tied.operation_key
             WHERE tied.line_id = ? AND tied.operation_key <> ?
             AND operations.state IN ('waiting', 'ready', 'sending', 'unknown')"""
    return {state for (state,) in connection.execute(sql, (line.id, operation.key)).fetchall()}


def _refused(
    counter: Counter, connection: Connection, line: Line, operation: Operation, outcome: Rejected
) -> None:
    facts = {"kind": operation.kind, **outcome.facts}
    if outcome.reason in _TO_DECIDE:
        lines.move(connection, line, LineState.DECIDE, at=counter.now(), reason=outcome.reason, facts=facts)
        return
    if _fee_is_paid(connection, line):
        lines.move(connection, line, LineState.OFFICE_REFUSED, at=counter.now(), reason="office_refused", facts=facts)
        return
    owe_back(counter, connection, line, outcome.reason, operation.key, facts)


def _fee_is_paid(connection: Connection, line: Line) -> bool:
    """Whether the office has the fee of an application that it then refused: there it stays."""
    sql = """SELECT 1 FROM line_operations AS tied JOIN operations ON operations.key = tied.operation_key
             WHERE tied.line_id = ? AND tied.official_poisha > 0 AND state = 'confirmed' AND kind LIKE '%.fee.pay'"""
    return connection.execute(sql, (line.id,)).fetchone() is not None


def _paper_missing(
    counter: Counter, connection: Connection, line: Line, operation: Operation, outcome: Rejected
) -> None:
    """The application stands without this file; the money stays where it is."""
    state = LineState.WAITING if _others(connection, line, operation) else LineState.ACCEPTED
    facts = {"kind": operation.kind, "name": operation.payload["name"], "why": outcome.reason}
    lines.move(connection, line, state, at=counter.now(), reason=PAPER_MISSING, facts=facts)


def _late_paper(counter: Counter, connection: Connection, operation: Operation, outcome: Outcome) -> None:
    """A file that went after its application, which has its end: no money moves, whatever becomes of it."""
    sql = "SELECT line_id FROM line_operations WHERE operation_key = ?"
    tied = row(connection, sql, (operation.payload.get("application_key", ""),))
    line = lines.line(connection, tied["line_id"]) if tied else None
    if line is None or line.reason != "paper_sent":
        return
    facts = {"kind": operation.kind, "name": operation.payload["name"]}
    if isinstance(outcome, Rejected):
        facts["why"] = outcome.reason
        lines.move(connection, line, line.state, at=counter.now(), reason=PAPER_MISSING, facts=facts)
    elif isinstance(outcome, Accepted | Confirmed):
        lines.move(connection, line, line.state, at=counter.now(), reason="paper_arrived", facts=facts)


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
