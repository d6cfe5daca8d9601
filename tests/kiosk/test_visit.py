"""Promises 1, 3 and 4 at the counter: what is taken is durable, true on paper and balanced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.counter import pay_bill, visit, waiting
from kiosk.counter.records import CounterError, LineState, ReceiptKind, Tender, TenderKind
from kiosk.counter.reprint import reprint
from kiosk.counter.settle import settle
from kiosk.verify import verify
from printing import spool
from tests.conftest import Room
from tests.kiosk.stories import (
    PALLI,
    begin,
    paper,
    papers,
    pay,
    settled_bill,
    state,
    take_application,
    take_bill,
    take_due,
    take_order,
)


def test_three_wishes_are_one_visit_one_payment_and_one_receipt(room: Room) -> None:
    opened = begin(room)
    for take in (take_application, take_bill, take_order, take_due):
        take(room, opened)
    settled = pay(room, opened, 5000_00)
    total = visit.get(room.counter, opened.id).total_poisha
    assert settled.change_poisha == 5000_00 - total
    assert papers(room, opened) == [ReceiptKind.PROVISIONAL]
    assert room.balances()["cash:drawer"] == total
    assert sum(room.balances().values()) == 0
    room.sync()
    assert [one.state for one in visit.get(room.counter, opened.id).lines] == [
        LineState.ACCEPTED, LineState.CONFIRMED, LineState.ACCEPTED, LineState.CONFIRMED,
    ]
    assert papers(room, opened) == [ReceiptKind.PROVISIONAL, ReceiptKind.FINAL]


def test_the_receipt_is_provisional_offline_and_says_what_happens_on_a_refusal(room: Room) -> None:
    opened = settled_bill(room)
    said = " ".join(paper(room, opened, ReceiptKind.PROVISIONAL).document.strings())
    assert "অস্থায়ী" in said
    assert "ফেরত পাবেন" in said
    assert "•••••••৫৬৭৮" in said
    assert "০১৭১২৩৪৫৬৭৮" not in said


def test_the_final_receipt_names_the_portals_reference_and_the_provisional_one(room: Room) -> None:
    opened = settled_bill(room)
    room.sync()
    said = paper(room, opened, ReceiptKind.FINAL).document.strings()
    assert any(text.startswith("EKP") for text in said)
    assert any("-০০০০০১" in text for text in said)


def test_receipt_numbers_have_no_gaps_also_when_a_payment_was_refused(room: Room) -> None:
    opened = begin(room)
    take_bill(room, opened)
    with pytest.raises(CounterError, match="underpaid"):
        pay(room, opened, 1_00)
    pay(room, opened)
    assert [one.number for one in waiting.recent_receipts(room.counter)] == [1]
    assert verify(room.app.store.connection()) == []


def test_a_copy_says_that_it_is_one_and_which(room: Room) -> None:
    settled_bill(room)
    assert [reprint(room.counter, 1), reprint(room.counter, 1)] == [1, 2]
    stamps = [job.document.strings()[0] for job in spool.jobs(room.app.store.connection())]
    assert stamps[1:] == ["অনুলিপি ১", "অনুলিপি ২"]


@pytest.mark.parametrize(("tenders", "reason"), [
    ([], "underpaid"),
    ([Tender(TenderKind.CASH, -5)], "bad_amount"),
    ([Tender(TenderKind.MFS, 660_00)], "reference_missing"),
    ([Tender(TenderKind.CARD, 700_00, "C1")], "overpaid_not_cash"),
])
def test_a_payment_that_is_not_right_takes_nothing(room: Room, tenders: list[Tender], reason: str) -> None:
    opened = begin(room)
    take_bill(room, opened)
    with pytest.raises(CounterError, match=reason):
        settle(room.counter, opened.id, tenders)
    assert visit.get(room.counter, opened.id).state == "open"
    assert "cash:drawer" not in room.balances()


def test_an_empty_basket_is_not_paid_for(room: Room) -> None:
    with pytest.raises(CounterError, match="empty_basket"):
        pay(room, begin(room), 1_00)


def test_one_visit_may_be_paid_with_cash_and_mobile_money(room: Room) -> None:
    opened = begin(room)
    take_bill(room, opened)
    settled = settle(
        room.counter, opened.id, [Tender(TenderKind.MFS, 600_00, "TRX1"), Tender(TenderKind.CASH, 100_00)]
    )
    assert settled.change_poisha == 40_00
    assert room.balances()["clearing:mfs"] == 600_00
    assert room.balances()["cash:drawer"] == 60_00


def test_a_parked_visit_comes_back_as_it_was(room: Room) -> None:
    opened = begin(room)
    take_bill(room, opened)
    visit.park(room.counter, opened.id)
    assert visit.current(room.counter) is None
    assert [one.id for one in visit.parked(room.counter)] == [opened.id]
    assert len(visit.resume(room.counter, opened.id).lines) == 1


def test_a_citizen_is_found_again_by_mobile_and_by_nid(room: Room) -> None:
    from kiosk.counter.find import find

    opened = visit.open_visit(room.counter)
    visit.set_citizen(room.counter, opened.id, "নমুনা নাগরিক", "+8801712345678", "১২৩৪৫৬৭৮৯০")
    assert find(room.counter, "০১৭১২৩৪৫৬৭৮")[0].title_bn == "নমুনা নাগরিক"
    assert find(room.counter, "1234567890")[0].title_bn == "নমুনা নাগরিক"


@pytest.mark.parametrize("typed", ["০১৭১২৩৪৫৬৭৮", "1234567890123", "K-1", "নাগ", "' OR 1=1 --", "\x00", "🙂", "পল্লী"])
def test_the_search_box_answers_any_text(room: Room, typed: str) -> None:
    from kiosk.counter.find import find

    find(room.counter, typed)


def test_the_same_bill_is_not_taken_twice_in_one_visit(room: Room) -> None:
    opened = begin(room)
    take_bill(room, opened)
    with pytest.raises(CounterError, match="same_bill_in_basket"):
        take_bill(room, opened)


def test_a_sourced_length_stops_and_a_believed_one_only_warns(room: Room) -> None:
    _verdict, problems = pay_bill.check(room.counter, "breb", {**PALLI, "account_no": "১২৩"}, 650_00)
    assert [(one.reason, one.hard) for one in problems] == [("wrong_length", True)]
    _verdict, problems = pay_bill.check(room.counter, "b523", {"bill_no": "12"}, 650_00)
    assert [(one.reason, one.hard) for one in problems] == [("unusual_length", False)]


@pytest.mark.parametrize("poisha", [0, -1, 10**15])
def test_an_impossible_amount_is_refused(room: Room, poisha: int) -> None:
    opened = begin(room)
    with pytest.raises(CounterError, match="bad_amount"):
        take_bill(room, opened, poisha)


def test_an_application_needs_the_citizens_consent(room: Room) -> None:
    from kiosk.counter import apply

    opened = begin(room)
    with pytest.raises(CounterError, match="consent_missing"):
        apply.add(room.counter, opened.id, "character", {}, None, consent=False)


def test_what_may_be_taken_offline_is_decided_by_data(room: Room) -> None:
    def rule(biller: str, answers: dict[str, str], poisha: int, **changes: object) -> str:
        counter = replace(room.counter, **changes)  # type: ignore[arg-type]
        return pay_bill.check(counter, biller, answers, poisha)[0].rule

    assert rule("breb", PALLI, 650_00) == ""
    assert rule("b450", {"account_no": "12345678", "mobile": "01712345678"}, 500_00) == "prepaid-offline"
    assert rule("a-challan", {"bill_no": "1422311"}, 500_00) == "challan-offline"
    assert rule("breb", PALLI, 49_000_00) == "float-min"
    assert rule("breb", PALLI, 6_000_00) == "per-bill-limit"
    assert rule("breb", {**PALLI, "due_on": "2026-11-23"}, 650_00) == "due-date"
    room.clock.forward(hours=13)  # eleven in the evening in Dhaka
    assert rule("b025", {"bill_no": "11260012345"}, 650_00) == "ekpay-hours"


def test_a_visit_without_a_name_may_pay_a_bill_but_not_apply(room: Room) -> None:
    opened = visit.open_visit(room.counter)
    take_bill(room, opened)
    pay(room, opened)
    assert state(room, opened) is LineState.WAITING
    other = visit.open_visit(room.counter)
    take_application(room, other)
    with pytest.raises(CounterError, match="citizen_missing"):
        pay(room, other)
