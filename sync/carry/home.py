"""At home: what has no end yet is packed into a file and held back from the line; outcomes are brought and applied.

What is in a file is its carrier's to send until the file's time is over. Until then the engine only asks the portals
about it by key; afterwards it sends what no portal has seen. docs/decisions/ says why.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from uuid6 import uuid7

from sync import outbox
from sync.carry import sealed
from sync.carry.sealed import OUTCOMES, BadCarry, Head, Key, Sealed
from sync.carry.told import ENDS, End, read_end, write_operation
from sync.operations import Operation, Outcome, Rejected
from sync.outbox import Attempt, Kept, stamp
from sync.record import MAY_STILL_ARRIVE

Applying = Callable[[str, Outcome, Sequence[Attempt]], bool]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who packs: a name that people know, the key that signs, the headers that go with every request for it."""

    name: str
    signer: Ed25519PrivateKey = field(repr=False)
    tells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carry:
    """A file that left: its name, the code that opens it, how many of its operations are still out."""

    id: str
    name: str
    code: str = field(repr=False)
    made_at: datetime
    send_until: datetime
    out: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file with outcomes changed: ends that were new, ends that were known, operations that are still out, keys
    whose end here is another one."""

    new: int
    known: int
    out: int
    differ: Sequence[str]


def pack(
    connection: sqlite3.Connection, folder: Path, sender: Sender, askable: Collection[str], now: datetime,
    stays: timedelta, leave_by: Callable[[Operation], datetime | None] = lambda _one: None,
) -> Carry | None:
    """Write every operation that has no end and is in no other file into a new file in `folder`, and hold them back
    from the line for as long as it `stays` away. None when there is nothing to carry.

    Joins the caller's transaction. Only portals in `askable` (that can be asked by key) are carried; what `leave_by`
    lets nobody begin any more stays here.

    Raises:
        OSError: the file could not be written.
    """
    limited = [(kept, leave_by(kept.operation)) for kept in _open(connection, askable, now)]
    limits = {kept.operation.key: limit for kept, limit in limited}
    several = _to_carry(connection, [kept for kept, limit in limited if limit is None or limit > now])
    if not several:
        return None
    made = Carry(
        str(uuid7()), f"udc-carry-{sender.name}-{now.strftime('%Y%m%dT%H%M%SZ')}.carry", sealed.new_code(), now,
        now + stays, len(several),
    )
    head = Head(
        sealed.OPERATIONS, made.id, sender.name, stamp(now), stamp(made.send_until), made.out, sealed.new_salt()
    )
    told = [write_operation(connection, kept, limits[kept.operation.key]) for kept in several]
    inside = {"operations": told, "tells": dict(sender.tells)}
    data = sealed.seal(head, inside, Key(made.code, head.salt), sender.signer)
    sealed.write_file(folder / made.name, data)
    _hold_back(connection, made, sealed.digest(data), several)
    return made


def carries(connection: sqlite3.Connection) -> list[Carry]:
    """The files of which something is still out, oldest first."""
    sql = """SELECT id, name, code, made_at_utc, send_until_utc, count(*) FROM carries
             JOIN carried ON carry_id = id GROUP BY id ORDER BY made_at_utc, id"""
    return [
        Carry(id_, name, code, datetime.fromisoformat(made), datetime.fromisoformat(until), out)
        for id_, name, code, made, until, out in connection.execute(sql).fetchall()
    ]


def bring(connection: sqlite3.Connection, file: Sealed, apply: Applying) -> Brought:
    """Apply the outcomes in `file`, each in a transaction of its own (`apply` is the engine's). Again changes nothing.

    Raises:
        BadCarry: `carry_stranger`, `carry_not_sent`, `carry_home_already`, `carry_other_file`, `carry_wrong_code`.
    """
    found = connection.execute("SELECT code, digest FROM carries WHERE id = ?", (file.head.id,)).fetchone()
    if found is None:
        raise BadCarry("carry_stranger")
    if file.head.about != OUTCOMES:
        raise BadCarry("carry_not_sent" if _out(connection, file.head.id) else "carry_home_already")
    if file.head.of != found[1]:
        raise BadCarry("carry_other_file")
    new, known, differ = 0, 0, []
    for told in file.open(Key(found[0], file.head.salt))["outcomes"]:
        key, outcome, tried = read_end(told)
        if apply(key, outcome, tried):
            new += 1
        elif _ended_otherwise(connection, key, outcome):
            differ.append(key)
        else:
            known += 1
    return Brought(new, known, _out(connection, file.head.id), differ)


def _out(connection: sqlite3.Connection, carry_id: str) -> int:
    """How many operations of a file have no end yet."""
    return int(connection.execute("SELECT count(*) FROM carried WHERE carry_id = ?", (carry_id,)).fetchone()[0])


def _open(connection: sqlite3.Connection, askable: Collection[str], now: datetime) -> list[Kept]:
    """What has no end and is in no file; what was in a file whose time is over may go again."""
    marks = ", ".join("?" for _ in askable)
    found = connection.execute(
        f"""SELECT key FROM operations WHERE state IN ('waiting', 'ready', 'unknown') AND portal IN ({marks})
            AND key NOT IN (SELECT operation_key FROM carried JOIN carries ON id = carry_id WHERE send_until_utc > ?)
            ORDER BY made_at_utc, key""",
        (*askable, stamp(now - MAY_STILL_ARRIVE)),
    ).fetchall()
    return [one for (key,) in found if (one := outbox.get(connection, key))]


def _to_carry(connection: sqlite3.Connection, several: Sequence[Kept]) -> list[Kept]:
    """Parents before their children; a child only with every parent that has no end yet."""
    kept = {one.operation.key: one for one in several}
    chosen: dict[str, Kept] = {}
    while ready := [one for key, one in kept.items() if key not in chosen and _may_go(connection, one, chosen)]:
        chosen |= {one.operation.key: one for one in ready}
    return list(chosen.values())


def _may_go(connection: sqlite3.Connection, kept: Kept, chosen: Collection[str]) -> bool:
    parents = [outbox.get(connection, parent) for parent in kept.operation.depends_on]
    return all(
        parent is not None and (parent.state in ENDS or parent.operation.key in chosen) for parent in parents
    )


def _hold_back(connection: sqlite3.Connection, made: Carry, digest: str, several: Sequence[Kept]) -> None:
    connection.execute(
        """INSERT INTO carries (id, name, code, digest, made_at_utc, send_until_utc) VALUES (?, ?, ?, ?, ?, ?)""",
        (made.id, made.name, made.code, digest, stamp(made.made_at), stamp(made.send_until)),
    )
    mark_carried(connection, made.id, [kept.operation.key for kept in several])


def mark_carried(connection: sqlite3.Connection, carry_id: str, keys: Sequence[str]) -> None:
    """From now on these are asked about before they are sent."""
    connection.executemany(
        "INSERT OR REPLACE INTO carried (operation_key, carry_id) VALUES (?, ?)", [(key, carry_id) for key in keys]
    )
    connection.executemany(
        "UPDATE operations SET state = 'unknown', reason = 'carried' WHERE key = ? AND state = 'ready'",
        [(key,) for key in keys],
    )


def _ended_otherwise(connection: sqlite3.Connection, key: str, outcome: End) -> bool:
    kept = outbox.get(connection, key)
    return kept is None or (kept.state in ("rejected", "cancelled")) != isinstance(outcome, Rejected)
