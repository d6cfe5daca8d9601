"""ODK's functions on dates and times (ODK XForms, "Date and time functions")."""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo

from forms.xpath.functions import Library, number
from forms.xpath.moments import Moment, day_of, days_since_epoch, formatted, from_days, from_text, part_of_day
from forms.xpath.scope import Scope
from forms.xpath.values import Value, to_string

DATES = Library()


def _zone(scope: Scope) -> tzinfo:
    return scope.run.zone or UTC


@DATES.add("now", 0)
def _now(scope: Scope) -> Moment:
    return Moment(scope.run.now.astimezone(_zone(scope)))


@DATES.add("today", 0)
def _today(scope: Scope) -> Moment:
    zone = _zone(scope)
    return Moment(day_of(scope.run.now.astimezone(zone).date(), zone))


def _when(scope: Scope, value: Value, *, unpadded: bool = False) -> datetime | None:
    if isinstance(value, Moment):
        return value.when
    if isinstance(value, float | bool):
        days = number(scope, value)
        return from_days(days, _zone(scope)) if math.isfinite(days) else None
    return from_text(to_string(value), _zone(scope), unpadded=unpadded)


def _date(scope: Scope, value: Value) -> Moment | str:
    if isinstance(value, bool) or (isinstance(value, str | list) and to_string(value) == ""):
        return ""
    text = to_string(value)
    when = _when(scope, value, unpadded=True)
    if when is None and isinstance(value, list):
        return Moment(_when(scope, number(scope, text)))
    return Moment(when)


DATES.add("date", 1)(_date)
DATES.add("date-time", 1)(_date)


@DATES.add("decimal-date-time", 1)
def _decimal_date_time(scope: Scope, value: Value) -> float:
    when = _when(scope, value)
    return days_since_epoch(when) if when is not None else math.nan


@DATES.add("decimal-time", 1)
def _decimal_time(scope: Scope, value: Value) -> float:
    return part_of_day(to_string(value), _zone(scope))


def _format(scope: Scope, value: Value, pattern: Value) -> str:
    when = _when(scope, value)
    return formatted(when, to_string(pattern)) if when is not None else ""


DATES.add("format-date", 2)(_format)
DATES.add("format-date-time", 2)(_format)
