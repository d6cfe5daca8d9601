"""Answers as people write them, and as they are read back; doubts that warn and never stop anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import forms
from kiosk import bangla

NID_LENGTHS = (10, 13, 17)  # domain.md 6.1: smart card, old card, old card with the year of birth
BRN_LENGTHS = (17,)
MOBILE_LENGTHS = (11,)
_POINTS = ("geopoint", "geotrace", "geoshape")
_FIGURES = ("int", "decimal", "time", "range", *_POINTS)
_FIRST_YEAR = 1890
_EXAMPLES = {"date": "12/3/85", "time": "14:30", "dateTime": "12/3/85 14:30", "geopoint": "23.81 90.41",
             "geotrace": "23.81 90.41; 23.82 90.42", "geoshape": "23.81 90.41; 23.82 90.42; 23.82 90.41"}
TOLD = ("doubt.age", "doubt.digits_so_far")  # nothing is odd about these
Doubt = tuple[str, dict[str, Any]]


def example(kind: str, appearance: str = "") -> str:
    """How an answer of this kind may be written, in ASCII digits."""
    if kind == "date" and "year" in appearance:
        return "3/1985" if "month-year" in appearance else "1985"
    return _EXAMPLES.get(kind, "")


def read(text: str, kind: str, today: date, appearance: str = "") -> str:
    """What was written, as the form keeps it; what can't be read stays as it was written, for the form to refuse."""
    text = text.strip()
    if not text:
        return ""
    bare = bangla.ascii_digits(text)
    if kind == "date":
        day = _partial(bare, appearance) or bangla.parse_date(text, today)
        return day.isoformat() if day else text
    if kind == "time":
        clock = bangla.parse_time(text)
        return f"{clock}:00" if clock else text
    if kind == "dateTime":
        day_part, _space, time_part = bare.rpartition(" ")
        day, time = bangla.parse_date(day_part, today), bangla.parse_time(time_part)
        return f"{day.isoformat()}T{time}:00.000+06:00" if day and time else text
    if kind in _POINTS:
        points = [point.replace(",", " ").strip() for point in bare.split(";") if point.strip()]
        if kind == "geoshape" and len(points) > 1 and points[0] != points[-1]:
            points.append(points[0])  # a field's edge comes back to where it began
        return ";".join(points)
    return text


def shown(value: str, kind: str, appearance: str, lang: str) -> str:
    """A kept answer for a reader."""
    if kind in ("date", "dateTime") and value:
        day_part, _mark, time_part = value.partition("T")
        try:
            day = bangla.date_bn(date.fromisoformat(day_part), lang)
        except ValueError:
            return value
        if kind == "date" and "year" in appearance:
            return " ".join(day.split(" ")[1 if "month-year" in appearance else 2:])
        time = f" {time_part[:5]}" if time_part else ""
        return day + (bangla.digits(time) if lang == "bn" else time)
    if kind == "time":
        value = value[:5] if value[2:3] == ":" else value
    return bangla.digits(value) if kind in _FIGURES and lang == "bn" else value


def _partial(text: str, appearance: str) -> date | None:
    """A year, or a month of a year, where the form asks for no more."""
    parts = text.replace("-", "/").split("/")
    if "year" not in appearance or not all(part.isdigit() and part.isascii() for part in parts):
        return None
    months = {1: (1, 0), 2: (int(parts[0]), 1)}
    month, place = months.get(len(parts), (0, 0))
    try:
        return date(int(parts[place]), month, 1) if len(parts[place]) == 4 else None
    except ValueError:
        return None


def doubt(value: str, asked: forms.Question, today: date, born: str = "", *, live: bool = False) -> Doubt | None:
    """What is odd about an answer: a word and its facts. `live`: it is still being typed.

    The year at the head of a 17-digit number should be the year of birth (`born`, as ISO); records with wrong years
    exist, so this is only said (domain.md 6.1).
    """
    if asked.kind == "date":
        return _age(value, asked, today)
    if asked.kind != "text" or not value.strip():
        return None
    number = bangla.ascii_digits(bangla.clean(value))
    for names, lengths in ((("nid",), NID_LENGTHS), (("brn",), BRN_LENGTHS), (("mobile", "phone"), MOBILE_LENGTHS)):
        if _is_called(asked, names):
            return _odd_length(number, lengths, live) or _odd_year(number, lengths, today, born)
    return None


def is_birth(asked: forms.Question) -> bool:
    """Whether it asks when somebody was born."""
    return asked.kind == "date" and _is_called(asked, ("born", "birth", "dob"))


def _is_called(asked: forms.Question, names: tuple[str, ...]) -> bool:
    parts = asked.ref.rpartition("/")[2].lower().split("_") + asked.appearance.lower().split()
    return any(name in parts for name in names)


def _odd_length(number: str, lengths: tuple[int, ...], live: bool) -> Doubt | None:
    if not (number.isdigit() and number.isascii()):
        return ("doubt.not_digits", {})
    if len(number) in lengths:
        return None
    span = ", ".join(str(length) for length in lengths)
    return ("doubt.digits_so_far" if live else "doubt.length", {"count": len(number), "span": span})


def _odd_year(number: str, lengths: tuple[int, ...], today: date, born: str) -> Doubt | None:
    if lengths == MOBILE_LENGTHS:
        return None if number[:2] == "01" and number[2] in "3456789" else ("doubt.mobile", {})
    if len(number) != 17:
        return None
    year = number[:4]
    if not _FIRST_YEAR <= int(year) <= today.year:
        return ("doubt.year", {"year": year})
    if born and born[:4] != year:
        return ("doubt.year_differs", {"year": year, "born": born[:4]})
    return None


def _age(value: str, asked: forms.Question, today: date) -> Doubt | None:
    """How old that makes somebody: the quickest check of a date of birth."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if not is_birth(asked) or day > today:
        return None
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return ("doubt.age", {"years": years, "day": day})
