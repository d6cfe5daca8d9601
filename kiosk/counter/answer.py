"""What a person answers where no portal can: it was done, it was not, here is the paper, the citizen knows."""

from __future__ import annotations

from kiosk import bangla
from kiosk.counter import attach, lines, operations, outcomes
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Line, LineState
from kiosk.store.engine import Connection, row
from sync import outbox

_UNKNOWN = """SELECT key FROM operations JOIN line_operations AS tied ON tied.operation_key = operations.key
              WHERE tied.line_id = ? AND operations.state = 'unknown' ORDER BY made_at_utc LIMIT 1"""
_APPLICATION = """SELECT key FROM operations JOIN line_operations AS tied ON tied.operation_key = operations.key
                  WHERE tied.line_id = ? AND kind LIKE '%.application.submit' ORDER BY made_at_utc DESC LIMIT 1"""


def was_done(counter: Counter, line_id: str, reference: str) -> None:
    """The operator looked at the portal: it is done there, under this reference.

    Raises:
        CounterError: `portal_reference_missing`, `nothing_to_answer`.
    """
    told = bangla.ascii_digits(bangla.clean(reference))
    if not told:
        raise CounterError("portal_reference_missing")
    with counter.store.transaction() as connection:
        line = _answer(counter, connection, line_id, done=True, reference=told)
        lines.move(connection, line, LineState.UNKNOWN, at=counter.now(), reason="answered_done",
                   facts={"reference": told}, operator_id=counter.operator.id)


def was_not_done(counter: Counter, line_id: str) -> None:
    """The operator looked at the portal: it is surely not done there, so it may be sent again.

    Raises:
        CounterError: `nothing_to_answer`.
    """
    with counter.store.transaction() as connection:
        line = _answer(counter, connection, line_id, done=False)
        lines.move(connection, line, LineState.WAITING, at=counter.now(), reason="answered_not_done",
                   operator_id=counter.operator.id)


def _answer(counter: Counter, connection: Connection, line_id: str, *, done: bool, reference: str = "") -> Line:
    line = lines.line(connection, line_id)
    found = connection.execute(_UNKNOWN, (line_id,)).fetchone()
    if line.reason not in outcomes.A_PERSONS or found is None:
        raise CounterError("nothing_to_answer")
    outbox.answer_unknown(connection, found[0], done, reference, counter.now())
    return line


def send_paper(counter: Counter, line_id: str, name: str, body: bytes) -> None:
    """The paper that the office misses goes after its application.

    Raises:
        CounterError: `attachment_too_large`, `attachment_unreadable`, `no_paper_missing`.
    """
    small, ending = attach.shrink(body)
    with counter.store.transaction() as connection:
        line = lines.line(connection, line_id)
        application = row(connection, _APPLICATION, (line_id,))
        if line.reason != outcomes.PAPER_MISSING or application is None:
            raise CounterError("no_paper_missing")
        named = f"{name.rpartition('.')[0] or name}.{ending}"
        outbox.add(connection, operations.paper(line, application["key"], named, small, counter.now()))
        lines.move(connection, line, line.state, at=counter.now(), reason="paper_sent", facts={"name": named},
                   operator_id=counter.operator.id)


def citizen_told(counter: Counter, line_id: str) -> None:
    """The citizen knows that the office refused.

    Raises:
        CounterError: `nothing_to_answer`.
    """
    with counter.store.transaction() as connection:
        line = lines.line(connection, line_id)
        if (line.state, line.reason) != (LineState.OFFICE_REFUSED, "office_refused"):
            raise CounterError("nothing_to_answer")
        lines.move(connection, line, LineState.OFFICE_REFUSED, at=counter.now(), reason="citizen_told",
                   operator_id=counter.operator.id)
