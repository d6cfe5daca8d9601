"""A walk past every screen of the window, by keyboard alone, with something on each of them.

Each `yield` says the name of what is to be seen now; whoever walks along may resize the window and change the language
there, and gives both back as they were.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from kiosk.counter import waiting
from kiosk.counter.records import Wants
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from sync.sandbox import Sandbox

_BILLS = ("1234567890123", "1234567890124", "1234567890125", "1234567890126")


def first_run(window: Window) -> Iterator[str]:
    """Nobody is there yet."""
    hands = Hands(window)
    yield "first-run"
    hands.fill("নমুনা অপারেটর", "246810")
    hands.write("246811")
    hands.press("Enter")
    yield "first-run-pins-differ"


def day(window: Window, sandbox: Sandbox, folder: Path) -> Iterator[str]:
    """A day at a counter that a supervisor has unlocked; `folder` is empty."""
    hands = Hands(window)
    hands.wait(window.app.line_is_up, "the first pull")
    hands.press("F11")
    hands.wait(lambda: window.app.line_status().state == "paused", "the pause")
    for part in (_found, _citizen, _bills, _goods, _applications, _taken, _office):
        yield from part(hands)
    yield from _carried(hands, folder)
    yield from _papers(hands)
    yield from _wanting(hands, sandbox)
    hands.press("F10")
    hands.write("1111")
    hands.press("Enter")
    yield "unlock-wrong-pin"


def _found(hands: Hands) -> Iterator[str]:
    yield "serve"
    for name, text in (("service", "nagorik"), ("biller", "পল্লী"), ("product", "ধান বীজ"), ("mobile", "01712345678"),
                       ("nothing", "zzzz")):
        hands.press("F2")
        hands.write(text)
        yield f"serve-{name}"


def _citizen(hands: Hands) -> Iterator[str]:
    hands.press("F2", "F3")
    yield "citizen"
    hands.fill("নমুনা নাগরিক যাঁর নাম অনেক লম্বা এবং তারপরও আছে", "০১৭১")
    hands.press("Enter")
    yield "citizen-wrong-mobile"
    hands.press("F3")
    hands.fill("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
    hands.press("Enter")
    hands.press("F3")
    hands.press("F6")
    yield "citizen-forget-sure"
    hands.press("F2")


def _bills(hands: Hands) -> Iterator[str]:
    for name, text in (("hours", "ডেসকো বিল"), ("prepaid", "prepaid")):
        hands.find(text)
        yield f"bill-refused-{name}"
    hands.find("পল্লী")
    yield "bill"
    hands.fill("১২৩", "২০২৬", "০১২১২৩৪৫৬৭৮", "")
    hands.write("দুই")
    hands.press("Enter")
    yield "bill-problems"
    for number in _BILLS:
        bill(hands, number)
    yield "basket"
    hands.press("Tab", "Tab", "Tab", "Tab", "Tab")
    yield "basket-cursor"


def bill(hands: Hands, number: str) -> None:
    hands.find("পল্লী")
    hands.fill(number, "২০২৬-১০", "০১৭১২৩৪৫৬৭৮", "")
    hands.write("৬৫০")
    hands.press("Enter")


def _goods(hands: Hands) -> Iterator[str]:
    hands.find("ধান বীজ বিনা")
    yield "order"
    hands.fill("২")
    hands.press("Enter")
    hands.find("holding")
    hands.write("০০")
    yield "dues-search"
    hands.press("Enter")
    yield "dues"
    hands.press("Enter")
    yield "basket-full"


def _applications(hands: Hands) -> Iterator[str]:
    yield from _heirs(hands)
    for service in ("nationality", "land-mutation", "mother-child"):
        _opens(hands, service)
        yield f"form-{service}"
    yield from _files(hands)


def _opens(hands: Hands, service: str) -> Any:
    hands.press("F2")
    hands.window.open("application", {"service_id": service})
    return hands.window.screen_shown


def heir(hands: Hands, place: int) -> None:
    """A row of the heirs' table, from 0."""
    if place:
        hands.press("F6")
    hands.write(f"নমুনা ওয়ারিশ {place}")
    hands.press("Tab", str(place + 3), "Tab", "Tab")
    hands.write("12/3/85")


