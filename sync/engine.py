"""Moves operations to a known end: at most one effect each, whatever the line does (promise 2).

Before anything goes out the operation is `sending` on disk; its outcome and what the caller does about it are one
transaction. An operation whose answer was lost is `unknown` and is asked about by key before anything is sent again.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync import outbox
from sync.http import Http
from sync.operations import (
    Accepted,
    Confirmed,
    Later,
    NotKnownThere,
    Operation,
    Outcome,
    Rejected,
    State,
    Unknown,
)
from sync.outbox import Kept, stamp
from sync.portals import Portal

_FIRST_WAIT = 2.0
_LONGEST_WAIT = 300.0
_FAILURES_BEFORE_REST = 3
_LINE_FAULTS = frozenset({"no_line", "portal_down", "portal_busy", "not_the_portal", "credentials"})

Handler = Callable[[sqlite3.Connection, Operation, Outcome], None]
Writing = Callable[[sqlite3.Connection], AbstractContextManager[object]]


@dataclass(slots=True)
class Rest:
    """How a portal has been answering: line faults in a row, and until when it is left alone."""

    failures: int = 0
    until: datetime | None = None
    reason: str = ""


class Engine:
    """One engine works on one connection, in one thread."""

    def __init__(
        self, connection: sqlite3.Connection, portals: Mapping[str, Portal], lines: Mapping[str, Http],
        handler: Handler, writing: Writing, clock: Callable[[], datetime], rng: random.Random | None = None,
        at: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """`handler` is called inside the transaction that writes an outcome; `at` is called between the steps, so that
        a test can cut the power there."""
        self._connection = connection
        self._portals = portals
        self._lines = lines
        self._handler = handler
        self._writing = writing
        self._clock = clock
        self._rng = rng or random.Random()
        self._at = at
        self.rests: dict[str, Rest] = {name: Rest() for name in portals}

    def recover(self) -> int:
        """After a start: what was being sent when the power went may or may not have arrived. How many there were."""
        with self._writing(self._connection):
            cursor = self._connection.execute(
                """UPDATE operations SET state = 'unknown', reason = 'cut_off', next_try_at_utc = ?
                   WHERE state = 'sending'""",
                (stamp(self._clock()),),
            )
        return cursor.rowcount

    def step(self) -> bool:
        """Do the one thing whose turn it is; False when nothing is due."""
        self._pull_in_far_tries()
        kept = outbox.due(self._connection, self._clock(), self._resting())
        if kept is None:
            return False
        if kept.state is State.UNKNOWN:
            self._ask(kept)
        else:
            self._send(kept)
        return True

    def run(self, most: int = 10_000) -> int:
        """Step until nothing is due; how many steps it took."""
        steps = 0
        while steps < most and self.step():
            steps += 1
        return steps

    def hurry(self) -> None:
        """The line may be back: try everything now."""
        for rest in self.rests.values():
            rest.until = None
        with self._writing(self._connection):
            self._connection.execute(
                "UPDATE operations SET next_try_at_utc = ? WHERE state IN ('ready', 'unknown') AND next_try_at_utc > ?",
                (stamp(self._clock()), stamp(self._clock())),
            )

    def _send(self, kept: Kept) -> None:
        attempt = self._begin(kept, "send", State.SENDING)
        self._at("sending")
        before = self._bytes(kept)
        outcome = self._guarded(kept, lambda portal, line: portal.attempt(kept.operation, line))
        self._at("answered")
        self._end(kept, attempt, outcome, before)
        self._at("recorded")

    def _ask(self, kept: Kept) -> None:
        attempt = self._begin(kept, "ask", State.UNKNOWN)
        self._at("asking")
        before = self._bytes(kept)
        outcome = self._guarded(kept, lambda portal, line: portal.ask(kept.operation, line))
        self._at("told")
        self._end(kept, attempt, outcome, before)
        self._at("recorded")

    def _guarded(
        self, kept: Kept, talk: Callable[[Portal, Http], Outcome | NotKnownThere]
    ) -> Outcome | NotKnownThere:
        portal = kept.operation.portal
        if portal not in self._portals or portal not in self._lines:
            return Later("no_portal")
        try:
            return talk(self._portals[portal], self._lines[portal])
        except Exception as error:
            return Unknown(f"adapter_fault:{type(error).__name__}")

    def _begin(self, kept: Kept, what: str, state: State) -> int:
        with self._writing(self._connection):
            self._connection.execute(
                "UPDATE operations SET state = ?, tries = tries + 1 WHERE key = ?", (state, kept.operation.key)
            )
            cursor = self._connection.execute(
                "INSERT INTO attempts (operation_key, what, begun_at_utc) VALUES (?, ?, ?)",
                (kept.operation.key, what, stamp(self._clock())),
            )
        return int(cursor.lastrowid or 0)

    def _end(self, kept: Kept, attempt: int, outcome: Outcome | NotKnownThere, before: tuple[int, int]) -> None:
        sent, received = (after - earlier for after, earlier in zip(self._bytes(kept), before, strict=True))
        reason = str(getattr(outcome, "reason", ""))
        with self._writing(self._connection):
            self._connection.execute(
                """UPDATE attempts SET ended_at_utc = ?, outcome = ?, reason = ?, bytes_sent = ?, bytes_received = ?
                   WHERE id = ?""",
                (stamp(self._clock()), type(outcome).__name__.lower(), reason, sent, received, attempt),
            )
            self._settle(kept, outcome)
            self._at("settled")
        self._note(kept.operation.portal, reason, outcome)

    def _settle(self, kept: Kept, outcome: Outcome | NotKnownThere) -> None:
        match outcome:
            case NotKnownThere():
                self._move(kept, State.READY, "not_known_there", self._clock())
            case Later():
                state = State.UNKNOWN if kept.state is State.UNKNOWN else State.READY
                self._move(kept, state, outcome.reason, self._next_try(kept, outcome.after_seconds))
            case Unknown():
                first = kept.state is not State.UNKNOWN
                self._move(kept, State.UNKNOWN, outcome.reason, self._next_try(kept, 0.0 if first else None))
                if first:
                    self._handler(self._connection, kept.operation, outcome)
            case Accepted() | Confirmed():
                state = State.ACCEPTED if isinstance(outcome, Accepted) else State.CONFIRMED
                self._move(kept, state, "", self._clock(), outcome.reference)
                self._free_children(kept.operation.key)
                self._handler(self._connection, kept.operation, outcome)
            case Rejected():
                self._reject(kept, outcome)

    def _reject(self, kept: Kept, outcome: Rejected) -> None:
        """A rejected parent never sends its child."""
        self._move(kept, State.REJECTED, outcome.reason, self._clock())
        self._handler(self._connection, kept.operation, outcome)
        for child in self._children(kept.operation.key):
            if child.state is State.WAITING:
                self._reject(child, Rejected("parent_rejected", {"parent": kept.operation.key}))

    def _children(self, key: str) -> list[Kept]:
        found = self._connection.execute("SELECT child FROM dependencies WHERE parent = ?", (key,)).fetchall()
        return [child for (name,) in found if (child := outbox.get(self._connection, name))]

    def _free_children(self, key: str) -> None:
        self._connection.execute(
            """UPDATE operations SET state = 'ready', next_try_at_utc = ? WHERE state = 'waiting'
               AND key IN (SELECT child FROM dependencies WHERE parent = ?)
               AND NOT EXISTS (SELECT 1 FROM dependencies JOIN operations AS parent ON parent.key = dependencies.parent
                   WHERE child = operations.key AND parent.state NOT IN ('accepted', 'confirmed'))""",
            (stamp(self._clock()), key),
        )

    def _move(self, kept: Kept, state: State, reason: str, next_try: datetime, reference: str = "") -> None:
        self._connection.execute(
            """UPDATE operations SET state = ?, reason = ?, next_try_at_utc = ?,
               reference = CASE WHEN ? = '' THEN reference ELSE ? END WHERE key = ?""",
            (state, reason, stamp(next_try), reference, reference, kept.operation.key),
        )

    def _next_try(self, kept: Kept, after_seconds: float | None) -> datetime:
        """Full jitter, or what the portal asked for: many centres come back in the same minute."""
        if after_seconds is None:
            ceiling = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(kept.tries, 10))
            after_seconds = self._rng.uniform(ceiling / 10, ceiling)
        return self._clock() + timedelta(seconds=min(after_seconds, _LONGEST_WAIT))

    def _pull_in_far_tries(self) -> None:
        """A clock set back must not leave an operation waiting for a year."""
        furthest = stamp(self._clock() + timedelta(seconds=_LONGEST_WAIT + 1))
        sql = "SELECT 1 FROM operations WHERE state IN ('ready', 'unknown') AND next_try_at_utc > ? LIMIT 1"
        if self._connection.execute(sql, (furthest,)).fetchone():
            self.hurry()

    def _bytes(self, kept: Kept) -> tuple[int, int]:
        line = self._lines.get(kept.operation.portal)
        return (line.bytes_sent, line.bytes_received) if line else (0, 0)

    def _resting(self) -> list[str]:
        now = self._clock()
        return [name for name, rest in self.rests.items() if rest.until is not None and rest.until > now]

    def _note(self, portal: str, reason: str, outcome: Outcome | NotKnownThere) -> None:
        """After some line faults in a row the portal rests; the first answer ends it."""
        rest = self.rests.setdefault(portal, Rest())
        if reason not in _LINE_FAULTS:
            rest.failures, rest.until, rest.reason = 0, None, ""
            return
        rest.failures, rest.reason = rest.failures + 1, reason
        if rest.failures >= _FAILURES_BEFORE_REST:
            asked = outcome.after_seconds if isinstance(outcome, Later) else None
            ceiling = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(rest.failures, 10))
            rest.until = self._clock() + timedelta(seconds=asked or self._rng.uniform(ceiling / 2, ceiling))
