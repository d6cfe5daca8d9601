"""Services with a time of their own, through the real window: what is told, what is kept, when it works again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.counter import apply
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


def line_is(window: Window, hands: Hands, state: str) -> None:
    """The operator pauses the line, or lets it go on."""
    hands.press("F11")
    hands.wait(lambda: window.app.line_status().state == state, state)


def a_mothers_form(hands: Hands, window: Window) -> Any:
    a_citizen(hands)
    hands.find("মা ও শিশু")
    screen: Any = window.screen_shown
    screen.fields["/data/applicant/father"].input.setFocus()
    hands.fill("নমুনা পিতা", "নমুনা মাতা", "12/3/2000", "২৩৪৫৬৭৮৯০১", "", "নমুনা স্বামী")
    hands.fill("সিলেট", "habiganj", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৫", "", "", "")
    hands.fill("৫", "১", "নমুনা-১")
    hands.press("1", "Tab")
    hands.fill("০১৭১২৩৪৫৬৭৯", "নমুনা-২")
    return screen


def test_taken_on_the_last_day_without_a_line_it_is_told_before_and_waits_for_the_first(
    window: Window, clock: TestClock, sandbox: Sandbox
) -> None:
    clock.now = datetime(2026, 12, 20, 4, 0, tzinfo=UTC)
    hands = Hands(window)
    line_is(window, hands, "paused")
    screen = a_mothers_form(hands, window)
    assert "২০ ডিসেম্বর ২০২৬" in screen.verdict.text(), "it may miss its days"
    assert "১ জানুয়ারি ২০২৭" in screen.verdict.text()
    screen.consent.setFocus()
    hands.press("Space", "Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the basket")
    hands.press("F9")
    hands.write("৩০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    clock.forward(days=1)
    line_is(window, hands, "online")
    hands.press("F7")
    waits: Any = window.screen_shown
    hands.wait(lambda: waits.lines and waits.lines[0].timing is not None, "the hold")
    waits.refresh()
    assert "১ জানুয়ারি ২০২৭" in waits.table.item(0, 4).text()
    assert "১ জানুয়ারি ২০২৭" in waits.explain.text()
    hands.press("F5", "F12")
    assert "1 January 2027" in waits.explain.text()
    assert "submit" not in sandbox.seen("eksheba"), "not at the operator's word either"
    clock.forward(days=11)
    hands.press("F5")
    hands.wait(lambda: "submit" in sandbox.seen("eksheba"), "its day")


def test_a_corrections_fee_is_paid_first_and_the_list_says_when_its_application_goes(
    window: Window, clock: TestClock, sandbox: Sandbox
) -> None:
    hands = Hands(window)
    a_citizen(hands)
    hands.find("এনআইডি সংশোধন")
    screen: Any = window.screen_shown
    assert "৩০ মিনিট" in screen.verdict.text()
    assert screen.add.isEnabled()
    desk = window.desk
    desk.show_visit(apply.add(
        desk.at_work(), desk.open_visit().id, "nid-correction", {"/data/fee_variant": "base"}, b"<data/>",
        consent=True))
    hands.press("F9")
    hands.write("২৮০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    hands.wait(lambda: "pay" in sandbox.seen("eksheba"), "the fee")
    hands.press("F7")
    waits: Any = window.screen_shown
    hands.wait(lambda: "১০:৩০" in waits.table.item(0, 4).text(), "when it goes")
    assert "F4" not in waits.acts(), "its fee is there: it can't be taken back"
    hands.press("F5")
    assert "submit" not in sandbox.seen("eksheba")
    hands.press("F12")
    assert "at 10:30" in waits.explain.text()
    clock.forward(minutes=30)
    hands.press("F5")
    hands.wait(lambda: "submit" in sandbox.seen("eksheba"), "half an hour later")
