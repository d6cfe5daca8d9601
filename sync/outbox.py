"""Operations at rest: added in the caller's transaction, read by anyone, moved only by the engine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sync.operations import FORGOT, Operation, State

_OPEN = ("waiting", "ready", "sending", "unknown")
_PAYMENT = 1
# No send of it was begun whose fate is not known; what a person has answered "not done" about counts as known. What is
# carried elsewhere in a file (carry/) may have been sent there.
SURELY_UNSENT = """key NOT IN (SELECT operation_key FROM carried)
    AND NOT EXISTS (SELECT 1 FROM attempts WHERE operation_key = operations.key AND what = 'send'
    AND outcome IN ('', 'unknown') AND attempts.id > coalesce((SELECT max(after_attempt) FROM answers
        WHERE operation_key = operations.key AND done = 0 AND applied = 1), 0))"""

_PAYMENTS = f"""AND (priority <= {_PAYMENT} OR EXISTS (SELECT 1 FROM dependencies JOIN operations AS child
    ON child.key = dependencies.child WHERE dependencies.parent = operations.key AND child.state = 'waiting'
    AND child.priority <= {_PAYMENT}))"""  # what a payment waits for goes with it


class KeyReused(Exception):
    """Another operation was made with this key before: a key is made once."""


class ParentEnded(Exception):
    """What is to wait for a rejected or cancelled operation would never be sent."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An operation as it stands."""

    operation: Operation
    state: State
    tries: int
    next_try_at: datetime
    reference: str
    reason: str
    payload_length: int  # characters, as kept


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request about an operation: what, when, how it came out, how many bytes, what was said when it went wrong."""

    what: str
    begun_at: datetime
    outcome: str
    reason: str
    bytes_sent: int
    bytes_received: int
    said: str = ""


def add(connection: sqlite3.Connection, operation: Operation) -> None:
    """Keep `operation` for sending. Adding the same one again changes nothing.

    Raises:
        KeyReused: the key belongs to another operation.
        ParentEnded: it is to wait for one that won't be done.
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
    state = _first_state(connection, operation)
    expires_at = stamp(operation.expires_at) if operation.expires_at else ""
    connection.execute(
        """INSERT INTO operations (key, portal, kind, payload, priority, state, next_try_at_utc, made_at_utc,
               expires_at_utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (operation.key, operation.portal, operation.kind, payload, operation.priority, state, made_at, made_at,
         expires_at),
    )
    connection.executemany(
        "INSERT INTO dependencies (child, parent) VALUES (?, ?)",
        [(operation.key, parent) for parent in operation.depends_on],
    )
    if operation.body:
        connection.execute("INSERT INTO bodies (operation_key, body) VALUES (?, ?)", (operation.key, operation.body))


def _first_state(connection: sqlite3.Connection, operation: Operation) -> State:
    sql = f"SELECT state FROM operations WHERE key IN ({_marks(operation.depends_on)})"
    parents = {State(state) for (state,) in connection.execute(sql, tuple(operation.depends_on)).fetchall()}
    if parents & {State.REJECTED, State.CANCELLED}:
        raise ParentEnded(operation.key)
    return State.READY if parents <= {State.ACCEPTED, State.CONFIRMED} else State.WAITING


def cancel(connection: sqlite3.Connection, key: str) -> bool:
    """Take back an operation that was surely not sent, with all that waits for it; whether that could be done.

    Joins the caller's transaction, so that what he does about it (money, line) is one with it. False changes nothing:
    the operation is under way, may have arrived, or has its end.
    """
    sql = f"""UPDATE operations SET state = 'cancelled', reason = 'cancelled'
              WHERE key = ? AND state IN ('waiting', 'ready') AND {SURELY_UNSENT}"""
    if connection.execute(sql, (key,)).rowcount != 1:
        return False
    connection.execute("DELETE FROM bodies WHERE operation_key = ?", (key,))
    waiting = """SELECT child FROM dependencies JOIN operations ON operations.key = child
                 WHERE parent = ? AND state = 'waiting'"""
    for (child,) in connection.execute(waiting, (key,)).fetchall():
        cancel(connection, child)
    return True


def answer_unknown(
    connection: sqlite3.Connection, key: str, done: bool, reference: str = "", at: datetime | None = None
) -> bool:
    """A person has asked the portal: `done` with its `reference`, or surely not done, so that it may be sent again.

    False changes nothing: the operation's end is known, or it is not being waited for. The engine brings the answer to
    the operation and to the handler in its next step.
    """
    kept = get(connection, key)
    if kept is None or kept.state is not State.UNKNOWN or carried_until(connection, key) is not None:
        return False
    connection.execute(
        """INSERT INTO answers (operation_key, done, reference, answered_at_utc, after_attempt)
           VALUES (?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM attempts))""",
        (key, done, reference, stamp(at or datetime.now(UTC))),
    )
    return True


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


def with_body(connection: sqlite3.Connection, operation: Operation) -> Operation:
    """`operation` with its attachment's bytes, which the other readers leave where they are."""
    found = connection.execute("SELECT body FROM bodies WHERE operation_key = ?", (operation.key,)).fetchone()
    return replace(operation, body=bytes(found[0])) if found else operation


