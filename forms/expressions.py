"""XPath 1.0 by lxml, with ODK's functions beside the core ones; compiled once, evaluated often."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from lxml import etree

_LONGEST = 4_000  # characters of one expression


class BadExpression(Exception):
    """The text is not an expression that this engine can evaluate."""


_today: ContextVar[date] = ContextVar("today")
_now: ContextVar[datetime] = ContextVar("now")


@contextmanager
def at_time(today: date, now: datetime) -> Iterator[None]:
    """What `today()` and `now()` answer inside the block."""
    tokens = (_today.set(today), _now.set(now))
    try:
        yield
    finally:
        _today.reset(tokens[0])
        _now.reset(tokens[1])


class Expression:
    """One compiled expression."""

    def __init__(self, text: str, compiled: etree.XPath) -> None:
        self.text = text
        self._compiled = compiled

    def value(self, node: etree._Element) -> Any:
        """A number, a string, a boolean or a list of nodes, at `node`."""
        try:
            return self._compiled(node)
        except etree.XPathError as error:
            raise BadExpression(f"{self.text}: {error}") from error

    def string(self, node: etree._Element) -> str:
        return text_of(self.value(node))

    def boolean(self, node: etree._Element) -> bool:
        found = self.value(node)
        if isinstance(found, float):
            return found != 0 and not math.isnan(found)
        return bool(found)


def compile_expression(text: str, where: str) -> Expression:
    """The expression in `text`; `where` names it in the error.

    Raises:
        BadExpression: it can't be evaluated.
    """
    if len(text) > _LONGEST:
        raise BadExpression(f"{where}: longer than {_LONGEST} characters")
    try:
        return Expression(text, etree.XPath(text))
    except etree.XPathError as error:
        raise BadExpression(f"{where}: {text}: {error}") from error


def text_of(value: Any) -> str:
    """XPath's string(): a whole number has no decimal point, a list of nodes is its first one's text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ("NaN" if math.isnan(value) else repr(value))
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    if isinstance(value, etree._Element):
        return "".join(str(part) for part in value.itertext())
    return str(value)


def number_of(value: Any) -> float:
    """XPath's number(): NaN for what is none."""
    if isinstance(value, bool | float | int):
        return float(value)
    try:
        return float(text_of(value).strip())
    except ValueError:
        return math.nan


def _truth(value: Any) -> bool:
    return value != 0 if isinstance(value, float) else bool(value)


def _selected(_context: Any, node: Any, value: Any) -> bool:
    return text_of(value) in text_of(node).split()


def _if(_context: Any, test: Any, yes: Any, no: Any) -> Any:
    return yes if _truth(test) else no


def _coalesce(_context: Any, *values: Any) -> str:
    return next((text_of(value) for value in values if text_of(value)), "")


def _regex(_context: Any, value: Any, pattern: Any) -> bool:
    return re.fullmatch(text_of(pattern), text_of(value)) is not None


def _count_selected(_context: Any, value: Any) -> float:
    return float(len(text_of(value).split()))


def _today_text(_context: Any) -> str:
    return _today.get().isoformat()


def _now_text(_context: Any) -> str:
    return _now.get().isoformat(timespec="milliseconds")


def _int(_context: Any, value: Any) -> float:
    number = number_of(value)
    return number if math.isnan(number) else float(math.trunc(number))


def _decimal_date(_context: Any, value: Any) -> float:
    """Days since 1970-01-01 (ODK XForms, decimal-date-time)."""
    try:
        return float((date.fromisoformat(text_of(value)[:10]) - date(1970, 1, 1)).days)
    except ValueError:
        return math.nan


_functions = etree.FunctionNamespace(None)
for _name, _function in {
    "selected": _selected, "if": _if, "coalesce": _coalesce, "regex": _regex, "count-selected": _count_selected,
    "today": _today_text, "now": _now_text, "int": _int, "decimal-date-time": _decimal_date,
}.items():
    _functions[_name] = _function
