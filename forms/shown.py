"""What a screen shows of a form that is being filled in."""

from __future__ import annotations

from dataclasses import dataclass

from forms.definition import Control
from forms.media import NONE, Media

_TAGS = {"select1": "select1", "select": "select", "rank": "rank", "range": "range", "upload": "attachment",
         "trigger": "acknowledge"}
_TYPES = {"int", "decimal", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "barcode"}
SAYS = {
    "required": {"bn": "এটি পূরণ করতে হবে।", "en": "This must be filled in."},
    "constraint": {"bn": "উত্তরটি গ্রহণযোগ্য নয়।", "en": "This answer is not allowed."},
    "int": {"bn": "একটি পূর্ণ সংখ্যা লিখুন।", "en": "Write a whole number."},
    "decimal": {"bn": "একটি সংখ্যা লিখুন।", "en": "Write a number."},
    "date": {"bn": "তারিখ লিখুন, যেমন ২০২৬-১১-২৩।", "en": "Write a date, such as 2026-11-23."},
    "time": {"bn": "সময় লিখুন, যেমন ১৪:৩০।", "en": "Write a time, such as 14:30."},
    "dateTime": {"bn": "তারিখ ও সময় লিখুন, যেমন ২০২৬-১১-২৩T১৪:৩০।",
                 "en": "Write a date and time, such as 2026-11-23T14:30."},
    "geopoint": {"bn": "অক্ষাংশ ও দ্রাঘিমাংশ লিখুন, যেমন ২৩.৮১ ৯০.৪১।",
                 "en": "Write latitude and longitude, such as 23.81 90.41."},
    "geotrace": {"bn": "অন্তত দুটি বিন্দু লিখুন, মাঝে ; দিয়ে, যেমন ২৩.৮১ ৯০.৪১; ২৩.৮২ ৯০.৪২।",
                 "en": "Write two points or more with ; between them, such as 23.81 90.41; 23.82 90.42."},
    "geoshape": {"bn": "অন্তত তিনটি বিন্দু লিখুন, মাঝে ; দিয়ে; শেষে আবার প্রথমটি।",
                 "en": "Write three points or more with ; between them; the last is the first again."},
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it stands. `ref` names its node, with positions inside repeats."""

    ref: str
    kind: str  # text, a type (int, date, ...), select1, select, rank, range, note, attachment, acknowledge
    label: str
    hint: str
    relevant: bool
    readonly: bool
    required: bool
    value: str
    choices: tuple[tuple[str, str], ...]
    error: str
    appearance: str
    media: str = ""  # of an attachment: image/*, ...
    bounds: tuple[float, float, float] | None = None  # of a range: lowest, highest, step
    files: Media = NONE  # that go with its label, or with its hint where the label has none
    choice_files: tuple[Media, ...] = ()  # beside `choices`; empty where none of them has any
    guidance: str = ""  # for paper, and for whoever wants to know more
    max_pixels: int = 0  # of a picture's longest edge; 0 where the form says nothing
    absent: str = ""  # the file of its choices, when it did not come along


@dataclass(frozen=True, slots=True)
class Heading:
    """A group's label, before its questions."""

    label: str
    files: Media = NONE


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeat as it stands: `rows` are the questions of each row, `parts` also the headings and repeats in it."""

    ref: str
    label: str
    rows: tuple[tuple[Question, ...], ...]
    parts: tuple[tuple[Question | Repeat | Heading, ...], ...] = ()
    counted: bool = False  # rows come and go with the answers, not by hand
    files: Media = NONE


@dataclass(frozen=True, slots=True)
class Seen:
    """Any node as it stands, asked or not. `wrong` is empty, `required` or `constraint`."""

    value: str
    relevant: bool
    readonly: bool
    required: bool
    wrong: str
    label: str
    choices: tuple[tuple[str, str], ...]


Part = Question | Repeat | Heading


def kind_of_question(control: Control, *, noted: bool) -> str:
    """How it is asked; `noted` is one that only says something."""
    if control.offers and "label" in control.appearance.split():
        return "note"  # the head of a table of choices (XLSForm, "table-list"): nothing is answered
    if control.tag in _TAGS:
        return _TAGS[control.tag]
    kind = control.place.bind.kind
    if kind in _TYPES:
        return kind
    return "note" if noted else "text"


def says(wrong: str, kind: str, lang: str) -> str:
    """The engine's own words for what is wrong."""
    short = "en" if lang.lower().startswith("en") or "(en)" in lang else "bn"
    return SAYS.get(kind if wrong == "type" else wrong, SAYS["constraint"])[short]