def every(connection: sqlite3.Connection) -> list[Kept]:
    """All operations, in the order in which they were made."""
    return _kept(connection, "ORDER BY made_at_utc, key", ())


def due(
    connection: sqlite3.Connection, now: datetime, resting: Sequence[str] = (), *, mute: Sequence[str] = (),
    payments_only: bool = False, asked: Collection[str] = (),
) -> Kept | None:
    """The operation whose turn it is: payments first, then by age.

    Portals in `resting` are left alone; those in `mute` can't be asked by key, so their unknowns wait for a person;
    those in `asked` are just being asked about.
    """
    found = _kept(
        connection,
        f"""WHERE state IN ('ready', 'unknown') AND next_try_at_utc <= ? AND portal NOT IN ({_marks(resting)})
            AND (state = 'ready' OR portal NOT IN ({_marks(mute)})) AND key NOT IN ({_marks(asked)})
            {_PAYMENTS if payments_only else ''} ORDER BY priority, made_at_utc, key LIMIT 1""",
        (stamp(now), *resting, *mute, *asked),
    )
    return found[0] if found else None


def due_beside(
    connection: sqlite3.Connection, now: datetime, first: Kept, most: int, *, payments_only: bool = False
) -> list[Kept]:
    """Up to `most` ready operations of `first`'s portal and kind whose turn has come, `first` among them."""
    others = _kept(
        connection,
        f"""WHERE state = 'ready' AND next_try_at_utc <= ? AND portal = ? AND kind = ? AND key <> ?
           {_PAYMENTS if payments_only else ''} ORDER BY priority, made_at_utc, key LIMIT ?""",
        (stamp(now), first.operation.portal, first.operation.kind, first.operation.key, most - 1),
    )
    return [first, *others]


def ready_beside(connection: sqlite3.Connection, first: Kept) -> int:
    """How many operations of `first`'s portal and kind are ready, `first` among them."""
    sql = "SELECT count(*) FROM operations WHERE state = 'ready' AND portal = ? AND kind = ?"
    return int(connection.execute(sql, (first.operation.portal, first.operation.kind)).fetchone()[0])


def next_due_at(
    connection: sqlite3.Connection, mute: Sequence[str] = (), *, payments_only: bool = False
) -> dict[str, datetime]:
    """When each portal's next operation may be tried."""
    sql = f"""SELECT portal, min(next_try_at_utc) FROM operations
              WHERE (state = 'ready' OR (state = 'unknown' AND portal NOT IN ({_marks(mute)})))
              {_PAYMENTS if payments_only else ''} GROUP BY portal"""
    return {portal: datetime.fromisoformat(at) for portal, at in connection.execute(sql, tuple(mute)).fetchall()}


