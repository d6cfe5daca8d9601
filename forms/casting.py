"""What a bind's type makes of a text: what is kept, and what is refused (ODK XForms, "Data types")."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import partial

from forms.xpath.geo import point_of

_INT = re.compile(r"[-+]?\d+(\.\d*)?")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?", re.DOTALL)
_TIME = re.compile(r"(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:Z|[-+](?:0\d|1[0-4]):[0-5]\d)?")
_ALIASES = {
    "integer": "int", "long": "int", "short": "int", "byte": "int", "double": "decimal", "float": "decimal",
    "datetime": "dateTime", "select1": "string", "select": "string", "odk:rank": "string", "rank": "string",
}
_LONGEST_NUMBER = 300  # characters
_LEAST_INT, _MOST_INT = -(2**31), 2**31 - 1  # XML Schema, `int`
_LEAST_OF_TRACE, _LEAST_OF_SHAPE = 2, 3  # points
Cast = Callable[[str], str | None]


def kind_of(name: str) -> str:
    """The type that a bind's `type` names: `string`, `int`, `decimal`, `date`, `time`, `dateTime`, `geopoint`, ..."""
    local = name.rpartition(":")[2]
    return _ALIASES.get(local, local) or "string"


def cast(text: str, kind: str) -> str | None:
    """The text as the type keeps it; None for what it refuses."""
    convert = _CASTS.get(kind)
    if convert is None or not text:
        return text
    return convert(text.strip())


def _int(text: str) -> str | None:
    if len(text) > _LONGEST_NUMBER or not _INT.fullmatch(text):
        return None
    number = int(Decimal(text))
    return str(number) if _LEAST_INT <= number <= _MOST_INT else None


def _decimal(text: str) -> str | None:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    try:
        return plain_number(Decimal(text))
    except InvalidOperation:
        return None


def plain_number(number: Decimal) -> str:
    """Without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def _date(text: str) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


def _time(text: str) -> str | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        time.fromisoformat(match[1][:15])
    except ValueError:
        return None
    return text


def _datetime(text: str) -> str | None:
    day, mark, rest = text.partition("T")
    if _date(day) != day or not mark or _time(rest) is None:
        return None
    return text


def _geopoint(text: str) -> str | None:
    if point_of(text) is None:
        return None
    numbers = [float(part) for part in text.split()]
    return " ".join(repr(number) for number in numbers)


def _line(text: str, *, closed: bool) -> str | None:
    """Points with semicolons between, of which the last is where the first is, or not."""
    points = [_geopoint(piece.strip()) for piece in re.sub(r"[\s;]+$", "", text).split(";")]
    known = [point for point in points if point is not None]
    if len(known) < len(points) or len(known) < (_LEAST_OF_SHAPE if closed else _LEAST_OF_TRACE):
        return None
    return ";".join(known) if (known[0].split()[:2] == known[-1].split()[:2]) is closed else None


def _boolean(text: str) -> str | None:
    """As JavaRosa writes it, so that number() counts it."""
    return {"true": "1", "1": "1", "false": "0", "0": "0"}.get(text.lower())


_CASTS: dict[str, Cast] = {
    "boolean": _boolean,
    "int": _int, "decimal": _decimal, "date": _date, "time": _time, "dateTime": _datetime, "geopoint": _geopoint,
    "geotrace": partial(_line, closed=False), "geoshape": partial(_line, closed=True),
}

