"""Every question type in the face: an input, or a word that it is not answered here; Enter goes on past all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import forms
from forms import compile
from forms.sheets import Sheets
from kiosk.screens.inputs import Figure
from kiosk.screens.questions import Questions
from kiosk.screens.theme import dress
from kiosk.words import words
from tests.conftest import TestClock
from tests.forms.every_type import LISTS, TYPES, is_asked, of
from tests.journeys.conftest import TODAY
from tests.journeys.test_a_form import type_into

Asking = Callable[[Sheets], Questions]


@pytest.fixture
def asking_of(qapp: QApplication) -> Iterator[Asking]:
    dress(qapp)
    made: list[Questions] = []

    def asks(written: Sheets) -> Questions:
        form = forms.load(compile.to_xform(written).encode(), LISTS)
        made.append(Questions(form.fill(today=TODAY, now=TestClock()()), words("bn"), "bn", TODAY, {},
                              lambda _ref, name, _body: name))
        made[-1].resize(900, 500)
        made[-1].show()
        made[-1].activateWindow()
        return made[-1]

    yield asks
    for one in made:
        one.deleteLater()


@pytest.mark.parametrize("kind", [kind for kind in TYPES if not kind.startswith("begin ")])
def test_every_type_is_drawn_and_the_operator_goes_on(kind: str, asking_of: Asking) -> None:
    asking = asking_of(TYPES[kind])
    ended: list[bool] = []
    asking.over.connect(lambda: ended.append(True))
    drawn = [field for field in asking.sheet.fields() if field.asked.ref.endswith("/q")]
    assert bool(drawn) is is_asked(kind)
    for field in drawn:
        assert field.stops() or field.asked.kind == "note" or field.problem.text()
    for field in list(asking.fields.values()):
        field.stops()[0].setFocus()
        QTest.keyClick(field.stops()[0], Qt.Key.Key_Return)
    assert ended == [True]
    assert asking.filling.errors() == []


@pytest.fixture
def size(asking_of: Asking) -> Figure:
    """A range from 0 to 10 in steps of 2.5."""
    row = {"type": "range", "name": "q", "label": "Q", "parameters": "start=0 end=10 step=2.5"}
    field = asking_of(of(row)).fields["/data/q"]
    assert isinstance(field, Figure)
    return field


@pytest.mark.parametrize(("typed", "kept"), [
    ("৭.৫", "7.5"), ("10", "10"), ("0", "0"), ("3", ""), ("12.5", ""), ("x", ""),
])
def test_a_range_keeps_to_its_bounds_and_steps_and_says_so(size: Figure, typed: str, kept: str) -> None:
    type_into(size, typed)
    QTest.keyClick(size.input, Qt.Key.Key_Return)
    assert size.asked.value == kept
    assert (typed in size.problem.text()) is not bool(kept)


def test_arrows_go_through_a_range_by_its_step(size: Figure) -> None:
    seen = []
    for _time in range(3):
        QTest.keyClick(size.input, Qt.Key.Key_Up)
        seen.append(size.value())
    assert seen == ["০", "২.৫", "৫"]


def test_a_line_and_a_field_are_written_as_points(asking_of: Asking) -> None:
    for kind, kept in (("geotrace", 2), ("geoshape", 4)):
        asking = asking_of(TYPES[kind])
        third = "; ২৩.৮৩ ৯০.৪১" if kind == "geoshape" else ""
        type_into(asking.fields["/data/q"], f"২৩.৮১, ৯০.৪১; ২৩.৮২ ৯০.৪২{third}")
        QTest.keyClick(asking.fields["/data/q"].input, Qt.Key.Key_Return)
        assert len(asking.filling.values()["/data/q"].split(";")) == kept
        assert asking.filling.errors() == []
