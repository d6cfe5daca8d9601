"""The worker: one thread with its own connection that sends what is due, pulls what is new, tells how the line is."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sync import outbox
from sync.engine import Engine, Thrift
from sync.http import Http
from sync.line import LineError
from sync.pace import Pace
from sync.packs import Progress
from sync.rests import Rests

_IDLE_SECONDS = 30.0
_OFFLINE = frozenset({"no_line", "timeout"})


class LineState(StrEnum):
    """How the line is, in one word for the banner."""

    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    PORTAL_DOWN = "portal_down"
    NOT_THE_PORTAL = "not_the_portal"
    CREDENTIALS = "credentials"
    CLOCK_WRONG = "clock_wrong"
    PAUSED = "paused"
    PAYMENTS_ONLY = "payments_only"
    BUDGET_SPENT = "budget_spent"
    CANNOT_KEEP = "cannot_keep"


@dataclass(frozen=True, slots=True)
class LineStatus:
    """The line as it was last seen, how many operations have no end yet, how far a download is."""

    state: LineState
    waiting: int = 0
    progress: Progress | None = None


@dataclass(slots=True)
class Pull:
    """What is fetched from `portal` every so often: `take` fetches one piece over `line` and says whether there is
    more, or how far it is; it raises LineError."""

    portal: str
    line: Http
    take: Callable[[], bool | Progress]
    every_seconds: float
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """What the worker opens inside its own thread. `thrift` is asked for at every round."""

    connection: sqlite3.Connection
    engine: Engine
    pulls: Sequence[Pull]
    close: Callable[[], None]
    thrift: Callable[[], Thrift] = Thrift


class Worker(threading.Thread):
    """Started once; `stop` ends it within one request's time-out."""

    def __init__(
        self, open_kit: Callable[[], Kit], clock: Callable[[], datetime], changed: Callable[[LineStatus], None], *,
        idle_seconds: float = _IDLE_SECONDS, monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name="sync", daemon=True)
        self._open_kit = open_kit
        self._clock = clock
        self._monotonic = monotonic
        self._changed = changed
        self._idle = idle_seconds
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._paused = threading.Event()
        self._hurried = threading.Event()
        self.status = LineStatus(LineState.STARTING)

    def run(self) -> None:
        kit = self._open_kit()
        try:
            while not self._stopping.is_set():
                self._wake.wait(self.round(kit))
                self._wake.clear()
        finally:
            kit.close()

    def round(self, kit: Kit) -> float:
        """Send and pull what is due; how many seconds may pass before the next round. A store that can't be written
        to (`CANNOT_KEEP`) raises its own library's error, a folder that is full an OSError; what could not be kept is
        asked about in a later round."""
        try:
            self._round(kit)
            return self._sleep(kit)
        except (kit.connection.Error, OSError):
            self.status = replace(self.status, state=LineState.CANNOT_KEEP)
            self._changed(self.status)
            return self._idle

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()

    def hurry(self) -> None:
        """The line is back, says somebody: try everything now."""
        self._hurried.set()
        self._wake.set()

    def pause(self, paused: bool) -> None:
        """Stop and start talking to the portals, on the operator's word."""
        (self._paused.set if paused else self._paused.clear)()
        self.hurry()

    def stop(self, wait_seconds: float = 15.0) -> None:
        """End the thread after the step that is under way."""
        self._stopping.set()
        self._wake.set()
        if self.is_alive():
            self.join(wait_seconds)

    def _round(self, kit: Kit) -> None:
        """Payments first: a pull yields to them after each piece."""
        kit.engine.recover()  # also what the round before could not write down
        if self._hurried.is_set():
            self._hurried.clear()
            kit.engine.hurry()
            for pull in kit.pulls:
                pull.due_at = None
        while self._paused.is_set() and not self._stopping.is_set() and kit.engine.take_in():
            pass  # what was on its way when somebody said "pause"
        if self._paused.is_set():
            self._tell(kit, LineState.PAUSED)
            return
        kit.engine.thrift = kit.thrift()
        self._drain(kit)
        if not kit.engine.payments_only():
            self._pull(kit)
        self._tell(kit, line_state(kit.engine))

    def _is_over(self) -> bool:
        return self._stopping.is_set() or self._paused.is_set()

    def _drain(self, kit: Kit) -> None:
        """Send what is due, and tell how far that is: an attachment by its bytes, since it takes many steps."""
        began, first, pace = self._monotonic(), outbox.going_count(kit.connection), Pace(self._monotonic)
        while not self._is_over() and kit.engine.step():
            left = outbox.going_count(kit.connection)
            first = max(first, left)
            each = (self._monotonic() - began) / (first - left) if left < first else None
            several = Progress(first - left, first, each * left if each is not None else None, "operations")
            self._show(pace.progress(kit.engine.in_part) or several)

    def _pull(self, kit: Kit) -> None:
        """What is new, where it is time to look again."""
        for pull in kit.pulls:
            now = self._clock()
            if self._is_over() or (pull.due_at is not None and pull.due_at > now):
                continue
            if pull.portal not in kit.engine.rests.resting(now):
                self._take(kit, pull)
                self._drain(kit)

    def _take(self, kit: Kit, pull: Pull) -> None:
        reason, asked, before = "", None, pull.line.bytes_received
        pull.due_at = self._clock() + timedelta(seconds=pull.every_seconds)  # also when there is no room for it here
        pull.line.meanwhile = lambda: self._let_go_first(kit)
        try:
            while not self._is_over() and (more := taken(kit.engine, pull)) and not kit.engine.payments_only():
                if isinstance(more, Progress):
                    self._show(more)
                self._let_go_first(kit)
        except LineError as error:
            reason, asked = error.reason, error.retry_after
        if reason or pull.line.bytes_received > before:  # who had nothing to ask has learnt nothing of the line
            kit.engine.rests.note(pull.portal, reason, asked, self._clock())
        pull.due_at = kit.engine.rests.next_look(pull.portal, pull.every_seconds, self._clock())

    def _let_go_first(self, kit: Kit) -> None:
        """What came to be sent goes before the next piece, and while a piece is awaited."""
        if kit.engine.has_work():
            self._drain(kit)

    def _show(self, progress: Progress) -> None:
        self.status = replace(self.status, progress=progress)
        self._changed(self.status)

    def _tell(self, kit: Kit, state: LineState) -> None:
        self.status = LineStatus(state, outbox.open_count(kit.connection))
        self._changed(self.status)

    def _sleep(self, kit: Kit) -> float:
        if self._paused.is_set():
            return self._idle
        pulls = [] if kit.engine.payments_only() else [pull.due_at for pull in kit.pulls if pull.due_at]
        due = [kit.engine.next_due_at(), *pulls]
        soonest = min((at for at in due if at is not None), default=None)
        if soonest is None:
            return self._idle
        return min(self._idle, max(0.05, (soonest - self._clock()).total_seconds()))


