"""Who serves here: the register of operators inside the store, with their roles. PINs live in `envelopes`."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import times
from kiosk.store.engine import Connection, insert, row, rows

SUPERVISOR, OPERATOR, FIELD = "supervisor", "operator", "field"
ROLES = (OPERATOR, SUPERVISOR, FIELD)


@dataclass(frozen=True, slots=True)
class Operator:
    id: str
    name: str
    role: str


class LastSupervisor(Exception):
    """Somebody must be left who may do what only a supervisor may."""


def serving(connection: Connection) -> list[Operator]:
    """Everyone who serves here now, oldest first."""
    sql = "SELECT id, name, role FROM operators WHERE left_at_utc = '' ORDER BY made_at_utc, id"
    return [Operator(**found) for found in rows(connection, sql)]


def operator(connection: Connection, operator_id: str) -> Operator | None:
    found = row(connection, "SELECT id, name, role FROM operators WHERE id = ? AND left_at_utc = ''", (operator_id,))
    return Operator(**found) if found else None


def register(connection: Connection, added: Operator, at_utc: str) -> None:
    """Write somebody into the register."""
    insert(connection, "operators", {
        "id": added.id, "name": added.name, "role": added.role, "made_at_utc": at_utc,
    })


def leave(connection: Connection, operator_id: str, clock: times.Clock) -> None:
    """Somebody serves here no more; their name stays on what they did.

    Raises:
        LastSupervisor: see there.
    """
    supervisors = [one.id for one in serving(connection) if one.role == SUPERVISOR]
    if supervisors == [operator_id]:
        raise LastSupervisor
    connection.execute("UPDATE operators SET left_at_utc = ? WHERE id = ?", (times.text(clock()), operator_id))
