"""Services with a time of their own, through the real window: what is told, what is kept, when it works again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from sync.sandbox import Sandbox
from tests.conftest import TestClock
from tests.journeys.conftest import at_work


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox, clock: TestClock) -> Iterator[Window]:
    """A supervisor has unlocked the counter, on the 23rd of November."""
    with at_work(qapp, App(tmp_path / "home", portals=sandbox.portals(), clock=clock)) as made:
        yield made


def a_citizen(hands: Hands, name: str = "নমুনা মা", mobile: str = "০১৭১২৩৪৫৬৭৯") -> None:
    hands.press("F3")
    hands.fill(name, mobile)
    hands.press("Enter")


def test_out_of_its_days_a_form_is_filled_in_put_aside_and_handed_in_on_the_first(
    window: Window, clock: TestClock
) -> None:
    hands = Hands(window)
    a_citizen(hands)
    hands.find("মা ও শিশু")
    screen: Any = window.screen_shown
    assert screen.verdict.isVisible()
    assert "১ ডিসেম্বর ২০২৬" in screen.verdict.text()
    assert not screen.add.isEnabled()
    screen.fields["/data/applicant/father"].input.setFocus()
    hands.fill("নমুনা পিতা")
    hands.press("F12")
    assert "1 December 2026" in screen.verdict.text()
    hands.press("F12", "F8")
    hands.wait(lambda: window.screen_shown.name == "serve", "the counter is free")
    assert window.desk.visit is None
    clock.forward(days=8)
    hands.find("নমুনা মা")
    hands.wait(lambda: window.desk.visit is not None, "the visit that was put aside")
    hands.find("মা ও শিশু")
    again: Any = window.screen_shown
    assert again.fields["/data/applicant/father"].value() == "নমুনা পিতা"
    assert again.verdict.isHidden()
    assert again.add.isEnabled()
