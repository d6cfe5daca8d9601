"""What has to be handed in within so many days of a first payment (e-namjari: seven, domain.md row 30): by when is told
in the form, on the receipt, in the list; what is not handed in yet too; and nothing is sent after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk import words
from kiosk.counter import apply, rules, unfinished, visit, waiting
from kiosk.counter.records import Answer, CounterError, LineState, ReceiptKind, Visit
from tests.conftest import Room
from tests.kiosk.stories import begin, line, paper, pay, state

PAID = "/data/first_paid_on"
BASE = {"/data/fee_variant": "base", PAID: "2026-11-23"}  # paid today


@given(st.dates(date(2020, 1, 1), date(2101, 12, 31)), st.integers(0, 400))
@example(date(2028, 2, 22), 7)
@example(date(2027, 2, 22), 7)
@example(date(2026, 12, 25), 7)
def test_so_many_days_after_is_in_time_and_a_day_later_is_not(paid: date, days: int) -> None:
    params = {"answer": PAID, "days": days}
    found = rules.last_day({PAID: paid.isoformat()}, params)
    assert found is not None
    since, last = found
    assert (since, (last - paid).days) == (paid, days)
    said: list[dict[str, str]] = [{}, {PAID: ""}, {PAID: "2026-02-30"}]
    for answers in said:
        assert rules.last_day(answers, params) is None


@pytest.mark.parametrize(("paid", "answer", "rule"), [
    ("2026-11-23", Answer.WARN, "land-mutation-days-left"), ("2026-11-16", Answer.WARN, "land-mutation-days-left"),
    ("2026-11-15", Answer.REFUSE, "land-mutation-days"), ("", Answer.ACCEPT, ""),
])
def test_seven_days_after_the_first_payment_it_is_too_late(room: Room, paid: str, answer: Answer, rule: str) -> None:
    verdict = apply.check(room.counter, "land-mutation", {PAID: paid})
    assert (verdict.answer, verdict.rule) == (answer, rule)
    if paid == "2026-11-15":
        assert "২২ নভেম্বর ২০২৬" in words.trouble("bn", verdict.rule, **verdict.facts)


def mutation(room: Room) -> Visit:
    opened = begin(room)
    apply.add(room.counter, opened.id, "land-mutation", BASE, b"<data/>", consent=True)
    pay(room, opened)
    return opened


def test_the_receipt_and_the_list_say_by_when_it_has_to_go(room: Room) -> None:
    opened = mutation(room)
    assert "৩০-১১-২০২৬" in " ".join(paper(room, opened, ReceiptKind.PROVISIONAL).document.strings())
    [waits] = waiting.waiting(room.counter)
    assert waits.stands == "state.timed_by"
    assert "30 November 2026" in words.words("en")(waits.explained, **waits.facts)


@pytest.mark.parametrize(("hours", "goes"), [(7 * 24 + 13, True), (7 * 24 + 14, False)])
def test_it_goes_to_the_end_of_its_last_day_and_then_the_money_is_owed_back(
    room: Room, hours: int, goes: bool
) -> None:
    opened = mutation(room)  # ten in the morning
    room.clock.forward(hours=hours)
    room.sync()
    assert state(room, opened) is (LineState.ACCEPTED if goes else LineState.REFUND_DUE)
    assert ("submit" in room.sandbox.seen("eksheba")) is goes
    assert line(room, opened).reason == ("" if goes else "expired")


def test_what_is_for_the_receipt_does_not_travel(room: Room) -> None:
    mutation(room)
    [found] = room.counter.store.rows("SELECT payload FROM operations WHERE kind LIKE '%.submit'")
    assert "shown" not in found["payload"]


def test_a_form_that_was_put_aside_stands_in_the_list_with_its_last_day(room: Room) -> None:
    form = apply.form(room.counter, "land-mutation")
    assert form is not None
    filling = form.fill(today=room.counter.today(), now=room.counter.now())
    for ref, value in BASE.items():
        filling.answer(ref, value)
    opened = begin(room)
    apply.save_draft(room.counter, opened.id, "land-mutation", filling.draft())
    visit.park(room.counter, opened.id)
    [told] = unfinished.unfinished(room.counter)
    for lang, day in (("bn", "৩০ নভেম্বর ২০২৬"), ("en", "30 November 2026")):
        assert day in words.words(lang)(f"notice.{told.reason}", **told.facts)
        assert day in words.trouble(lang, told.reason, **told.facts)
    room.clock.now += timedelta(days=8)
    with pytest.raises(CounterError, match="land-mutation-days"):
        apply.add(room.counter, visit.resume(room.counter, opened.id).id, "land-mutation", BASE, b"<data/>",
                  consent=True)
    assert apply.draft(room.counter, opened.id, "land-mutation") == filling.draft()
