"""What the engine writes: an attempt before a byte leaves; its outcome, what follows and what the caller does about it
in one transaction. Nothing here talks to a portal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync import outbox
from sync.operations import (
    FORGOT,
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
from sync.outbox import SURELY_UNSENT, Attempt, Kept, stamp
from sync.rests import LINE_FAULTS, LONGEST_WAIT, Rests

Handler = Callable[[sqlite3.Connection, Operation, Outcome], None]
Writing = Callable[[sqlite3.Connection], AbstractContextManager[object]]

MAY_STILL_ARRIVE = timedelta(minutes=15)  # no request is on its way for longer than this
_OF_THE_LINE = sorted(LINE_FAULTS - {"portal_busy"})  # a busy portal has said when to come again
_CARRIED_LOOK = timedelta(hours=1)  # how often a portal is asked about what is carried elsewhere
_WRITTEN_TOGETHER = 25  # outcomes in one transaction: the counter waits for it when it writes at the same time
_QUICK_RESENDS = 4  # tries; a portal that answers badly and then knows nothing must not be asked without a pause


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt with its outcome, the bytes that it took, and what was said when it did not go well."""

    kept: Kept
    attempt: int
    outcome: Outcome | NotKnownThere
    sent: int = 0
    received: int = 0
    said: str = ""


