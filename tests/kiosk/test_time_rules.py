"""Rules of time are rows too: on which days of a month something is taken, from when on again, and what is kept."""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk import carrying, words
from kiosk.catalogue import build, packs, windows
from kiosk.catalogue.catalogue import Catalogue, Rule
from kiosk.counter import apply, cancel, rules, visit, waiting
from kiosk.counter.records import Answer, CounterError, Kind, LineState, Visit
from kiosk.times import DHAKA
from sync.carry import sealed
from sync.carry.sealed import Key
from tests.conftest import Room
from tests.kiosk.catalogue_tools import spoilt
from tests.kiosk.stories import begin, line, pay, state, take_application

DAYS = st.dates(date(2020, 1, 1), date(2101, 12, 31))
OF_A_MONTH = st.integers(1, 31)


@given(DAYS, OF_A_MONTH, OF_A_MONTH)
@example(date(2026, 1, 31), 31, 31)
@example(date(2028, 2, 29), 30, 30)
@example(date(2100, 2, 28), 29, 29)
@example(date(2026, 12, 25), 1, 20)
def test_a_window_opens_on_the_first_day_after_that_lies_in_it(day: date, first: int, last: int) -> None:
    opens = windows.opens(day, first, last)
    assert opens > day
    assert windows.is_open(opens, first, last)
    between = [day + timedelta(days=count) for count in range(1, (opens - day).days)]
    assert not any(windows.is_open(one, first, last) for one in between)


@given(DAYS, OF_A_MONTH, OF_A_MONTH)
@example(date(2026, 12, 31), 25, 5)
@example(date(2028, 2, 29), 1, 31)
def test_a_window_closes_before_the_first_day_that_does_not_lie_in_it(day: date, first: int, last: int) -> None:
    if not windows.is_open(day, first, last):
        return
    closes = windows.closes(day, first, last)
    if closes is None:
        year = [day + timedelta(days=count) for count in range(366)]
        assert all(windows.is_open(one, first, last) for one in year)
        return
    assert closes >= day
    assert all(windows.is_open(day + timedelta(days=count), first, last) for count in range((closes - day).days + 1))
    assert not windows.is_open(closes + timedelta(days=1), first, last)


@given(DAYS)
def test_the_first_to_the_twentieth_opens_again_on_the_first_of_the_next_month_also_at_the_years_end(day: date) -> None:
    if day.day > 20:
        assert windows.opens(day, 1, 20) == day.replace(day=monthrange(day.year, day.month)[1]) + timedelta(days=1)
    else:
        assert windows.closes(day, 1, 20) == day.replace(day=20)


def _subject(service: str, day: date, *, online: bool = True) -> rules.Subject:
    return rules.Subject("eksheba", Kind.APPLICATION, day, "12:00", online, service=service)


@pytest.mark.parametrize(("day", "online", "answer", "said"), [
    (date(2026, 11, 20), True, Answer.ACCEPT, ""),
    (date(2026, 11, 21), True, Answer.CALL_BACK, "mother-child-days"),
    (date(2026, 12, 31), False, Answer.CALL_BACK, "mother-child-days"),
    (date(2027, 1, 1), False, Answer.ACCEPT, ""),
    (date(2026, 11, 17), False, Answer.ACCEPT, ""),
    (date(2026, 11, 18), False, Answer.WARN, "mother-child-days-left"),
    (date(2026, 11, 20), False, Answer.WARN, "mother-child-days-left"),
])
def test_mother_and_child_applications_are_taken_from_the_first_to_the_twentieth(
    room: Room, day: date, online: bool, answer: Answer, said: str
) -> None:
    verdict = rules.judge(room.counter.catalogue.rules(), _subject("mother-child", day, online=online))
    assert (verdict.answer, verdict.rule) == (answer, said)


def test_what_is_said_names_the_day_from_which_it_works_again(room: Room) -> None:
    verdict = apply.check(room.counter, "mother-child")  # it is the 23rd of November
    assert "১ ডিসেম্বর ২০২৬" in words.trouble("bn", verdict.rule, **verdict.facts)
    assert "1 December 2026" in words.trouble("en", verdict.rule, **verdict.facts)
    assert apply.check(room.counter, "widow").answer is Answer.ACCEPT


