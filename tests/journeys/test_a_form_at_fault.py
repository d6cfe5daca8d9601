"""A form whose rules are made to hang does so for one answer: that is told, and nothing that was written is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.counter import apply
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from sync.sandbox import Sandbox
from tests.journeys.conftest import with_form

TIMES = ", ".join(["${%s}"] * 90)
GROWING = f"""
| survey |
| | type | name | label | calculation |
| | text | father | পিতা | |
| | text | illness | অসুখ | |
| | calculate | much | | concat({TIMES % (("illness",) * 90)}) |
| | calculate | more | | concat({TIMES % (("much",) * 90)}) |
| | calculate | most | | concat({TIMES % (("more",) * 90)}) |
| | calculate | again | | concat({TIMES % (("more",) * 90)}) |
| settings |
| | form_title | form_id | version |
| | নাগরিকত্ব | nationality | 2 |
"""


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    with with_form(qapp, tmp_path, sandbox, GROWING) as made:
        yield made


def test_an_answer_that_such_a_form_cannot_bear_is_told_of_and_those_before_it_are_kept(window: Window) -> None:
    hands = Hands(window)
    hands.find("নাগরিকত্ব")
    screen = window.screen_shown
    hands.write("নমুনা পিতা")
    hands.press("Enter")
    hands.write("জ্বর ও কাশি")
    hands.press("Enter")
    hands.wait(lambda: "ফরমটির নিয়মে ভুল আছে" in window.told.text(), "the word")
    assert window.screen_shown is screen
    visit = window.desk.visit
    assert visit is not None
    kept = apply.draft(window.desk.at_work(), visit.id, screen.service.id)  # type: ignore[attr-defined]
    assert "নমুনা পিতা" in (kept or b"").decode()
