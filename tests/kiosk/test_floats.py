"""What lies prefunded at a portal: known from the portal's first word on, whatever was paid before it came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import carrying
from kiosk.counter import cashbook, pay_bill
from kiosk.counter.records import LineState
from kiosk.verify import verify
from sync.carry import road
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.kiosk.stories import PALLI, begin, pay, settled_bill, state

_THERE = 5_000_00  # poisha, at ekPay


@pytest.fixture
def new(tmp_path: Path, sandbox: Sandbox) -> Iterator[Room]:
    """A counter that has never seen a line."""
    sandbox.set_float("ekpay", _THERE)
    made = Room(tmp_path / "home", sandbox)
    yield made
    made.app.stop()


def test_bills_that_waited_for_the_very_first_line_do_not_stop_the_next_ones(new: Room) -> None:
    first = settled_bill(new)
    new.sync()
    assert state(new, first) is LineState.CONFIRMED
    assert pay_bill.float_left(new.counter, "ekpay") == _THERE - 650_00
    second = begin(new)
    pay_bill.add(new.counter, second.id, "breb", {**PALLI, "account_no": "9876543210987"}, 400_00)
    pay(new, second)
    new.sync()
    assert state(new, second) is LineState.CONFIRMED
    assert pay_bill.float_left(new.counter, "ekpay") == new.sandbox.books.float_left("ekpay") == _THERE - 1_050_00


def test_a_counter_that_lives_by_sticks_alone_still_takes_bills(new: Room, tmp_path: Path) -> None:
    first = settled_bill(new)
    carry = carrying.pack(new.app, new.counter, tmp_path)[0]
    sent = carrying.send(tmp_path / carry.name, carry.code, new.app.settings.portals, 30, clock=new.clock)
    assert sent.ended == 1
    carrying.bring(new.app, new.counter, road.outcomes_beside(tmp_path / carry.name))
    assert state(new, first) is LineState.CONFIRMED
    assert pay_bill.float_left(new.counter, "ekpay") is None, "nobody ever said what it holds"
    settled_bill(new, 400_00)
    assert verify(new.app.store.connection()) == []


def test_what_the_owner_says_of_a_float_is_believed_where_no_portal_was_heard(new: Room) -> None:
    cashbook.top_up(new.counter, "ekpay", 300_00, "owner")
    assert pay_bill.float_left(new.counter, "ekpay") == 300_00
    new.sync()
    assert pay_bill.float_left(new.counter, "ekpay") == 300_00, "a person's word is not written over"


def test_an_empty_float_is_known_to_be_empty(new: Room) -> None:
    new.sandbox.set_float("ekpay", 0)
    new.sync()
    assert pay_bill.float_left(new.counter, "ekpay") == 0
    new.sandbox.set_float("ekpay", _THERE)
    new.sync()
    assert pay_bill.float_left(new.counter, "ekpay") == _THERE
