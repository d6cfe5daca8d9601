"""ekPay's own list of billers: what it no longer takes is said before money changes hands, and stops nothing."""

from __future__ import annotations

import pytest

from kiosk.counter import pay_bill
from kiosk.counter.records import Answer, LineState
from tests.conftest import Room
from tests.kiosk.stories import PALLI, settled_bill, state


def _says(room: Room, biller: str = "breb") -> str:
    verdict, _problems = pay_bill.check(room.counter, biller, PALLI, 650_00)
    assert verdict.answer in (Answer.ACCEPT, Answer.WARN)
    return verdict.rule


def test_a_biller_that_left_the_list_is_told_of_and_may_still_be_taken(room: Room) -> None:
    room.sandbox.unlist("breb")
    assert _says(room) == "", "nobody has seen the list yet"
    room.sync()
    assert _says(room) == "unlisted"
    opened = settled_bill(room)
    assert opened.lines[0].warning == "unlisted"
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED


def test_a_biller_on_the_list_is_taken_without_a_word(room: Room) -> None:
    room.sync()
    assert _says(room) == ""


def test_a_list_of_nobody_is_no_list(room: Room) -> None:
    room.sync()
    for biller in room.counter.catalogue.billers():
        room.sandbox.unlist(biller.id)
    room.sync()
    assert _says(room) == ""


@pytest.mark.parametrize("how", ["html", "lose_after", "busy", "redirect"])
def test_a_list_that_does_not_come_leaves_the_old_one(room: Room, how: str) -> None:
    room.sync()
    room.sandbox.unlist("breb")
    for _round in range(3):
        room.sandbox.fail_next("ekpay.billers", how)
    room.sync()
    assert _says(room) == ""
    room.sync()
    assert _says(room) == "unlisted"
