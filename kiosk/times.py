"""Time as the store keeps it: UTC, aware, ISO text that sorts as it reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Clock = Callable[[], datetime]
DHAKA = timezone(timedelta(hours=6), "Asia/Dhaka")  # no daylight saving (domain.md 6.3)


def now() -> datetime:
    return datetime.now(UTC)


def text(moment: datetime) -> str:
    """UTC ISO text with microseconds, always the same length."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
