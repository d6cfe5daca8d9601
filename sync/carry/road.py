"""On the road: a machine with a line sends what is in a file and writes the outcomes into another beside it.

Nothing is kept on this machine. Everything is asked about by key before it is sent, so that the work may be cut off
anywhere, done again, or done by two machines: what was lost of this file's outcomes is asked for again.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync import outbox
from sync.carry import home, sealed
from sync.carry.sealed import OPERATIONS, OUTCOMES, BadCarry, Head, Key, Sealed
from sync.carry.told import ENDED, keep_end, read_end, read_operation, write_ends
from sync.engine import Engine
from sync.http import Http
from sync.outbox import stamp
from sync.portals import Portal
from sync.schema import MIGRATIONS

SUFFIX = ".outcomes"
_WRITE_EVERY = 2.0  # seconds; a stick is slow


@dataclass(frozen=True, slots=True)
class Sent:
    """How far a file has come: its operations, those with an end, and what is wrong with the line ("" for nothing)."""

    count: int
    ended: int
    trouble: str


class Road:
    """One file, opened with its code, and this machine's portals."""

    def __init__(
        self, file: Sealed, code: str, outcomes: Path, portals: Mapping[str, Portal],
        lines: Mapping[str, Sequence[Http]], clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        rng: random.Random | None = None, at: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """`outcomes` is written at once: a place that can't be written to is known before anything is sent.

        Raises:
            BadCarry: `carry_is_outcomes`, `carry_too_late`, `carry_wrong_code`, `carry_other_file` (what lies in
                `outcomes` answers another file).
            OSError.
        """
        if file.head.about != OPERATIONS:
            raise BadCarry("carry_is_outcomes")
        self._until = datetime.fromisoformat(file.head.send_until_utc)
        if clock() >= self._until:
            raise BadCarry("carry_too_late")
        self._file, self._place, self._clock = file, outcomes, clock
        self._key, self._signer = Key(code, file.head.salt), Ed25519PrivateKey.generate()
        inside = file.open(self._key)
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._keep(inside["operations"])
        tells = {str(name): str(value) for name, value in inside["tells"].items()}
        self._engine = Engine(
            self._connection, portals, lines, keep_end, _writing, clock, rng, at, lambda: tells
        )
        self._take_up()
        self._write()

    def run(self, seconds: float, shown: Callable[[Sent], None] = lambda _sent: None,
            stop: threading.Event | None = None) -> Sent:
        """Ask and send until all have an end, or for so many seconds, or until `stop`; what came out is written.

        Raises:
            OSError: the outcomes could not be written; run again, also elsewhere.
        """
        stop, end = stop or threading.Event(), time.monotonic() + seconds
        written = self._ended()
        try:
            while not self._is_over() and time.monotonic() < end and not stop.is_set():
                if not self._engine.step():
                    stop.wait(min(self._seconds_to_next(), max(0.0, end - time.monotonic())))
                if self._ended() != written and time.monotonic() > self._next_write:
                    written = self._ended()
                    self._write()
                    shown(self.sent())
        finally:
            self._engine.close()
            self._write()
        return self.sent()

    def sent(self) -> Sent:
        return Sent(self._file.head.count, self._ended(), self._trouble())

    def _is_over(self) -> bool:
        """All have an end; or the clock is not what the portals say, and who knows whether the file's time is over."""
        return self._ended() == self._file.head.count or self._engine.clock_is_wrong() or self._clock() >= self._until

    def _trouble(self) -> str:
        if self._engine.clock_is_wrong():
            return "clock_wrong"
        if self._ended() == self._file.head.count:
            return ""
        resting = [rest.reason for rest in self._engine.rests.values() if rest.failures]
        sql = "SELECT reason FROM operations WHERE state IN ('ready', 'unknown') AND reason <> '' LIMIT 1"
        found = self._connection.execute(sql).fetchone()
        return next(iter(resting), found[0] if found else "")

    def _seconds_to_next(self) -> float:
        due = self._engine.next_due_at()
        return 0.5 if due is None else min(5.0, max(0.05, (due - self._clock()).total_seconds()))

    def _keep(self, operations: Sequence[Mapping[str, Any]]) -> None:
        """The operations as they were at home, each one to be asked about first."""
        for _name, script in MIGRATIONS:
            self._connection.executescript(script)
        self._connection.execute(ENDED)
        with _writing(self._connection):
            self._connection.execute("INSERT INTO carries VALUES (?, '', '', '', '', '')", (self._file.head.id,))
            for told in operations:
                outbox.add(self._connection, read_operation(told, self._until))
            home.mark_carried(self._connection, self._file.head.id, [told["key"] for told in operations])

    def _take_up(self) -> None:
        """What was already found out, by this machine or another that had the file."""
        if not self._place.exists():
            return
        earlier = sealed.read_file(self._place)
        if earlier.head.of != self._file.digest or earlier.head.about != OUTCOMES:
            raise BadCarry("carry_other_file")
        for told in earlier.open(self._key)["outcomes"]:
            self._engine.brought(*read_end(told))

    def _ended(self) -> int:
        return self._file.head.count - outbox.open_count(self._connection)

    def _write(self) -> None:
        head, now = self._file.head, self._clock()
        self._next_write = time.monotonic() + _WRITE_EVERY
        outcomes = write_ends(self._connection)
        told = Head(OUTCOMES, head.id, head.sender, stamp(now), head.send_until_utc, len(outcomes), head.salt,
                    of=self._file.digest)
        sealed.write_file(self._place, sealed.seal(told, {"outcomes": outcomes}, self._key, self._signer))


def outcomes_beside(file: Path) -> Path:
    """Where the outcomes of `file` go."""
    return file.with_suffix(SUFFIX)


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
