"""What the services' forms know: ages, days and months that count, whose guardian is asked, which fee it is; and that a
doubt is told and never stops anybody."""

from __future__ import annotations

import csv
from datetime import date
from itertools import product

import pytest

import forms
from forms.filling import Filling
from resources import path
from tests.forms import fillers

TODAY = date(2026, 11, 18)
FEES = list(csv.DictReader(path("packs/fees.csv").read_text(encoding="utf-8").splitlines()))


def begun(name: str, today: date = TODAY, **answers: str) -> Filling:
    """The form with answers by their place below the root, `__` between names."""
    filling = fillers.opened(path(f"forms/{name}.xml"), today)
    for place, value in answers.items():
        filling.answer(f"/data/{place.replace('__', '/')}", value)
    return filling


def asks(filling: Filling, ref: str) -> bool:
    return any(asked.ref == f"/data/{ref}" for asked in fillers.questions(filling))


def wrong(filling: Filling, ref: str) -> str:
    return filling.look(f"/data/{ref}").wrong


def variants(service: str) -> set[str]:
    return {row["variant"] or "base" for row in FEES if row["service_id"] == service and not row["office"]}


@pytest.mark.parametrize(("born", "number", "doubted"), [
    ("1985-03-12", "19851234567890123", False), ("1985-03-12", "19861234567890123", True),
    ("1985-03-12", "1234567890", False), ("", "19861234567890123", False),
])
def test_a_number_whose_year_is_not_the_birth_year_is_doubted_and_never_refused(
    born: str, number: str, doubted: bool
) -> None:
    for identity in ("nid", "brn"):
        filling = begun("nationality", applicant__born_on=born, applicant__identity=identity)
        filling.answer(f"/data/applicant/{identity}", number)
        assert asks(filling, "applicant/year_differs") is doubted
        too_short = identity == "brn" and len(number) < 17
        assert wrong(filling, f"applicant/{identity}") == ("constraint" if too_short else "")


@pytest.mark.parametrize(("born", "minor"), [("2008-11-18", False), ("2008-11-19", True), ("2026-11-18", True)])
def test_a_guardian_is_asked_for_whom_is_under_eighteen_to_the_day(born: str, minor: bool) -> None:
    filling = begun("character", applicant__born_on=born)
    assert asks(filling, "guardian/name") is minor
    assert asks(filling, "guardian/agrees") is minor


@pytest.mark.parametrize(("born", "name"), [
    ("2026-11-18", "birth_45"), ("2026-10-04", "birth_45"), ("2026-10-03", "birth_5y"), ("2021-11-18", "birth_5y"),
    ("2021-11-17", "birth_over_5y"), ("1960-01-01", "birth_over_5y"),
])
def test_a_birth_belongs_to_one_of_three_services_by_its_day(born: str, name: str) -> None:
    for one in ("birth_45", "birth_5y", "birth_over_5y"):
        filling = begun(one, born_on=born)
        assert (wrong(filling, "born_on") == "") is (one == name)
        assert asks(filling, "details/age_proof") is (one == "birth_over_5y")
        assert asks(filling, "details/epi_card") is (one != "birth_over_5y")


@pytest.mark.parametrize(("died", "variant"), [
    ("2026-11-18", "base"), ("2026-10-04", "base"), ("2026-10-03", "5y"), ("2021-11-18", "5y"),
    ("2021-11-17", "over-5y"),
])
def test_the_day_of_a_death_says_which_fee_it_is(died: str, variant: str) -> None:
    filling = begun("death", deceased__died_on=died)
    assert filling.values()["/data/fee_variant"] == variant
    assert variant in variants("death")


def test_pages_years_and_delivery_of_a_passport_give_its_twelve_fees() -> None:
    filling = begun("passport", applicant__born_on="1985-03-12")
    given = set()
    for pages, years, delivery in product(("48p", "64p"), ("5y", "10y"), ("regular", "express", "super")):
        for name, value in (("pages", pages), ("years", years), ("delivery", delivery)):
            filling.answer(f"/data/{name}", value)
        given.add(filling.values()["/data/fee_variant"])
    assert given == variants("passport")
    assert len(given) == 12
    filling.answer("/data/applicant/born_on", "2015-01-01")
    assert wrong(filling, "years") == "constraint"


def test_a_land_mutation_asks_when_the_first_payment_was_made_and_for_the_dcr_for_its_case() -> None:
    filling = begun("land_mutation", fee_variant="base", first_paid_on="2026-11-19")
    assert wrong(filling, "first_paid_on") == "constraint", "it is the 18th"
    filling.answer("/data/fee_variant", "dcr")
    assert not asks(filling, "first_paid_on")
    assert asks(filling, "case_no")


