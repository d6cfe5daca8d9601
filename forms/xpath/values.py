"""The four types of XPath 1.0, ODK's dates beside them, and how one becomes another (section 4 and 3.4)."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from forms.xpath.moments import Moment, days_since_epoch, from_text
from forms.xpath.tree import Node

Value = Any  # bool | float | str | list[Node] | Moment
_LARGE = 1e16  # from here on Python writes an exponent
_NUMBER = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")


def to_string(value: Value) -> str:
    """XPath's `string()`."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].string() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    return number_text(value)


def number_text(value: float) -> str:
    """A number as XPath writes it: no exponent, no point when whole; what is no number is blank, as ODK shows it."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < _LARGE:
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def number_of(text: str, zone: tzinfo | None) -> float:
    """XPath's `number()` of a string; with a `zone`, a date is its days since 1970 (ODK)."""
    if _NUMBER.fullmatch(text):
        return float(text)
    if zone is not None and len(text) >= 10 and text[4] == "-":
        when = from_text(text, zone)
        if when is not None:
            return days_since_epoch(when)
    return math.nan


def to_number(value: Value, zone: tzinfo | None) -> float:
    """XPath's `number()`."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, Moment):
        return value.days
    return number_of(to_string(value), zone)


def to_boolean(value: Value) -> bool:
    """XPath's `boolean()`."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    if isinstance(value, Moment):
        return value.when is not None and value.days != 0
    return bool(value)


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}


def compare(sign: str, left: Value, right: Value, zone: tzinfo | None) -> bool:
    """XPath's comparisons: of node-sets, whether any node compares so (section 3.4)."""
    test = _ORDER[sign]
    if isinstance(left, list) and not isinstance(right, bool):
        if isinstance(right, list) and len(left) == len(right) == 1:
            return _single(sign, test, left[0].string(), right[0].string(), zone)
        if isinstance(right, list):
            return _any_pair(sign, test, left, right, zone)
        return any(_single(sign, test, node.string(), right, zone) for node in left)
    if isinstance(right, list) and not isinstance(left, bool):
        return any(_single(sign, test, left, node.string(), zone) for node in right)
    return _single(sign, test, left, right, zone)


def _any_pair(
    sign: str, test: Callable[[Any, Any], bool], left: list[Node], right: list[Node], zone: tzinfo | None
) -> bool:
    """Whether some node of one compares so with some node of the other; without trying every pair."""
    ours, theirs = ({node.string() for node in nodes} for nodes in (left, right))
    if sign == "=":
        return not ours.isdisjoint(theirs)
    if sign == "!=":
        return bool(ours and theirs) and len(ours | theirs) > 1
    one, other = (
        [number for number in (number_of(text, zone) for text in texts) if not math.isnan(number)]
        for texts in (ours, theirs)
    )
    nearest, farthest = (min, max) if sign.startswith("<") else (max, min)
    return bool(one and other) and test(nearest(one), farthest(other))


def _single(sign: str, test: Callable[[Any, Any], bool], left: Value, right: Value, zone: tzinfo | None) -> bool:
    if sign in {"=", "!="}:
        if isinstance(left, bool) or isinstance(right, bool):
            return test(to_boolean(left), to_boolean(right))
        if isinstance(left, str) and isinstance(right, str):
            return test(left, right)
    return test(to_number(left, zone), to_number(right, zone))


def modulo(left: float, right: float) -> float:
    """Remainder with the sign of the dividend; NaN where there is none."""
    if math.isinf(left) or right == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def divide(left: float, right: float) -> float:
    """IEEE 754 division."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)
