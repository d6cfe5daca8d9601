"""The pack of places: cleaned by a repeatable conversion, whole from division to union, found by both names."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyxform.xls2xform import convert

import forms
from kiosk.catalogue import packs, places
from kiosk.catalogue.packs import PackError
from resources import path
from tests.kiosk.catalogue_tools import SHIPPED, spoilt

ROWS = list(csv.DictReader(path("packs/places.csv").read_text(encoding="utf-8").splitlines()))
NAMES = {row["name"]: row for row in ROWS}
CASCADE = """
| survey |
| | type | name | label | choice_filter |
| | select_one_from_file places.csv | division | Division | parent='0' |
| | select_one_from_file places.csv | district | District | parent=current()/../division |
| | select_one_from_file places.csv | upazila | Upazila | parent=current()/../district |
| | select_one_from_file places.csv | union | Union | parent=current()/../upazila |
| settings |
| | form_id |
| | cascade |
"""


def below(name: str) -> list[str]:
    return [row["label"] for row in ROWS if row["parent"] == name]


def test_the_country_is_there_from_eight_divisions_down_to_its_unions() -> None:
    assert Counter(row["name"][0] for row in ROWS) == {"d": 8, "z": 64, "u": 495, "n": 4542}
    level = {"d": "0", "z": "d", "u": "z", "n": "u"}
    assert all(row["parent"][:1] in (level[row["name"][0]], "-") for row in ROWS)


def test_no_place_is_without_what_lies_in_it() -> None:
    assert not [row["label"] for row in ROWS if row["name"][0] != "n" and not below(row["name"])]


def test_a_name_is_written_in_one_way_only_and_without_unseen_marks() -> None:
    for row in ROWS:
        assert row["label"] == " ".join(row["label"].split())
        assert unicodedata.is_normalized("NFC", row["label"])
        assert not set(row["label"]) & {"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\ufeff", "\u09df"}
        bangla, english = row["label"].split(" · ")
        assert english.isascii()
        assert not bangla.isascii()


def test_upazilas_made_since_have_their_unions_and_the_old_ones_have_them_no_more() -> None:
    made = {"u96": 3, "u149": 5, "u492": 5, "u493": 4, "u494": 5, "u495": 3}
    assert {name: len(below(name)) for name in made} == made
    assert NAMES["u495"]["label"] == "শায়েস্তাগঞ্জ · Shayestaganj"
    assert "শায়েস্তাগঞ্জ · Shayestaganj" not in below("u298")


def test_what_an_upazila_has_twice_is_flagged_and_offered_once() -> None:
    twice = [row["name"] for row in ROWS if row["flag"].startswith("twice")]
    assert twice == ["n2353", "n2546", "n3686"]
    assert {NAMES[name]["parent"] for name in twice} == {"-"}
    assert max(Counter((row["parent"], row["label"]) for row in ROWS if row["parent"] != "-").values()) == 1


def test_the_conversion_mends_what_the_source_has_wrong(tmp_path: Path) -> None:
    tables = {
        "divisions": [{"id": "1", "bn_name": "ক", "name": "K"}],
        "districts": [{"id": "1", "division_id": "1", "bn_name": "চাঁদপুর", "name": "Chandpur"}],
        "upazilas": [{"id": "1", "district_id": "1", "bn_name": "শাহরাস্তি\t", "name": "Shahrasti"},
                     {"id": "2", "district_id": "1", "bn_name": "নতুন", "name": "New"}],
        "unions": [{"id": "1", "upazilla_id": "1", "bn_name": "শাহ্\u200c রা\u09df(পশ্চিম)", "name": " Ray(West) "},
                   {"id": "2", "upazilla_id": "1", "bn_name": "শাহ্ রা\u09af\u09bc (পশ্চিম)", "name": "Ray (West)"}],
    }
    for name, rows in tables.items():
        (tmp_path / f"{name}.json").write_text(json.dumps([{"type": "header"}, {"type": "table", "data": rows}]))
    (tmp_path / "corrections.csv").write_text("do,name,parent,bn,en,source,belief\nadd,n3,u2,নয়া,Naya,,1\n")
    places.make(tmp_path, tmp_path / "corrections.csv", tmp_path / "places.csv")
    made = (tmp_path / "places.csv").read_text(encoding="utf-8").splitlines()
    assert made[3:] == [
        "u1,z1,শাহরাস্তি · Shahrasti,", "u2,z1,নতুন · New,", "n1,u1,শাহ্ রা\u09af\u09bc (পশ্চিম) · Ray (West),",
        "n2,-,শাহ্ রা\u09af\u09bc (পশ্চিম) · Ray (West),twice n1", "n3,u2,ন\u09af\u09bcা · Naya,",
    ]


def test_every_correction_says_whence_it_is_known_or_that_it_is_a_belief() -> None:
    rows = list(csv.DictReader(path("places/corrections.csv").read_text(encoding="utf-8").splitlines()))
    assert all(row["source"] or row["belief"] == "1" for row in rows)
    assert all(NAMES[row["name"]]["parent"] == row["parent"] for row in rows if row["do"] != "flag")


def test_a_form_asks_for_a_union_step_by_step_and_a_changed_district_empties_what_lay_in_it() -> None:
    xml = convert(xlsform=CASCADE, file_type=".md").xform.encode()
    files = {"jr://file-csv/places.csv": path("packs/places.csv").read_bytes()}
    filling = forms.load(xml, files).fill(today=date(2026, 11, 23), now=datetime(2026, 11, 23, tzinfo=UTC))
    for name, answer in (("division", "d5"), ("district", "z38"), ("upazila", "u495"), ("union", "n2671")):
        filling.answer(f"/data/{name}", answer)
    offered = [question.choices for question in filling.questions() if isinstance(question, forms.Question)]
    assert [len(choices) for choices in offered] == [8, 4, 9, 3]
    assert ("n2671", "শায়েস্তাগঞ্জ · Shayestaganj") in offered[3]
    filling.answer("/data/division", "")
    assert [len(one.choices) for one in filling.questions() if isinstance(one, forms.Question)] == [8, 0, 0, 0]
    filling.answer("/data/division", "d1")
    filling.answer("/data/district", "z9")
    filling.answer("/data/upazila", "u492")
    assert filling.look("/data/union").value == ""


@pytest.mark.parametrize(("old", "new", "reason"), [
    ("d8,0,ময়মনসিংহ", "d8,d99,ময়মনসিংহ", "no place d99"), ("d2,0,", "d1,0,", "twice"),
    ("d3,0,খুলনা · Khulna,", "d3,0,,", "empty"),
])
def test_a_wrong_place_is_told_by_its_row(tmp_path: Path, old: str, new: str, reason: str) -> None:
    old, new = unicodedata.normalize("NFC", old), unicodedata.normalize("NFC", new)
    with pytest.raises(PackError, match=reason) as refused:
        packs.read(spoilt(tmp_path, "places.csv", lambda text: text.replace(old, new, 1)))
    assert refused.value.file == "places.csv"
    assert packs.read(SHIPPED).places
