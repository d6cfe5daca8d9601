"""A citizen comes back with a receipt: it is found by whatever they have of it, it tells what happened and what to do,
the document that came is printed. By keyboard, through the real window."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk import bangla
from kiosk.counter import waiting
from kiosk.counter.records import Line, LineState
from kiosk.counter.timeline import timeline
from kiosk.demo.hands import Hands
from kiosk.screens import sheets_out
from kiosk.screens.window import Window
from printing.document import QR
from printing.results import Done, Result
from sync.sandbox import Sandbox
from tests.kiosk import stories

MOBILE = "০১৭১২৩৪৫৬৭৮"
STEPS = ("secretary", "chairman", "approved")


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the system's printer took."""
    files: list[Path] = []

    def take(file: Path) -> Result:
        files.append(file)
        return Done(told=False)

    monkeypatch.setattr(sheets_out, "print_pdf", take)
    return files


class Counter:
    """The window, and an application of the citizen's that was taken and sent."""

    def __init__(self, window: Window, sandbox: Sandbox) -> None:
        self.window, self.sandbox, self.hands = window, sandbox, Hands(window)
        at_work: Any = SimpleNamespace(counter=window.desk.at_work())
        opened = stories.begin(at_work)
        stories.take_bill(at_work, stories.take_application(at_work, opened))
        self.receipt = stories.pay(at_work, opened).receipt
        self.visit_id = opened.id

    @property
    def line(self) -> Line:
        return waiting.of_visit(self.window.desk.at_work(), self.visit_id)[0].line

    @property
    def shown(self) -> Any:
        assert self.window.screen_shown.name == "receipt", self.window.told.text()
        return self.window.screen_shown

    def is_sent(self) -> None:
        self.hands.press("F7", "F5")
        self.hands.wait(lambda: self.line.state is LineState.ACCEPTED, "the portal's word")

    def office_says(self, *statuses: str, note: str = "") -> None:
        key = next(one["key"] for one in self.sandbox.books.effects() if one["kind"].endswith("submit"))
        for status in statuses:
            self.sandbox.advance_application(key, status, note)

    def arrives(self) -> None:
        self.hands.press("F5")  # on the receipt: look at the portal now
        self.hands.wait(lambda: bool(waiting.documents(self.window.desk.at_work())), "the document")
        self.hands.wait(self.shown.document.isVisible, "the button")


@pytest.fixture
def counter(window: Window, sandbox: Sandbox) -> Counter:
    return Counter(window, sandbox)


def assert_latest_first(told: str, *words: str) -> None:
    places = [told.index(word) for word in words]
    assert places == sorted(places, reverse=True), told


def test_the_story_of_a_receipt_is_told_from_its_taking_to_its_document_which_is_printed(
    counter: Counter, printed: list[Path]
) -> None:
    hands = counter.hands
    counter.is_sent()
    hands.find(counter.receipt.shown_number)
    told = counter.shown.story.text()
    assert_latest_first(told, "কাউন্টারে নেওয়া হয়েছে", "পোর্টালে পাঠানো হয়েছে", "ট্র্যাকিং নম্বর ES")
    assert "F5" in counter.shown.explain.text()  # nothing came yet, and that is said with what to do
    hands.press("F8")
    assert "আসেনি" in counter.window.told.text()
    assert printed == []

    counter.office_says(*STEPS)
    counter.arrives()
    told = counter.shown.story.text()
    assert_latest_first(told, "ট্র্যাকিং নম্বর ES", "সেক্রেটারির কাছে", "চেয়ারম্যান এর কাছে", "অনুমোদিত", "কাগজ এসেছে")
    for at, word, _english in timeline(counter.window.desk.at_work(), counter.line.id):
        assert f"{bangla.date_bn(at).rsplit(' ', 1)[0]}, {bangla.time_bn(at)}" in told, word
    assert "F8" in counter.shown.explain.text()
    hands.press("F8")
    hands.wait(lambda: bool(printed), "the printer")
    assert printed[0].read_bytes().startswith(b"%PDF")
    hands.wait(lambda: "প্রিন্টারে গেছে" in counter.window.told.text(), "that it is said")

    hands.press("F12")
    assert_latest_first(counter.shown.story.text(), "Taken at the counter", "Sent to the portal", "Tracking number ES",
                        "With the secretary", "With the chairman", "Approved", "has arrived")
    assert "Print it with F8" in counter.shown.explain.text()


