"""The catalogue tells what a service costs on a day, what a biller asks for, what may be taken, and whence it knows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import words
from kiosk.catalogue import build, packs
from kiosk.catalogue.catalogue import Catalogue, Unknown
from kiosk.counter import rules
from resources import path
from tests.kiosk.catalogue_tools import SHIPPED

TODAY = date(2026, 11, 23)
CONTENT = packs.read(SHIPPED)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    target: Path = tmp_path_factory.mktemp("catalogue") / "catalogue.db"
    build.build(SHIPPED, target)
    opened = Catalogue(target)
    yield opened
    opened.close()


def test_every_service_of_the_field_is_offered_with_a_fee_and_its_source(catalogue: Catalogue) -> None:
    services = catalogue.services()
    assert len(services) == 47
    for service in services:
        fee = catalogue.fee(service.id, TODAY)
        assert fee.source or fee.belief
        assert service.to_bring


def test_a_service_tells_what_to_bring(catalogue: Catalogue) -> None:
    papers = catalogue.service("heirs").papers
    assert "মৃত্যু সনদ" in papers
    assert "হোল্ডিং ট্যাক্স রশিদ" in papers


def test_every_form_that_a_service_names_is_shipped(catalogue: Catalogue) -> None:
    forms = {service.form_id for service in catalogue.services()}
    assert len(forms) == 47
    for form in forms:
        assert path(f"forms/{form}.xml").exists()


def test_what_needs_a_citizens_code_or_a_challan_is_marked(catalogue: Catalogue) -> None:
    services = catalogue.services()
    assert {service.id for service in services if service.one_time_code} == {"land-tax", "e-tin", "commodity-licence"}
    assert {service.id for service in services if service.a_challan} == {
        "passport", "police-clearance", "dual-nationality",
    }


def test_a_fee_changes_on_its_day_and_not_before(catalogue: Catalogue) -> None:
    assert catalogue.fee("police-clearance", date(2024, 11, 30)).official_poisha == 500_00
    assert catalogue.fee("police-clearance", date(2024, 12, 1)).official_poisha == 1_500_00
    assert catalogue.fee("police-clearance", TODAY).version == "police-clearance@2024-12"


@given(st.dates(date(2018, 3, 8), date(2040, 1, 1)))
def test_at_most_one_common_fee_of_a_variant_holds_on_a_day(day: date) -> None:
    for service_id, variant in {(row["service_id"], row["variant"]) for row in CONTENT.fees}:
        holding = [
            row for row in CONTENT.fees
            if row["service_id"] == service_id and row["variant"] == variant and not row["office"]
            and row["from"] <= day.isoformat() and (not row["until"] or row["until"] > day.isoformat())
        ]
        assert len(holding) <= 1


def test_every_variant_has_a_name_and_its_own_fee(catalogue: Catalogue) -> None:
    passports = catalogue.fees("passport", TODAY)
    assert len(passports) == 12
    assert passports[0].official_poisha == 4_025_00
    assert max(fee.official_poisha for fee in passports) == 13_800_00
    for service in catalogue.services():
        fees = catalogue.fees(service.id, TODAY)
        assert len(fees) == 1 or all(fee.label_bn and fee.label_en for fee in fees if fee.variant)


def test_an_offices_own_fee_goes_before_the_common_one(catalogue: Catalogue) -> None:
    assert catalogue.fee("landless", TODAY).official_poisha == 100_00
    assert catalogue.fee("landless", TODAY, "pachpir").official_poisha == 30_00
    assert catalogue.fee("nationality", TODAY, "pachpir") == catalogue.fee("nationality", TODAY)


def test_an_amount_that_no_source_states_is_marked_as_a_belief(catalogue: Catalogue) -> None:
    assert catalogue.fee("mouza-map", TODAY).belief
    assert not catalogue.fee("trade-licence", TODAY).belief
    assert catalogue.fee("trade-licence", TODAY).assessed
    assert catalogue.fee("nationality", TODAY).sample
    assert not catalogue.fee("birth-5y", TODAY).belief


def test_before_any_fee_is_known_there_is_none(catalogue: Catalogue) -> None:
    with pytest.raises(Unknown):
        catalogue.fee("birth-45", date(2018, 3, 8) - timedelta(days=1))


def test_palli_bidyut_asks_for_thirteen_digits_the_month_and_a_mobile(catalogue: Catalogue) -> None:
    biller = catalogue.biller("breb")
    account, month, mobile, due = biller.inputs
    assert (account.kind, account.min_len, account.max_len, account.belief) == ("digits", 13, 13, False)
    assert (month.kind, month.required) == ("month", True)
    assert (mobile.kind, mobile.required) == ("mobile", True)
    assert (due.name, due.required) == ("due_on", False)


def test_desco_is_paid_from_eight_to_twenty_two_and_its_meters_from_another_float(catalogue: Catalogue) -> None:
    assert (catalogue.biller("b025").opens, catalogue.biller("b025").closes) == ("08:00", "22:00")
    prepaid = catalogue.biller("b450")
    assert (prepaid.mode, prepaid.float) == ("prepaid", "ekpay:prepaid")


def test_every_biller_of_the_field_is_there_and_believed_lengths_only_warn(catalogue: Catalogue) -> None:
    billers = {biller.id: biller for biller in catalogue.billers()}
    assert set(billers) >= {
        "b025", "b450", "b038", "b523", "b522", "breb", "bpdb", "b099", "b416", "b605", "ctg-wasa", "b451", "b430",
        "b529", "titas", "karnaphuli", "sundarban", "b603", "b566", "b091", "passport-fee", "a-challan", "education",
    }
    hard = {(biller.id, asked.name) for biller in billers.values() for asked in biller.inputs
            if asked.kind == "digits" and not asked.belief}
    assert hard == {("breb", "account_no"), ("b522", "account_no")}


def test_rules_name_tests_that_the_counter_has(catalogue: Catalogue) -> None:
    assert {rule.test for rule in catalogue.rules()} == rules.TESTS
    assert all(row["source"] or row["belief"] for row in CONTENT.rules)


def test_every_rule_has_words_in_both_languages(catalogue: Catalogue) -> None:
    facts = {"opens": "08:00", "closes": "22:00", "left_poisha": 1, "limit_poisha": 1, "limit": 5,
             "seen": "2026-11-24", "portal": "x", "first": 1, "last": 20, "opens_on": TODAY, "closes_on": TODAY,
             "minutes": 30, "since": TODAY, "by": TODAY, "days": 7}
    for lang in words.LANGUAGES:
        for rule in catalogue.rules():
            told = words.trouble(lang, rule.id, **facts, test=rule.test)
            assert told != words.words(lang)("reason.other", word=rule.id), "by its id, or by its test"


def test_the_risks_of_working_offline_are_bounded_by_rows(catalogue: Catalogue) -> None:
    said = {rule.id: (rule.answer, dict(rule.params)) for rule in catalogue.rules()}
    assert said["float-min"] == ("refuse", {"min_poisha": 2_000_00})
    assert said["bills-per-payer"] == ("refuse", {"limit": 5})
    assert said["per-bill-limit"] == ("warn", {"limit_poisha": 5_000_00})
    assert said["one-time-code"][0] == "call_back"
    assert said["prepaid-offline"][0] == said["challan-offline"][0] == "refuse"
    assert said["due-date"][0] == "warn"


def test_a_shops_worth_of_products_from_sellers_that_are_plainly_samples(catalogue: Catalogue) -> None:
    products = CONTENT.products
    assert len(products) >= 200
    assert len({product["seller_id"] for product in products}) >= 12
    assert all(product["seller_en"].startswith("Sample ") for product in products)
    assert catalogue.product("p0001").price_poisha == products[0]["price_poisha"]


def test_the_sample_municipality_is_no_pilot(catalogue: Catalogue) -> None:
    pilots = {place["id"] for place in CONTENT.municipalities if place["pilot"]}
    assert pilots == {"mymensingh", "singra", "tarabo"}
    assert catalogue.municipality("sample").name_en == "Sample Pourashava"


@pytest.mark.parametrize("ask", ["service", "biller", "product", "municipality"])
def test_what_is_not_there_is_said_to_be_unknown(catalogue: Catalogue, ask: str) -> None:
    with pytest.raises(Unknown):
        getattr(catalogue, ask)("no-such-thing")


def test_threads_read_side_by_side(catalogue: Catalogue) -> None:
    found: list[str] = []

    def read() -> None:
        found.append(catalogue.service("nationality").name_en)
        found.append(catalogue.search("nid")[0].ref)
        catalogue.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["Nationality certificate"] * 4 + ["nid-correction"] * 4
