"""Answers as people give them: written, chosen, from the scanner, the webcam, a receiver; doubts that only warn."""

from __future__ import annotations

import io
import os
import pty
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import forms
from forms.compile import compile_one
from kiosk import bangla
from kiosk.counter import attach, gps, scans
from kiosk.counter.records import CounterError
from kiosk.screens.filing import Attachment
from kiosk.screens.inputs import Asked
from kiosk.screens.placing import Place
from kiosk.screens.questions import Questions
from kiosk.words import words
from resources import path
from tests.conftest import TestClock
from tests.forms import fillers
from tests.journeys.conftest import TODAY

GGA = "$GPGGA,043519,2348.6000,N,09024.6000,E,1,08,0.9,8.4,M,46.9,M,,*4C"


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """A picture that does not compress well."""
    target = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(target, kind)
    return target.getvalue()


def answer(asking: Questions, name: str, text: str) -> Asked:
    """Write into a question and press Enter."""
    field = asking.fields[f"/data/{name}"]
    assert field.edit is not None
    field.edit.setFocus()
    field.edit.selectAll()
    for letter in text:
        QTest.sendKeyEvent(QTest.KeyAction.Click, field.edit, Qt.Key(0), letter, Qt.KeyboardModifier.NoModifier)
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    return field


@pytest.mark.parametrize(("name", "text", "kept", "shown"), [
    ("born", "120385", "1985-03-12", "১২ মার্চ ১৯৮৫"),
    ("at", "বিকাল ৩টা", "15:00:00", "১৫:০০"),
    ("at", "930", "09:30:00", "০৯:৩০"),
    ("at", "0930", "09:30:00", "০৯:৩০"),
    ("moment", "12/3/85 14.30", "1985-03-12T14:30:00.000+06:00", "১২ মার্চ ১৯৮৫ ১৪:৩০"),
    ("month", "৩/১৯৮৫", "1985-03-01", "মার্চ ১৯৮৫"),
    ("where", "২৩.৮১, ৯০.৪১", "23.81 90.41", "২৩.৮১ ৯০.৪১"),
    ("nid", "১৯৯০১২৩৪৫৬৭৮৯", "1990123456789", "1990123456789"),
    ("code", "ABC-১২৩", "ABC-123", "ABC-123"),
])
def test_what_is_written_in_any_digits_is_kept_plainly_and_shown_in_bangla(
    asking: Questions, name: str, text: str, kept: str, shown: str
) -> None:
    field = answer(asking, name, text)
    held = asking.filling.values().get(f"/data/{name}") or field.asked.value
    assert held.removesuffix(" 0.0 0.0") == kept
    assert field.value() == shown


def test_a_doubt_warns_while_it_is_typed_and_never_stops(asking: Questions) -> None:
    answer(asking, "born", "12/3/85")
    assert "বয়স ৪১" in asking.fields["/data/born"].problem.text()
    nid = answer(asking, "nid", "19901234567890123")
    assert "১৯৯০" in nid.problem.text()
    assert "১৯৮৫" in nid.problem.text()
    assert nid.problem.property("mood") == "soft"
    answer(asking, "nid", "19851234567890123")
    assert nid.problem.text() == ""
    assert nid.edit is not None
    nid.edit.setFocus()
    QTest.keyClick(nid.edit, Qt.Key.Key_Backspace)
    assert "১৬ অঙ্ক" in nid.problem.text()
    mobile = answer(asking, "mobile", "০১২১২৩৪৫৬৭৮")
    assert "০১৩" in mobile.problem.text()
    answer(asking, "name", "নমুনা")
    assert asking.filling.errors() == []


