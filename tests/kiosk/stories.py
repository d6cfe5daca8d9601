"""What the stories have in common: bills, forms and payments as an operator takes them."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.counter import apply, order, pay_bill, pay_due, visit, waiting
from kiosk.counter.records import Line, LineState, Receipt, ReceiptKind, Settled, Tender, TenderKind, Visit
from kiosk.counter.settle import settle
from tests.conftest import Room

PALLI = {"account_no": "1234567890123", "bill_period": "2026-10", "mobile": "01712345678"}


def begin(room: Room) -> Visit:
    opened = visit.open_visit(room.counter)
    return visit.set_citizen(room.counter, opened.id, "নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")


def take_bill(room: Room, opened: Visit, poisha: int = 650_00) -> Visit:
    return pay_bill.add(room.counter, opened.id, "breb", PALLI, poisha)


def take_application(
    room: Room, opened: Visit, files: Mapping[str, str] | None = None, service: str = "nationality",
    also: Mapping[str, str] | None = None,
) -> Visit:
    """`files`: the names under which papers are kept, by the questions that they answer. `also`: what only this form
    asks for."""
    form = apply.form(room.counter, service)
    assert form is not None
    filling = form.fill(today=room.counter.today(), now=room.counter.now())
    answers = {
        "/data/applicant/name": "নমুনা নাগরিক", "/data/applicant/father": "নমুনা পিতা",
        "/data/applicant/mother": "নমুনা মাতা", "/data/applicant/identity": "nid",
        "/data/applicant/born_on": "1985-03-12", "/data/applicant/mobile": "০১৭১২৩৪৫৬৭৮",
        "/data/address/division": "d5", "/data/address/district": "z38", "/data/address/upazila": "u495",
        "/data/address/union": "n2670", "/data/address/village": "নমুনা গ্রাম", "/data/address/ward": "৩",
    }
    for ref, value in {**answers, **(also or {})}.items():
        filling.answer(ref, value)
    filling.answer("/data/applicant/nid", "১২৩৪৫৬৭৮৯০")
    assert filling.errors() == []
    given = {**filling.values(), **(files or {})}
    return apply.add(room.counter, opened.id, service, given, filling.submission("uuid:sample"), consent=True)


def take_order(room: Room, opened: Visit) -> Visit:
    order.add(room.counter, opened.id, "p0001", 2)
    return order.add(room.counter, opened.id, "p0166", 1)


def take_due(room: Room, opened: Visit) -> Visit:
    holding = pay_due.holdings(room.counter, "০০১")[0]
    return pay_due.add(room.counter, opened.id, holding.municipality_id, holding.number, holding.dues[0].id)


def pay(room: Room, opened: Visit, poisha: int | None = None) -> Settled:
    current = visit.get(room.counter, opened.id)
    return settle(room.counter, opened.id, [Tender(TenderKind.CASH, poisha or current.total_poisha)])


def settled_bill(room: Room, poisha: int = 650_00) -> Visit:
    opened = begin(room)
    take_bill(room, opened, poisha)
    pay(room, opened)
    return visit.get(room.counter, opened.id)


def line(room: Room, opened: Visit, place: int = 0) -> Line:
    return visit.get(room.counter, opened.id).lines[place]


def state(room: Room, opened: Visit, place: int = 0) -> LineState:
    return line(room, opened, place).state


def papers(room: Room, opened: Visit) -> list[ReceiptKind]:
    return [receipt.kind for receipt in waiting.receipts(room.counter, opened.id)]


def paper(room: Room, opened: Visit, kind: ReceiptKind) -> Receipt:
    return next(receipt for receipt in waiting.receipts(room.counter, opened.id) if receipt.kind is kind)
