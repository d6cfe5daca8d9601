"""What wants a person, and how one or two keys end it: nothing is lost on the way and the books agree after each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from kiosk.counter import answer, cancel, visit, waiting
from kiosk.counter.records import CounterError, LineState, ReceiptKind, Wants
from kiosk.counter.timeline import timeline
from sync.sandbox import Sandbox, schema
from tests.conftest import Room
from tests.kiosk.stories import begin, line, papers, pay, settled_bill, state, take_application, take_bill


@pytest.fixture
def mute(tmp_path: Path, sandbox: Sandbox) -> Iterator[Room]:
    """A counter whose ekPay can't be asked by key."""
    addresses = sandbox.portals()
    portals = {**addresses, "ekpay": {"address": addresses["ekpay"], "lacks": ["query_by_key", "batch"]}}
    made = Room(tmp_path / "home", sandbox, portals)
    made.sync()
    yield made
    made.app.stop()


def wants(room: Room) -> list[Wants]:
    found = [one.wants for one in waiting.waiting(room.counter)]
    assert waiting.wanting_count(room.counter) == sum(one is not Wants.NOTHING for one in found)
    return found


def test_a_lost_answer_of_a_portal_that_cant_be_asked_waits_for_a_person_who_says_it_is_done(mute: Room) -> None:
    opened = settled_bill(mute)
    mute.sandbox.fail_next("ekpay.pay", "lose_after")
    mute.sync()
    mute.clock.forward(days=2)
    mute.sync()
    assert mute.sandbox.seen("ekpay").count("pay") == 1
    assert "ask" not in mute.sandbox.seen("ekpay")
    assert wants(mute) == [Wants.ASK_THERE]
    with pytest.raises(CounterError, match="portal_reference_missing"):
        answer.was_done(mute.counter, line(mute, opened).id, "  ")
    answer.was_done(mute.counter, line(mute, opened).id, "ইকে-৭৭")
    with pytest.raises(CounterError, match="nothing_to_answer"):
        answer.was_not_done(mute.counter, line(mute, opened).id)
    mute.sync()
    assert (state(mute, opened), line(mute, opened).reference) == (LineState.CONFIRMED, "ইকে-77")
    assert papers(mute, opened)[-1] is ReceiptKind.FINAL
    assert wants(mute) == []


def test_who_says_that_it_is_surely_not_done_has_it_sent_again(mute: Room) -> None:
    opened = settled_bill(mute)
    mute.sandbox.fail_next("ekpay.pay", "lose_before")
    mute.sync()
    assert wants(mute) == [Wants.ASK_THERE]
    answer.was_not_done(mute.counter, line(mute, opened).id)
    mute.sync()
    assert state(mute, opened) is LineState.CONFIRMED
    assert len(mute.sandbox.books.effects()) == 1


def test_a_power_cut_in_the_middle_asks_a_person_too_also_after_the_program_starts_again(mute: Room) -> None:
    opened = settled_bill(mute)
    with mute.app.store.transaction() as connection:
        connection.execute("UPDATE operations SET state = 'sending'")
        connection.execute(
            """INSERT INTO attempts (operation_key, what, begun_at_utc) SELECT key, 'send', made_at_utc
               FROM operations""")
    mute.sync()
    mute.sync()
    assert wants(mute) == [Wants.ASK_THERE]
    told = [in_english for _at, _in_bangla, in_english in timeline(mute.counter, line(mute, opened).id)]
    assert len(told) == 3, "taken, sent, and the question: said once, not at every start"


def test_a_line_is_cancelled_until_it_is_sent(room: Room) -> None:
    opened = settled_bill(room)
    cancel.cancel(room.counter, line(room, opened).id)
    assert state(room, opened) is LineState.REFUND_DUE
    assert papers(room, opened) == [ReceiptKind.PROVISIONAL, ReceiptKind.FINAL]
    room.sync()
    assert room.sandbox.books.effects() == []
    with pytest.raises(CounterError, match="nothing_to_cancel"):
        cancel.cancel(room.counter, line(room, opened).id)


