"""A clock that never goes back: papers and fee dates stay in order when the laptop's clock does not.

Set back, time goes on from the latest moment that is in the store; far ahead (a flat battery, a wrong year), it goes on
from there as well until a person says that the date is right. The counter is told which of the two it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk import times

_SLACK = timedelta(minutes=2)
_LONGEST_ABSENCE = timedelta(days=45)  # a centre that was shut for longer is asked whether the date is right


class ClockState(StrEnum):
    RIGHT = "right"
    BEHIND = "behind"
    AHEAD = "ahead"


class SteadyClock:
    """`system` as far as it can be believed, given `latest`, the last moment that the store knows of."""

    def __init__(
        self, system: times.Clock, latest: datetime | None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._system = system
        self._monotonic = monotonic
        self._latest = latest
        self._seen_at = monotonic()
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            now = self._system()
            if self._state(now) is not ClockState.RIGHT:
                now = self._going_on()
            elif self._latest is not None and now < self._latest:
                return self._latest
            self._latest, self._seen_at = now, self._monotonic()
            return now

    @property
    def state(self) -> ClockState:
        with self._lock:
            return self._state(self._system())

    def believe(self) -> None:
        """A person says that the laptop's date is right: go on from there when it is ahead."""
        with self._lock:
            now = self._system()
            if self._latest is None or now > self._latest:
                self._latest, self._seen_at = now, self._monotonic()

    def _state(self, now: datetime) -> ClockState:
        if self._latest is None:
            return ClockState.RIGHT
        expected = self._going_on()
        if now < expected - _SLACK:
            return ClockState.BEHIND
        return ClockState.AHEAD if now > expected + _LONGEST_ABSENCE else ClockState.RIGHT

    def _going_on(self) -> datetime:
        assert self._latest is not None
        return self._latest + timedelta(seconds=self._monotonic() - self._seen_at)
