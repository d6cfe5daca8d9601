"""Windows of a month: from which day of it to which something is taken; 25 to 5 goes over the month's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

TESTS = frozenset({"days_of_month", "days_of_month_left"})  # of rules that have a window in their params
_LONGEST_GAP = 62  # days: a window of the 31st alone is shut from the end of January to the end of March, or of July on


def is_sound(first: int, last: int, left: int = 0) -> bool:
    """Whether such days are in months (the 31st is not in all of them), and `left` is a number of days."""
    return all(isinstance(day, int) and 1 <= day <= 31 for day in (first, last)) and isinstance(left, int) and left >= 0


def is_open(day: date, first: int, last: int) -> bool:
    """Whether `day` lies in the window."""
    if first <= last:
        return first <= day.day <= last
    return day.day >= first or day.day <= last


def opens(after: date, first: int, last: int) -> date:
    """The next day after `after` that lies in a window."""
    return next(day for day in _days(after) if is_open(day, first, last))


def closes(day: date, first: int, last: int) -> date | None:
    """The last day of the window in which `day` lies; None when it is open all the year round."""
    shut = next((later for later in _days(day) if not is_open(later, first, last)), None)
    return shut - timedelta(days=1) if shut else None


def _days(after: date) -> Iterator[date]:
    return (after + timedelta(days=count) for count in range(1, _LONGEST_GAP + 1))