def test_an_application_is_cancelled_with_its_fee(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    cancel.cancel(room.counter, line(room, opened).id)
    room.sync()
    assert room.sandbox.books.effects() == []
    assert state(room, opened) is LineState.REFUND_DUE


@pytest.mark.parametrize("how", ["lose_after", "lose_before"])
def test_what_may_have_arrived_can_not_be_cancelled_and_it_is_said(room: Room, how: str) -> None:
    opened = settled_bill(room)
    room.sandbox.fail_next("ekpay.pay", how)
    room.sandbox.fail_next("ekpay.ask", "busy")
    kit = room.app.sync_kit()
    kit.engine.run(1)
    with pytest.raises(CounterError, match="too_late_to_cancel"):
        cancel.cancel(room.counter, line(room, opened).id)
    kit.close()
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED


def test_an_application_that_is_there_already_is_not_cancelled_for_its_fee(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sandbox.set_float("eksheba", 0)
    room.sync()
    assert state(room, opened) is LineState.WAITING
    with pytest.raises(CounterError, match="too_late_to_cancel"):
        cancel.cancel(room.counter, line(room, opened).id)


def application_key(room: Room) -> str:
    return str(next(one["key"] for one in room.sandbox.books.effects() if one["kind"].endswith("submit")))


def picture() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (900, 700), "white").save(body, "PNG")
    return body.getvalue()


def test_a_missing_paper_is_asked_for_and_sent_after_its_application(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sync()
    room.sandbox.advance_application(application_key(room), "paper_missing", "হোল্ডিং ট্যাক্সের রশিদ")
    room.sync()
    assert wants(room) == [Wants.PAPER]
    told = [in_bangla for _at, in_bangla, _english in timeline(room.counter, line(room, opened).id)]
    assert any("হোল্ডিং ট্যাক্সের রশিদ" in one for one in told)
    answer.send_paper(room.counter, line(room, opened).id, "rashid.png", picture())
    with pytest.raises(CounterError, match="no_paper_missing"):
        answer.send_paper(room.counter, line(room, opened).id, "rashid.png", picture())
    assert wants(room) == [Wants.NOTHING]
    room.sync()
    [kept] = room.sandbox.books.read(lambda within: within.execute(select(schema.attachments)).all())
    assert (kept.name, kept.application_key) == ("rashid.jpg", application_key(room))
    assert kept.body.startswith(b"\xff\xd8")


def test_a_file_that_the_portal_refuses_is_a_missing_paper_and_no_money_moves(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sync()
    room.sandbox.advance_application(application_key(room), "paper_missing", "ছবি")
    room.sync()
    answer.send_paper(room.counter, line(room, opened).id, "photo.png", picture())
    before = room.balances()
    room.sandbox.fail_next("eksheba.attachment", "refuse")
    room.sync()
    assert wants(room) == [Wants.PAPER]
    assert room.balances() == before


def test_an_office_that_refused_is_in_the_list_until_the_citizen_is_told(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    room.sync()
    room.sandbox.advance_application(application_key(room), "cancel", "ঠিকানা মেলেনি")
    room.sync()
    assert wants(room) == [Wants.TELL]
    answer.citizen_told(room.counter, line(room, opened).id)
    assert waiting.waiting(room.counter) == []
    assert state(room, opened) is LineState.OFFICE_REFUSED


def test_what_wants_a_person_stands_before_what_waits_for_the_line(room: Room) -> None:
    first = settled_bill(room)
    opened = begin(room)
    take_bill(room, opened, 320_00)
    pay(room, opened)
    cancel.cancel(room.counter, line(room, opened).id)
    assert [one.line.id for one in waiting.waiting(room.counter)] == [line(room, opened).id, line(room, first).id]
    assert visit.get(room.counter, opened.id).lines[0].state is LineState.REFUND_DUE
