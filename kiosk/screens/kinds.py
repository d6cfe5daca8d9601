"""Which input a question is asked with."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetrics

import forms
from kiosk.marked import plain
from kiosk.screens.choosing import Pick
from kiosk.screens.filing import Attachment
from kiosk.screens.inputs import Asked, Figure, Note, Refused, Ways
from kiosk.screens.placing import Place, Track
from kiosk.screens.signing import Signature
from kiosk.screens.ticking import Acknowledge, Cards, Few, Rank, Several

_KINDS: dict[str, type[Asked]] = {
    "select": Several, "rank": Rank, "note": Note, "acknowledge": Acknowledge, "attachment": Attachment,
    "range": Figure, "geopoint": Place, "geotrace": Track, "geoshape": Track,
}
_WIDE = frozenset({"note", "select", "rank", "attachment", "acknowledge"})
_SPREAD = ("quick", "horizontal", "columns", "likert")
_MOST_BUTTONS, _MOST_CARDS = 5, 20
_HALF, _WHOLE, _AROUND = 410, 840, 42  # px: a half and the whole of a narrow window, and what a button has around it


def input_for(asked: forms.Question, ways: Ways, *, cell: bool = False) -> Asked:
    """The input of a question; in the cell of a table there is room for one line only."""
    return _input(asked, cell=cell)(asked, ways)


def key_of(asked: forms.Question, *, cell: bool = False) -> tuple[str, str, bool]:
    """What must be the same for an input to serve on; a first row has a number only once there is a second."""
    made = _input(asked, cell=cell)
    fixed = repr((asked.choices, asked.choice_files)) if made not in (Asked, Pick) else ""
    return asked.ref.replace("[1]", ""), f"{made.__name__} {fixed}", is_wide(asked)


def is_wide(asked: forms.Question) -> bool:
    """Whether it needs the whole width."""
    if asked.kind in _WIDE or "multiline" in asked.appearance:
        return True
    made = _input(asked, cell=False)
    return made is Cards or (made is Few and _buttons(asked.choices) > _HALF)


def _input(asked: forms.Question, *, cell: bool) -> type[Asked]:
    if asked.kind == "select1":
        if cell or not _is_few(asked):
            return Pick
        return Cards if asked.choice_files else Few
    if asked.kind == "attachment" and asked.media.startswith("osm"):
        return Refused
    if asked.kind == "attachment" and ("signature" in asked.appearance or "draw" in asked.appearance):
        return Signature
    return _KINDS.get(asked.kind, Asked)


def _is_few(asked: forms.Question) -> bool:
    spread = any(word in asked.appearance for word in _SPREAD)
    hidden = "minimal" in asked.appearance or "autocomplete" in asked.appearance
    if asked.choice_files:
        return len(asked.choices) <= _MOST_CARDS and not hidden
    most = 9 if spread else _MOST_BUTTONS
    return 0 < len(asked.choices) <= most and not hidden and _buttons(asked.choices) <= _WHOLE


@lru_cache(maxsize=500)
def _buttons(choices: tuple[tuple[str, str], ...]) -> int:
    """How wide a few choices are as buttons beside each other, in px."""
    font = QFont("Noto Sans Bengali")
    font.setPixelSize(16)
    metrics = QFontMetrics(font)
    return sum(metrics.horizontalAdvance(f"0  {plain(text)}") + _AROUND for _name, text in choices)
