"""A field laptop comes back to its counter and hands over what waits, on the local network: two windows, two homes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk import carrying
from kiosk.app import App
from kiosk.counter.records import LineState
from kiosk.demo.hands import Hands
from kiosk.screens.beside import BesideScreen
from kiosk.screens.window import Window
from kiosk.verify import verify
from sync.sandbox import Sandbox
from tests.conftest import TestClock
from tests.journeys.conftest import at_work
from tests.journeys.test_the_office import serve_a_bill


@pytest.fixture(autouse=True)
def on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BesideScreen, "host", "127.0.0.1")
    monkeypatch.setattr(BesideScreen, "port", 0)


class Turned(Hands):
    """Whoever's hands these are turns to his window first."""

    def at(self) -> Turned:
        self.window.activateWindow()
        QApplication.processEvents()
        return self

    def opens(self) -> Any:
        self.at().press("F1", "F5", "F6")
        assert self.window.screen_shown.name == "beside"
        return self.window.screen_shown


@pytest.fixture
def counter(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Turned]:
    """The counter, with a line, at its own window."""
    app = App(tmp_path / "counter", portals=sandbox.portals(), clock=TestClock())
    with at_work(qapp, app, "নমুনা কাউন্টার") as made:
        yield Turned(made)


@pytest.fixture
def laptop(counter: Turned, window: Window) -> Turned:
    """The laptop, without a line, with a bill that waits."""
    hands = Turned(window).at()
    hands.press("F11")
    hands.wait(lambda: window.app.line_status().state == "paused", "the pause")
    serve_a_bill(hands)
    return hands


def state(hands: Turned) -> list[LineState]:
    return [LineState(row["state"]) for row in hands.window.app.store.rows("SELECT state FROM lines")]


def listens(counter: Turned) -> tuple[str, str]:
    screen = counter.opens()
    counter.press("F5")
    counter.wait(lambda: "\n" in screen.where.text(), "an address and a code")
    address, code = screen.where.text().split("\n")
    return address, code


def hands_over(laptop: Turned, address: str, code: str) -> Any:
    screen = laptop.opens()
    laptop.write(address)
    laptop.press("Enter")
    laptop.write(code)
    laptop.press("Enter")
    return screen


def test_a_laptop_hands_over_from_its_window_and_the_outcomes_come_home(
    counter: Turned, laptop: Turned, sandbox: Sandbox
) -> None:
    address, code = listens(counter)
    screen = hands_over(laptop, address, "AAAA-AAAA-AAAA-AAAA")
    laptop.wait(lambda: "কোডটি মেলেনি" in screen.state.text(), "a wrong code is told")
    assert carrying.carries(laptop.window.app, laptop.window.desk.at_work()) == []  # and nothing is held back for it

    told: list[str] = []
    screen = laptop.opens()
    screen._stepped.connect(lambda step: told.append(step.word))
    laptop.write(address)
    laptop.press("Enter")
    laptop.write(code.lower().replace("-", " "))
    laptop.press("Enter")
    laptop.wait(lambda: "ui.beside_done" in told, "the outcome")
    laptop.wait(lambda: "১টি ফলাফল এসেছে, কিছু বাকি নেই" in screen.state.text(), "that it is said")
    assert told.index("ui.beside_going") < told.index("ui.beside_ended") < told.index("ui.beside_done")
    assert state(laptop) == [LineState.CONFIRMED]
    assert sandbox.seen("ekpay").count("pay") == 1
    assert verify(laptop.window.app.store.connection()) == []

    there: Any = counter.window.screen_shown
    counter.wait(lambda: "১টি কাজের মধ্যে ১টির ফল" in there.state.text(), "that the counter says so too")
    counter.at().press("F12")
    assert "1 of the laptop's 1" in there.state.text()
    counter.press("F6")
    counter.wait(lambda: "No longer listening. 1 files" in there.state.text(), "the end")


def test_who_cannot_wait_stops_and_hands_over_again_and_nothing_is_done_twice(
    counter: Turned, laptop: Turned, sandbox: Sandbox
) -> None:
    sandbox.go_away()  # the counter's line ends too
    screen = hands_over(laptop, *listens(counter))
    laptop.wait(lambda: "কাউন্টার পেয়েছে" in screen.state.text(), "that the counter has it")
    laptop.at().press("F6")
    laptop.wait(lambda: "১টির এখনো আসেনি" in screen.state.text(), "what is left")
    assert state(laptop) == [LineState.WAITING]
    counter.at().press("F6")
    there: Any = counter.window.screen_shown
    counter.wait(lambda: "গ্রহণ বন্ধ" in there.state.text(), "the end at the counter")

    sandbox.come_back()
    screen = hands_over(laptop, *listens(counter))  # another code by now
    laptop.wait(lambda: "১টি ফলাফল এসেছে" in screen.state.text(), "the outcome")
    assert state(laptop) == [LineState.CONFIRMED]
    assert len(sandbox.books.effects()) == 1


def test_nobody_there_and_no_network_are_told_with_what_to_do(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = Turned(window)
    screen = hands_over(laptop, "127.0.0.1:9", "AAAA-AAAA-AAAA-AAAA")
    laptop.wait(lambda: "সাড়া দিচ্ছে না" in screen.state.text(), "that nobody is there")
    monkeypatch.setattr(BesideScreen, "host", carrying.ANYWHERE)
    monkeypatch.setattr(carrying, "own_address", lambda _host: "127.0.0.1")
    laptop.press("F5")
    assert "একই ওয়াইফাই" in window.told.text()