def test_a_half_filled_form_stays_when_its_time_is_over_and_is_taken_up_on_the_day(room: Room) -> None:
    opened = begin(room)
    apply.save_draft(room.counter, opened.id, "mother-child", b"half filled")
    with pytest.raises(CounterError) as refused:
        apply.add(room.counter, opened.id, "mother-child", {}, b"<data/>", consent=True)
    assert refused.value.reason == "mother-child-days"
    assert apply.draft(room.counter, opened.id, "mother-child") == b"half filled"
    visit.park(room.counter, opened.id)
    room.clock.forward(days=8)  # the first of December
    resumed = visit.resume(room.counter, opened.id)
    assert apply.draft(room.counter, resumed.id, "mother-child") == b"half filled"
    assert len(apply.add(room.counter, resumed.id, "mother-child", {}, b"<data/>", consent=True).lines) == 1


def _rules_of(folder: Path) -> tuple[Rule, ...]:
    build.build(folder, folder / "catalogue.db")
    opened = Catalogue(folder / "catalogue.db")
    try:
        return opened.rules()
    finally:
        opened.close()


def test_a_pack_gives_another_service_a_window_of_its_own_with_words(tmp_path: Path) -> None:
    def window(text: str) -> str:
        told = json.loads(text)
        [row] = [one for one in told["rules"] if one["id"] == "mother-child-days"]
        row |= {"id": "widow-days", "service": "widow", "params": {"first": 25, "last": 5}}
        return json.dumps(told)

    found = _rules_of(spoilt(tmp_path, "rules.json", window))
    assert rules.judge(found, _subject("widow", date(2026, 12, 31))).answer is Answer.ACCEPT
    verdict = rules.judge(found, _subject("widow", date(2026, 12, 6)))
    assert "২৫ ডিসেম্বর ২০২৬" in words.trouble("bn", verdict.rule, **verdict.facts)


def test_rules_of_a_pack_from_before_there_were_services_in_them_are_about_all(tmp_path: Path) -> None:
    def older(text: str) -> str:
        told = json.loads(text)
        told["rules"] = [one for one in told["rules"] if "service" not in one]
        return json.dumps(told)

    found = _rules_of(spoilt(tmp_path, "rules.json", older))
    assert {rule.service for rule in found} == {""}
    challan = rules.Subject("eksheba", Kind.APPLICATION, date(2026, 11, 23), "12:00", online=False, a_challan=True,
                            service="passport")
    assert rules.judge(found, challan).rule == "challan-application-offline"


@pytest.mark.parametrize(("test", "params"), [
    ("float_min", {}), ("per_day_limit", {"limit_poisha": "5"}), ("bills_per_payer_day", {"limit": -1}),
    ("minutes_after_fee", {}), ("days_since", {"days": 7}), ("days_since_left", {"answer": "/data/on", "days": True}),
])
def test_a_rule_without_what_its_test_needs_is_refused_with_its_pack(
    tmp_path: Path, test: str, params: dict[str, object]
) -> None:
    def wrong(text: str) -> str:
        told = json.loads(text)
        told["rules"][0] |= {"test": test, "params": params}
        return json.dumps(told)

    with pytest.raises(packs.PackError, match=r"rules\.json"):
        packs.read(spoilt(tmp_path, "rules.json", wrong))


@pytest.mark.parametrize("params", [{"first": 0, "last": 20}, {"first": 1, "last": 32}, {"first": 1}, {"first": "1"}])
def test_a_window_that_no_month_has_is_no_rule(tmp_path: Path, params: dict[str, object]) -> None:
    def wrong(text: str) -> str:
        told = json.loads(text)
        [row] = [one for one in told["rules"] if one["id"] == "mother-child-days"]
        row["params"] = params
        return json.dumps(told)

    with pytest.raises(packs.PackError, match=r"rules\.json"):
        packs.read(spoilt(tmp_path, "rules.json", wrong))