def test_a_year_that_differs_is_told_once_where_the_form_has_a_note_for_it(qapp: QApplication) -> None:
    """The form's own words stay, the counter's are silent; what else is odd about the number is still said."""
    filling = fillers.opened(path("forms/nationality.xml"), TODAY)
    filling.answer("/data/applicant/identity", "nid")
    asking = Questions(filling, words("bn"), "bn", TODAY, {}, lambda _ref, name, _body: name)
    asking.show()
    answer(asking, "applicant/born_on", "12/3/85")
    nid = answer(asking, "applicant/nid", "19901234567890123")
    assert any(one.ref == "/data/applicant/year_differs" for one in fillers.questions(filling))
    assert nid.problem.text() == ""
    answer(asking, "applicant/nid", "17901234567890123")
    assert "১৭৯০" in nid.problem.text()
    answer(asking, "applicant/nid", "19851234567890123")
    assert not any(one.ref == "/data/applicant/year_differs" for one in fillers.questions(filling))
    assert nid.problem.text() == ""


PLACES = """
| survey |  |  |  |
|  | type | name | label |
|  | select_one_from_file places.csv | place | ইউনিয়ন |
| settings |  |  |
|  | form_title | form_id |
|  | জায়গা | places |
"""


@pytest.fixture
def five_thousand(qapp: QApplication, tmp_path: Path) -> Iterator[Questions]:
    (tmp_path / "places.md").write_text(PLACES, encoding="utf-8")
    rows = [f"u-{number},নমুনা ইউনিয়ন {bangla.digits(str(number))}" for number in range(5_000)]
    csv = "\n".join(["name,label", *rows, "raiganj,রায়গঞ্জ"])
    form = forms.load(compile_one(tmp_path / "places.md").encode(), {"jr://file-csv/places.csv": csv.encode()})
    made = Questions(form.fill(today=TODAY, now=TestClock()()), words("bn"), "bn", TODAY, {}, lambda _r, name, _b: name)
    made.show()
    made.activateWindow()
    yield made
    made.deleteLater()


@pytest.mark.parametrize(("typed", "found"), [
    ("4999", "u-4999"), ("৪৯৯৯", "u-4999"), ("u-4999", "u-4999"), ("রা\u09dfগ", "raiganj"), ("RAIG", "raiganj"),
])
def test_a_list_of_five_thousand_places_finds_by_any_spelling(five_thousand: Questions, typed: str, found: str) -> None:
    answer(five_thousand, "place", typed)
    assert five_thousand.filling.values()["/data/place"] == found


def test_the_scanners_newest_is_taken_by_two_keys(asking: Questions, tmp_path: Path) -> None:
    for age, name in enumerate(("new.jpg", "old.jpg", "notes.txt")):
        file = tmp_path / "scans" / name
        file.write_bytes(picture(60, 60, "JPEG"))
        os.utime(file, (1_700_000_000 - age * 60,) * 2)
    deed = asking.fields["/data/deed"]
    assert isinstance(deed, Attachment)
    deed.input.setFocus()
    QTest.keyClick(deed.input, Qt.Key.Key_1)
    assert [scan.path.name for scan in scans.newest(tmp_path / "scans")] == ["new.jpg", "old.jpg"]
    assert deed.list.count() == 2
    QTest.keyClick(deed.input, Qt.Key.Key_Return)
    assert asking.filling.values()["/data/deed"] == "new.jpg"
    assert "new.jpg" in deed.told.text()
    assert not deed.list.isVisible()
    QTest.keyClick(deed.input, Qt.Key.Key_Delete)
    assert "/data/deed" not in asking.filling.values()


def test_a_scan_that_comes_while_the_list_is_open_comes_up_by_itself(asking: Questions, tmp_path: Path) -> None:
    deed = asking.fields["/data/deed"]
    assert isinstance(deed, Attachment)
    deed.scanner()
    assert deed.list.count() == 0
    assert deed.problem.text()
    (tmp_path / "scans" / "fresh.png").write_bytes(picture(40, 40))
    end = time.monotonic() + 20
    while not deed.list.count() and time.monotonic() < end:
        QTest.qWait(20)
    assert "fresh.png" in deed.list.item(0).text()


