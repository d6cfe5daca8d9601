"""The country's service forms: compiled from their text, in two languages, to be filled in, refusing what is wrong."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from lxml import etree

import forms
from forms import sheets
from forms.compile import compile_one, shaped, sources, whole
from forms.filling import Filling
from forms.shown import SAYS
from resources import path
from tests.forms import fillers

NAMES = [source.stem for source in sources()]
SERVICES = {row["form_id"]: row for row in csv.DictReader(
    path("packs/services.csv").read_text(encoding="utf-8").splitlines())}
FEES = list(csv.DictReader(path("packs/fees.csv").read_text(encoding="utf-8").splitlines()))
BANGLA, ENGLISH = "বাংলা (bn)", "English (en)"
BORN_EARLY = {"old_age": "1955-01-01", "married": "1990-01-01"}
# What must stand elsewhere for an answer to be wrong.
WRONG_BESIDE = {
    "/data/details/applicant_is": ("/data/born_on", "2015-01-01"),
    "/data/sex": ("/data/applicant/born_on", "1963-01-01"),
}
each = pytest.mark.parametrize("name", NAMES)


def text(name: str) -> Path:
    return path(f"forms/{name}.md")


def read(name: str) -> sheets.Sheets:
    return whole(sheets.read(text(name).read_text(encoding="utf-8")))


def begun(name: str) -> Filling:
    filling = fillers.opened(path(f"forms/{name}.xml"))
    if name in BORN_EARLY:
        filling.answer("/data/applicant/born_on", BORN_EARLY[name])
    return filling


def test_each_of_the_47_services_has_its_form_and_each_form_its_service() -> None:
    assert len(NAMES) == 47
    assert set(NAMES) == set(SERVICES)
    assert all(form == row["id"].replace("-", "_") for form, row in SERVICES.items())


@each
def test_the_text_is_in_its_usual_shape_and_the_xform_is_what_it_compiles_to(name: str) -> None:
    written = text(name).read_text(encoding="utf-8")
    assert shaped(sheets.read(written)) == written
    assert path(f"forms/{name}.xml").read_text(encoding="utf-8") == compile_one(text(name))


@each
def test_every_label_hint_message_and_choice_is_in_both_languages(name: str) -> None:
    found = etree.fromstring(path(f"forms/{name}.xml").read_bytes())
    spoken = {each_one.get("lang"): {item.get("id"): "".join(map(str, item.itertext())).strip() for item in each_one}
              for each_one in found.iter("{*}translation")}
    assert set(spoken) == {BANGLA, ENGLISH}
    assert spoken[BANGLA].keys() == spoken[ENGLISH].keys()
    assert all(words and words != "-" for said in spoken.values() for words in said.values())
    assert all(re.search("[\u0980-\u09ff]", words) for words in spoken[BANGLA].values())
    assert not any(re.search("[\u0980-\u09ff]", words) for words in spoken[ENGLISH].values())
    filling = fillers.opened(path(f"forms/{name}.xml"))
    assert all(asked.label for asked in fillers.questions(filling))


@each
def test_every_list_that_is_asked_from_is_there(name: str) -> None:
    form = forms.load(path(f"forms/{name}.xml").read_bytes(), fillers.PLACES)
    assert all(listed.children for listed in form.definition.lists.values())
    for asked in fillers.questions(begun(name)):
        waits = asked.ref.rpartition("/")[2] in ("district", "upazila", "union")
        assert asked.choices or waits or asked.kind not in ("select", "select1")


@each
@pytest.mark.parametrize("everything", [False, True])
def test_it_can_be_filled_in_and_sent(name: str, everything: bool) -> None:
    filling = begun(name)
    assert fillers.complete(filling, everything=everything) == []
    root = etree.fromstring(filling.submission("uuid:sample"))
    assert root.get("id") == name
    assert root.findtext("meta/instanceID") == "uuid:sample"
    assert forms.load(path(f"forms/{name}.xml").read_bytes(), fillers.PLACES).restore(
        filling.draft(), today=fillers.TODAY, now=fillers.NOW).errors() == []


@each
def test_a_wrong_answer_is_refused_with_the_forms_own_words_in_the_operators_language(name: str) -> None:
    filling = begun(name)
    fillers.complete(filling, everything=True)
    tried = list(fillers.constrained(filling))
    assert tried
    for asked, place in tried:
        right = filling.look(asked.ref).value
        beside, value = WRONG_BESIDE.get(asked.ref, ("", ""))
        before = filling.look(beside).value if beside else ""
        if beside:
            filling.answer(beside, value)
        assert refused(filling, asked), f"nothing wrong was found to answer at {asked.ref}"
        said = [dict(filling.errors(lang))[asked.ref] for lang in ("bn", "en")]
        assert not said[0].isascii(), place.path
        assert said[1].isascii(), place.path
        assert said[0] not in SAYS["constraint"].values()
        filling.answer(asked.ref, right)
        if beside:
            filling.answer(beside, before)


def refused(filling: Filling, asked: forms.Question) -> bool:
    """Whether a wrong answer is found and refused; it is left standing."""
    values = [value for value, _label in asked.choices]
    for value in (*values, " ".join(values)) if values else fillers.WRONG[asked.kind]:
        filling.answer(asked.ref, value)
        if filling.look(asked.ref).wrong == "constraint":
            return True
    return False


@each
def test_the_papers_that_are_ticked_are_those_that_the_service_names(name: str) -> None:
    form = read(name)
    ticked = any(row.get("name") == "papers" for row in form["survey"])
    listed = [row[f"label::{BANGLA}"] for row in form["choices"] if row["list_name"] == "paper"] if ticked else []
    assert listed == [paper for paper in SERVICES[name]["papers"].split(";") if paper]
    assert listed or SERVICES[name]["facts"]


@each
def test_the_fee_that_a_form_decides_is_one_that_the_service_has(name: str) -> None:
    variants = {row["variant"] or "base" for row in FEES
                if row["service_id"] == SERVICES[name]["id"] and not row["office"]}
    form = read(name)
    asked = {row["name"] for row in form.get("choices", ()) if row["list_name"] == "fee_variant"}
    decides = [row for row in form["survey"] if row.get("name") == "fee_variant"]
    assert asked <= variants
    if len(variants) > 1:
        assert decides or name.startswith("trade_"), "a capital slab is the office's own"
    if asked:
        assert asked == variants


@each
def test_a_form_asks_for_what_a_portal_needs(name: str) -> None:
    """domain.md 3.1: who applies and a mobile, an identity, the place."""
    names = {row["name"] for row in read(name)["survey"] if "name" in row}
    assert {"name", "mobile"} <= names
    assert {"division", "district", "upazila"} <= names
    assert names & {"nid", "brn"}