def taken(engine: Engine, pull: Pull) -> bool | Progress:
    """One piece of a pull, with its bytes counted. Raises: LineError."""
    before = pull.line.bytes_sent + pull.line.bytes_received
    try:
        return pull.take()
    finally:
        engine.count_bytes(pull.line.bytes_sent + pull.line.bytes_received - before)


def line_state(engine: Engine) -> LineState:
    """The one word for what is wrong; what a person here can mend goes before what he can only wait for."""
    if engine.clock_is_wrong():
        return LineState.CLOCK_WRONG
    if engine.budget_is_spent():
        return LineState.BUDGET_SPENT
    state = _worst(engine.rests)
    if state is LineState.ONLINE and engine.thrift.payments_only:
        return LineState.PAYMENTS_ONLY
    return state


def _worst(rests: Rests) -> LineState:
    tried = [rest for rest in rests.values() if rest.tried]
    wrong = {rest.reason for rest in tried if rest.failures}
    for state in (LineState.CLOCK_WRONG, LineState.NOT_THE_PORTAL, LineState.CREDENTIALS):
        if state in wrong:
            return state
    if not wrong:
        return LineState.ONLINE if tried else LineState.OFFLINE
    answered = any(not rest.failures for rest in tried)
    return LineState.OFFLINE if wrong & _OFFLINE and not answered else LineState.PORTAL_DOWN
