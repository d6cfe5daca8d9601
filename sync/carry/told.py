"""How operations, attempts and ends are written inside a carry file."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sync import outbox
from sync.operations import Accepted, Confirmed, Operation, Outcome, Rejected
from sync.outbox import Attempt, Kept, stamp

End = Accepted | Confirmed | Rejected
ENDS: Mapping[str, type[End]] = {"accepted": Accepted, "confirmed": Confirmed, "rejected": Rejected}
_OURS = frozenset({"expired", "parent_rejected"})  # ends that no portal told: home comes to them by itself
ENDED = "CREATE TABLE ended (key TEXT PRIMARY KEY, outcome TEXT, said TEXT, facts TEXT)"


def write_operation(connection: sqlite3.Connection, kept: Kept, leave_by: datetime | None) -> dict[str, Any]:
    """An operation with its attachment, its state and what was tried so far; not to be begun after `leave_by`."""
    one = outbox.with_body(connection, kept.operation)
    limits = [limit for limit in (one.expires_at, leave_by) if limit is not None]
    parents = [outbox.get(connection, parent) for parent in one.depends_on]
    return {
        "key": one.key, "portal": one.portal, "kind": one.kind, "payload": one.payload, "priority": one.priority,
        "depends_on": [parent.operation.key for parent in parents if parent is not None and parent.state not in ENDS],
        "state": kept.state, "made_at": stamp(one.made_at) if one.made_at else "",
        "expires_at": stamp(min(limits)) if limits else "", "body": base64.b64encode(one.body).decode(),
        "tried": _write_attempts(connection, one.key),
    }


def read_operation(told: Mapping[str, Any], latest: datetime) -> Operation:
    """The operation, not to be begun after `latest`."""
    own = datetime.fromisoformat(told["expires_at"]) if told["expires_at"] else latest
    return Operation(
        told["key"], told["portal"], told["kind"], told["payload"], tuple(told["depends_on"]), told["priority"],
        datetime.fromisoformat(told["made_at"]), min(own, latest), base64.b64decode(told["body"]),
    )


def keep_end(connection: sqlite3.Connection, operation: Operation, outcome: Outcome) -> None:
    """An engine's handler: what a portal said goes into the table ENDED."""
    if not isinstance(outcome, End) or (isinstance(outcome, Rejected) and outcome.reason in _OURS):
        return
    said = outcome.reason if isinstance(outcome, Rejected) else outcome.reference
    facts = json.dumps(outcome.facts, ensure_ascii=False)
    kind = type(outcome).__name__.lower()
    connection.execute("INSERT OR REPLACE INTO ended VALUES (?, ?, ?, ?)", (operation.key, kind, said, facts))


def write_ends(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """What the table ENDED holds, in the order in which it was told: parents before children."""
    found = connection.execute("SELECT key, outcome, said, facts FROM ended ORDER BY rowid").fetchall()
    return [
        {"key": key, "outcome": kind, "said": said, "facts": json.loads(facts),
         "tried": _write_attempts(connection, key)}
        for key, kind, said, facts in found
    ]


def read_end(told: Mapping[str, Any]) -> tuple[str, End, list[Attempt]]:
    """An end: whose, which, and the attempts that led to it."""
    tried = [Attempt(**{**one, "begun_at": datetime.fromisoformat(one["begun_at"])}) for one in told["tried"]]
    return told["key"], ENDS[told["outcome"]](told["said"], told["facts"]), tried


def _write_attempts(connection: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    return [
        {"what": one.what, "begun_at": stamp(one.begun_at), "outcome": one.outcome, "reason": one.reason,
         "bytes_sent": one.bytes_sent, "bytes_received": one.bytes_received}
        for one in outbox.attempts(connection, key)
    ]
