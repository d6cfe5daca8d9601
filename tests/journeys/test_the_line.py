"""What the line costs and who we are at the portals, set in the office; how far the line is, in the window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.counter import attach, centre
from kiosk.demo.hands import Hands
from kiosk.screens.line_words import how_far
from kiosk.screens.window import Window
from kiosk.words import words
from sync.engine import Thrift
from sync.packs import Progress
from sync.sandbox import Sandbox, schema
from sync.worker import LineState, LineStatus
from tests.conftest import TestClock
from tests.journeys.conftest import at_work
from tests.kiosk import stories
from tests.line import PROFILES, Line


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
    assert "শুধু টাকা" in window.header.banner.text()
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
    assert "১,০০০/৩,০০০ কেবি, আর প্রায় ৪ মিনিট" in window.header.banner.text()


@pytest.mark.parametrize(("progress", "told"), [
    (Progress(0, 5_000), "A new list is coming: 0/5 kB"),
    (Progress(700, 1_000, 44.2, "operations"), "Sending: 300 left, about 45 s left"),
    (Progress(700, 1_000, 300.0, "operations"), "Sending: 300 left, about 5 min left"),
    (Progress(120_400, 800_000, 85.0, "attachments"), "Papers are being sent: 120/800 kB, about 86 s left"),
])
def test_the_time_left_is_told_only_when_the_line_has_shown_its_speed(progress: Progress, told: str) -> None:
    assert how_far(words("en"), progress) == told


def test_who_orders_from_a_portal_that_is_not_set_up_is_told_so(qapp: QApplication, tmp_path: Path) -> None:
    with at_work(qapp, App(tmp_path / "home", portals={}, clock=TestClock())) as window:
        hands = Hands(window)
        hands.find("ধান বীজ বিনা")
        hands.fill("২")
        hands.press("Enter")
        assert window.screen_shown.name == "serve"
        assert [one.warning for one in window.desk.open_visit().lines] == ["portal-not-set-up"]
        assert "একশপ" in window.told.text(), window.told.text()


@pytest.fixture
def slow(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """A counter whose ekSheba is at the other end of a slow line."""
    line, addresses = Line(PROFILES["3g"]), sandbox.portals()
    port = sandbox.address.rpartition(":")[2]
    portals = {**addresses, "eksheba": addresses["eksheba"].replace(port, str(line.before(int(port))))}
    app = App(tmp_path / "home", portals=portals, clock=TestClock())
    with at_work(qapp, app) as made:
        yield made
    line.stop()


def test_a_paper_under_way_is_told_in_kilobytes_and_a_pause_keeps_what_is_there(slow: Window, sandbox: Sandbox) -> None:
    hands = Hands(slow)
    at_work: Any = SimpleNamespace(counter=slow.desk.at_work())
    opened = stories.begin(at_work)
    body = b"%PDF-1.4 " + os.urandom(58_000)
    paper = attach.keep(at_work.counter, opened.id, "nationality", "/data/paper", "nid.pdf", body)
    stories.take_application(at_work, opened, {"/data/paper": paper})
    stories.pay(at_work, opened)
    slow.app.try_line_now()
    hands.wait(lambda: "/৫৯ কেবি, আর প্রায়" in slow.header.banner.text(), "the bytes, and the time that is left")
    hands.press("F11")
    hands.wait(lambda: slow.app.line_status().state is LineState.PAUSED, "the pause")
    there = _there(sandbox)
    assert 0 < there < len(body)
    hands.press("F11")
    hands.wait(lambda: _there(sandbox) == len(body), "the whole of it")
    hands.wait(lambda: slow.app.line_status().progress is None, "the end")


def _there(sandbox: Sandbox) -> int:
    """How much of the one paper the portal has."""
    found = sandbox.books.read(lambda within: within.execute(schema.attachments.select()).all())
    return sum(len(one.body) for one in found)
