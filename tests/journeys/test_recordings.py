"""Questions for sound, film and files, and what a form says of its pictures and lists: answered at the counter."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import forms
from forms.compile import compile_one
from kiosk.counter import attach, inside
from kiosk.screens.filing import Attachment
from kiosk.screens.outline import every
from kiosk.screens.questions import Questions
from kiosk.words import words
from tests.conftest import TestClock
from tests.journeys.conftest import TODAY, alone

FORM = """
| survey |  |  |  |  |  |
|  | type | name | label | required | parameters |
|  | audio | voice | কণ্ঠ | yes |  |
|  | video | film | ভিডিও |  |  |
|  | file | any | যেকোনো ফাইল |  |  |
|  | image | plot | জমির ছবি |  | max-pixels=640 |
|  | select_one_from_file crops.csv | crop | ফসল |  |  |
|  | select_multiple_from_file crops.csv | crops | অন্য ফসল |  |  |
| settings |  |  |
|  | form_title | form_id |
|  | রেকর্ডিং | recordings |
"""


def tone(seconds: float = 0.2) -> bytes:
    """A recorded sound, 8,000 samples of 16 bits a second."""
    target = io.BytesIO()
    with wave.open(target, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8_000)
        made.writeframes(bytes(int(16_000 * seconds)))
    return target.getvalue()


def box(kind: bytes, *inside_it: bytes) -> bytes:
    """A box of an MP4 file."""
    body = b"".join(inside_it)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def mp4(brand: bytes, *tracks: bytes) -> bytes:
    """What a phone records: tracks of `soun` or `vide`."""
    handlers = [box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), track, bytes(13)))) for track in tracks]
    return box(b"ftyp", brand, bytes(4)) + box(b"mdat", bytes(400)) + box(b"moov", *handlers)


def picture(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(("body", "kind"), [
    (tone(), ("audio", "wav")),
    (mp4(b"M4A ", b"soun"), ("audio", "m4a")),
    (mp4(b"isom", b"soun"), ("audio", "m4a")),
    (mp4(b"isom", b"vide", b"soun"), ("video", "mp4")),
    (mp4(b"3gp4", b"soun"), ("audio", "3gp")),
    (mp4(b"3gp4", b"soun", b"vide"), ("video", "3gp")),
    (mp4(b"isom"), None),
    (b"\x1aE\xdf\xa3" + bytes(30) + b"\x86\x85V_VP8", ("video", "webm")),
    (b"\x1aE\xdf\xa3" + bytes(30) + b"\x86\x86A_OPUS", ("audio", "webm")),
    (b"OggS" + bytes(24) + b"OpusHead", ("audio", "ogg")),
    (b"OggS" + bytes(24) + b"\x80theora", ("video", "ogv")),
    (b"OggS" + bytes(24), None),
    (b"#!AMR\n" + bytes(30), ("audio", "amr")),
    (b"ID3\x04" + bytes(30), ("audio", "mp3")),
    (b"\xff\xfb\x90\x00", ("audio", "mp3")),
    (b"\xff\xf1\x50\x80", ("audio", "aac")),
    (b"\xff\xfeB\x00o\x00", None),
    (picture(9, 9), None),
    (b"", None),
    (b"MZ" + bytes(60), None),
])
def test_sound_and_film_are_known_by_what_is_inside(body: bytes, kind: tuple[str, str] | None) -> None:
    assert inside.recording(body) == kind


@pytest.fixture
def asking(qapp: QApplication, tmp_path: Path) -> Iterator[Questions]:
    """The form, with the scanner's folder; what is kept is made to fit as at the counter."""
    (tmp_path / "recordings.md").write_text(FORM, encoding="utf-8")
    (tmp_path / "scans").mkdir()
    filling = forms.load(compile_one(tmp_path / "recordings.md").encode()).fill(today=TODAY, now=TestClock()())
    files: dict[str, bytes] = {}

    def keep(ref: str, name: str, body: bytes) -> str:
        asked = next(one for one in every(filling.questions()) if one.ref == ref)
        files[ref], ending = attach.fitted(body, asked.media, longest=asked.max_pixels)
        return f"{Path(name).stem}.{ending}"

    with alone(qapp, Questions(filling, words("bn"), "bn", TODAY, {}, keep, kept=lambda ref: files.get(ref, b""),
                               scans=tmp_path / "scans")) as made:
        yield made


