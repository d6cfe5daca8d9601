"""A form that begins with what was said before begins so for the same citizen, and for nobody else (decision 11)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from sync.sandbox import Sandbox
from tests.journeys.conftest import with_form

REMEMBERING = """
| survey |
| | type | name | label | default |
| | text | illness | অসুখ | ${last-saved#illness} |
| | text | father | পিতা | |
| settings |
| | form_title | form_id | version |
| | নাগরিকত্ব | nationality | 2 |
"""


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    with with_form(qapp, tmp_path, sandbox, REMEMBERING) as made:
        yield made


def form_of(window: Window, hands: Hands, name: str, *numbers: str) -> Any:
    """The form, opened for a citizen who has come to the counter; empty: nobody said who it is."""
    if name:
        hands.press("F3")
        hands.fill(name, *numbers)
        hands.press("Enter")
        assert window.desk.visit is not None
        assert window.desk.visit.citizen is not None
    hands.find("নাগরিকত্ব")
    return window.screen_shown


def hand_in(window: Window, hands: Hands, screen: Any, illness: str) -> None:
    screen.fields["/data/illness"].set(illness)
    screen.questions.take_all()
    screen.fields["/data/father"].set("নমুনা পিতা")
    screen.consent.setChecked(True)
    screen.add.click()
    hands.wait(lambda: window.screen_shown.name == "serve", "the basket")
    hands.press("F8")


def begins_with(screen: Any) -> tuple[str, str]:
    """What stands in the form, and what it offers for the father."""
    return screen.fields["/data/illness"].value(), screen.fields["/data/father"].known


def test_what_one_citizen_said_is_offered_to_that_citizen_alone(window: Window) -> None:
    hands = Hands(window)
    first = form_of(window, hands, "নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
    assert begins_with(first) == ("", "")
    hand_in(window, hands, first, "নমুনা অসুখ")
    other = form_of(window, hands, "নমুনা প্রতিবেশী", "০১৮১২৩৪৫৬৭৮")
    assert begins_with(other)[0] == ""
    hand_in(window, hands, other, "অন্য অসুখ")
    same = form_of(window, hands, "নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
    assert begins_with(same)[0] == "নমুনা অসুখ", "their own last one, not the last on this device"


def test_nothing_is_offered_to_somebody_who_is_not_known(window: Window) -> None:
    hands = Hands(window)
    hand_in(window, hands, form_of(window, hands, "নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮"), "নমুনা অসুখ")
    assert begins_with(form_of(window, hands, ""))[0] == ""


def test_who_left_no_number_is_not_taken_for_a_namesake(window: Window) -> None:
    hands = Hands(window)
    hand_in(window, hands, form_of(window, hands, "নমুনা নাগরিক", ""), "নমুনা অসুখ")
    assert begins_with(form_of(window, hands, "নমুনা নাগরিক", "")) == ("", "")