def test_without_a_camera_it_says_what_to_do_instead(asking: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = asking.fields["/data/photo"]
    assert isinstance(photo, Attachment)
    monkeypatch.setitem(sys.modules, "cv2", None)
    photo.camera()
    assert "webcam" in photo.problem.text()
    monkeypatch.setitem(sys.modules, "cv2", fake_cv(seen=False))
    photo.camera()
    assert "ক্যামেরা পাওয়া যায়নি" in photo.problem.text()
    assert not photo.lens.is_open()


def test_the_webcams_picture_is_taken_with_enter(asking: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = asking.fields["/data/photo"]
    assert isinstance(photo, Attachment)
    monkeypatch.setitem(sys.modules, "cv2", fake_cv(seen=True))
    photo.input.setFocus()
    QTest.keyClick(photo.input, Qt.Key.Key_3)
    assert photo.lens.is_open()
    QTest.keyClick(photo.input, Qt.Key.Key_Return)
    assert not photo.lens.is_open()
    assert asking.filling.values()["/data/photo"] == "photo.jpg"
    assert photo.thumb.pixmap().width() > 0


def fake_cv(*, seen: bool) -> ModuleType:
    """OpenCV as the camera uses it."""
    made = ModuleType("cv2")

    class VideoCapture:
        def __init__(self, _number: int) -> None:
            self.isOpened = lambda: True
            self.read = lambda: (seen, None)
            self.release = lambda: None

    body = picture(320, 240, "JPEG")
    vars(made).update(
        VideoCapture=VideoCapture, IMWRITE_JPEG_QUALITY=1, imencode=lambda _kind, _frame, _how: (True, body))
    return made


def test_a_scanned_pdf_that_is_too_large_is_made_small_page_for_page() -> None:
    target = io.BytesIO()
    pages = [Image.effect_noise((1240, 1754), 60).convert("RGB") for _page in range(2)]
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], quality=90)
    assert len(target.getvalue()) > attach.BUDGET
    body, ending = attach.shrink(target.getvalue())
    assert ending == "pdf"
    assert len(body) <= attach.BUDGET
    assert body.count(b"/DCTDecode") == 2
    with pytest.raises(CounterError, match="attachment_too_large"):
        attach.shrink(b"%PDF-1.4 " + os.urandom(attach.BUDGET))


def test_a_receiver_at_a_serial_port_answers_for_the_place(asking: Questions) -> None:
    master, slave = pty.openpty()
    told = threading.Event()

    def receiver() -> None:
        while not told.wait(0.05):
            os.write(master, b"$GPRMC,nothing\r\n" + GGA.encode() + b"\r\n")

    threading.Thread(target=receiver, daemon=True).start()
    where = asking.fields["/data/where"]
    assert isinstance(where, Place)
    where.ways = replace(where.ways, place=lambda: gps.fix(os.ttyname(slave)))
    where.input.setFocus()
    QTest.keyClick(where.input, Qt.Key.Key_Down)
    end = time.monotonic() + 20
    while "/data/where" not in asking.filling.values() and time.monotonic() < end:
        QTest.qWait(20)
    told.set()
    assert asking.filling.values()["/data/where"].split()[:2] == ["23.81", "90.41"]


@pytest.mark.parametrize(("sentence", "place"), [
    (GGA, "23.810000 90.410000 8.4 4.5"),
    (GGA.replace("*4C", "*4D"), ""),
    (GGA.replace(",1,08", ",0,00"), ""),
    ("$GPGGA,1,2,3", ""),
    ("", ""),
])
def test_only_a_sound_sentence_with_a_fix_is_a_place(sentence: str, place: str) -> None:
    assert gps.point(sentence) == place


def test_without_a_receiver_it_is_said() -> None:
    with pytest.raises(CounterError, match="no_gps"):
        gps.fix("")
