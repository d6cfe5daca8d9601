"""Paying back what is owed to a citizen, against a slip."""

from __future__ import annotations

from kiosk import times
from kiosk.counter import authority, centre, issue, lines, papers, postings
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, LineState, Receipt, ReceiptKind
from kiosk.ledger import journal


def pay_back(counter: Counter, line_id: str) -> Receipt:
    """Take the money out of the drawer and print the slip.

    Raises:
        CounterError: `nothing_due`, `not_in_the_field`, `supervisor_needed` above the centre's limit.
    """
    authority.require(counter, "refund")
    limit = centre.number(counter, "refund_limit", "limit_poisha")
    at = counter.now()
    with counter.store.transaction() as connection:
        sql = "UPDATE refunds SET paid_at_utc = ? WHERE line_id = ? AND paid_at_utc = '' RETURNING amount_poisha"
        due = connection.execute(sql, (times.text(at), line_id)).fetchone()
        if due is None:
            raise CounterError("nothing_due")
        amount = int(due[0])
        if amount > limit:
            authority.require(counter, "refund_above_limit")
        line = lines.line(connection, line_id)
        visit = lines.visit(connection, lines.visit_id_of(connection, line_id))
        journal.post(
            connection, postings.paid_back(amount), cause="refund", cause_id=line_id, at=at,
            operator_id=counter.operator.id,
        )
        lines.move(
            connection, line, LineState.REFUNDED, at=at, reason=line.reason, operator_id=counter.operator.id
        )
        return issue.issue(
            counter, connection, ReceiptKind.REFUND, visit.id,
            lambda number: papers.refund(
                counter.device, counter.operator.name, line, visit.citizen, number,
                issue.shown_of(connection, visit.id), amount, at),
            line_id=line_id,
        )
