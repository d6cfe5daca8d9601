"""Pictures, sound and film that go with words: by language, of choices, out of lists, and what an author is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyxform.xls2xform import convert

import forms
from forms import authoring, compile, enclosed, exchange, sheets, workbook
from forms.media import LARGEST
from tests.forms.xforms import NOW, TODAY
from tests.journeys.pictured import FILES, PICTURED

CSV = b"name,label,image\nn1,One,one.png\nn2,Two,\nn3,Three,12\nn4,Four,jr://images/four.jpg\n"
LISTED = """
| survey |
| | type | name | label |
| | select_one_from_file places.csv | place | Place |
"""


def asked(filling: forms.Filling, lang: str) -> dict[str, forms.Question]:
    return {part.ref: part for part in filling.questions(lang) if isinstance(part, forms.Question)}


@pytest.fixture
def filling() -> forms.Filling:
    return forms.load(convert(xlsform=PICTURED, file_type=".md").xform.encode()).fill(today=TODAY, now=NOW)


def test_a_labels_files_come_in_the_language_that_is_shown(filling: forms.Filling) -> None:
    bangla, english = asked(filling, "bn"), asked(filling, "en")
    assert bangla["/data/field/plot"].files == forms.Media("plot_bn.png", "plot_big.png")
    assert english["/data/field/plot"].files.image == "plot_en.png"
    assert bangla["/data/field/read"].files == forms.Media(audio="read.mp3")
    assert not bangla["/data/sure"].files


def test_a_groups_picture_stands_with_its_heading(filling: forms.Filling) -> None:
    [heading] = [part for part in filling.questions("en") if isinstance(part, forms.Heading)]
    assert heading == forms.Heading("The field", forms.Media("field.png"))


def test_choices_have_their_pictures_in_order_and_a_list_without_any_has_none(filling: forms.Filling) -> None:
    crops = asked(filling, "bn")["/data/main"]
    names = ["rice.png", "jute.png", "wheat.png", "lost.png", "", "broken.png"]
    assert [one.image for one in crops.choice_files] == names
    assert len(crops.choices) == len(crops.choice_files)
    assert asked(filling, "bn")["/data/sure"].choice_files == ()


def test_a_list_beside_the_form_brings_pictures_in_a_column() -> None:
    form = forms.load(convert(xlsform=LISTED, file_type=".md").xform.encode(), {"jr://file-csv/places.csv": CSV})
    place = asked(form.fill(today=TODAY, now=NOW), "bn")["/data/place"]
    assert [label for _name, label in place.choices] == ["One", "Two", "Three", "Four"]
    assert [one.image for one in place.choice_files] == ["one.png", "", "", "four.jpg"]


def test_a_repeats_picture_and_a_choice_of_nothing_but_a_picture() -> None:
    written = "\n".join((
        "| survey |", "| | type | name | label | media::image |", "| | begin_repeat | row | Rows | row.png |",
        "| | select_one c | a | A | |", "| | end_repeat | | | |", "| choices |",
        "| | list_name | name | label | image |",
        "| | c | x | | x.png |", "| | c | y | Y | |",
    ))
    [rows] = forms.load(convert(xlsform=written, file_type=".md").xform.encode()).fill(today=TODAY, now=NOW).questions()
    assert isinstance(rows, forms.Repeat)
    assert rows.files.image == "row.png"
    assert [(label, one.image) for (_name, label), one in zip(
        rows.rows[0][0].choices, rows.rows[0][0].choice_files, strict=True)] == [("", "x.png"), ("Y", "")]


def written(folder: Path) -> Path:
    """The form with pictures in `folder`, most of its files beside it or in `media`."""
    form = folder / "pictured.md"
    form.write_text(PICTURED, encoding="utf-8")
    (folder / "media").mkdir()
    for number, (name, body) in enumerate(FILES.items()):
        (folder / ("media" if number % 2 else ".") / name).write_bytes(body)
    return form


def test_an_author_is_told_of_each_file_that_is_missing_with_its_row(tmp_path: Path) -> None:
    form = written(tmp_path)
    found = enclosed.tell(authoring.read(form), enclosed.beside(form))
    lines = PICTURED.splitlines()
    assert [(one.word, one.sheet, one.facts["file"], one.column) for one in found] == [
        ("no_media", "survey", "read.mp3", "audio"),
        ("no_media", "survey", "gone.png", "image::বাংলা (bn)"),
        ("no_media", "survey", "gone.png", "image::English (en)"),
        ("no_media", "choices", "lost.png", "image::বাংলা (bn)"),
        ("no_media", "choices", "lost.png", "image::English (en)"),
    ]
    assert all(one.facts["file"] in lines[one.row - 1] for one in found)


def test_an_author_is_told_of_what_could_not_be_shown_or_sent(tmp_path: Path) -> None:
    form = tmp_path / "x.md"
    names = ("large.png", "drawing.svg", "ছবি.png", "../up.png", "fine.png", "link.png")
    rows = "\n".join(f"| | note | n{number} | N | {name} |" for number, name in enumerate(names))
    form.write_text(f"| survey |\n| | type | name | label | media::image |\n{rows}\n", encoding="utf-8")
    for name, size in (("large.png", LARGEST + 1), ("drawing.svg", 1), ("fine.png", 1)):
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "link.png").symlink_to(tmp_path / "fine.png")
    found = enclosed.tell(authoring.read(form), enclosed.beside(form))
    assert [(one.word, one.row) for one in found] == [
        ("large_media", 3), ("odd_media", 4), ("media_name", 5), ("media_name", 6), ("no_media", 8)]


def test_media_columns_go_out_to_a_workbook_and_come_back_with_their_files(tmp_path: Path) -> None:
    form = sheets.read(PICTURED)
    assert workbook.read(workbook.write(form)) == form
    assert compile.to_xform(workbook.read(workbook.write(form))) == compile.to_xform(form)
    source = written(tmp_path)
    book = tmp_path / "out" / "pictured.xlsx"
    book.parent.mkdir()
    book.write_bytes(workbook.write(form))
    assert "rice.png" in enclosed.bring(form, source, book)
    home = tmp_path / "home"
    home.mkdir()
    taken = exchange.take_in(book, home)
    assert sheets.read(taken.text.read_text(encoding="utf-8")) == form
    came = {file.name: file.read_bytes() for file in (home / "media").iterdir()}
    assert came == FILES