@pytest.mark.parametrize(("born", "right"), [
    ("2006-11-18", True), ("2006-11-19", False), ("1990-11-19", True), ("1990-11-18", False),
])
def test_a_mother_is_twenty_to_thirty_five_and_four_to_six_months_pregnant_with_her_first_or_second_child(
    born: str, right: bool
) -> None:
    filling = begun("mother_child", applicant__born_on=born)
    assert (wrong(filling, "applicant/born_on") == "") is right
    months = [wrong(begun("mother_child", details__months=str(count)), "details/months") for count in range(3, 8)]
    assert [not word for word in months] == [False, True, True, True, False]
    for count, word in (("1", ""), ("2", ""), ("3", "constraint")):
        assert wrong(begun("mother_child", details__which_child=count), "details/which_child") == word


@pytest.mark.parametrize(("sex", "born", "right"), [
    ("male", "1961-11-18", True), ("male", "1961-11-19", False), ("female", "1964-11-18", True),
    ("female", "1964-11-19", False),
])
def test_old_age_is_sixty_five_for_men_and_sixty_two_for_women(sex: str, born: str, right: bool) -> None:
    assert (wrong(begun("old_age", applicant__born_on=born, sex=sex), "sex") == "") is right


@pytest.mark.parametrize(("kind", "born", "right"), [
    ("amateur", "2008-11-18", True), ("amateur", "2008-11-19", False), ("professional", "2008-11-18", False),
    ("professional", "2005-11-18", True),
])
def test_who_learns_to_drive_is_eighteen_or_as_a_professional_twenty_one(kind: str, born: str, right: bool) -> None:
    assert (wrong(begun("learner_licence", kind=kind, applicant__born_on=born), "applicant/born_on") == "") is right


@pytest.mark.parametrize(("today", "end"), [
    (date(2026, 6, 30), "2026-06-30"), (date(2026, 7, 1), "2027-06-30"), (date(2026, 12, 31), "2027-06-30"),
])
def test_a_trade_licence_runs_to_the_thirtieth_of_june(today: date, end: str) -> None:
    for name in ("trade_licence", "trade_renewal"):
        assert begun(name, today).values()["/data/details/valid_until"] == end


@pytest.mark.parametrize(("year", "right", "due", "told"), [
    ("2025-2026", True, "1", ""), ("২০২৩-২০২৪", True, "3", "in_arrears"), ("2026-2027", True, "0", "not_due"),
    ("2025-2027", False, "0", "not_due"),
])
def test_a_renewal_knows_how_many_fiscal_years_are_due(year: str, right: bool, due: str, told: str) -> None:
    filling = begun("trade_renewal", last_year=year)
    assert (wrong(filling, "last_year") == "") is right
    assert filling.values()["/data/years_due"] == due
    assert [word for word in ("in_arrears", "not_due") if asks(filling, word)] == ([told] if told else [])


def test_a_place_that_the_list_does_not_have_is_written_and_then_the_ward_may_be_higher() -> None:
    filling = begun("nationality", address__division="d5", address__district="z38", address__ward="12")
    assert asks(filling, "address/place")
    missing = {ref for ref, _said in filling.errors()}
    assert {"/data/address/upazila", "/data/address/union"} <= missing
    filling.answer("/data/address/place", "নমুনা পৌরসভা")
    assert not {"/data/address/upazila", "/data/address/union", "/data/address/ward"} & {
        ref for ref, _said in filling.errors()}
    filling.answer("/data/address/upazila", "u495")
    filling.answer("/data/address/union", "n2670")
    assert not asks(filling, "address/place")
    assert wrong(filling, "address/ward") == "constraint"


def test_heirs_members_animals_and_plots_are_tables_that_are_counted() -> None:
    for name, table, column, total in (
        ("heirs", "heir", "name", "heir_count"), ("family", "member", "name", "member_count"),
        ("cattle", "animal", "count", "details/animals"), ("land_mutation", "plot", "area", "details/total_area"),
    ):
        filling = begun(name)
        filling.answer(f"/data/{table}[1]/{column}", "2")
        filling.add_repeat(f"/data/{table}")
        filling.answer(f"/data/{table}[2]/{column}", "3")
        counted = "2" if total.endswith("_count") else "5"
        assert filling.look(f"/data/{total}").value == counted
        assert any(isinstance(part, forms.Repeat) for part in filling.questions())


def test_what_has_no_source_is_only_doubted() -> None:
    filling = begun("police_clearance", passport__passport_no="A0123456")
    assert asks(filling, "passport/passport_length")
    assert not wrong(filling, "passport/passport_no")
    filling = begun("commodity_licence", details__tin="12345")
    assert asks(filling, "details/tin_length")
    assert not wrong(filling, "details/tin")
