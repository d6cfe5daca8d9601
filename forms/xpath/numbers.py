"""ODK's functions on numbers (ODK XForms, "Numeric functions")."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from forms.xpath.functions import Library, each_number, number
from forms.xpath.moments import Moment, days_since_epoch, from_text
from forms.xpath.scope import Scope
from forms.xpath.values import Value, to_string

NUMBERS = Library()
_MOST_DECIMALS = 15  # that a number can tell apart


def _guarded(work: Callable[..., float], *values: float) -> float:
    """IEEE 754's answer where Python would raise."""
    try:
        return float(work(*values))
    except OverflowError:
        return math.inf
    except (ValueError, TypeError):
        return math.nan


def _log(value: float) -> float:
    return math.log(value) if value else -math.inf


def _log10(value: float) -> float:
    return math.log10(value) if value else -math.inf


def _power(base: float, exponent: float) -> float:
    if math.isnan(base) or math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    if base == 0 and exponent < 0:
        return math.inf
    power: Any = base**exponent
    return math.nan if isinstance(power, complex) else power


for _name, _work in {
    "abs": abs, "acos": math.acos, "asin": math.asin, "atan": math.atan, "cos": math.cos, "exp": math.exp,
    "exp10": lambda value: 10.0**value, "log": _log, "log10": _log10, "sin": math.sin, "sqrt": math.sqrt,
    "tan": math.tan,
}.items():
    NUMBERS.add(_name, 1)(lambda scope, value, work=_work: _guarded(work, number(scope, value)))

for _name2, _work2 in {"atan2": math.atan2, "pow": _power}.items():
    NUMBERS.add(_name2, 2)(
        lambda scope, one, two, work=_work2: _guarded(work, number(scope, one), number(scope, two))
    )

NUMBERS.add("pi", 0)(lambda _scope: math.pi)
NUMBERS.add("random", 0)(lambda _scope: random.random())


@NUMBERS.add("int", 1)
def _int(scope: Scope, value: Value) -> float:
    given = number(scope, value)
    return math.copysign(float(math.trunc(given)), given) if math.isfinite(given) else given


@NUMBERS.add("round", 1, 2)
def _round(scope: Scope, value: Value, *places: Value) -> float:
    given = number(scope, value)
    decimals = number(scope, places[0]) if places else 0.0
    if not math.isfinite(given) or not math.isfinite(decimals):
        return given if math.isfinite(decimals) else math.nan
    if abs(decimals) > _MOST_DECIMALS:
        return given if decimals > 0 else 0.0
    scale = 10.0 ** int(decimals)
    return math.copysign(math.floor(abs(given) * scale + 0.5) / scale, given)


@NUMBERS.add("min", 0, None)
def _min(scope: Scope, *values: Value) -> float:
    return _extreme(min, scope, values)


@NUMBERS.add("max", 0, None)
def _max(scope: Scope, *values: Value) -> float:
    return _extreme(max, scope, values)


def _extreme(choose: Callable[[list[float]], float], scope: Scope, values: tuple[Value, ...]) -> float:
    found = [item for value in values for item in each_number(scope, value)]
    return choose(found) if found and not any(math.isnan(item) for item in found) else math.nan


@NUMBERS.add("number", 0, 1)
def _number(scope: Scope, *value: Value) -> float | Moment:
    """A date becomes its days, whole ones as text (ODK XForms, `number()`)."""
    given = value[0] if value else [scope.node]
    zone = scope.run.zone
    if isinstance(given, Moment):
        return given
    if isinstance(given, str | list) and zone is not None:
        when = from_text(to_string(given), zone)
        if when is not None:
            return Moment(when, str(math.floor(days_since_epoch(when))))
    return number(scope, given)


