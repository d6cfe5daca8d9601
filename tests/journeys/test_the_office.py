"""What is done beside serving, through the real window: the day is closed, an operator comes, the counter locks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from kiosk.counter import centre, close_day
from kiosk.demo.hands import Hands
from kiosk.screens.watch import Watch
from kiosk.screens.window import Window
from kiosk.verify import verify
from tests.conftest import PIN


def serve_a_bill(hands: Hands) -> None:
    hands.find("পল্লী")
    hands.fill("১২৩৪৫৬৭৮৯০১২৩", "২০২৬-১০", "০১৭১২৩৪৫৬৭৮", "")
    hands.write("৬৫০")
    hands.press("Enter", "F9")
    hands.write("৬৬০")
    hands.press("Enter")
    hands.wait(lambda: hands.window.screen_shown.name == "receipt", "the receipt")


def test_the_day_is_counted_and_closed_by_keyboard(window: Window) -> None:
    hands = Hands(window)
    serve_a_bill(hands)
    hands.press("F1")
    assert window.screen_shown.name == "office"
    hands.press("1")
    assert window.screen_shown.name == "closing"
    hands.fill("", "১", "", "১", "১", "", "১")
    screen: Any = window.screen_shown
    assert "মিলেছে" in screen.over.text()
    hands.press("F9")
    [closed] = close_day.closes(window.desk.at_work())
    assert (closed.counted_poisha, closed.over_poisha) == (660_00, 0)
    assert verify(window.app.store.connection()) == []


def test_a_count_that_is_no_number_stays_on_the_screen(window: Window) -> None:
    hands = Hands(window)
    serve_a_bill(hands)
    hands.press("F1")
    hands.press("1")
    hands.fill("দুই")
    screen: Any = window.screen_shown
    assert screen.notes[1000].problem.text()
    hands.press("F9")
    assert close_day.closes(window.desk.at_work()) == []
    assert screen.notes[1000].value() == "দুই"


def test_a_supervisor_lets_an_operator_in_who_may_serve_but_not_set_limits(window: Window) -> None:
    hands = Hands(window)
    hands.press("F1")
    hands.press("6")
    hands.fill("নমুনা অপারেটর")
    hands.press("Tab")
    hands.write("135790")
    hands.press("Enter")
    names = window.app.home.envelopes.names()
    hands.press("F10")
    screen: Any = window.screen_shown
    newcomer = next(one for one, name in names.items() if name == "নমুনা অপারেটর")
    screen.who.set(newcomer)
    screen.pin.input.setFocus()
    hands.write("135790")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
    assert window.desk.at_work().operator.role == "operator"
    hands.press("F1")
    hands.press("7")
    screen = window.screen_shown
    screen.refund.set("৯৯৯")
    screen._limits_form.go.click()
    assert "সুপারভাইজার" in window.told.text()
    assert centre.number(window.desk.at_work(), "refund_limit", "limit_poisha") == 500_00


def test_the_centres_name_stands_on_the_next_paper(window: Window) -> None:
    hands = Hands(window)
    hands.press("F1", "F6")
    screen: Any = window.screen_shown
    screen.names["centre_bn"].set("আমাদের ডিজিটাল সেন্টার")
    hands.press("F9")
    assert window.header.centre.text() == "আমাদের ডিজিটাল সেন্টার"
    assert window.desk.at_work().device.centre_bn == "আমাদের ডিজিটাল সেন্টার"


def test_a_counter_that_nobody_is_at_is_locked_and_the_visit_is_kept(window: Window) -> None:
    hands = Hands(window)
    hands.find("ধান বীজ")
    hands.fill("২")
    hands.press("Enter")
    window.watch.left_alone.emit("idle")
    assert window.screen_shown.name == "unlock"
    assert window.app.store.row("SELECT kind, facts FROM events ORDER BY id DESC LIMIT 1") == {
        "kind": "locked", "facts": '{"why": "idle"}'
    }
    hands.write(PIN)
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
    assert window.desk.visit is not None


def test_idle_minutes_and_a_sleeping_machine_are_told_apart(qapp: QApplication) -> None:
    now = [1000.0]
    parent = QObject()
    watch = Watch(parent, lambda: now[0])
    said: list[str] = []
    watch.left_alone.connect(said.append)
    watch.minutes = 1
    for _tick in range(13):
        now[0] += 5
        watch.tick()
    assert said == ["idle"]
    now[0] += 3600
    watch.tick()
    assert said == ["idle", "suspend"]
    watch.minutes = 0
    now[0] += 3600
    watch.tick()
    assert len(said) == 2


def test_the_office_prints_lists_and_books_and_says_where_they_are(window: Window) -> None:
    hands = Hands(window)
    serve_a_bill(hands)
    hands.press("F1")
    for digit in "345":
        hands.press(digit)
        assert window.told.property("mood") == "good", window.told.text()
    saved = sorted(file.suffix for file in (window.app.folder / "exports").iterdir())
    assert saved == [".beancount", ".csv", ".pdf", ".pdf"]
    hands.press("8")
    assert "USB" in window.told.text()
    hands.press("9")
    assert window.told.property("mood") == "good"
    window.switch_language()
    assert window.screen_shown.name == "office"


def test_every_screen_of_the_office_opens_in_both_languages(window: Window) -> None:
    for name in ("office", "closing", "cashbook", "operators", "centre"):
        for _language in range(2):
            window.open(name, {})
            assert window.screen_shown.name == name
            window.switch_language()
            assert not window.told.isVisible() or window.told.property("mood") != "bad"