def _heirs(hands: Hands) -> Iterator[str]:
    hands.find("warish")
    yield "form-heirs"
    hands.press("Ctrl+Enter")
    yield "form-heirs-errors"
    hands.fill("নমুনা মৃত ব্যক্তি", "নমুনা পিতা", "১/৯/২৬", "")
    hands.write("সি")
    yield "form-heirs-suggestions"
    hands.press("Tab")
    hands.fill("habiganj", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৫", "", "", "", "", "")
    for place in range(4):
        heir(hands, place)
    yield "form-heirs-table"
    hands.press("Shift+F6")
    yield "form-heirs-remove-sure"
    hands.press("F5")
    yield "form-heirs-both-languages"
    hands.press("F5", "F4")
    yield "form-heirs-one-by-one"
    for _question in range(5):
        hands.press("Shift+Enter")
    yield "form-heirs-one-by-one-before"
    hands.press("F4", "Ctrl+Enter")
    yield "form-heirs-consent"
    hands.press("Space", "Enter")
    yield "form-heirs-in-basket"


def _files(hands: Hands) -> Iterator[str]:
    """Photo and scans: the scanner's folder, the webcam, what is kept."""
    window, home = hands.window, hands.window.app.folder
    scanned(home / "scans")
    before = window.app.settings
    window.app.settings = replace(before, scans=str(home / "scans"))
    screen = _opens(hands, "learner-licence")
    photo = next(field for ref, field in screen.fields.items() if ref.endswith("/photo"))
    photo.input.setFocus()
    yield "form-photo"
    hands.press("1")
    yield "form-scans"
    hands.press("1", "Enter")  # a language that changes shuts the list
    yield "form-photo-kept"
    hands.press("3")
    yield "form-no-webcam"
    window.app.settings = before


def scanned(folder: Path) -> None:
    """Some scans as a scanner saves them."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(("IMG_20261123_100102_নমুনা দলিলের প্রথম পাতা সম্পূর্ণ.jpg", "scan-2.png", "scan-3.pdf")):
        body = io.BytesIO()
        page = Image.new("RGB", (400, 560), "#f6f2e4")
        ImageDraw.Draw(page).rectangle((30, 30, 370, 90), fill="#355c8a")
        page.save(body, "PDF" if name.endswith("pdf") else "JPEG" if name.endswith("jpg") else "PNG")
        (folder / name).write_bytes(body.getvalue())
        os.utime(folder / name, (1_700_000_000 - place * 60,) * 2)


def _taken(hands: Hands) -> Iterator[str]:
    window = hands.window
    hands.press("F2", "F9")
    yield "payment"
    hands.write("দুই")
    yield "payment-unread"
    for _letter in range(3):
        hands.press("Backspace")
    hands.write("৫০০")
    hands.press("Enter")
    yield "payment-short"
    for _digit in range(3):
        hands.press("Backspace")
    hands.write("১০০০০")
    yield "payment-change"
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    yield "receipt"
    hands.press("Down", "Down", "Down", "Down", "Down", "Down")
    yield "receipt-last-line"
    hands.press("F7")
    yield "waiting"
    hands.press("F4")
    yield "waiting-cancel-sure"
    hands.press("F2", "F3")
    hands.fill("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
    hands.press("Enter", "F3", "Down")
    yield "citizen-running"
    hands.press("F2")
    bill(hands, "1234567890129")
    hands.press("F8")
    hands.press("F2")
    yield "serve-parked"


def _office(hands: Hands) -> Iterator[str]:
    hands.press("F1")
    yield "office"
    hands.press("1")
    yield "closing"
    hands.fill("দুই", "১")
    yield "closing-unread"
    hands.press("Shift+Tab", "Shift+Tab")
    hands.fill("9", "12", "3", "4", "5", "6", "7", "8", "9")
    yield "closing-counted"
    hands.press("F9")
    yield "closing-closed"
    for digit, name in (("2", "cashbook"), ("6", "operators"), ("7", "centre")):
        hands.press("F1", digit)
        yield name
        yield from _down(hands, name)
    hands.press("F1", "8")
    yield "office-backed-up"
    hands.press("F1", "F6")
    yield "look"
    yield from _down(hands, "look")


def _down(hands: Hands, name: str) -> Iterator[str]:
    """The last field of a long screen, where Tab goes to it."""
    hands.press("Shift+Tab")
    yield f"{name}-last"


def _carried(hands: Hands, folder: Path) -> Iterator[str]:
    from kiosk.store import backup

    hands.press("F1", "F5")
    yield "carry"
    before: Callable[[], list[Path]] = backup.sticks
    backup.sticks = lambda: [folder]
    hands.press("F1", "F5", "Enter")
    yield "carry-packed"
    backup.sticks = before
    hands.press("F6")
    yield "beside"
    hands.write("127.0.0.1:9")
    hands.press("Enter")
    hands.write("AAAA-AAAA-AAAA-AAAA")
    hands.press("Enter")
    screen: Any = hands.window.screen_shown
    hands.wait(lambda: screen.step.over, "that nobody is there")
    yield "beside-nobody"


def _papers(hands: Hands) -> Iterator[str]:
    window = hands.window
    hands.press("Ctrl+P")
    yield "printing"
    with window.desk.at_work().store.transaction() as connection:
        connection.execute("UPDATE print_jobs SET state = 'uncertain', reason = 'cut_off' WHERE id IN "
                           "(SELECT id FROM print_jobs ORDER BY id LIMIT 1)")
        connection.execute("UPDATE print_jobs SET state = 'queued', reason = 'paper_out', printer = "
                           "'network:192.0.2.100:9100' WHERE id IN (SELECT id FROM print_jobs ORDER BY id LIMIT 1, 1)")
    hands.press("F2", "Ctrl+P")
    yield "printing-asks"
    hands.press("Down")
    yield "printing-elsewhere"
    hands.press("F8")
    screen: Any = window.screen_shown
    hands.wait(screen.again.isEnabled, "the search")
    yield "printer"
    hands.press("F9")
    yield "printer-chosen"
    yield from _down(hands, "printer")


def _wanting(hands: Hands, sandbox: Sandbox) -> Iterator[str]:
    """The line is there again; one bill is dearer, one is paid already, one answer is lost."""
    window = hands.window
    names = ({"bllr_accno": number, "bll_period": "2026-10", "bill_mobno": "01712345678"} for number in _BILLS)
    for name, poisha, paid in zip(names, (675_00, 650_00, 650_00, 650_00), (False, True, False, False), strict=True):
        sandbox.bill("breb", name, poisha, paid=paid)
    hands.press("F7")
    yield "waiting-many"
    sandbox.fail_next("ekpay.pay", "lose_after")
    hands.press("F11", "F5")

    def wants() -> set[Wants]:
        return {one.wants for one in waiting.waiting(window.desk.at_work())}

    hands.wait(lambda: wants() >= {Wants.DECIDE, Wants.PAY_BACK}, f"what wants a person, not {wants()}")
    hands.press("F7")
    seen: set[Wants] = set()
    screen: Any = window.screen_shown
    for place in range(screen.table.rowCount()):
        screen.table.selectRow(place)
        chosen = screen._chosen()
        if getattr(chosen, "wants", Wants.NOTHING) not in seen:
            seen.add(chosen.wants)
            yield f"waiting-{chosen.wants}"
    hands.press("F2", "F3")
    yield "citizen-later"
    hands.press("F1")
    yield "office-later"
