"""The whole first visit through the real window, by keyboard alone."""

from __future__ import annotations

from typing import Any

from kiosk.counter import visit, waiting
from kiosk.counter.records import Kind
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from kiosk.verify import verify


def unlock(hands: Hands, pin: str = "246810") -> None:
    hands.fill("নমুনা অপারেটর", pin)
    hands.write(pin)
    hands.press("Enter")
    hands.wait(lambda: hands.window.screen_shown.name == "serve", "the counter")


def test_a_villager_with_two_wishes_is_served_by_keyboard(first_run: Window) -> None:
    window = first_run
    hands = Hands(window)
    unlock(hands)
    hands.press("F3")
    hands.fill("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
    hands.press("Enter")
    hands.find("নাগরিকত্ব")
    hands.fill("", "নমুনা পিতা", "নমুনা মাতা", "১২/৩/৮৫")
    hands.press("Down", "Tab")
    hands.fill("৮৫১২৩৪৫৬৭৮", "", "সিলেট", "হবিগঞ্জ", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৩", "", "", "", "")
    hands.press("1", "Enter", "Tab", "Space", "Tab", "Enter")
    hands.find("পল্লী")
    hands.fill("১২৩৪৫৬৭৮৯০১২৩", "২০২৬-১০", "০১৭১২৩৪৫৬৭৮", "")
    hands.write("৬৫০")
    hands.press("Enter", "F9")
    hands.write("১০০০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    counter = window.desk.at_work()
    receipt = waiting.recent_receipts(counter)[-1]
    served = visit.get(counter, receipt.visit_id)
    assert [line.kind for line in served.lines] == [Kind.APPLICATION, Kind.BILL]
    assert served.citizen is not None
    assert served.citizen.mobile == "01712345678"
    assert served.lines[1].official_poisha == 650_00
    hands.wait(lambda: len(waiting.receipts(counter, served.id)) == 2, "the final receipt")
    assert verify(window.app.store.connection()) == []


def test_a_wrong_amount_stays_on_the_screen_and_is_told_beside_it(first_run: Window) -> None:
    window = first_run
    hands = Hands(window)
    unlock(hands)
    hands.find("পল্লী")
    hands.fill("১২৩৪৫৬৭৮৯০১২৩", "২০২৬-১০", "০১৭১২৩৪৫৬৭৮", "")
    hands.write("-৫")
    hands.press("Enter")
    screen: Any = window.screen_shown
    assert screen.name == "bill"
    assert screen.amount.problem.text()
    assert screen.amount.value() == "-৫"


def test_the_language_changes_under_a_half_filled_form_and_nothing_is_lost(first_run: Window) -> None:
    window = first_run
    hands = Hands(window)
    unlock(hands)
    hands.find("warish")
    hands.fill("নমুনা মৃত ব্যক্তি", "নমুনা পিতা")
    hands.press("F12")
    screen: Any = window.screen_shown
    assert screen.title.text() == "Heirs' certificate"
    assert screen.fields["/data/deceased/name"].value() == "নমুনা মৃত ব্যক্তি"
    hands.press("F2")
    hands.find("warish")
    screen = window.screen_shown
    assert screen.fields["/data/deceased/father"].value() == "নমুনা পিতা"


def test_locking_keeps_the_visit_and_a_wrong_pin_does_not_open_it(first_run: Window) -> None:
    window = first_run
    hands = Hands(window)
    unlock(hands)
    hands.find("ধান বীজ")
    hands.fill("২")
    hands.press("Enter", "F10")
    screen: Any = window.screen_shown
    hands.write("1111")
    hands.press("Enter")
    assert screen.pin.problem.text()
    hands.write("২৪৬৮১০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
    assert window.desk.visit is not None
    assert len(window.desk.visit.lines) == 1
