"""A service whose fee is paid so long before its application (NID correction: thirty minutes, domain.md row 36): the
fee goes first, and the application is never sent earlier, whatever line, power and people do."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk import carrying, words
from kiosk.counter import apply, cancel, waiting
from kiosk.counter.records import Answer, CounterError, LineState, ReceiptKind, Visit
from sync import outbox
from sync.outbox import Kept
from tests.conftest import Room
from tests.kiosk.stories import begin, line, papers, pay, state

FEE, WAIT = 230_00, timedelta(minutes=30)


def correction(room: Room) -> Visit:
    """An NID correction, paid for at the counter."""
    opened = begin(room)
    apply.add(room.counter, opened.id, "nid-correction", {"/data/fee_variant": "base"}, b"<data/>", consent=True)
    pay(room, opened)
    return opened


def operation(room: Room, opened: Visit, kind: str) -> Kept:
    sql = "SELECT operation_key FROM line_operations WHERE line_id = ?"
    keys = [found["operation_key"] for found in room.counter.store.rows(sql, line(room, opened).id)]
    kept = [outbox.get(room.counter.store.connection(), key) for key in keys]
    return next(one for one in kept if one is not None and one.operation.kind.endswith(kind))


def sent_at(room: Room, opened: Visit) -> datetime | None:
    """When the application was first sent."""
    tried = outbox.attempts(room.counter.store.connection(), operation(room, opened, "submit").operation.key)
    return min((one.begun_at for one in tried if one.what == "send"), default=None)


def test_it_is_told_when_it_is_taken(room: Room) -> None:
    verdict = apply.check(room.counter, "nid-correction")
    assert (verdict.answer, verdict.rule) == (Answer.WARN, "nid-correction-wait")
    assert "৩০ মিনিট" in words.trouble("bn", verdict.rule, **verdict.facts)
    assert "30 minutes" in words.trouble("en", verdict.rule, **verdict.facts)


def test_the_fee_goes_first_and_the_application_half_an_hour_later(room: Room) -> None:
    opened = correction(room)
    room.sync()
    paid_at = room.clock.now
    [waits] = waiting.waiting(room.counter)
    assert (waits.stands, waits.facts["clock"]) == ("state.timed_fee", "10:30")
    assert room.balances()["payable:eksheba"] == 0
    assert sent_at(room, opened) is None
    for minutes in (1, 20, 8):
        room.clock.forward(minutes=minutes)
        room.sync()
        assert sent_at(room, opened) is None
    room.clock.forward(minutes=1)
    room.sync()
    assert sent_at(room, opened) == paid_at + WAIT
    assert state(room, opened) is LineState.ACCEPTED
    assert [effect["kind"] for effect in room.sandbox.books.effects()] == [
        "eksheba.fee.pay", "eksheba.application.submit"]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(
    st.integers(0, 25), st.sampled_from(["", "pay lose_after", "pay lose_before", "pay busy", "submit lose_before",
                                         "submit busy", "restart"])), min_size=1, max_size=4))
def test_whatever_happens_it_is_never_sent_earlier_and_arrives_once(
    room: Room, steps: list[tuple[int, str]]
) -> None:
    opened = correction(room)
    for minutes, what in steps:
        room.clock.forward(minutes=minutes)
        if what == "restart":
            room.app.stop()
            room.restart()
        elif what:
            kind, how = what.split()
            room.sandbox.fail_next(f"eksheba.{kind}", how)
        room.sync()
    for _round in range(3):
        room.clock.forward(minutes=25)
        room.sync()
    paid = outbox.attempts(room.counter.store.connection(), operation(room, opened, "fee.pay").operation.key)
    first, began = sent_at(room, opened), min(one.begun_at for one in paid if one.what == "send")
    assert first is not None
    assert first >= began + WAIT
    assert state(room, opened) is LineState.ACCEPTED
    keys = [operation(room, opened, kind).operation.key for kind in ("submit", "fee.pay")]
    assert [sum(effect["key"] == key for effect in room.sandbox.books.effects()) for key in keys] == [1, 1]


def test_a_fee_whose_answer_was_lost_counts_from_when_it_is_known(room: Room) -> None:
    opened = correction(room)
    room.sandbox.fail_next("eksheba.pay", "lose_after")
    room.send_one()
    assert state(room, opened) is LineState.UNKNOWN
    room.clock.forward(hours=2)
    room.sync()
    known_at = room.clock.now
    room.clock.forward(minutes=29)
    room.sync()
    assert sent_at(room, opened) is None
    room.clock.forward(minutes=1)
    room.sync()
    assert sent_at(room, opened) == known_at + WAIT


def test_a_fee_that_is_refused_is_money_owed_and_the_application_is_never_sent(room: Room) -> None:
    opened = correction(room)
    room.sandbox.fail_next("eksheba.pay", "refuse")
    room.sync()
    room.clock.forward(hours=2)
    room.sync()
    assert state(room, opened) is LineState.REFUND_DUE
    assert sent_at(room, opened) is None
    assert room.sandbox.books.effects() == []


def test_an_application_that_is_refused_after_its_fee_is_told_and_the_fee_stays_there(room: Room) -> None:
    opened = correction(room)
    room.sync()
    room.sandbox.fail_next("eksheba.submit", "refuse")
    room.clock.forward(minutes=30)
    room.sync()
    assert state(room, opened) is LineState.OFFICE_REFUSED
    assert "refund_due:citizen" not in room.balances()
    assert papers(room, opened)[-1] is ReceiptKind.FINAL
    [waits] = waiting.waiting(room.counter)
    assert waits.stands == "wants.tell"


def test_it_may_be_taken_back_before_its_fee_is_paid_and_not_after(room: Room) -> None:
    first, second = correction(room), correction(room)
    cancel.cancel(room.counter, line(room, first).id)
    room.sync()
    assert state(room, first) is LineState.REFUND_DUE
    with pytest.raises(CounterError, match="too_late_to_cancel"):
        cancel.cancel(room.counter, line(room, second).id)
    [waits] = [one for one in waiting.waiting(room.counter) if one.visit_id == second.id]
    assert not waits.may_be_cancelled


def test_on_a_stick_the_fee_leaves_and_the_application_stays_at_home(room: Room, tmp_path: Path) -> None:
    opened = correction(room)
    [packed] = carrying.pack(room.app, room.counter, tmp_path)
    assert packed.out == 1
    connection = room.counter.store.connection()
    keys = {kind: operation(room, opened, kind).operation.key for kind in ("fee.pay", "submit")}
    assert outbox.carried_until(connection, keys["fee.pay"]) is not None
    assert outbox.carried_until(connection, keys["submit"]) is None
