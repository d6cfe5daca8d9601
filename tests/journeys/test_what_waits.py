"""The list of all that waits, through the real window: each thing that wants a person is ended by one or two keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.counter import waiting
from kiosk.counter.records import LineState, Wants
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from kiosk.verify import verify
from sync.sandbox import Sandbox
from tests.conftest import TestClock
from tests.journeys.conftest import at_work
from tests.kiosk import stories

WIRE = {"bllr_accno": "1234567890123", "bll_period": "2026-10", "bill_mobno": "01712345678"}


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """A supervisor at a counter whose ekPay can't be asked by key; the line is paused, so that keys come first."""
    addresses = sandbox.portals()
    portals = {**addresses, "ekpay": {"address": addresses["ekpay"], "lacks": ["query_by_key", "batch"]}}
    app = App(tmp_path / "home", portals=portals, clock=TestClock())
    with at_work(qapp, app) as made:
        Hands(made).wait(made.app.line_is_up, "the line")
        yield made


def serve_a_bill(window: Window) -> None:
    hands = Hands(window)
    hands.find("পল্লী")
    hands.fill("১২৩৪৫৬৭৮৯০১২৩", "২০২৬-১০", "০১৭১২৩৪৫৬৭৮", "")
    hands.write("৬৫০")
    hands.press("Enter", "F9")
    hands.write("৬৬০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")


def look(window: Window, wants: Wants) -> Any:
    """Open the list when what is expected is in it."""
    hands = Hands(window)

    def first() -> list[Wants]:
        return [one.wants for one in waiting.waiting(window.desk.at_work())][:1]

    hands.wait(lambda: first() == [wants], f"what wants a person, not {first()}")
    hands.press("F7")
    assert "আপনার অপেক্ষায়" in window.header.banner.text()
    return window.screen_shown


def state(window: Window) -> list[LineState]:
    sql = "SELECT state FROM lines ORDER BY rowid"
    return [LineState(found["state"]) for found in window.app.store.rows(sql)]


def test_a_lost_answer_is_ended_by_the_portals_number_and_f6(window: Window, sandbox: Sandbox) -> None:
    sandbox.fail_next("ekpay.pay", "lose_after")
    serve_a_bill(window)
    screen = look(window, Wants.ASK_THERE)
    assert "F6" in screen.explain.text()
    assert "F4" in screen.explain.text()
    hands = Hands(window)
    hands.press("F6")
    assert window.told.property("mood") == "bad"
    screen.reference.input.setFocus()
    hands.write("EKP12345")
    hands.press("F6")
    hands.wait(lambda: state(window) == [LineState.CONFIRMED], "the end")
    assert verify(window.app.store.connection()) == []


def test_a_lost_payment_that_is_surely_not_done_is_sent_again_when_f4_comes_twice(
    window: Window, sandbox: Sandbox
) -> None:
    sandbox.fail_next("ekpay.pay", "lose_before")
    serve_a_bill(window)
    look(window, Wants.ASK_THERE)
    hands = Hands(window)
    hands.press("F4")
    assert "দুইবার" in window.told.text()
    assert state(window) == [LineState.UNKNOWN]
    hands.press("F4")
    hands.wait(lambda: state(window) == [LineState.CONFIRMED], "the end")
    assert len(sandbox.books.effects()) == 1


def test_a_changed_amount_goes_on_with_f6_and_what_was_paid_already_is_paid_back_with_f4(
    window: Window, sandbox: Sandbox
) -> None:
    sandbox.bill("breb", WIRE, 700_00)
    serve_a_bill(window)
    screen = look(window, Wants.DECIDE)
    assert "৫০" in screen.buttons["F6"].text()
    sandbox.bill("breb", WIRE, 700_00, paid=True)
    hands = Hands(window)
    hands.press("F6")
    look(window, Wants.PAY_BACK)
    hands.press("F4")
    assert state(window) == [LineState.REFUNDED]
    assert verify(window.app.store.connection()) == []


def test_a_line_that_is_not_sent_yet_is_cancelled_when_f4_comes_twice(window: Window, sandbox: Sandbox) -> None:
    hands = Hands(window)
    hands.press("F11")
    hands.wait(lambda: window.app.line_status().state == "paused", "the pause")
    serve_a_bill(window)
    hands.press("F7", "F4")
    assert state(window) == [LineState.WAITING]
    hands.press("F4")
    assert state(window) == [LineState.REFUND_DUE]
    hands.press("F4")
    assert state(window) == [LineState.REFUNDED]
    assert sandbox.books.effects() == []


def test_a_paper_that_the_office_misses_is_sent_and_a_refusal_is_told(
    window: Window, sandbox: Sandbox, tmp_path: Path
) -> None:
    counter: Any = SimpleNamespace(counter=window.desk.at_work())
    opened = stories.begin(counter)
    stories.take_application(counter, opened)
    stories.pay(counter, opened)
    hands = Hands(window)
    hands.press("F5", "F7", "F5")
    hands.wait(lambda: state(window) == [LineState.ACCEPTED], "the application")
    key = next(one["key"] for one in sandbox.books.effects() if one["kind"].endswith("submit"))
    sandbox.advance_application(key, "paper_missing", "হোল্ডিং ট্যাক্সের রশিদ")
    hands.press("F5")
    screen = look(window, Wants.PAPER)
    assert "হোল্ডিং ট্যাক্সের রশিদ" in screen.story.text()
    file = tmp_path / "rashid.png"
    Image.new("RGB", (600, 400), "white").save(file, "PNG")
    screen.choose = lambda: str(file)
    hands.press("F6")
    hands.wait(lambda: "paper_arrived" in str(window.app.store.rows("SELECT reason FROM lines")), "the paper")
    sandbox.advance_application(key, "cancel", "ঠিকানা মেলেনি")
    hands.press("F7", "F5")
    look(window, Wants.TELL)
    hands.press("F6")
    assert waiting.waiting(window.desk.at_work()) == []
    assert window.screen_shown.table.rowCount() == 0  # type: ignore[attr-defined]