class Record:
    """One engine's hand on the outbox."""

    def __init__(
        self, connection: sqlite3.Connection, handler: Handler, writing: Writing, clock: Callable[[], datetime],
        rests: Rests, at: Callable[[str], None],
    ) -> None:
        self.connection = connection
        self._handler = handler
        self._writing = writing
        self._clock = clock
        self._rests = rests
        self._at = at
        self.clock_is_wrong = False  # then nobody knows whether the time of what is carried is over

    def recover(self, under_way: Collection[str]) -> int:
        """What is being sent by nobody (it isn't `under_way`) may or may not have arrived. How many there were."""
        with self._writing(self.connection):
            sending = self.connection.execute("SELECT key FROM operations WHERE state = 'sending'").fetchall()
            cut = [key for (key,) in sending if key not in under_way]
            for kept in filter(None, [outbox.get(self.connection, key) for key in cut]):
                self._move(kept, State.UNKNOWN, "cut_off", self._clock())
        return len(cut)

    def repeat(self, kept: Kept) -> None:
        """It may be done again without asking anybody."""
        with self._writing(self.connection):
            self._move(kept, State.READY, kept.reason, self._next_try(kept, None))

    def tell(self, kept: Kept) -> None:
        """Only a person can say what became of it."""
        with self._writing(self.connection):
            self._handler(self.connection, kept.operation, Unknown(kept.reason))

    def hold(self, kept: Kept, until: datetime) -> None:
        """It must not go yet. It is looked at again before `until` too: what holds it may change (a rule, a clock)."""
        look = min(until, self._clock() + timedelta(seconds=LONGEST_WAIT))
        with self._writing(self.connection):
            self.connection.execute(
                "UPDATE operations SET next_try_at_utc = ?, reason = 'held' WHERE key = ? AND state = 'ready'",
                (stamp(look), kept.operation.key),
            )

    def hurry(self) -> None:
        """Everything that waits for its next try may be tried now."""
        now = stamp(self._clock())
        with self._writing(self.connection):
            self.connection.execute(
                "UPDATE operations SET next_try_at_utc = ? WHERE state IN ('ready', 'unknown') AND next_try_at_utc > ?",
                (now, now),
            )

    def pull_in(self, portal: str) -> None:
        """The line to this portal is back: what waited for the line alone goes now, together."""
        now, marks = stamp(self._clock()), ", ".join("?" for _ in _OF_THE_LINE)
        with self._writing(self.connection):
            self.connection.execute(
                f"""UPDATE operations SET next_try_at_utc = ? WHERE state IN ('ready', 'unknown') AND portal = ?
                    AND next_try_at_utc > ? AND reason IN ({marks})""",
                (now, portal, now, *_OF_THE_LINE),
            )

    def begin(self, several: Iterable[Kept], what: str) -> list[tuple[Kept, int]]:
        """Write down that these are about to be sent or asked about, each with its attempt's id; without those that
        were cancelled or answered in the meantime."""
        state = State.SENDING if what == "send" else State.UNKNOWN
        with self._writing(self.connection):
            return [(kept, self._attempt(kept, what)) for kept in several if self._take(kept, state)]

    def end(self, several: Sequence[Ended]) -> None:
        """What became of attempts that were answered together. Where they can't be written down together, each is by
        itself, so that one whose outcome can't be does not stand in the way of the others; then its error is raised."""
        wrong = None
        for place in range(0, len(several), _WRITTEN_TOGETHER):
            some = several[place:place + _WRITTEN_TOGETHER]
            try:
                self._write_down(some)
            except Exception:
                wrong = self._each_alone(some) or wrong
        if wrong is not None:
            raise wrong

    def _each_alone(self, several: Sequence[Ended]) -> Exception | None:
        """What was wrong with the last that could not be written down."""
        wrong = None
        for one in several:
            try:
                self._write_down([one])
            except Exception as error:
                wrong = error
        return wrong

    def _write_down(self, several: Sequence[Ended]) -> None:
        with self._writing(self.connection):
            for one in several:
                self._end(one)
            self._count(sum(one.sent + one.received for one in several))

    def _end(self, one: Ended) -> None:
        """The attempt's outcome, and all that follows from it."""
        kept, outcome = one.kept, one.outcome
        self.connection.execute(
            """UPDATE attempts SET ended_at_utc = ?, outcome = ?, reason = ?, bytes_sent = ?, bytes_received = ?,
               said = ? WHERE id = ?""",
            (stamp(self._clock()), type(outcome).__name__.lower(), str(getattr(outcome, "reason", "")), one.sent,
             one.received, one.said, one.attempt),
        )
        late = isinstance(outcome, NotKnownThere) and self._is_overtaken(kept.operation.key, one.attempt)
        if self._is_under_way(kept) and not late:
            self._settle(kept, outcome)
        self._at("settled")

    def brought(self, key: str, outcome: Outcome, tried: Sequence[Attempt]) -> bool:
        """An end that was carried home, as if it had been told here, with the attempts that were made elsewhere.

        False changes nothing: the operation has an end already, or is not one of those that are carried.
        """
        with self._writing(self.connection):
            kept = outbox.get(self.connection, key)
            if kept is None or kept.state is not State.UNKNOWN or outbox.carried_until(self.connection, key) is None:
                return False
            self.connection.executemany(
                """INSERT INTO attempts (operation_key, what, begun_at_utc, ended_at_utc, outcome, reason, bytes_sent,
                       bytes_received) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                [(key, one.what, stamp(one.begun_at), stamp(self._clock()), one.outcome, one.reason, one.bytes_sent,
                  one.bytes_received) for one in tried],
            )
            self._settle(kept, outcome)
            self._at("settled")
        return True

    def _is_under_way(self, kept: Kept) -> bool:
        """Whether nothing else has ended it since the request left (an end that was carried home)."""
        sql = "SELECT 1 FROM operations WHERE key = ? AND state IN ('sending', 'unknown')"
        return self.connection.execute(sql, (kept.operation.key,)).fetchone() is not None

    def _is_overtaken(self, key: str, attempt: int) -> bool:
        """Whether another attempt was begun since: what was not known then may be under way, or done, by now."""
        sql = "SELECT 1 FROM attempts WHERE operation_key = ? AND id > ?"
        return self.connection.execute(sql, (key, attempt)).fetchone() is not None

    def expire(self) -> None:
        """What is past its time and was surely not sent will not be sent."""
        now = stamp(self._clock())
        sql = f"""SELECT key FROM operations WHERE expires_at_utc <> '' AND expires_at_utc <= ?
                  AND state IN ('waiting', 'ready') AND {SURELY_UNSENT}"""
        if self.connection.execute(sql, (now,)).fetchone() is None:
            return
        with self._writing(self.connection):
            for (key,) in self.connection.execute(sql, (now,)).fetchall():
                kept = outbox.get(self.connection, key)
                if kept is not None and kept.state in (State.WAITING, State.READY):
                    self._reject(kept, Rejected("expired", {"expired_at": now}))

    def apply_answers(self) -> None:
        """Bring what people answered to the operations; an answer that came too late says nothing any more."""
        sql = "SELECT id, operation_key, done, reference FROM answers WHERE applied = 0 ORDER BY id"
        if self.connection.execute(sql).fetchone() is None:
            return
        with self._writing(self.connection):
            for answer, key, done, reference in self.connection.execute(sql).fetchall():
                kept = outbox.get(self.connection, key)
                if kept is None or kept.state is not State.UNKNOWN:
                    self.connection.execute("DELETE FROM answers WHERE id = ?", (answer,))
                    continue
                self.connection.execute("UPDATE answers SET applied = 1 WHERE id = ?", (answer,))
                self._answered(kept, bool(done), str(reference))

    def count_bytes(self, bytes_: int) -> None:
        """Add to what went over the line today."""
        with self._writing(self.connection):
            self._count(bytes_)

    def bytes_today(self) -> int:
        sql = "SELECT bytes FROM traffic WHERE day_utc = ?"
        found = self.connection.execute(sql, (stamp(self._clock())[:10],)).fetchone()
        return int(found[0]) if found else 0

    def _count(self, bytes_: int) -> None:
        """A day here is UTC's: in Dhaka it begins at six in the morning, before a centre opens."""
        self.connection.execute(
            """INSERT INTO traffic (day_utc, bytes) VALUES (?, ?)
               ON CONFLICT (day_utc) DO UPDATE SET bytes = bytes + excluded.bytes""",
            (stamp(self._clock())[:10], bytes_),
        )

    def _answered(self, kept: Kept, done: bool, reference: str) -> None:
        if done:
            self._settle(kept, Confirmed(reference, {"answered_by": "person"}))
        else:
            self._move(kept, State.READY, "answered_not_done", self._clock())

    def _take(self, kept: Kept, state: State) -> bool:
        """Only if it still stands as it was read. Its next try is put off already now, so that one whose outcome can't
        be written down does not stand in the way of the others."""
        later = stamp(self._next_try(kept, None))
        sql = "UPDATE operations SET state = ?, tries = tries + 1, next_try_at_utc = ? WHERE key = ? AND state = ?"
        return self.connection.execute(sql, (state, later, kept.operation.key, kept.state)).rowcount == 1

    def _attempt(self, kept: Kept, what: str) -> int:
        cursor = self.connection.execute(
            "INSERT INTO attempts (operation_key, what, begun_at_utc) VALUES (?, ?, ?)",
            (kept.operation.key, what, stamp(self._clock())),
        )
        return int(cursor.lastrowid or 0)

    def _settle(self, kept: Kept, outcome: Outcome | NotKnownThere) -> None:
        match outcome:
            case NotKnownThere():
                self._not_known(kept)
            case Later():
                state = State.UNKNOWN if kept.state is State.UNKNOWN else State.READY
                self._move(kept, state, outcome.reason, self._next_try(kept, outcome.after_seconds))
            case Unknown():
                self._lost(kept, outcome)
            case Accepted() | Confirmed():
                state = State.ACCEPTED if isinstance(outcome, Accepted) else State.CONFIRMED
                self._move(kept, state, "", self._clock(), outcome.reference)
                self._free_children(kept.operation.key)
                self._handler(self.connection, kept.operation, outcome)
            case Rejected():
                self._reject(kept, outcome)

    def _lost(self, kept: Kept, outcome: Unknown) -> None:
        """Asked about at once the first time, then after growing waits."""
        first = kept.state is not State.UNKNOWN
        soon = first and kept.tries < _QUICK_RESENDS
        self._move(kept, State.UNKNOWN, outcome.reason, self._next_try(kept, 0.0 if soon else None))
        if first or (outcome.reason == FORGOT != kept.reason):
            self._handler(self.connection, kept.operation, outcome)

    def _not_known(self, kept: Kept) -> None:
        """The portal never saw the key: it may be sent (again). If its time is over by now it won't be, as soon as
        no earlier request can still be on its way. While it is carried elsewhere it is that machine's to send."""
        until = outbox.carried_until(self.connection, kept.operation.key)
        if until and (self.clock_is_wrong or until > stamp(self._clock() - MAY_STILL_ARRIVE)):
            self._move(kept, State.UNKNOWN, "carried", self._clock() + _CARRIED_LOOK)
            return
        self.connection.execute("DELETE FROM carried WHERE operation_key = ?", (kept.operation.key,))
        expires = kept.operation.expires_at
        if expires is None or expires > self._clock():
            soon = kept.tries < _QUICK_RESENDS
            next_try = self._clock() if soon else self._next_try(kept, None)
            self._move(kept, State.READY, "not_known_there", next_try)
        elif self._last_sent(kept.operation.key) < stamp(self._clock() - MAY_STILL_ARRIVE):
            self._reject(kept, Rejected("expired", {"expired_at": stamp(expires)}))
        else:
            self._move(kept, State.UNKNOWN, "expired", self._next_try(kept, None))

    def _last_sent(self, key: str) -> str:
        sql = "SELECT coalesce(max(begun_at_utc), '') FROM attempts WHERE operation_key = ? AND what = 'send'"
        return str(self.connection.execute(sql, (key,)).fetchone()[0])

    def _reject(self, kept: Kept, outcome: Rejected) -> None:
        """A rejected parent never sends its child."""
        self._move(kept, State.REJECTED, outcome.reason, self._clock())
        self._handler(self.connection, kept.operation, outcome)
        for child in self._children(kept.operation.key):
            if child.state is State.WAITING:
                self._reject(child, Rejected("parent_rejected", {"parent": kept.operation.key}))

    def _children(self, key: str) -> list[Kept]:
        found = self.connection.execute("SELECT child FROM dependencies WHERE parent = ?", (key,)).fetchall()
        return [child for (name,) in found if (child := outbox.get(self.connection, name))]

    def _free_children(self, key: str) -> None:
        """A child that is carried may have been sent there by now. (The + keeps SQLite from going through all that
        wait, for each that has ended.)"""
        self.connection.execute(
            """UPDATE operations SET next_try_at_utc = ?,
               state = CASE WHEN key IN (SELECT operation_key FROM carried) THEN 'unknown' ELSE 'ready' END
               WHERE +state = 'waiting'
               AND key IN (SELECT child FROM dependencies WHERE parent = ?)
               AND NOT EXISTS (SELECT 1 FROM dependencies JOIN operations AS parent ON parent.key = dependencies.parent
                   WHERE child = operations.key AND parent.state NOT IN ('accepted', 'confirmed'))""",
            (stamp(self._clock()), key),
        )

    def _move(self, kept: Kept, state: State, reason: str, next_try: datetime, reference: str = "") -> None:
        if state in (State.ACCEPTED, State.CONFIRMED, State.REJECTED):
            for table in ("bodies", "carried"):
                self.connection.execute(f"DELETE FROM {table} WHERE operation_key = ?", (kept.operation.key,))
        self.connection.execute(
            """UPDATE operations SET state = ?, reason = ?, next_try_at_utc = ?,
               reference = CASE WHEN ? = '' THEN reference ELSE ? END WHERE key = ?""",
            (state, reason, stamp(next_try), reference, reference, kept.operation.key),
        )

    def _next_try(self, kept: Kept, after_seconds: float | None) -> datetime:
        return self._rests.next_try(kept.tries, self._clock(), after_seconds)
