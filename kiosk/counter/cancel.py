"""Taking a line back that was paid for at the counter but has not left it yet; and saying so when it has."""

from __future__ import annotations

from kiosk.counter import lines, outcomes
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, LineState
from kiosk.store.engine import Connection
from sync import outbox

_OPEN = """SELECT key FROM operations JOIN line_operations AS tied ON tied.operation_key = operations.key
           WHERE tied.line_id = ? AND operations.state IN ('waiting', 'ready', 'sending', 'unknown')"""


def cancel(counter: Counter, line_id: str) -> None:
    """Nothing of the line goes to its portal any more; what was taken for it becomes money owed to the citizen.

    Raises:
        CounterError: `nothing_to_cancel` when it has its end, `too_late_to_cancel` when it was sent or is on its way.
    """
    with counter.store.transaction() as connection:
        line = lines.line(connection, line_id)
        if line.state is LineState.UNKNOWN:
            raise CounterError("too_late_to_cancel")
        if line.state is not LineState.WAITING:
            raise CounterError("nothing_to_cancel")
        _take_back(connection, line_id)
        outcomes.owe_back(counter, connection, line, "cancelled", f"give_back:{line_id}", {})
        outcomes.issue_final(counter, connection, lines.visit_id_of(connection, line_id))


def _take_back(connection: Connection, line_id: str) -> None:
    if _something_arrived(connection, line_id):
        raise CounterError("too_late_to_cancel")
    for (key,) in connection.execute(_OPEN, (line_id,)).fetchall():
        outbox.cancel(connection, key)
    if connection.execute(_OPEN, (line_id,)).fetchone() is not None:
        raise CounterError("too_late_to_cancel")


def _something_arrived(connection: Connection, line_id: str) -> bool:
    """Whether a part of the line is done already (an application whose fee still waits)."""
    sql = """SELECT 1 FROM operations JOIN line_operations AS tied ON tied.operation_key = operations.key
             WHERE tied.line_id = ? AND operations.state IN ('accepted', 'confirmed')"""
    return connection.execute(sql, (line_id,)).fetchone() is not None
