"""What a person reads and writes at the counter is what the store keeps: figures, words, dates, one spelling."""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import bangla

AMOUNTS = st.integers(min_value=0, max_value=bangla.HIGHEST_POISHA)
LANGUAGES = st.sampled_from(["bn", "en"])

# Written out by hand, ten to a line, so that a slip in the program's own table shows.
SPELLINGS = """
শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয়
দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ
বিশ একুশ বাইশ তেইশ চব্বিশ পঁচিশ ছাব্বিশ সাতাশ আটাশ ঊনত্রিশ
ত্রিশ একত্রিশ বত্রিশ তেত্রিশ চৌত্রিশ পঁয়ত্রিশ ছত্রিশ সাঁইত্রিশ আটত্রিশ ঊনচল্লিশ
চল্লিশ একচল্লিশ বিয়াল্লিশ তেতাল্লিশ চুয়াল্লিশ পঁয়তাল্লিশ ছেচল্লিশ সাতচল্লিশ আটচল্লিশ ঊনপঞ্চাশ
পঞ্চাশ একান্ন বায়ান্ন তিপ্পান্ন চুয়ান্ন পঞ্চান্ন ছাপ্পান্ন সাতান্ন আটান্ন ঊনষাট
ষাট একষট্টি বাষট্টি তেষট্টি চৌষট্টি পঁয়ষট্টি ছেষট্টি সাতষট্টি আটষট্টি ঊনসত্তর
সত্তর একাত্তর বাহাত্তর তিয়াত্তর চুয়াত্তর পঁচাত্তর ছিয়াত্তর সাতাত্তর আটাত্তর ঊনআশি
আশি একাশি বিরাশি তিরাশি চুরাশি পঁচাশি ছিয়াশি সাতাশি অষ্টাশি ঊননব্বই
নব্বই একানব্বই বিরানব্বই তিরানব্বই চুরানব্বই পঁচানব্বই ছিয়ানব্বই সাতানব্বই আটানব্বই নিরানব্বই
""".split()


@pytest.mark.parametrize(("number", "spelling"), list(enumerate(SPELLINGS)))
def test_every_number_below_a_hundred_is_spelled_as_on_a_receipt(number: int, spelling: str) -> None:
    assert bangla.in_words(number * 100) == unicodedata.normalize("NFC", f"{spelling} টাকা মাত্র")


def test_there_are_a_hundred_spellings_and_no_two_alike() -> None:
    assert len(SPELLINGS) == len(set(SPELLINGS)) == 100


@pytest.mark.parametrize(("poisha", "words"), [
    (650_00, "ছয় শত পঞ্চাশ টাকা মাত্র"),
    (100_00, "এক শত টাকা মাত্র"),
    (1_234_50, "এক হাজার দুই শত চৌত্রিশ টাকা পঞ্চাশ পয়সা মাত্র"),
    (1_00_000_00, "এক লক্ষ টাকা মাত্র"),
    (1_23_45_678_09, "এক কোটি তেইশ লক্ষ পঁয়তাল্লিশ হাজার ছয় শত আটাত্তর টাকা নয় পয়সা মাত্র"),
    (10_00_00_000_00, "দশ কোটি টাকা মাত্র"),
    (123_00_00_000_00, "এক শত তেইশ কোটি টাকা মাত্র"),
    (75, "পঁচাত্তর পয়সা মাত্র"),
    (0, "শূন্য টাকা মাত্র"),
])
def test_larger_amounts_are_spelled_by_crore_lakh_thousand_and_hundred(poisha: int, words: str) -> None:
    assert bangla.in_words(poisha) == unicodedata.normalize("NFC", words)


def test_a_negative_amount_is_never_put_into_words() -> None:
    with pytest.raises(ValueError, match="negative"):
        bangla.in_words(-1)


@given(AMOUNTS)
def test_words_are_nfc_and_end_as_a_receipt_ends(poisha: int) -> None:
    words = bangla.in_words(poisha)
    assert unicodedata.is_normalized("NFC", words)
    assert words.endswith(" মাত্র")


@given(AMOUNTS, LANGUAGES)
def test_an_amount_that_was_shown_is_read_back_as_the_same_amount(poisha: int, lang: str) -> None:
    assert bangla.parse_taka(bangla.taka(poisha, lang=lang)) == poisha