def question(asking: Questions, name: str) -> Attachment:
    field = asking.fields[f"/data/{name}"]
    assert isinstance(field, Attachment)
    return field


def test_a_recording_that_is_required_is_taken_from_the_folder_by_two_keys(asking: Questions, tmp_path: Path) -> None:
    assert "কেবি" in question(asking, "voice").told.text()
    assert [ref for ref, _why in asking.filling.errors("bn")] == ["/data/voice"]
    (tmp_path / "scans" / "কণ্ঠ.m4a").write_bytes(mp4(b"M4A ", b"soun"))
    (tmp_path / "scans" / "page.png").write_bytes(picture(40, 40))
    voice = question(asking, "voice")
    voice.input.setFocus()
    QTest.keyClick(voice.input, Qt.Key.Key_1)
    assert voice.list.count() == 1
    QTest.keyClick(voice.input, Qt.Key.Key_Return)
    assert asking.filling.values()["/data/voice"] == "কণ্ঠ.m4a"
    assert "কণ্ঠ.m4a" in voice.told.text()
    assert asking.filling.errors("bn") == []


def test_what_is_wrong_with_a_recording_is_told_beside_it_and_what_was_kept_stays(
    asking: Questions, tmp_path: Path
) -> None:
    voice, film = question(asking, "voice"), question(asking, "film")
    voice.take_bytes("good.wav", tone())
    for name, body, said in (
        ("voice.m4a", picture(40, 40), "অডিও নয়"), ("film.mp4", mp4(b"isom", b"vide"), "অডিও নয়"),
        ("half.m4a", mp4(b"M4A ", b"soun")[:300], "অসম্পূর্ণ"), ("long.wav", tone(70), "১,০০০ কিলোবাইটের বেশি"),
    ):
        voice.take_bytes(name, body)
        assert said in voice.problem.text(), voice.problem.text()
        assert asking.filling.values()["/data/voice"] == "good.wav"
    film.take_bytes("voice.mp4", mp4(b"isom", b"soun"))
    assert "ভিডিও নয়" in film.problem.text()
    film.take(str(tmp_path / "gone.mp4"))
    assert "পড়া যায়নি" in film.problem.text()
    film.take_bytes("film.mp4", mp4(b"isom", b"vide"))
    assert film.problem.text() == ""


def test_a_file_may_be_a_page_or_a_recording_and_nothing_else(asking: Questions) -> None:
    any_file = question(asking, "any")
    for name, body, kept in (("a.png", picture(40, 40), "a.jpg"), ("b.mp3", b"ID3\x04" + bytes(90), "b.mp3")):
        any_file.take_bytes(name, body)
        assert any_file.value() == kept
    any_file.take_bytes("setup.pdf", b"MZ" + bytes(600))
    assert any_file.problem.text()
    assert any_file.value() == "b.mp3"


def test_a_picture_has_no_more_pixels_at_its_longer_edge_than_the_form_wants(asking: Questions) -> None:
    plot = question(asking, "plot")
    for size, becomes in (((2400, 1800), (640, 480)), ((300, 900), (213, 640)), ((200, 100), (200, 100))):
        plot.take_bytes("plot.png", picture(*size))
        body = plot.ways.kept("/data/plot")
        assert len(body) <= attach.BUDGET
        with Image.open(io.BytesIO(body)) as kept:
            assert kept.size == becomes


def test_a_list_that_has_not_come_says_so_and_what_to_do(asking: Questions) -> None:
    for lang, said in (("bn", "এখনো আসেনি"), ("en", "has not come")):
        asking.speak(lang)
        fields = {field.asked.ref: field for field in asking.sheet.fields()}
        for name in ("crop", "crops"):
            told = fields[f"/data/{name}"].problem.text()
            assert "crops.csv" in told
            assert said in told
    crop = asking.fields["/data/crop"]
    assert crop.edit is not None
    assert "not come" in crop.edit.placeholderText()