def taken_on_the_twentieth(room: Room) -> Visit:
    """A mother's application, taken while there was no line."""
    room.clock.forward(days=27)  # the 20th of December, ten in the morning
    opened = begin(room)
    apply.add(room.counter, opened.id, "mother-child", {}, b"<data/>", consent=True)
    pay(room, opened)
    return opened


def test_taken_on_the_twentieth_and_a_line_on_the_twenty_first_waits_for_the_first_and_says_so(room: Room) -> None:
    opened = taken_on_the_twentieth(room)
    room.clock.forward(hours=14)  # midnight in Dhaka
    room.sync()
    assert room.sandbox.seen("eksheba").count("submit") == 0
    [waits] = waiting.waiting(room.counter)
    assert (waits.line.state, waits.stands, waits.timing and waits.timing.at) == (
        LineState.WAITING, "state.timed_days", datetime(2027, 1, 1, tzinfo=DHAKA))
    for lang, day in (("bn", "১ জানুয়ারি ২০২৭"), ("en", "1 January 2027")):
        assert day in words.words(lang)(waits.stands, **waits.facts)
        assert day in words.words(lang)(waits.explained, **waits.facts)
    room.clock.forward(days=10, hours=23, minutes=59)
    room.sync()
    assert room.sandbox.seen("eksheba").count("submit") == 0, "a minute before"
    room.clock.forward(minutes=1)
    room.sync()
    assert state(room, opened) is LineState.ACCEPTED
    assert room.sandbox.seen("eksheba").count("submit") == 1


def test_in_its_days_it_goes_at_once(room: Room) -> None:
    opened = taken_on_the_twentieth(room)
    room.clock.forward(hours=13, minutes=59)
    room.sync()
    assert state(room, opened) is LineState.ACCEPTED


def test_what_waits_for_its_days_holds_nothing_else_up_and_may_be_taken_back(room: Room) -> None:
    before, after = begin(room), begin(room)
    take_application(room, before)
    pay(room, before)
    opened = taken_on_the_twentieth(room)
    room.clock.forward(days=2)
    take_application(room, after)
    pay(room, after)
    room.sync()
    assert [state(room, other) for other in (before, after)] == [LineState.ACCEPTED] * 2
    cancel.cancel(room.counter, line(room, opened).id)
    assert state(room, opened) is LineState.REFUND_DUE
    room.clock.forward(days=20)
    room.sync()
    assert len([effect for effect in room.sandbox.books.effects() if effect["kind"].endswith("submit")]) == 2


def test_a_lost_answer_is_asked_for_out_of_its_days_and_what_never_arrived_is_not_sent_then(room: Room) -> None:
    opened = taken_on_the_twentieth(room)
    room.sandbox.fail_next("eksheba.submit", "lose_before")
    room.send_one()
    assert state(room, opened) is LineState.UNKNOWN
    room.clock.forward(days=1)
    room.sync()
    assert "ask" in room.sandbox.seen("eksheba")
    assert room.sandbox.seen("eksheba").count("submit") == 1, "the one that was lost"
    room.clock.forward(days=11)
    room.sync()
    assert state(room, opened) is LineState.ACCEPTED


def test_on_a_stick_it_leaves_with_the_end_of_its_days_and_after_that_stays_at_home(room: Room, tmp_path: Path) -> None:
    taken_on_the_twentieth(room)
    [packed] = carrying.pack(room.app, room.counter, tmp_path)
    told = sealed.read_file(tmp_path / packed.name).open(Key(packed.code, sealed.read_file(
        tmp_path / packed.name).head.salt))
    assert [datetime.fromisoformat(one["expires_at"]) for one in told["operations"]] == [
        datetime(2026, 12, 21, tzinfo=DHAKA)]


def test_out_of_its_days_nobody_carries_it(room: Room, tmp_path: Path) -> None:
    taken_on_the_twentieth(room)
    room.clock.forward(days=1)
    with pytest.raises(CounterError, match="carry_nothing"):
        carrying.pack(room.app, room.counter, tmp_path)