def test_a_receipt_is_found_by_its_number_its_tracking_number_its_code_and_its_citizens_mobile(
    counter: Counter,
) -> None:
    hands, window = counter.hands, counter.window
    counter.is_sent()
    [code] = [block.payload for block in counter.receipt.document.blocks if isinstance(block, QR)]
    for said, down in ((counter.receipt.shown_number, 0), (counter.line.reference, 0),
                       (counter.line.reference.lower(), 0), (code, 0), (MOBILE, 1)):
        hands.find(said, down)
        assert counter.shown.receipt.visit_id == counter.visit_id, said
        assert counter.shown.lines[counter.shown.list.currentRow()].line.kind == "application", said
    hands.press("F2")
    assert window.screen_shown.name == "serve"


def test_the_citizens_screen_tells_what_is_running_and_leads_to_its_receipt(counter: Counter) -> None:
    hands = counter.hands
    counter.is_sent()
    hands.find(MOBILE)
    hands.press("F3")
    screen: Any = counter.window.screen_shown
    rows = [screen.running.item(place).text() for place in range(screen.running.count())]
    assert len(rows) == 2
    assert "কাজ চলছে" in rows[0]
    hands.press("Down", "Down", "Enter")
    assert counter.shown.lines[counter.shown.list.currentRow()].line.kind == "bill"
    hands.press("Up")
    assert "ট্র্যাকিং নম্বর" in counter.shown.story.text()
    hands.press("F2", "F3", "F12")
    screen = counter.window.screen_shown
    assert "in progress" in screen.running.item(0).text()


def test_a_refusal_is_told_in_words_and_the_list_opens_at_it(counter: Counter) -> None:
    hands = counter.hands
    counter.is_sent()
    counter.office_says("secretary")
    counter.office_says("cancel", note="ঠিকানা মেলেনি")
    hands.press("F5")
    hands.wait(lambda: counter.line.state is LineState.OFFICE_REFUSED, "the office's word")
    hands.find(counter.receipt.shown_number)
    assert "বাতিল: ঠিকানা মেলেনি" in counter.shown.story.text()
    assert "দপ্তর বাতিল করেছে। আপনার কাজ বাকি: সেবাগ্রহীতাকে জানান। F7" in counter.shown.explain.text()
    hands.press("F12")
    assert "Cancelled by the office: ঠিকানা মেলেনি" in counter.shown.story.text()
    hands.press("F12", "F7")
    screen: Any = counter.window.screen_shown
    assert screen._chosen().line.id == counter.line.id
    hands.press("F6")
    hands.find(counter.receipt.shown_number)
    assert "নতুন আবেদন" in counter.shown.explain.text()


def test_what_the_portal_refused_says_why_and_that_the_money_is_to_be_paid_back(
    window: Window, sandbox: Sandbox
) -> None:
    sandbox.fail_next("eksheba.submit", "refuse")
    counter = Counter(window, sandbox)
    counter.hands.press("F7", "F5")
    counter.hands.wait(lambda: counter.line.state is LineState.REFUND_DUE, "the refusal")
    counter.hands.find(counter.receipt.shown_number)
    assert "টাকা ফেরত দিতে হবে: পোর্টাল গ্রহণ করেনি" in counter.shown.story.text()
    assert "পোর্টাল গ্রহণ করেনি। আপনার কাজ বাকি: টাকা ফেরত দিন" in counter.shown.explain.text()


def test_before_the_line_comes_the_receipt_says_that_nothing_was_sent_and_what_to_do(
    window: Window, sandbox: Sandbox
) -> None:
    hands = Hands(window)
    hands.press("F11")
    hands.wait(lambda: window.app.line_status().state == "paused", "the pause")
    counter = Counter(window, sandbox)
    hands.find(counter.receipt.shown_number)
    assert "পাঠানো হয়েছে" not in counter.shown.story.text()
    assert "এখনো পাঠানো হয়নি" in counter.shown.explain.text()
    hands.press("Enter")
    assert window.screen_shown.name == "serve"