def test_taka_are_grouped_by_lakh_and_crore_with_two_digits_of_poisha() -> None:
    assert bangla.taka(1_23_45_678_50) == "৳\u00a0১,২৩,৪৫,৬৭৮.৫০"
    assert bangla.taka(1_23_45_678_50, lang="en") == "Tk\u00a01,23,45,678.50"
    assert bangla.taka(5) == "৳\u00a0০.০৫"
    assert bangla.taka(-650_00) == "৳\u00a0-৬৫০.০০"
    assert bangla.taka(-5, lang="en") == "Tk\u00a0-0.05"
    assert bangla.grouped(1_00_000) == "১,০০,০০০"
    assert bangla.grouped(-1000, "en") == "-1,000"


@pytest.mark.parametrize(("written", "poisha"), [
    ("৬৫০", 650_00), ("650", 650_00), (" ৳ ৬৫০.৫ ", 650_50), ("Tk. 1,234.56", 1_234_56), ("১,২৩,৪৫৬/-", 1_23_456_00),
    ("৬৫০ টাকা", 650_00), ("৳৬৫০", 650_00), ("1,234,567", 12_34_567_00), ("650.", 650_00), ("6৫0", 650_00),
    ("0", 0), ("\u200c৬৫০\u200d", 650_00), ("650 tk", 650_00),
])
def test_an_amount_is_understood_however_it_is_written(written: str, poisha: int) -> None:
    assert bangla.parse_taka(written) == poisha


@pytest.mark.parametrize("written", [
    "", " ", "-5", "৳", "abc", "1.234", "12,50", "650,5", "1,2,3", "1e5", "٦٥٠", "½", "1 2", "10,00,00,001", "9" * 40,
    "..", "5-", "৳ ৳ 5", "1,23", ",650", "650,",
])
def test_what_is_no_sure_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"amount|crore"):
        bangla.parse_taka(written)


@given(st.text())
def test_any_text_is_an_amount_within_bounds_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert 0 <= bangla.parse_taka(text) <= bangla.HIGHEST_POISHA


@given(st.text(alphabet=st.characters(exclude_characters="০১২৩৪৫৬৭৮৯", exclude_categories=["Cs"])))
def test_digits_go_to_bangla_and_come_back(text: str) -> None:
    assert bangla.ascii_digits(bangla.digits(text)) == text


def test_only_bangla_digits_become_ascii() -> None:
    assert bangla.ascii_digits("০১২৩৪৫৬৭৮৯ ٣ a") == "0123456789 ٣ a"
    assert bangla.digits("K1-000042") == "K১-০০০০৪২"


@given(st.text())
def test_the_compared_spelling_is_its_own_spelling(text: str) -> None:
    once = bangla.normalise(text)
    assert bangla.normalise(once) == once


def test_spellings_that_look_alike_compare_alike() -> None:
    assert bangla.normalise("ওয়ারিশ") == bangla.normalise("ওয\u09bcারিশ") == bangla.normalise("ও\u09dfারিশ")
    assert bangla.normalise("র\u200d্যাব\u200c ১২") == bangla.normalise("র্যাব 12")
    assert bangla.normalise("\ufeffNID\u00ad") == "nid"


@given(st.text())
def test_stored_text_is_one_clean_line_and_stays_so(text: str) -> None:
    stored = bangla.clean(text)
    assert bangla.clean(stored) == stored
    assert not set(stored) & set("\n\r\t\0")
    assert "  " not in stored


def test_a_day_and_a_time_are_those_on_the_wall_in_dhaka() -> None:
    late = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)
    assert bangla.date_bn(late) == unicodedata.normalize("NFC", "২৪ নভেম্বর ২০২৬")
    assert bangla.date_bn(late, "en") == "24 November 2026"
    assert bangla.time_bn(late) == "০২:০৫"
    assert bangla.time_bn(late, "en") == "02:05"
    assert bangla.date_bn(date(2026, 2, 1)) == unicodedata.normalize("NFC", "১ ফেব্রুয়ারি ২০২৬")


def test_a_citizens_number_shows_only_its_end() -> None:
    assert bangla.mask("01712345678") == "•••••••5678"
    assert bangla.mask("1234") == "1234"
    assert bangla.mask("") == ""
