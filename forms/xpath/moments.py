"""ODK's dates: points in time that are numbers (days since 1970-01-01 UTC) and strings (local, ISO 8601) at once.

ODK XForms specification, "Data type conversion" and "Date and time functions".
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(Z|[-+]\d{2}:\d{2})?)?", re.ASCII
)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[-+]\d{2}:\d{2})?", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Moment:
    """A date or a date with time; `when` is None for what could not be read as one."""

    __slots__ = ("days", "text", "when")

    def __init__(self, when: datetime | None, text: str | None = None) -> None:
        self.when = when
        self.days = days_since_epoch(when) if when is not None else math.nan
        self.text = (iso(when) if when is not None else "Invalid Date") if text is None else text


def days_since_epoch(when: datetime) -> float:
    """Days since 1970-01-01 UTC, to the millisecond."""
    return ((when - EPOCH) // timedelta(milliseconds=1)) / DAY_MS


def iso(when: datetime) -> str:
    """`2025-06-15T10:20:30.000-07:00`; the date alone at local midnight."""
    if when.time() == time():
        return when.date().isoformat()
    return when.isoformat(timespec="milliseconds")


def from_days(days: float, zone: tzinfo) -> datetime | None:
    """The moment so many days after 1970-01-01 UTC; None outside the years 1 to 9999."""
    try:
        return (EPOCH + timedelta(milliseconds=math.floor(days * DAY_MS))).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def from_text(text: str, zone: tzinfo, *, unpadded: bool = False) -> datetime | None:
    """The moment that an ISO 8601 date, with or without time, names; local where it names no zone."""
    match = _MOMENT.fullmatch(text)
    if match is None or not (unpadded or (len(match[2]) == 2 and len(match[3]) == 2)):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        named = _offset(match[8])
        when = datetime(year, month, day, hour, minute, second, _microseconds(match[7]), tzinfo=named or zone)
        return when.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    if int(text[1:3]) > 14:
        raise ValueError(text)
    return datetime.strptime(text, "%z").tzinfo


def day_of(day: date, zone: tzinfo) -> datetime:
    """Local midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def part_of_day(text: str, zone: tzinfo) -> float:
    """A time as part of a day, local (ODK XForms, `decimal-time`); NaN for what is none."""
    match = _TIME.fullmatch(text)
    when = from_text(f"1970-01-01T{text}", zone) if match else None
    if when is None:
        return math.nan
    return (when.hour * 3_600_000 + when.minute * 60_000 + when.second * 1000 + when.microsecond // 1000) / DAY_MS


def formatted(when: datetime, pattern: str) -> str:
    """`pattern` filled in (ODK XForms, `format-date-time`): %Y %y %m %n %b %d %e %H %h %M %S %3 %a."""
    values = {
        "Y": f"{when.year:04}", "y": f"{when.year:04}"[2:], "m": f"{when.month:02}", "n": str(when.month),
        "b": _MONTHS[when.month - 1], "d": f"{when.day:02}", "e": str(when.day), "H": f"{when.hour:02}",
        "h": str(when.hour), "M": f"{when.minute:02}", "S": f"{when.second:02}",
        "3": f"{when.microsecond // 1000:03}", "a": _DAYS[when.weekday()],
    }
    return re.sub(r"%([YymnbdeHhMS3a])", lambda match: values[match[1]], pattern)