def is_due_after(connection: sqlite3.Connection, moment: datetime) -> bool:
    """Whether any operation's next try is later than `moment`; what is carried is looked for at longer intervals."""
    sql = """SELECT 1 FROM operations WHERE state IN ('ready', 'unknown') AND next_try_at_utc > ?
             AND key NOT IN (SELECT operation_key FROM carried) LIMIT 1"""
    return connection.execute(sql, (stamp(moment),)).fetchone() is not None


def for_a_person(connection: sqlite3.Connection, mute: Sequence[str]) -> list[Kept]:
    """The unknowns that only a person can end: their portals can't be asked by key, or have forgotten."""
    where = f"WHERE state = 'unknown' AND (portal IN ({_marks(mute)}) OR reason = ?) ORDER BY made_at_utc, key"
    return _kept(connection, where, (*mute, FORGOT))


def witness(connection: sqlite3.Connection, portal: str, reads: Collection[str]) -> Operation | None:
    """The last operation that `portal` said it had done: if it does not know that, it knows nothing."""
    sql = f"""SELECT key FROM attempts JOIN operations ON key = operation_key
              WHERE outcome IN ('accepted', 'confirmed') AND portal = ? AND kind NOT IN ({_marks(reads)})
              ORDER BY attempts.id DESC LIMIT 1"""
    found = connection.execute(sql, (portal, *reads)).fetchone()
    kept = get(connection, found[0]) if found else None
    return kept.operation if kept else None


def carried_until(connection: sqlite3.Connection, key: str) -> str | None:
    """Until when an operation is somebody else's to send (a stamp; empty: no longer, but it must be asked about first);
    None when it is in no file."""
    sql = "SELECT send_until_utc FROM carried JOIN carries ON carries.id = carry_id WHERE operation_key = ?"
    found = connection.execute(sql, (key,)).fetchone()
    return str(found[0]) if found else None


def open_count(connection: sqlite3.Connection) -> int:
    """How many operations have no end yet."""
    sql = f"SELECT count(*) FROM operations WHERE state IN ({_marks(_OPEN)})"
    return int(connection.execute(sql, _OPEN).fetchone()[0])


def going_count(connection: sqlite3.Connection) -> int:
    """How many may be sent or are on their way; what waits for a parent goes only after it."""
    return int(connection.execute("SELECT count(*) FROM operations WHERE state IN ('ready', 'sending')").fetchone()[0])


def attempts(connection: sqlite3.Connection, key: str) -> list[Attempt]:
    """Every attempt at an operation, first to last."""
    sql = """SELECT what, begun_at_utc, outcome, reason, bytes_sent, bytes_received, said FROM attempts
             WHERE operation_key = ? ORDER BY id"""
    return [
        Attempt(what, datetime.fromisoformat(begun), outcome, reason, sent, received, said)
        for what, begun, outcome, reason, sent, received, said in connection.execute(sql, (key,)).fetchall()
    ]


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" for _ in values)


def _canonical(payload: Any) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _kept(connection: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Kept]:
    sql = f"""SELECT key, portal, kind, payload, priority, state, tries, next_try_at_utc, made_at_utc, reference,
                  reason, expires_at_utc FROM operations {where}"""
    return [_read(connection, found) for found in connection.execute(sql, values).fetchall()]


def _read(connection: sqlite3.Connection, found: tuple[Any, ...]) -> Kept:
    key, portal, kind, payload, priority, state, tries, next_try, made, reference, reason, expires = found
    parents = connection.execute("SELECT parent FROM dependencies WHERE child = ? ORDER BY parent", (key,)).fetchall()
    operation = Operation(
        key, portal, kind, json.loads(payload), tuple(parent for (parent,) in parents), priority,
        datetime.fromisoformat(made), datetime.fromisoformat(expires) if expires else None,
    )
    return Kept(operation, State(state), tries, datetime.fromisoformat(next_try), reference, reason, len(payload))
