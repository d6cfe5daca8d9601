"""What the line costs and who we are at the portals, set in the office; how far the line is, in the window."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.counter import centre
from kiosk.demo.hands import Hands
from kiosk.screens.line_words import how_far
from kiosk.screens.window import Window
from kiosk.words import words
from sync.engine import Thrift
from sync.packs import Progress
from sync.sandbox import Sandbox
from sync.worker import LineState, LineStatus


def test_a_supervisor_says_payments_only_and_how_much_a_day_and_the_banner_says_so(window: Window) -> None:
    window.open("centre", {})
    screen: Any = window.screen_shown
    screen.thrift.set("payments")
    screen.megabytes.set("২৫")
    screen.desk.attempt(screen._line)
    assert centre.thrift(window.desk.at_work()) == Thrift(True, 25_000_000)
    hands = Hands(window)
    hands.wait(lambda: window.app.line_status().state is LineState.PAYMENTS_ONLY, "the word")
    hands.press("F7")
    assert "শুধু টাকা" in window.banner.text()
    assert "অফিস" in window.screen_shown.line.text()  # type: ignore[attr-defined]


def test_a_supervisor_signs_in_at_a_portal_and_the_secret_is_not_shown_again(window: Window, sandbox: Sandbox) -> None:
    sandbox.accept_only("municipality", "centre-7", "secret")
    hands = Hands(window)
    window.app.try_line_now()
    hands.wait(lambda: window.app.line_status().state is LineState.CREDENTIALS, "that nobody knows us there")
    window.open("centre", {})
    screen: Any = window.screen_shown
    screen.portal.set("municipality")
    screen.user.set("centre-7")
    screen.secret.set("secret")
    screen.desk.attempt(screen._sign_in)
    assert screen.secret.value() == ""
    hands.wait(lambda: window.app.line_status().state is LineState.ONLINE, "the line")


def test_a_download_and_a_queue_are_shown_with_what_is_left(window: Window) -> None:
    window.app._worker.status = LineStatus(LineState.ONLINE, 3, Progress(1_000_000, 3_000_000, 250.0))
    window.refresh()
    assert "১,০০০/৩,০০০ কেবি, আর প্রায় ৪ মিনিট" in window.banner.text()


@pytest.mark.parametrize(("progress", "told"), [
    (Progress(0, 5_000), "A new list is coming: 0/5 kB"),
    (Progress(700, 1_000, 44.2, "operations"), "Sending: 300 left, about 45 s left"),
    (Progress(700, 1_000, 300.0, "operations"), "Sending: 300 left, about 5 min left"),
    (Progress(120_400, 800_000, 85.0, "attachments"), "Papers are being sent: 120/800 kB, about 86 s left"),
])
def test_the_time_left_is_told_only_when_the_line_has_shown_its_speed(progress: Progress, told: str) -> None:
    assert how_far(words("en"), progress) == told
