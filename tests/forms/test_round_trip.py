"""Nothing is lost: from text to workbook to XForm, and of an instance through draft, submission and edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

import forms
from forms import authoring, compile, sheets, trial, workbook
from forms.compile import sources
from resources import path
from tests.forms.test_forms import _EVERY_TYPE

_LISTS = {"jr://file-csv/places.csv": path("packs/places.csv").read_bytes()}
_EVERY = f"{_EVERY_TYPE}\n| settings |\n| | form_id |\n| | every |"


def _forms() -> dict[str, sheets.Sheets]:
    written = {file.stem: compile.whole(sheets.read(file.read_text(encoding="utf-8"))) for file in sources()}
    return {"every": sheets.read(_EVERY), **written}


FORMS = _forms()


@pytest.mark.parametrize("name", FORMS)
def test_a_workbook_gives_the_same_xform_as_the_text_that_it_was_made_of(name: str) -> None:
    assert compile.to_xform(workbook.read(workbook.write(FORMS[name]))) == compile.to_xform(FORMS[name])


@pytest.mark.parametrize("name", FORMS)
def test_an_instance_comes_through_draft_submission_and_edit_as_it_was(name: str) -> None:
    form = forms.load(compile.to_xform(FORMS[name]).encode(), _LISTS)
    filling = trial.fill(form).filling
    sent = filling.submission()
    assert form.restore(sent, today=trial.TODAY, now=trial.LATER).submission() == sent
    assert form.fill(filling.draft(), today=trial.TODAY, now=trial.LATER).values() == filling.values()
    edited = form.edit(sent, today=trial.TODAY, now=trial.LATER).submission()
    assert _answers(edited) == _answers(sent)


def _answers(instance: bytes) -> list[tuple[str, str]]:
    """Every answer with its path, but for the names of the instance."""
    tree = etree.fromstring(instance).getroottree()
    return [(tree.getpath(node), node.text or "") for node in tree.iter() if not len(node)
            and etree.QName(node).localname not in {"instanceID", "deprecatedID"}]


def test_what_the_author_reads_of_a_workbook_and_of_its_text_is_the_same(tmp_path: Path) -> None:
    for name in ("every", "heirs", "passport"):
        form = FORMS[name]
        (tmp_path / f"{name}.xlsx").write_bytes(workbook.write(form))
        (tmp_path / f"{name}.md").write_text(sheets.write(form), encoding="utf-8")
        book, text = (authoring.read(tmp_path / f"{name}.{kind}") for kind in ("xlsx", "md"))
        assert [row.get("name") for row in book.sheets["survey"]] == [row.get("name") for row in text.sheets["survey"]]
        assert authoring.check(book, _LISTS).findings == ()
