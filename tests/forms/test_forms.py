"""The three service forms and the engine under them: asked as they should be, kept as typed, sent as OpenRosa XML."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import forms
from forms.compile import compile_one
from forms.filling import Filling
from resources import path

NAMES = ("nationality", "heirs", "trade_licence")
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def fill(name: str, draft: bytes | None = None) -> Filling:
    form = forms.load(path(f"forms/{name}.xml").read_bytes())
    return form.fill(draft, today=date(2026, 11, 23), now=NOW)


def asked(filling: Filling) -> dict[str, forms.Question]:
    found: dict[str, forms.Question] = {}
    for part in filling.questions("bn"):
        rows = part.rows if isinstance(part, forms.Repeat) else ((part,),)
        found |= {one.ref: one for row in rows for one in row if isinstance(one, forms.Question)}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_form_is_the_one_that_was_written(name: str) -> None:
    assert path(f"forms/{name}.xml").read_text(encoding="utf-8") == compile_one(path(f"forms/{name}.md"))


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_asked_in_both_languages(name: str) -> None:
    filling = fill(name)
    bangla, english = ([part.label for part in filling.questions(lang)] for lang in ("bn", "en"))
    assert len(bangla) == len(english)
    assert all(label and label.isascii() for label in english)
    assert not any(label.isascii() for label in bangla)


def test_the_proof_of_identity_decides_which_number_is_asked() -> None:
    filling = fill("nationality")
    assert "/data/applicant/nid" not in asked(filling)
    filling.answer("/data/applicant/identity", "nid")
    assert "/data/applicant/nid" in asked(filling)
    filling.answer("/data/applicant/identity", "brn")
    assert "/data/applicant/nid" not in asked(filling)
    assert "/data/applicant/brn" in asked(filling)


@pytest.mark.parametrize(("typed", "right"), [
    ("১২৩৪৫৬৭৮৯০", True), ("1234567890123", True), ("19901234567890123", True), ("123", False), ("12345678901", False),
    ("abc", False),
])
def test_an_nid_has_ten_thirteen_or_seventeen_digits_in_either_script(typed: str, right: bool) -> None:
    filling = fill("heirs")
    filling.answer("/data/heir/nid", typed)
    assert (asked(filling)["/data/heir/nid"].error == "") is right


def test_bangla_digits_are_kept_as_ascii() -> None:
    filling = fill("nationality")
    filling.answer("/data/address/ward", "৩")
    assert asked(filling)["/data/address/ward"].value == "3"


def test_a_death_cannot_be_after_today() -> None:
    filling = fill("heirs")
    filling.answer("/data/deceased/died_on", "2026-11-24")
    assert asked(filling)["/data/deceased/died_on"].error
    filling.answer("/data/deceased/died_on", "২০২৬-১১-২৩")
    assert not asked(filling)["/data/deceased/died_on"].error


def test_heirs_are_added_removed_and_counted() -> None:
    filling = fill("heirs")
    filling.answer("/data/heir/name", "নমুনা এক")
    filling.add_repeat("/data/heir")
    filling.answer("/data/heir[2]/name", "নমুনা দুই")
    assert b"<heir_count>2</heir_count>" in filling.draft()
    filling.remove_repeat("/data/heir", 0)
    assert asked(filling)["/data/heir/name"].value == "নমুনা দুই"
    filling.remove_repeat("/data/heir", 0)
    assert asked(filling)["/data/heir/name"].value == ""


def test_a_draft_goes_on_where_it_stopped_and_one_of_another_form_is_begun_anew() -> None:
    filling = fill("heirs")
    filling.answer("/data/deceased/name", "নমুনা")
    assert asked(fill("heirs", filling.draft()))["/data/deceased/name"].value == "নমুনা"
    assert fill("nationality", b"<data version='0'/>").errors()
    assert fill("nationality", b"not xml").errors()


def test_a_submission_leaves_out_what_was_not_asked() -> None:
    filling = fill("nationality")
    filling.answer("/data/applicant/identity", "brn")
    root = etree.fromstring(filling.submission("uuid:sample"))
    assert root.get("id") == "nationality"
    assert root.findtext("meta/instanceID") == "uuid:sample"
    assert root.find("applicant/nid") is None
    assert root.find("applicant/brn") is not None


def test_what_is_required_is_said_in_order() -> None:
    wrong = [ref for ref, _said in fill("nationality").errors()]
    assert wrong[:2] == ["/data/applicant/name", "/data/applicant/father"]


@pytest.mark.parametrize("xml", [
    b"", b"<html/>", b"not xml",
    b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    b"<a>" * 100 + b"</a>" * 100, b"<a>" + b"x" * 5_000_001 + b"</a>",
])
def test_a_hostile_or_broken_form_is_refused(xml: bytes) -> None:
    with pytest.raises(forms.BadForm):
        forms.load(xml)


def test_an_expression_that_cannot_be_read_names_its_place() -> None:
    broken = path("forms/heirs.xml").read_bytes().replace(b". &lt;= today()", b". &lt;= today(", 1)
    with pytest.raises(forms.BadForm, match="constraint"):
        forms.load(broken)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_any_text_survives_draft_and_submission(text: str) -> None:
    filling = fill("nationality")
    filling.answer("/data/applicant/name", text)
    value = asked(filling)["/data/applicant/name"].value
    again = fill("nationality", filling.draft())
    assert asked(again)["/data/applicant/name"].value == value
    assert (etree.fromstring(filling.submission("uuid:s")).findtext("applicant/name") or "") == value


_EVERY_TYPE = "\n".join((
    "| survey | | | | | | | |",
    "| | type | name | label | calculation | constraint | parameters | choice_filter | default |",
    "| | start | start | | | | | | |", "| | end | end | | | | | | |", "| | today | today | | | | | | |",
    "| | text | name | Name | | | | | |", "| | integer | age | Age | | . < 150 | | | 18 |",
    "| | decimal | weight | Weight | | | | | |", "| | range | size | Size | | | start=0 end=10 step=2 | | |",
    "| | select_one colour | one | One | | | | | |",
    "| | select_multiple colour | many | Many | | | randomize=true seed=42 | | |",
    "| | rank colour | ranked | Rank | | | | | |", "| | note | note | Hello ${name} | | | | | |",
    "| | geopoint | point | Point | | | | | |", "| | geotrace | trace | Trace | | | | | |",
    "| | geoshape | shape | Shape | | | | | |", "| | date | day | Day | | . <= today() | | | |",
    "| | time | hour | Hour | | | | | |", "| | dateTime | when | When | | | | | now() |",
    "| | image | image | Image | | | | | |", "| | audio | audio | Audio | | | | | |",
    "| | video | video | Video | | | | | |", "| | file | file | File | | | | | |",
    "| | barcode | code | Code | | | | | |", "| | acknowledge | ok | OK | | | | | |",
    "| | hidden | hidden | | | | | | |",
    "| | calculate | chosen | | jr:choice-name(${one}, '${one}') | | | | |",
    "| | begin repeat | row | Row | | | | | |", "| | text | in_row | In | | | | | |", "| | end repeat | | | | | | | |",
    "| | select_one ${in_row} | of_rows | Of rows | | | | | |",
    "| choices | | | |", "| | list_name | name | label |", "| | colour | red | Red |", "| | colour | blue | Blue |",
))


def test_a_form_of_every_question_type_is_filled_kept_and_sent() -> None:
    from pyxform.xls2xform import convert

    xml = convert(xlsform=_EVERY_TYPE, file_type=".md").xform.encode()
    form = forms.load(xml)
    filling = form.fill(today=date(2026, 11, 23), now=NOW)
    given = {"name": "রহিম", "age": "30", "weight": "61.5", "size": "4", "one": "red", "many": "red blue",
             "ranked": "blue red", "point": "23.8 90.4", "day": "2026-11-22", "hour": "14:30:00", "ok": "OK",
             "row/in_row": "ক", "of_rows": "ক"}
    for name, value in given.items():
        filling.answer(f"/data/{name}", value)
    assert filling.errors() == []
    assert filling.look("/data/chosen").value == "Red"
    assert filling.look("/data/note").label.strip() == "Hello রহিম"
    assert form.fill(filling.draft(), today=date(2026, 11, 23), now=NOW).values() == filling.values()
    sent = etree.fromstring(filling.submission("uuid:sample"))
    assert {name: sent.findtext(name) for name in given if name != "many"} == {
        name: value for name, value in given.items() if name != "many"}
    assert set((sent.findtext("many") or "").split()) == {"red", "blue"}
