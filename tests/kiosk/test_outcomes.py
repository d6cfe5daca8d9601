"""Promises 2, 3 and 4 between counter and portal: no second effect, a known end, money owed is seen until paid back."""

from __future__ import annotations

import pytest

from kiosk.counter import decide, visit, waiting
from kiosk.counter.records import CounterError, LineState, ReceiptKind, Tender, TenderKind
from kiosk.counter.refund import pay_back
from kiosk.counter.timeline import timeline
from tests.conftest import Room
from tests.kiosk.stories import (
    begin,
    line,
    paper,
    papers,
    pay,
    settled_bill,
    state,
    take_application,
    take_order,
)

WIRE = {"bllr_accno": "1234567890123", "bll_period": "2026-10", "bill_mobno": "01712345678"}


def test_a_payment_whose_answer_was_lost_is_asked_about_before_anything_is_sent_again(room: Room) -> None:
    opened = settled_bill(room)
    room.sandbox.fail_next("ekpay.pay", "lose_after")
    room.sync()
    asked = [word for word in room.sandbox.seen("ekpay") if word in ("pay", "ask")]
    assert asked == ["pay", "ask"]
    assert state(room, opened) is LineState.CONFIRMED
    assert [effect["amount_poisha"] for effect in room.sandbox.books.effects()] == [650_00]


@pytest.mark.parametrize("how", ["lose_before", "lose_after", "error_after", "html", "busy", "redirect"])
@pytest.mark.parametrize("kind", ["ekpay.fetch", "ekpay.pay", "ekpay.token"])
def test_whatever_the_line_does_to_a_bill_it_is_paid_once(room: Room, kind: str, how: str) -> None:
    opened = settled_bill(room)
    room.sandbox.fail_next(kind, how)
    for _round in range(3):
        room.clock.forward(minutes=10)
        room.sync()
    assert state(room, opened) is LineState.CONFIRMED
    assert len(room.sandbox.books.effects()) == 1
    assert room.balances()["payable:ekpay"] == 0


@pytest.mark.parametrize("how", ["lose_before", "lose_after", "error_after", "html", "busy"])
@pytest.mark.parametrize("kind", ["eksheba.submit", "eksheba.pay", "ekshop.order"])
def test_whatever_the_line_does_to_an_application_or_an_order_it_happens_once(room: Room, kind: str, how: str) -> None:
    opened = begin(room)
    take_application(room, opened)
    take_order(room, opened)
    pay(room, opened)
    room.sandbox.fail_next(kind, how)
    for _round in range(3):
        room.clock.forward(minutes=10)
        room.sync()
    assert {one.state for one in visit.get(room.counter, opened.id).lines} == {LineState.ACCEPTED}
    assert len(room.sandbox.books.effects()) == 3


def test_a_bill_that_was_already_paid_becomes_money_owed_and_is_paid_back_against_a_slip(room: Room) -> None:
    opened = settled_bill(room)
    room.sandbox.bill("breb", WIRE, 650_00, paid=True)
    room.sync()
    assert state(room, opened) is LineState.REFUND_DUE
    assert [due.amount_poisha for due in waiting.refunds_due(room.counter)] == [660_00]
    assert "ফেরত পাবেন" in paper(room, opened, ReceiptKind.FINAL).document.strings()
    slip = pay_back(room.counter, line(room, opened).id)
    assert slip.kind is ReceiptKind.REFUND
    assert room.balances()["cash:drawer"] == 0
    assert room.balances()["refund_due:citizen"] == 0
    with pytest.raises(CounterError, match="nothing_due"):
        pay_back(room.counter, line(room, opened).id)


def test_a_dearer_bill_asks_and_goes_on_at_the_new_amount(room: Room) -> None:
    opened = settled_bill(room)
    room.sandbox.bill("breb", WIRE, 700_00)
    room.sync()
    assert state(room, opened) is LineState.DECIDE
    assert papers(room, opened) == [ReceiptKind.PROVISIONAL]
    assert decide.difference(room.counter, line(room, opened).id) == 50_00
    with pytest.raises(CounterError, match="underpaid"):
        decide.pay_new_amount(room.counter, line(room, opened).id, [])
    decide.pay_new_amount(room.counter, line(room, opened).id, [Tender(TenderKind.CASH, 50_00)])
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED
    assert room.balances()["cash:drawer"] == 710_00


def test_a_cheaper_bill_gives_the_difference_back(room: Room) -> None:
    opened = settled_bill(room)
    room.sandbox.bill("breb", WIRE, 600_00)
    room.sync()
    decide.pay_new_amount(room.counter, line(room, opened).id, [])
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED
    assert room.balances()["cash:drawer"] == 610_00


