"""A printer fails under a visit, through the real window: the visit goes on, no paper is lost and none is doubled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.counter import reprint, waiting
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from kiosk.verify import verify
from printing import discovery, raster, spool
from printing.discovery import Found
from printing.profiles import PROFILES
from sync.sandbox import Sandbox
from tests.conftest import CHEAP, PIN, TestClock
from tests.journeys.conftest import shown
from tests.journeys.test_the_office import serve_a_bill
from tests.printing.fake_printer import FakePrinter, Fault, on_loopback

Opened = Callable[..., Window]


@pytest.fixture
def at_a_printer(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Opened]:
    """Opens the window of a counter whose line is down and whose receipts go to a printer on this machine."""
    sandbox.go_away()
    with ExitStack() as open_things:
        def opened(machine: FakePrinter, **settings: object) -> Window:
            port = open_things.enter_context(on_loopback(machine))
            home = tmp_path / "home"
            home.mkdir()
            said = {"printer": "network", "printer_host": "127.0.0.1", "printer_port": port,
                    "printer_profile": "xprinter58", **settings}
            (home / "settings.json").write_text(json.dumps(said))
            app = App(home, portals=sandbox.portals(), clock=TestClock())
            app.create_first("নমুনা সুপারভাইজার", PIN, CHEAP)
            window = open_things.enter_context(shown(qapp, app))
            hands = Hands(window)
            hands.write(PIN)
            hands.press("Enter")
            hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
            return window

        yield opened


def jobs(window: Window) -> list[tuple[str, str, str]]:
    return [(job.name[-5:], job.state, job.reason) for job in spool.jobs(window.app.store.connection())]


def preview(window: Window) -> bytes:
    counter = window.desk.at_work()
    return raster.render(waiting.recent_receipts(counter)[-1].document, counter.printing.width_dots).tobytes()


def test_a_printer_without_paper_holds_up_no_visit_and_prints_when_it_has_some(at_a_printer: Opened) -> None:
    machine = FakePrinter(Fault(paper_rows=0))
    window = at_a_printer(machine)
    hands = Hands(window)
    serve_a_bill(hands)
    hands.wait(window.header.printer.isVisible, "word of the printer")
    assert window.header.printer.text() == "কাগজ শেষ"
    hands.press("Enter")
    assert window.screen_shown.name == "serve"
    hands.press("Ctrl+P")
    screen: Any = window.screen_shown
    assert (screen.wrong.text(), screen.todo.text()) == ("কাগজ শেষ", "নতুন রোল দিন, ঢাকনা চেপে বন্ধ করুন।")
    hands.press("F12")
    assert screen.wrong.text() == "Out of paper"
    machine.refill()
    hands.wait(lambda: jobs(window) == [("00001", "done", "")], "the paper")
    hands.wait(lambda: not window.header.printer.isVisible(), "quiet")
    assert machine.paper.picture().tobytes() == preview(window)
    assert verify(window.app.store.connection()) == []


def test_paper_that_ends_in_the_middle_is_told_while_the_printer_still_waits_for_it(at_a_printer: Opened) -> None:
    machine = FakePrinter(Fault(paper_rows=300))
    window = at_a_printer(machine)
    hands = Hands(window)
    serve_a_bill(hands)
    hands.wait(lambda: window.header.printer.text() == "কাগজ শেষ", "word of the printer", 60)
    assert jobs(window) == [("00001", "printing", "paper_out")]
    machine.refill()
    hands.wait(lambda: jobs(window) == [("00001", "done", "")], "the rest of the paper")
    assert machine.paper.picture().tobytes() == preview(window)


def test_a_cable_that_is_pulled_in_the_middle_asks_and_the_second_paper_says_that_it_is_a_copy(
    at_a_printer: Opened,
) -> None:
    machine = FakePrinter(Fault(resets_after=9000))
    window = at_a_printer(machine)
    hands = Hands(window)
    serve_a_bill(hands)
    hands.wait(window.header.printer.isVisible, "the question")
    assert jobs(window) == [("00001", "uncertain", "cut_off")]
    printed = len(machine.paper.rows)
    hands.press("Ctrl+P")
    assert len(machine.paper.rows) == printed
    hands.press("F4")
    hands.wait(lambda: jobs(window) == [("00001", "cancelled", "copy:1"), ("copy1", "done", "")], "the copy")
    job = spool.jobs(window.app.store.connection(), "done")[0]
    assert job.document.strings()[0] == reprint.mark_of_copy(1)
    copy = raster.render(job.document, 384)
    assert machine.paper.picture().crop((0, len(machine.paper.rows) - copy.height, 384, len(machine.paper.rows))
                                        ).tobytes() == copy.tobytes()
    kinds = [row["kind"] for row in window.desk.at_work().store.rows("SELECT kind FROM events")]
    assert kinds.count("print_answered") == 1
    assert not window.header.printer.isVisible()


def test_a_printer_that_never_answers_is_answered_for_with_the_key_that_goes_on(at_a_printer: Opened) -> None:
    machine = FakePrinter(Fault(silent=True))
    window = at_a_printer(machine, printer_profile="clone58")
    hands = Hands(window)
    serve_a_bill(hands)
    screen: Any = window.screen_shown
    hands.wait(lambda: screen.next.text() == "বেরিয়েছে, পরের জন", "the question")
    assert machine.paper.picture().tobytes() == preview(window)
    hands.press("Enter")
    assert window.screen_shown.name == "serve"
    assert jobs(window) == [("00001", "done", "confirmed")]
    assert not window.header.printer.isVisible()


def test_papers_of_a_printer_that_is_gone_go_to_the_one_that_was_found(
    at_a_printer: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = FakePrinter(width_dots=576)
    window = at_a_printer(FakePrinter(), printer_host="127.0.0.1", printer_port=1)
    hands = Hands(window)
    serve_a_bill(hands)
    hands.wait(lambda: window.header.printer.text() == "প্রিন্টার পাওয়া যাচ্ছে না", "word of the printer")
    with on_loopback(spare) as port:
        offer = Found("network", f"127.0.0.1:{port}", "নমুনা Epson TM-T20", PROFILES["epson80"])
        monkeypatch.setattr(discovery, "discover", lambda: [offer])
        hands.press("Ctrl+P", "F8")
        screen: Any = window.screen_shown
        hands.wait(lambda: screen.found.count() == 1, "the search")
        hands.press("Down", "F9")
        assert window.desk.at_work().printing.printer == f"network:127.0.0.1:{port}"
        assert window.desk.at_work().printing.width_dots == 576
        hands.press("F5", "Ctrl+P", "F5")
        hands.wait(lambda: [state for _name, state, _why in jobs(window)] == ["done", "done"], "paper and test page")
        assert {job.printer for job in spool.jobs(window.app.store.connection())} == {offer.kind + ":" + offer.address}
        assert any(command.startswith(b"\x1dV") for command in spare.paper.commands)


def test_cash_opens_the_drawer_once_and_a_reprint_does_not(at_a_printer: Opened) -> None:
    machine = FakePrinter()
    window = at_a_printer(machine, drawer=True)
    hands = Hands(window)
    serve_a_bill(hands)
    hands.press("F6")
    hands.wait(lambda: [state for _name, state, _why in jobs(window)] == ["done"] * 3, "three jobs")
    assert [command for command in machine.paper.commands if command.startswith(b"\x1bp")] == [b"\x1bp\x00\x19\xfa"]


def test_a_printer_without_an_address_is_refused_in_words_and_the_old_one_stays(window: Window) -> None:
    window.open("printer", {})
    screen: Any = window.screen_shown
    screen.kind.set("network")
    Hands(window).press("F9")
    assert window.told.property("mood") == "bad"
    assert window.desk.at_work().printing.printer == "file"
    screen.address.set("১৯২.০.২.১০")
    screen.paper.set("80")
    Hands(window).press("F9")
    printing = window.desk.at_work().printing
    assert (printing.printer, printing.width_dots) == ("network:192.0.2.10:9100", 576)
