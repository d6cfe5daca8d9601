"""What an author is told of a form: errors and warnings at their places, and what the form would send."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import Workbook

import forms
from forms import advice, authoring, trial
from forms.compile import sources
from resources import path

_PLACES = "jr://file-csv/places.csv"
_TORN = """\
| survey | | | | | |
| | type | name | label | relevant | calculation | constraint |
| | text | a | A | | | |

| | text | b | B | ${nowhere} = 1 | | |
| | text | c | C | ${a} = ( | | |
| | calculate | d | | | no-such-function(${a}) | |
| | calculate | e | | | ${f} | |
| | calculate | f | | | ${e} | |
| | text | g | G | | | regex(., '[a-') |
| | text | a | Again | | | |
| | texxt | h | H | | | |
| | select_one colour | i | I | | | |
"""


def _file(folder: Path, text: str) -> Path:
    target = folder / "form.md"
    target.write_text(text, encoding="utf-8")
    return target


def _told(file: Path) -> list[tuple[str, int, str]]:
    checked = authoring.check(authoring.read(file))
    assert checked.form is None or not checked.findings
    return [(found.word, found.row, found.column) for found in checked.findings]


def test_every_error_is_told_at_its_line_and_column(tmp_path: Path) -> None:
    assert _told(_file(tmp_path, _TORN)) == [
        ("reference_unknown", 5, "relevant"), ("expression", 6, "relevant"), ("expression", 7, "calculation"),
        ("circle", 8, "calculation"), ("expression", 10, "constraint"), ("name_twice", 11, "name"),
        ("type_unknown", 12, "type"), ("no_list", 13, "type"),
    ]


def test_a_workbook_is_told_by_the_rows_that_excel_shows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for cells in (["type", "name", "label"], [None] * 3, ["text", "a", "A"], [None] * 3, ["text", "1 b", "B"]):
        sheet.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    (tmp_path / "form.xlsx").write_bytes(kept.getvalue())
    assert _told(tmp_path / "form.xlsx") == [("name_shape", 5, "name")]


@pytest.mark.parametrize(("name", "content"), [
    ("form.xlsx", b"not a workbook"), ("form.docx", b""), ("form.md", b"\xff\xfe"), ("form.md", b"no tables at all"),
])
def test_what_is_no_form_is_said_to_be_none(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    try:
        told = _told(tmp_path / name)
    except forms.BadForm:
        return
    assert told


def test_what_will_trouble_whoever_fills_it_in_is_a_warning(tmp_path: Path) -> None:
    source = authoring.read(_file(tmp_path, """\
| survey | | | | | |
| | type | name | label::বাংলা (bn) | label::English (en) | constraint | appearance |
| | text | a | ক | | . != 'x' | multiline |
| | text | b | খ | B | | wobbly w1 |
"""))
    assert [(found.word, found.row, found.column) for found in advice.advise(source)] == [
        ("no_language", 3, "label::English (en)"), ("no_message", 3, "constraint"), ("no_appearance", 4, "appearance"),
    ]
    assert authoring.check(source).findings == ()


def test_a_test_fill_answers_what_is_asked_and_says_where_it_could_not(tmp_path: Path) -> None:
    checked = authoring.check(authoring.read(_file(tmp_path, """\
| survey | | | | | | | |
| | type | name | label | required | relevant | constraint | choice_filter |
| | integer | age | Age | yes | | . > 17 and . < 60 | |
| | select_one d | d | District | yes | | | |
| | select_one u | u | Upazila | yes | | | d = ${d} |
| | text | spouse | Spouse | yes | ${age} > 17 | | |
| | text | odd | Odd | yes | | . = 'nobody guesses this' | |
| | begin_repeat | child | Child | | | | |
| | text | name | Name | yes | | | |
| | end_repeat | | | | | | |
| choices | | | |
| | list_name | name | label | d |
| | d | d1 | D1 | |
| | u | u1 | U1 | d1 |
| | u | u2 | U2 | d2 |
""")))
    assert checked.form is not None
    tried = trial.fill(checked.form)
    assert [ref for ref, _said in tried.unanswered] == ["/data/odd"]
    sent = etree.fromstring(tried.filling.submission())
    assert {name: sent.findtext(name) for name in ("age", "u", "spouse", "child/name")} == {
        "age": "18", "u": "u1", "spouse": "নমুনা", "child/name": "নমুনা"}


@pytest.mark.parametrize("source", sources(), ids=lambda file: file.stem)
def test_every_service_form_is_sound_and_can_be_filled_in(source: Path) -> None:
    checked = authoring.check(authoring.read(source), {_PLACES: path("packs/places.csv").read_bytes()})
    assert checked.findings == checked.absent == ()
    assert checked.form is not None
    tried = trial.fill(checked.form)
    assert not any("/address/" in ref for ref, _said in tried.unanswered)
    assert etree.fromstring(tried.filling.submission()).get("id") == source.stem
