"""Fills in any form by trying: for every question that is open the first answer of its kind that the form takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import forms
from forms.definition import Place
from forms.filling import Filling
from resources import lists

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
PLACES = lists()
_DAYS = (TODAY - timedelta(days=days) for days in (0, 3, 20, 400, 9_000, 11_000, 20_000, 25_000))
DATES = (*(day.isoformat() for day in _DAYS), "2027-01-31")
# What people write, right and wrong: names, numbers of every length, a fiscal year, an e-mail.
TEXTS = (
    "নমুনা", "Sample Name", "1234567890", "01712345678", "19901234567890123", "2025-2026", "A01234567", "1216",
    "123456789012", "sample@example.org",
)
WRONG = {
    "date": ("1890-01-01", "2400-01-01", "1985-03-12", "2026-11-18", "2026-11-01", "2025-06-01"),
    "int": ("-5", "0", "7", "100000"), "decimal": ("-5", "0", "100000"), "text": ("!", "123", "নমুনা", "2025-2029"),
}
NUMBERS = ("4", "1", "0", "2026")


def opened(file: Path, today: date = TODAY) -> Filling:
    now = NOW.replace(year=today.year, month=today.month, day=today.day)
    return forms.load(file.read_bytes(), PLACES).fill(today=today, now=now)


def questions(filling: Filling, lang: str = "bn") -> Iterator[forms.Question]:
    for part in filling.questions(lang):
        if isinstance(part, forms.Question):
            yield part
        elif isinstance(part, forms.Repeat):
            yield from (one for row in part.rows for one in row)


def candidates(asked: forms.Question) -> tuple[str, ...]:
    if asked.choices:
        return tuple(value for value, _label in asked.choices)
    return {
        "date": DATES, "time": ("09:15:00",), "int": NUMBERS, "decimal": NUMBERS, "attachment": ("sample.jpg",),
        "acknowledge": ("OK",), "note": (),
    }.get(asked.kind, TEXTS)


def complete(filling: Filling, *, everything: bool = False) -> list[tuple[str, str]]:
    """Answer what must be answered (or `everything`) until nothing is open; what is wrong in the end."""
    for _round in range(12):
        for asked in list(questions(filling)):
            if not asked.readonly and (((asked.required or everything) and not asked.value) or asked.error):
                answer(filling, asked)
        if not filling.errors() and not (everything and _open(filling)):
            break
    return filling.errors()


def _open(filling: Filling) -> bool:
    return any(not asked.value and candidates(asked) for asked in questions(filling))


def answer(filling: Filling, asked: forms.Question) -> None:
    """The first of its candidates that leaves no error at the question; the last one otherwise."""
    for value in candidates(asked):
        filling.answer(asked.ref, value)
        if not filling.look(asked.ref).wrong:
            return


def constrained(filling: Filling) -> Iterator[tuple[forms.Question, Place]]:
    """The questions that are asked now and have a constraint."""
    places = filling._form.places
    for asked in questions(filling):
        place = places["/".join(part.partition("[")[0] for part in asked.ref.split("/"))]
        if place.bind.constraint is not None:
            yield asked, place
