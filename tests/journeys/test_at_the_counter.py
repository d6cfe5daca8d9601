"""Applications at the counter, by keyboard alone: few keys, small windows, a kill in the middle, a photo, the paper."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from kiosk.app import App
from kiosk.counter import apply
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from tests.conftest import PIN, TestClock
from tests.forms import fillers
from tests.journeys.conftest import shown


class Counting(Hands):
    """Hands that count their keys; a text is as many keys as it has letters."""

    keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        super().press(*keys)

    def write(self, text: str) -> None:
        self.keys += len(text)
        super().write(text)

    def chord(self, key: Qt.Key, with_key: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        self.keys += 1
        QTest.keyClick(self.window.focusWidget() or self.window, key, with_key)
        QApplication.processEvents()


def nationality(hands: Counting) -> None:
    """A citizen who has never been here; Enter from question to question."""
    hands.press("F3")
    for text in ("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮", ""):
        hands.write(text)
        hands.press("Enter")
    hands.find("nagorik")
    for text in ("", "নমুনা পিতা", "নমুনা মাতা", "120385"):
        hands.write(text) if text else None
        hands.press("Enter")
    hands.press("1", "Enter")
    for text in ("8512345678", "সিলেট", "habiganj", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৩"):
        hands.write(text)
        hands.press("Enter")
    hands.chord(Qt.Key.Key_Return)
    hands.press("Space", "Enter")


def test_a_nationality_certificate_takes_few_keys_and_a_second_one_of_the_same_citizen_very_few(window: Window) -> None:
    hands = Counting(window)
    nationality(hands)
    assert window.desk.visit is not None, window.told.text()
    assert len(window.desk.visit.lines) == 1, window.told.text()
    typed = sum(map(len, ("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮", "nagorik", "নমুনা পিতা", "নমুনা মাতা", "120385",
                          "8512345678", "সিলেট", "habiganj", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৩")))
    assert hands.keys - typed <= 22
    hands.press("F8", "F2")
    hands.keys = 0
    hands.write("01712345678")
    hands.press("Enter")
    hands.find("nagorik")
    hands.chord(Qt.Key.Key_Down)
    hands.chord(Qt.Key.Key_Return)
    hands.press("Space", "Enter")
    assert len(window.desk.visit.lines) == 1, window.told.text()
    assert window.desk.visit.lines[0].facts["answers"]["/data/applicant/father"] == "নমুনা পিতা"
    assert hands.keys <= len("01712345678") + len("nagorik") + 8


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
@pytest.mark.parametrize("service", ["birth-45", "heirs", "passport", "nid-correction", "commodity-licence"])
def test_nothing_of_a_form_is_cut_off_in_either_language(
    window: Window, service: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.open("application", {"service_id": service})
    screen: Any = window.screen_shown
    for key in ("", "F6", "F5", "F4"):
        if key:
            Hands(window).press(key)
        for _language in range(2):
            QApplication.processEvents()
            assert window.size().toTuple() == size
            assert screen.area.horizontalScrollBar().maximum() == 0
            for made in (*screen.findChildren(QLabel), *screen.findChildren(QPushButton)):
                wraps = isinstance(made, QLabel) and made.wordWrap()
                if made.isVisibleTo(screen) and made.text() and not wraps:
                    assert made.sizeHint().width() <= made.width() + 1, made.text()
            window.switch_language()


def test_the_language_changes_in_the_middle_and_what_is_half_typed_and_the_cursor_stay(window: Window) -> None:
    hands = Hands(window)
    hands.find("warish")
    hands.write("নমুনা মৃত ব্যক্তি")
    hands.press("Enter")
    hands.write("নমুনা অর্ধে")
    hands.press("F12")
    screen: Any = window.screen_shown
    father = screen.fields["/data/deceased/father"]
    assert father.value() == "নমুনা অর্ধে"
    assert father.has_cursor()
    assert "Father" in father.label.text()
    hands.write("ক")
    hands.press("F12")
    assert screen.fields["/data/deceased/father"].value() == "নমুনা অর্ধেক"
    assert screen.fields["/data/deceased/name"].value() == "নমুনা মৃত ব্যক্তি"


def test_after_kill_9_the_form_goes_on_where_it_was(qapp: QApplication, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = subprocess.run([sys.executable, "-m", "tests.journeys.dying_form", str(home)], check=False,
                          capture_output=True, timeout=100)
    assert done.returncode == -9, done.stderr.decode()[-2000:]
    with shown(qapp, App(home, portals={}, clock=TestClock())) as window:
        hands = Hands(window)
        hands.write(PIN)
        hands.press("Enter")
        hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
        hands.find("warish")
        screen: Any = window.screen_shown
        assert screen.fields["/data/deceased/name"].value() == "নমুনা মৃত ব্যক্তি"
        assert screen.fields["/data/deceased/father"].value() == "নমুনা পিতা"
        assert not screen.fields["/data/deceased/name"].has_cursor()


def with_photo(hands: Hands, service: str, scans: Path, size: tuple[int, int]) -> Any:
    """The form with a photo out of the scanner's folder, by keyboard; its question."""
    window = hands.window
    scans.mkdir()
    Image.effect_noise(size, 80).convert("RGB").save(scans / "face.png")
    window.app.settings = replace(window.app.settings, scans=str(scans))
    window.open("application", {"service_id": service})
    screen: Any = window.screen_shown
    photo = next(field for ref, field in screen.fields.items() if ref.endswith("/photo"))
    photo.input.setFocus()
    hands.press("1", "Enter")
    return photo


