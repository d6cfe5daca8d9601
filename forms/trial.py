"""A form filled in by nobody: plausible answers to every question that is asked, to see what would be sent.

All is made up and plainly a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import forms
from forms.filling import Filling

TODAY = date(2026, 1, 15)
LATER = datetime(2026, 1, 15, 4, tzinfo=UTC)
_MOST_ROUNDS = 20
_NUMBERS = ("1", "2", "5", "10", "18", "25", "30", "60", "65", "100", "500", "1000", "2000", "2026", "50000", "0")
# Samples by what a pattern or a length may ask for: words, mobile, NID and BRN lengths, passport, e-mail, TIN, receipt.
_TEXTS = (
    "নমুনা", "Sample", "01700000000", "1234567890", "1234567890123", "19901234567890123", "20101234567890123",
    "A00000000", "AB1234567", "sample@example.org", "123456789012", "123456", "12345", "1234", "নমুনা নাম", "SAMPLE", "1",
)
_SAMPLES = {
    "int": _NUMBERS, "decimal": ("1.5", *_NUMBERS), "text": (*_TEXTS, *_NUMBERS), "barcode": _TEXTS,
    "date": ("2025-06-15", "1985-06-15", "1960-06-15", "2015-06-15", "2026-01-15", "2026-01-14", "2026-02-15"),
    "time": ("10:30:00", "14:00:00"), "dateTime": ("2025-06-15T10:30:00", "2026-01-16T10:30:00"),
    "geopoint": ("23.81 90.41 0 0",), "geotrace": ("23.81 90.41 0 0;23.82 90.42 0 0",),
    "geoshape": ("23.81 90.41 0 0;23.82 90.42 0 0;23.81 90.43 0 0;23.81 90.41 0 0",),
    "attachment": ("sample.jpg",), "acknowledge": ("OK",), "note": (),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """`unanswered` are questions that no sample would do for: (ref, what the form says)."""

    filling: Filling
    unanswered: tuple[tuple[str, str], ...]


def fill(form: forms.Form, today: date = TODAY, now: datetime = LATER) -> Trial:
    """The form with an answer to every question, as far as samples go.

    Raises:
        BadForm: the form can't be carried through.
    """
    filling = form.fill(today=today, now=now)
    tried: set[str] = set()
    for _round in range(_MOST_ROUNDS):
        waiting = [asked for asked in every(filling.questions()) if asked.ref not in tried]
        if not waiting:
            break
        for asked in waiting:
            tried.add(asked.ref)
            _answer(filling, asked)
    return Trial(filling, tuple(filling.errors("en")))


def every(parts: list[forms.shown.Part]) -> Iterator[forms.Question]:
    """All questions, those of rows too."""
    for part in parts:
        if isinstance(part, forms.Question):
            yield part
        elif isinstance(part, forms.Repeat):
            for row in part.parts:
                yield from every(list(row))


def _answer(filling: Filling, asked: forms.Question) -> None:
    """The first sample that the form takes; what stands there already stays where it is right."""
    wrong = {ref for ref, _said in filling.errors()}
    if asked.readonly or (asked.value and asked.ref not in wrong):
        return
    offered = filling.look(asked.ref).choices  # an answer before may have brought others
    for sample in _samples(replace(asked, choices=offered)):
        try:
            filling.answer(asked.ref, sample)
        except KeyError:
            return  # an answer before took the question away
        if filling.look(asked.ref).value and asked.ref not in {ref for ref, _said in filling.errors()}:
            return


def _samples(asked: forms.Question) -> tuple[str, ...]:
    values = tuple(value for value, _label in asked.choices)
    if asked.kind in {"select1", "select"}:
        return values
    if asked.kind == "rank":
        return (" ".join(values),)
    if asked.kind == "range" and asked.bounds:
        return tuple(f"{bound:g}" for bound in asked.bounds[:2])
    return _SAMPLES.get(asked.kind, _TEXTS)
