"""A form's answers as an application states them: tables of facts, and which of them are papers, files, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import forms
from kiosk import bangla, marked
from kiosk.counter import written
from kiosk.words import words
from printing.document import Block, Facts, Grid, Space, Text, Together

_say = words("bn")
Part = forms.Question | forms.Repeat | forms.Heading
_LATIN = re.compile(r"[A-Za-z]")
_SPELLED = re.compile(r" · [\x20-\x7e]+$")  # a place's English spelling (kiosk/catalogue/places.py)
_MONEY = "(টাকা)"
_PAPERS = "papers"  # the question whose ticks are the enclosures (resources/forms/blocks/papers.md)
_PHOTO, _PHOTOS = "photo", ("photo300", "new-front")
_MOST_COLUMNS = 5


def sections(parts: Sequence[Part]) -> list[Block]:
    """A table for each section, one with a row for each instance of a repeat; what was not answered is left out."""
    return [block for heading, block in _sections(parts, _say("paper.app.facts"))]


def _sections(parts: Sequence[Part], heading: str) -> Iterator[tuple[str, Block]]:
    rows: list[tuple[str, str]] = []
    group = ""
    for part in parts:
        if isinstance(part, forms.Question):
            if not _is_fact(part):
                continue
            if rows and not part.ref.startswith(f"{group}/"):
                yield heading, _section(heading, rows)
                heading, rows = "", []
            group = group if rows else part.ref.rpartition("/")[0]
            rows.append((_plain(part.label), answer(part)))
            continue
        if rows:
            yield heading, _section(heading, rows)
        heading, rows = _plain(part.label), []
        if isinstance(part, forms.Repeat):
            yield from ((heading, block) for block in _repeat(part))
            heading = ""
    if rows:
        yield heading, _section(heading, rows)


def _section(heading: str, rows: Sequence[tuple[str, str]]) -> Block:
    return Together((*([Text(heading, bold=True)] if heading else []), Facts(tuple(rows)), Space()))


def _repeat(repeat: forms.Repeat) -> list[Block]:
    """A table where the rows are alike and short, else a section for each row."""
    label = _plain(repeat.label)
    alike = all(isinstance(part, forms.Question) for row in repeat.parts for part in row)
    names = list(dict.fromkeys(_name(asked) for row in repeat.rows for asked in row if _is_fact(asked)))
    if not alike or len(names) > _MOST_COLUMNS:
        return [block for place, row in enumerate(repeat.parts, start=1)
                for _heading, block in _sections(row, f"{label} {bangla.digits(str(place))}")]
    if not names:
        return []
    titles = {_name(asked): _plain(asked.label) for row in repeat.rows for asked in row}
    rows = [[bangla.digits(str(place)), *_cells(row, names)] for place, row in enumerate(repeat.rows, start=1)]
    header = (_say("paper.app.number"), *(titles[name] for name in names))
    return [Together((Text(label, bold=True), Grid(header, tuple(map(tuple, rows)), ()), Space()))]


def _cells(row: Sequence[forms.Question], names: Sequence[str]) -> list[str]:
    told = {_name(asked): answer(asked) for asked in row}
    return [told.get(name, "") for name in names]


def answer(asked: forms.Question) -> str:
    """An answer for a reader: choices by their words, days with the month's name, figures in Bangla digits."""
    words_of = {name: _SPELLED.sub("", _plain(text)) for name, text in asked.choices}
    if asked.kind == "select1":
        return words_of.get(asked.value, asked.value)
    if asked.kind in ("select", "rank"):
        joined = " › " if asked.kind == "rank" else ", "
        return joined.join(words_of.get(name, name) for name in asked.value.split())
    if asked.kind == "acknowledge":
        return _say("ui.yes")
    if asked.kind == "int" and _MONEY in asked.label and asked.value.lstrip("-").isdigit():
        return bangla.grouped(int(asked.value))
    shown = written.shown(asked.value, asked.kind, asked.appearance, "bn")
    return shown if _LATIN.search(shown) else bangla.digits(shown)


def papers(parts: Sequence[Part]) -> tuple[list[str], list[str]] | None:
    """The papers that were handed in and those that were not; None where the form does not ask."""
    asked = next((asked for asked in _asked(parts) if asked.kind == "select" and _name(asked) == _PAPERS), None)
    if asked is None:
        return None
    ticked = asked.value.split()
    there, missing = ([_plain(text) for name, text in asked.choices if (name in ticked) is said]
                      for said in (True, False))
    return there, missing


def files(parts: Sequence[Part]) -> list[str]:
    """What goes along as files, apart from photo and signature."""
    elsewhere = (photo_asked(parts), signature_asked(parts))
    return [_plain(asked.label) for asked in _asked(parts)
            if asked.kind == "attachment" and asked.value and asked not in elsewhere]


def photo_asked(parts: Sequence[Part]) -> forms.Question | None:
    """The question for the applicant's photo."""
    return next((asked for asked in _asked(parts) if _is_picture(asked) and not _is_signature(asked) and (
        _name(asked) == _PHOTO or any(word in asked.appearance.split() for word in _PHOTOS))), None)


def signature_asked(parts: Sequence[Part]) -> forms.Question | None:
    return next((asked for asked in _asked(parts) if _is_picture(asked) and _is_signature(asked)), None)


def _asked(parts: Sequence[Part]) -> Iterator[forms.Question]:
    return (part for part in parts if isinstance(part, forms.Question))


def _is_picture(asked: forms.Question) -> bool:
    return asked.kind == "attachment" and asked.media.startswith("image")


def _is_signature(asked: forms.Question) -> bool:
    return "signature" in asked.appearance.split()


def _is_fact(asked: forms.Question) -> bool:
    return bool(asked.value) and asked.kind not in ("note", "attachment") and _name(asked) != _PAPERS


def _name(asked: forms.Question) -> str:
    return asked.ref.rpartition("/")[2]


def _plain(text: str) -> str:
    return " ".join(marked.plain(text).split())