def test_a_photo_that_is_too_large_is_taken_from_the_scanner_and_made_300_by_300(
    window: Window, tmp_path: Path
) -> None:
    photo = with_photo(Hands(window), "learner-licence", tmp_path / "scans", (2400, 1800))
    row = window.desk.at_work().store.row("SELECT name, body FROM attachments")
    assert row is not None
    with Image.open(io.BytesIO(row["body"])) as kept:
        assert kept.size == (300, 300)
    assert len(row["body"]) <= 60_000
    assert row["name"] in photo.told.text()


def test_the_application_is_printed_from_the_form_and_from_the_receipt(window: Window) -> None:
    hands = Counting(window)
    hands.find("warish")
    hands.chord(Qt.Key.Key_F)
    screen: Any = window.screen_shown
    assert screen.fields["/data/deceased/name"].has_cursor()
    assert screen.fields["/data/deceased/name"].problem.text()
    hands.press("F2")
    nationality(hands)
    hands.press("F9")
    hands.write("১০০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    hands.chord(Qt.Key.Key_F)
    [file] = (window.app.folder / "exports").glob("*nationality.pdf")
    read = pypdfium2.PdfDocument(str(file))
    said = "".join("".join(page.get_textpage().get_text_range() for page in read).split())
    for text in ("নমুনা পিতা", "১২ মার্চ ১৯৮৫", "৮৫১২৩৪৫৬৭৮", "নমুনা গ্রাম", "অফিসের ব্যবহারের জন্য"):
        assert "".join(text.split()) in said
    assert "নাগরিকত্বসনদপ্রসঙ্গেআবেদন" in said


def test_the_photo_from_the_scanner_stands_on_the_application_that_is_printed(window: Window, tmp_path: Path) -> None:
    counter, opened = window.desk.at_work(), window.desk.open_visit()
    form = apply.form(counter, "nationality")
    assert form is not None
    filling = form.fill(today=counter.today(), now=counter.now())
    assert fillers.complete(filling) == []
    apply.save_draft(counter, opened.id, "nationality", filling.draft())
    hands = Counting(window)
    with_photo(hands, "nationality", tmp_path / "scans", (900, 1200))
    hands.chord(Qt.Key.Key_F)
    [file] = (window.app.folder / "exports").glob("*nationality.pdf")
    pages = list(pypdfium2.PdfDocument(str(file)))
    seen = [len(list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))) for page in pages]
    assert seen == [1, *[0] * (len(pages) - 1)]


@pytest.mark.skipif(os.name == "nt", reason="there the system's shell prints")
def test_a_page_printer_that_hangs_does_not_hold_the_window(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_, let_go = tmp_path / "bin", tmp_path / "let-go"
    bin_.mkdir()
    waits = f"for _ in $(seq 150); do [ -e '{let_go}' ] && exit 0; sleep 0.1; done; exit 1"
    (bin_ / "lp").write_text(f"#!/bin/sh\n{waits}\n")
    (bin_ / "lp").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_}{os.pathsep}{os.environ['PATH']}")
    hands = Counting(window)
    nationality(hands)
    hands.press("F9")
    hands.write("১০০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    hands.chord(Qt.Key.Key_F)
    hands.press("F2")
    assert window.screen_shown.name == "serve"
    assert not let_go.exists()
    let_go.touch()
    hands.wait(lambda: "nationality.pdf" in window.told.text(), "the printer's word")
    assert "প্রিন্টারে গেছে" in window.told.text()