def test_a_changed_bill_may_be_given_back_instead(room: Room) -> None:
    opened = settled_bill(room)
    room.sandbox.bill("breb", WIRE, 700_00)
    room.sync()
    decide.give_back(room.counter, line(room, opened).id)
    room.sync()
    assert state(room, opened) is LineState.REFUND_DUE
    assert papers(room, opened)[-1] is ReceiptKind.FINAL


def test_a_bill_that_waits_twice_is_paid_once_and_owed_back_once(room: Room) -> None:
    first, second = settled_bill(room), settled_bill(room, 320_00)
    room.sync()
    assert (state(room, first), state(room, second)) == (LineState.CONFIRMED, LineState.REFUND_DUE)
    assert line(room, second).reason == "already_paid"


def test_a_refused_application_never_sends_its_fee(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sandbox.fail_next("eksheba.submit", "refuse")
    room.sync()
    assert state(room, opened) is LineState.REFUND_DUE
    assert room.sandbox.seen("eksheba").count("pay") == 0
    assert len(waiting.refunds_due(room.counter)) == 1


def test_a_float_that_is_too_low_makes_a_payment_wait_and_not_fail(room: Room) -> None:
    opened = settled_bill(room)
    room.sandbox.set_float("ekpay", 100_00)
    room.sync()
    assert state(room, opened) is LineState.WAITING
    room.sandbox.set_float("ekpay", 9_000_00)
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED


def test_an_order_is_split_by_seller_and_done_when_every_parcel_is_there(room: Room) -> None:
    opened = begin(room)
    take_order(room, opened)
    pay(room, opened)
    room.sync()
    assert len(line(room, opened).facts["orders"]) == 2
    key = room.sandbox.books.effects()[0]["key"]
    room.sandbox.advance_order(key, "on_the_way")
    room.sync()
    assert state(room, opened) is LineState.ACCEPTED
    room.sandbox.advance_order(key, "delivered")
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED


def test_an_order_that_is_out_of_stock_is_owed_back_and_one_whose_price_moved_asks(room: Room) -> None:
    first, second = begin(room), begin(room)
    for opened in (first, second):
        take_order(room, opened)
        pay(room, opened)
    room.sandbox.set_product("p0001", stock=0)
    room.sync()
    assert state(room, first) is LineState.REFUND_DUE
    assert state(room, second) is LineState.REFUND_DUE
    room.sandbox.set_product("p0001", stock=50, price_poisha=99_00)
    third = begin(room)
    take_order(room, third)
    pay(room, third)
    room.sync()
    assert state(room, third) is LineState.DECIDE
    owed = decide.difference(room.counter, line(room, third).id)
    decide.pay_new_amount(room.counter, line(room, third).id, [Tender(TenderKind.CASH, owed)])
    room.sync()
    assert state(room, third) is LineState.ACCEPTED


def test_a_granted_application_brings_its_document_home(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sync()
    key = next(effect["key"] for effect in room.sandbox.books.effects() if effect["kind"].endswith("submit"))
    for status in ("secretary", "chairman", "approved"):
        room.sandbox.advance_application(key, status)
    room.sync()
    assert waiting.document_bytes(room.counter, line(room, opened).id).startswith(b"%PDF")
    told = [in_bangla for _at, in_bangla, _english in timeline(room.counter, line(room, opened).id)]
    assert "অনুমোদিত" in told
    assert state(room, opened) is LineState.CONFIRMED
    assert [one.line.id for one in waiting.waiting(room.counter)] == [line(room, opened).id]
    room.clock.forward(days=30)
    assert waiting.waiting(room.counter) == []


def test_an_office_that_refuses_after_the_fee_is_told_and_owes_nothing_back(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sync()
    key = next(effect["key"] for effect in room.sandbox.books.effects() if effect["kind"].endswith("submit"))
    room.sandbox.advance_application(key, "cancel")
    room.sync()
    assert state(room, opened) is LineState.OFFICE_REFUSED
    assert waiting.refunds_due(room.counter) == []


def test_without_a_line_nothing_is_lost_and_everything_goes_when_it_is_back(room: Room) -> None:
    room.sandbox.go_away()
    opened = [settled_bill(room)]
    assert room.sync() in ("portal_down", "no_line", "answer_lost")
    assert state(room, opened[0]) is LineState.WAITING
    room.sandbox.come_back()
    room.clock.forward(hours=1)
    room.sync()
    assert state(room, opened[0]) is LineState.CONFIRMED
