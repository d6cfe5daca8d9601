"""`udc-kiosk forms check`: what an author sees of a form, on the terminal and in the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QImage

from kiosk.cli import main
from resources import path
from tests.journeys.pictured import picture


def test_a_sound_form_is_shown_as_pictures_and_paper_with_what_it_would_send(
    qapp: object, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["forms", "check", str(path("forms/heirs.md")), "--out", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == ["heirs-filled.png", "heirs-submission.xml", "heirs.pdf", "heirs.png", "heirs.xml"]
    assert told["submission"].startswith('<data id="heirs"')
    for name in ("heirs.png", "heirs-filled.png"):
        picture = QImage(str(tmp_path / name))
        assert picture.height() > 400
        assert len({picture.pixel(x, y) for x in range(0, 800, 7) for y in range(0, 400, 7)}) > 5
    text = pypdfium2.PdfDocument((tmp_path / "heirs.pdf").read_bytes())[0].get_textpage().get_text_range()
    assert "ওয়ারিশ" in text


def test_a_torn_form_is_told_with_its_line_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "torn.md"
    file.write_text("| survey |\n| | type | name | label | relevant |\n| | text | a | A | 1 + |\n", encoding="utf-8")
    assert main(["forms", "check", str(file), "--out", str(tmp_path / "out")]) == 1
    seen = capsys.readouterr()
    assert json.loads(seen.out)["errors"] == 1
    assert "ত্রুটি: survey পাতা, সারি ৩, কলাম relevant" in seen.err
    assert "Error: sheet survey, row 3, column relevant: The expression ‘1 +’ is wrong" in seen.err
    assert not (tmp_path / "out").exists()


def test_a_missing_picture_is_told_with_its_line_and_the_others_are_in_the_preview(
    qapp: object, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    form = tmp_path / "x.md"
    form.write_text("| survey |\n| | type | name | label | image |\n| | note | a | A | Here.png |\n"
                    "| | note | b | B | gone.png |\n", encoding="utf-8")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "here.png").write_bytes(picture("#355c8a"))
    assert main(["forms", "check", str(form), "--out", str(tmp_path / "out")]) == 0
    seen = capsys.readouterr()
    assert "Warning: sheet survey, row 4, column image: The file ‘gone.png’ is not beside the form." in seen.err
    assert "সারি ৪, কলাম image: ‘gone.png’ ফাইলটি ফরমের পাশে নেই।" in seen.err
    drawn = QImage(str(tmp_path / "out" / "x.png"))
    assert "#355c8a" in {drawn.pixelColor(60, y).name() for y in range(drawn.height())}


def test_what_is_no_form_is_refused_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "form.docx").write_bytes(b"")
    assert main(["forms", "check", str(tmp_path / "form.docx")]) == 2
    assert ".xlsx" in capsys.readouterr().err
