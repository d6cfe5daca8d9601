"""The laptop's clock goes wrong: receipts and fee dates stay in order, and the operator is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.counter import waiting
from kiosk.counter.records import CounterError
from kiosk.people import Operator
from kiosk.store.clock import ClockState, SteadyClock
from kiosk.verify import verify
from tests.conftest import Room, TestClock
from tests.kiosk.stories import settled_bill


def told(room: Room) -> ClockState:
    return room.app.home.clock_state


def in_order(room: Room) -> bool:
    issued = [receipt.issued_at for receipt in reversed(waiting.recent_receipts(room.counter))]
    return issued == sorted(issued) and verify(room.app.store.connection()) == []


@pytest.mark.parametrize("days", [-365, -1, 3650])
def test_a_clock_set_back_or_far_ahead_is_told_and_nothing_gets_out_of_order(room: Room, days: int) -> None:
    settled_bill(room)
    today = room.counter.today()
    room.clock.forward(days=days)
    room.app.stop()
    room.restart()
    settled_bill(room, 300_00)
    assert told(room) is (ClockState.BEHIND if days < 0 else ClockState.AHEAD)
    assert room.counter.today() == today
    assert in_order(room)


def test_a_clock_that_comes_right_again_is_believed(room: Room) -> None:
    settled_bill(room)
    room.clock.forward(days=-365)
    settled_bill(room, 300_00)
    room.clock.forward(days=366)
    settled_bill(room, 400_00)
    assert told(room) is ClockState.RIGHT
    assert in_order(room)


def test_only_a_supervisor_says_that_a_far_date_is_right(room: Room) -> None:
    settled_bill(room)
    room.clock.forward(days=100)
    with pytest.raises(CounterError, match="supervisor_needed"):
        room.app.confirm_date(replace(room.counter, operator=Operator("x", "x", "operator")))
    assert told(room) is ClockState.AHEAD
    room.app.confirm_date(room.counter)
    assert told(room) is ClockState.RIGHT
    assert room.counter.now() == room.clock()
    settled_bill(room, 300_00)
    assert in_order(room)


@given(st.lists(st.integers(-10**8, 10**8), max_size=30))
def test_whatever_the_system_says_time_never_goes_back(steps: list[int]) -> None:
    system = TestClock()
    clock = SteadyClock(system, system.now, lambda: 0.0)
    before = clock()
    for seconds in steps:
        system.now += timedelta(seconds=seconds) if abs(seconds) < 10**7 else timedelta(0)
        now = clock()
        assert now >= before
        before = now
