"""A clock that can be put forward: a demo's day takes minutes."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from kiosk.times import DHAKA


class DayClock:
    """Runs at the usual pace from where it was last set."""

    def __init__(self, start: datetime) -> None:
        self._base = start.astimezone(UTC)
        self._since = time.monotonic()

    def __call__(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def put(self, hour: int, minute: int) -> None:
        """Set the time on the wall in Dhaka, the same day."""
        here = self().astimezone(DHAKA).replace(hour=hour, minute=minute, second=0, microsecond=0)
        self._base, self._since = here.astimezone(UTC), time.monotonic()
