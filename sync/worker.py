"""The worker: one thread with its own connection that sends what is due, pulls what is new, tells how the line is."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sync import outbox
from sync.engine import Engine
from sync.http import LineError

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
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class LineStatus:
    """The line as it was last seen, and how many operations have no end yet."""

    state: LineState
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Kit:
    """What the worker opens inside its own thread."""

    connection: sqlite3.Connection
    engine: Engine
    pulls: Sequence[Callable[[], bool]]  # each takes one page and says whether there is more; raises LineError
    close: Callable[[], None]


class Worker(threading.Thread):
    """Started once; `stop` ends it within one request's time-out."""

    def __init__(
        self, open_kit: Callable[[], Kit], clock: Callable[[], datetime], changed: Callable[[LineStatus], None], *,
        idle_seconds: float = _IDLE_SECONDS,
    ) -> None:
        super().__init__(name="sync", daemon=True)
        self._open_kit = open_kit
        self._clock = clock
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
            kit.engine.recover()
            while not self._stopping.is_set():
                self._round(kit)
                self._wake.wait(self._sleep(kit))
                self._wake.clear()
                if self._hurried.is_set():
                    self._hurried.clear()
                    kit.engine.hurry()
        finally:
            kit.close()

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
        """Payments first: a feed yields to them after each page."""
        if self._paused.is_set():
            self._tell(kit, LineState.PAUSED)
            return
        self._drain(kit)
        self._tell(kit, self._pull(kit))
        self._drain(kit)
        self._tell(kit, self.status.state)

    def _drain(self, kit: Kit) -> None:
        while not self._stopping.is_set() and not self._paused.is_set() and kit.engine.step():
            self._changed(self.status)

    def _pull(self, kit: Kit) -> LineState:
        """What is new; the line is online when any portal answers and none of them complains of more than itself."""
        seen, answered = LineState.ONLINE, False
        for pull in kit.pulls:
            if self._stopping.is_set():
                break
            try:
                while pull():
                    self._drain(kit)
                answered = True
            except LineError as error:
                seen = _word(error.reason)
                if seen is not LineState.PORTAL_DOWN:
                    return seen
        return seen if answered else LineState.OFFLINE

    def _tell(self, kit: Kit, state: LineState) -> None:
        self.status = LineStatus(state, outbox.open_count(kit.connection))
        self._changed(self.status)

    def _sleep(self, kit: Kit) -> float:
        due = outbox.next_due_at(kit.connection)
        if due is None or self._paused.is_set():
            return self._idle
        return min(self._idle, max(0.05, (due - self._clock()).total_seconds()))


def _word(reason: str) -> LineState:
    if reason in _OFFLINE:
        return LineState.OFFLINE
    if reason in (LineState.NOT_THE_PORTAL, LineState.CREDENTIALS):
        return LineState(reason)
    return LineState.PORTAL_DOWN
