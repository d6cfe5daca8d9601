"""Whatever pyxform makes a form of is loaded, filled and sent; nothing of it is lost on its way through a workbook."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

import forms
from forms import authoring, compile, sheets, trial, unmet, workbook
from forms.sheets import Row, Sheets
from tests.forms.every_type import COLUMNS, LISTS, OTHERS, PARAMETERS, SETTINGS, TYPES, is_asked, of

TODAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, 4, tzinfo=UTC)
_Q: Row = {"type": "text", "name": "q", "label": "Q"}
_OTHER: Row = {"type": "text", "name": "other", "label": "Other"}


def through(form: Sheets, folder: Path) -> bytes:
    """The form's XForm, after it went out to a workbook and text and came in again with nothing lost."""
    xform = compile.to_xform(form)
    assert workbook.read(workbook.write(form)) == form
    assert sheets.read(sheets.write(form)) == form
    for ending, body in ((".xlsx", workbook.write(form)), (".md", sheets.write(form).encode())):
        file = folder / f"probe{ending}"
        file.write_bytes(body)
        checked = authoring.check(authoring.read(file), LISTS)
        assert checked.findings == ()
        assert _bare(checked.xform) == _bare(xform)
    return xform.encode()


def _bare(xform: str) -> bytes:
    """Without the white space that pretty printing puts in."""
    tree = etree.fromstring(xform.encode(), etree.XMLParser(remove_blank_text=True))
    return bytes(etree.tostring(tree, method="c14n"))


def sent(xform: bytes) -> etree._Element:
    """What a form sends that was filled in by trying; it comes through draft and edit as it was."""
    form = forms.load(xform, LISTS)
    filling = trial.fill(form).filling
    assert filling.errors() == []
    body = filling.submission()
    assert form.fill(filling.draft(), today=trial.TODAY, now=trial.LATER).values() == filling.values()
    assert form.restore(body, today=trial.TODAY, now=trial.LATER).submission() == body
    return etree.fromstring(body)


@pytest.mark.parametrize("kind", TYPES)
def test_a_form_of_every_type_is_kept_filled_and_sent(kind: str, tmp_path: Path) -> None:
    xform = through(TYPES[kind], tmp_path)
    answered = sent(xform)
    assert answered.get("id") == "probe"
    asked = trial.every(trial.fill(forms.load(xform, LISTS)).filling.questions())
    assert any(one.ref.endswith("/q") for one in asked) is is_asked(kind)


@pytest.mark.parametrize(("column", "cell", "held"), COLUMNS)
def test_every_column_is_kept_and_loads(column: str, cell: str, held: str, tmp_path: Path) -> None:
    form = of(_OTHER, {**_Q, column: cell, **({"calculation": "1"} if column == "trigger" else {})})
    xform = through(form, tmp_path)
    assert held in xform.decode()
    sent(xform)


@pytest.mark.parametrize(("column", "cell", "held"), SETTINGS)
def test_every_setting_is_kept_and_loads(column: str, cell: str, held: str, tmp_path: Path) -> None:
    label = {"label::Bangla (bn)": "প্রশ্ন"} if column == "default_language" else {}
    xform = through(of({**_Q, **label}, settings={column: cell}), tmp_path)
    assert held in xform.decode()
    sent(xform)


@pytest.mark.parametrize(("kind", "parameters", "held"), PARAMETERS)
def test_every_parameter_is_kept_and_loads(kind: str, parameters: str, held: str, tmp_path: Path) -> None:
    number: Row = {"type": "integer", "name": "other", "label": "Other"}
    xform = through(of(number, {"type": kind, "name": "q", "label": "Q", "parameters": parameters}), tmp_path)
    assert held in xform.decode()
    sent(xform)


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_construct_is_kept_and_loads(name: str, tmp_path: Path) -> None:
    sent(through(OTHERS[name], tmp_path))


def test_the_head_of_a_table_of_choices_is_nothing_to_answer() -> None:
    filling = forms.load(compile.to_xform(OTHERS["a table of choices"]).encode()).fill(today=TODAY, now=NOW)
    kinds = [part.kind for part in filling.questions() if isinstance(part, forms.Question)]
    assert kinds == ["note", "note", "select1", "select1"]  # its title, its head


def test_a_hints_guidance_is_at_hand_in_both_languages() -> None:
    form = of({**_Q, "hint::Bangla (bn)": "ছোট", "guidance_hint::Bangla (bn)": "বিশদ",
               "guidance_hint::English (en)": "In full"})
    filling = forms.load(compile.to_xform(form).encode()).fill(today=TODAY, now=NOW)
    told = [one.guidance for lang in ("bn", "en") for one in trial.every(filling.questions(lang))]
    assert told == ["বিশদ", "In full"]


UNMET = {
    "background-audio": "unmet_quiet", "start-geopoint": "unmet_quiet", "audit": "unmet_quiet", "osm c": "unmet_type",
    "audio": "", "video": "", "q audio": "", "add video prompt": "",
    "select_one_external": "unmet_external", "text": "", "image": "", "rank c": "",
}


@pytest.mark.parametrize(("kind", "word"), UNMET.items())
def test_an_author_is_told_what_a_counter_does_not_do(kind: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "probe.md").write_text(sheets.write(TYPES[kind]), encoding="utf-8")
    assert [one.word for one in unmet.tell(authoring.read(tmp_path / "probe.md"))] == ([word] if word else [])


def test_an_author_is_told_of_settings_that_do_nothing_here_and_of_what_could_never_be_answered(tmp_path: Path) -> None:
    form = of({"type": "osm c", "name": "q", "label": "Q", "required": "yes"},
              settings={"public_key": "MIIB", "auto_send": "true"})
    (tmp_path / "probe.xlsx").write_bytes(workbook.write(form))
    found = unmet.tell(authoring.read(tmp_path / "probe.xlsx"))
    assert [(one.word, one.sheet, one.row) for one in found] == [
        ("unmet_required", "survey", 2), ("unmet_key", "settings", 2), ("unmet_sending", "settings", 2)]
