"""Operations at rest: added in the caller's transaction, read by anyone, moved only by the engine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sync.operations import Operation, State

_OPEN = ("waiting", "ready", "sending", "unknown")


class KeyReused(Exception):
    """Another operation was made with this key before: a key is made once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An operation as it stands."""

    operation: Operation
    state: State
    tries: int
    next_try_at: datetime
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request about an operation: what, when, how it came out, how many bytes."""

    what: str
    begun_at: datetime
    outcome: str
    reason: str
    bytes_sent: int
    bytes_received: int


def add(connection: sqlite3.Connection, operation: Operation) -> None:
    """Keep `operation` for sending. Adding the same one again changes nothing.

    Raises:
        KeyReused: the key belongs to another operation.
    """
    payload = _canonical(operation.payload)
    found = connection.execute(
        "SELECT portal, kind, payload FROM operations WHERE key = ?", (operation.key,)
    ).fetchone()
    if found is not None:
        if tuple(found) != (operation.portal, operation.kind, payload):
            raise KeyReused(operation.key)
        return
    made_at = stamp(operation.made_at or datetime.now(UTC))
    state = State.WAITING if operation.depends_on else State.READY
    connection.execute(
        """INSERT INTO operations (key, portal, kind, payload, priority, state, next_try_at_utc, made_at_utc)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (operation.key, operation.portal, operation.kind, payload, operation.priority, state, made_at, made_at),
    )
    connection.executemany(
        "INSERT INTO dependencies (child, parent) VALUES (?, ?)",
        [(operation.key, parent) for parent in operation.depends_on],
    )


def ask_first(connection: sqlite3.Connection, now: datetime) -> int:
    """Make every operation that may be sent one that is asked about first: this book is a copy from before. How many.

    What waits for another is left waiting: when its turn comes, its key keeps it from a second effect.
    """
    cursor = connection.execute(
        """UPDATE operations SET state = 'unknown', reason = 'restored', next_try_at_utc = ?
           WHERE state IN ('ready', 'sending')""",
        (stamp(now),),
    )
    return cursor.rowcount


def get(connection: sqlite3.Connection, key: str) -> Kept | None:
    """One operation, or None."""
    found = _kept(connection, "WHERE key = ?", (key,))
    return found[0] if found else None


def every(connection: sqlite3.Connection) -> list[Kept]:
    """All operations, in the order in which they were made."""
    return _kept(connection, "ORDER BY made_at_utc, key", ())


def due(connection: sqlite3.Connection, now: datetime, resting: Sequence[str] = ()) -> Kept | None:
    """The operation whose turn it is: payments first, then by age; portals in `resting` are left alone."""
    marks = ", ".join("?" for _ in resting)
    found = _kept(
        connection,
        f"""WHERE state IN ('ready', 'unknown') AND next_try_at_utc <= ? AND portal NOT IN ({marks})
            ORDER BY priority, made_at_utc, key LIMIT 1""",
        (stamp(now), *resting),
    )
    return found[0] if found else None


def next_due_at(connection: sqlite3.Connection) -> datetime | None:
    """When the next operation may be tried, or None when nothing is open."""
    sql = "SELECT min(next_try_at_utc) FROM operations WHERE state IN ('ready', 'unknown')"
    found = connection.execute(sql).fetchone()[0]
    return datetime.fromisoformat(found) if found else None


def open_count(connection: sqlite3.Connection) -> int:
    """How many operations have no end yet."""
    marks = ", ".join("?" for _ in _OPEN)
    return int(connection.execute(f"SELECT count(*) FROM operations WHERE state IN ({marks})", _OPEN).fetchone()[0])


def attempts(connection: sqlite3.Connection, key: str) -> list[Attempt]:
    """Every attempt at an operation, first to last."""
    sql = """SELECT what, begun_at_utc, outcome, reason, bytes_sent, bytes_received FROM attempts
             WHERE operation_key = ? ORDER BY id"""
    return [
        Attempt(what, datetime.fromisoformat(begun), outcome, reason, sent, received)
        for what, begun, outcome, reason, sent, received in connection.execute(sql, (key,)).fetchall()
    ]


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _kept(connection: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Kept]:
    sql = f"""SELECT key, portal, kind, payload, priority, state, tries, next_try_at_utc, made_at_utc, reference, reason
              FROM operations {where}"""
    return [_read(connection, found) for found in connection.execute(sql, values).fetchall()]


def _read(connection: sqlite3.Connection, found: tuple[Any, ...]) -> Kept:
    key, portal, kind, payload, priority, state, tries, next_try, made, reference, reason = found
    parents = connection.execute("SELECT parent FROM dependencies WHERE child = ? ORDER BY parent", (key,)).fetchall()
    operation = Operation(
        key, portal, kind, json.loads(payload), tuple(parent for (parent,) in parents), priority,
        datetime.fromisoformat(made),
    )
    return Kept(operation, State(state), tries, datetime.fromisoformat(next_try), reference, reason)
