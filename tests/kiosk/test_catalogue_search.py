"""A few letters find what was meant, in Bangla, English or romanised; no text whatsoever is an error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue import build
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.search import words_of
from tests.kiosk.catalogue_tools import SHIPPED


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    target: Path = tmp_path_factory.mktemp("search") / "catalogue.db"
    build.build(SHIPPED, target)
    opened = Catalogue(target)
    yield opened
    opened.close()


@pytest.mark.parametrize(("typed", "first"), [
    ("নাগ", "nationality"), ("nagorikotto", "nationality"), ("citizenship", "nationality"), ("nid", "nid-correction"),
    ("jonmo", "birth-45"), ("jonmo nibondhon", "birth-45"), ("birth", "birth-45"), ("জন্ম নি", "birth-45"),
    ("mrittu", "death"), ("warish", "heirs"), ("ওয়ারিশ", "heirs"), ("ও\u09dfারিশ", "heirs"),
    ("namjari", "land-mutation"), ("নামজারি", "land-mutation"), ("porcha", "khatian"), ("tin", "e-tin"),
    ("trade", "trade-licence"), ("ট্রেড", "trade-licence"), ("holding", "holding-tax"), ("boyosko", "old-age"),
    ("bidyut", "breb"), ("বিদ্যুৎ", "breb"), ("current bill", "breb"), ("পল্লী", "breb"),
    ("bill", "breb"), ("desco", "b025"), ("gas", "titas"), ("ওয়াসা", "b099"), ("challan", "a-challan"),
    ("internet", "b091"), ("ধান বীজ", "p0001"), ("dhan bij", "p0001"), ("NID", "nid-correction"),
    ("  নাগ  ", "nationality"), ("নাগ।", "nationality"),
])
def test_what_an_operator_types_finds_what_was_meant(catalogue: Catalogue, typed: str, first: str) -> None:
    assert catalogue.search(typed)[0].ref == first


@pytest.mark.parametrize(("typed", "title"), [
    ("সার", "সার"), ("sar", "সার"), ("শাড়ি", "শাড়ি"), ("saree", "শাড়ি"), ("ধান বী", "ধান বীজ"), ("lungi", "লুঙ্গি"),
    ("modhu", "মধু"), ("ভুট্টা", "ভুট্টা"), ("চাল ৫", "চাল"),
])
def test_products_are_found_by_their_everyday_names(catalogue: Catalogue, typed: str, title: str) -> None:
    hit = catalogue.search(typed)[0]
    assert hit.kind == "product"
    assert set(words_of(title)) <= set(words_of(hit.title_bn))


def test_with_nothing_typed_what_is_asked_for_most_is_offered(catalogue: Catalogue) -> None:
    offered = catalogue.search("", 12)
    assert len(offered) == 12
    assert offered[0].ref == "nationality"
    assert "breb" in {hit.ref for hit in offered}
    assert catalogue.search(" \t") == catalogue.search("")


def test_a_word_that_nobody_knows_does_not_hide_the_others(catalogue: Catalogue) -> None:
    assert catalogue.search("স্কুল qqqq")
    assert catalogue.search("qqqq nid")[0].ref == "nid-correction"
    assert catalogue.search("qqqq") == []


def test_words_that_never_meet_fall_back_to_the_longest(catalogue: Catalogue) -> None:
    assert catalogue.search("passport lungi")[0].ref == "passport-fee"


def test_services_and_billers_go_before_products_that_fit_as_well(catalogue: Catalogue) -> None:
    kinds = [hit.kind for hit in catalogue.search("শিক্ষা", 50)]
    assert "product" in kinds
    assert kinds.index("product") == len(kinds) - kinds.count("product")


def test_a_hit_says_where_it_comes_from(catalogue: Catalogue) -> None:
    assert catalogue.search("nid")[0].note_en == catalogue.service("nid-correction").office
    assert catalogue.search("rice seed")[0].note_en == "Sample Seed Store, Dhaka"


@pytest.mark.parametrize("text", [
    '"', "(", ")", "*", ":", "-", "^", "AND", "OR NOT", "NEAR(a b)", "words:nid", '"nid', "nid*", "a" * 10_000,
    "'; DROP TABLE entries; --", "\0", "\ud800", "\u20dd", "x\u20dd", "\u09bc", "\u200d", "𝟙", "١٢", "²", "ⅷ", "🙂",
    "\U000e0001", "\ufffd", "ক\u09cd", "\U0001e8d0", "\U00016d43", "\ue000", "ﬁ", "İ", "a " * 500, "\uffff",
])
def test_strange_texts_are_answered(catalogue: Catalogue, text: str) -> None:
    assert isinstance(catalogue.search(text), list)


@given(text=st.text())
def test_any_text_is_answered(catalogue: Catalogue, text: str) -> None:
    assert len(catalogue.search(text, 5)) <= 5


def test_every_letter_there_is_can_be_typed(catalogue: Catalogue) -> None:
    for start in range(0, sys.maxunicode + 1, 557):  # a spread through all planes, surrogates among them
        catalogue.search(f"a{chr(start)}b", 1)


def test_numbers_and_letters_are_words_of_their_own_in_either_script() -> None:
    assert words_of("৫০০গ্রাম") == words_of("500 গ্রাম") == ["500", "গ্রাম"]
    assert words_of("e-TIN, র\u200d্যাব!") == ["e", "tin", "র্যাব"]
    assert words_of("থ্রি-পিস") == ["থ্রি", "পিস"]


@given(st.text())
def test_the_searched_spelling_is_its_own_spelling(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
