"""Several requests at once: how many a line bears, what goes meanwhile, and that each answer is written down."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import lanes, outbox
from sync.engine import Engine
from sync.http import Http
from sync.lanes import Lanes
from sync.operations import Confirmed, Later, NotKnownThere, Operation, Outcome, Rejected, State, Unknown
from sync.outbox import Kept
from sync.portals import Capabilities
from sync.schema import MIGRATIONS
from tests.sync.test_engine import START, writing

_LONG = 10.0  # seconds until a test that hangs gives up


class Side:
    """A portal that takes batches, answers when it is let, and counts what it is asked."""

    name = "p"

    def __init__(self, batch: int = 1) -> None:
        self.capabilities = Capabilities(batch={"pay": batch}, query_by_key=True)
        self.let = threading.Semaphore(0)
        self.begun: list[str] = []
        self.asked: list[str] = []

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        return self.attempt_many([operation], http)[operation.key]

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        assert http
        self.begun += [one.key for one in operations]
        assert self.let.acquire(timeout=_LONG)
        return {one.key: Confirmed(f"R-{one.key}") for one in operations}

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        assert http
        self.asked.append(operation.key)
        assert self.let.acquire(timeout=_LONG)
        return Confirmed("R")


class Broken(Side):
    """Has no line to it."""

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        super().attempt_many(operations, http)
        return {one.key: Later("no_line") for one in operations}


class Forgetful(Side):
    """Says only what became of the first."""

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        assert http
        return {operations[0].key: Confirmed("R")}


class Counter:
    """An engine with `several` lines to one portal."""

    def __init__(self, portal: Side, several: int) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for _name, text in MIGRATIONS:
            self.connection.executescript(text)
        self.connection.execute("CREATE TABLE told (key TEXT)")
        self.now = START
        self.on_told: Callable[[str], None] = lambda _key: None
        lines = {"p": [Http("http://127.0.0.1:9") for _line in range(several)]}
        self.engine = Engine(
            self.connection, {"p": portal}, lines, self._tell, writing, self._clock, random.Random(7)
        )

    def _clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def _tell(self, connection: sqlite3.Connection, operation: Operation, _outcome: Outcome) -> None:
        self.on_told(operation.key)
        connection.execute("INSERT INTO told VALUES (?)", (operation.key,))

    def add(self, *keys: str) -> None:
        with writing(self.connection):
            for key in keys:
                outbox.add(self.connection, Operation(key, "p", "p.pay", {"n": 1}, (), 1, self.now))

    def states(self) -> dict[str, str]:
        return dict(self.connection.execute("SELECT key, state FROM operations").fetchall())

    def told(self) -> list[str]:
        return [key for (key,) in self.connection.execute("SELECT key FROM told")]


def test_the_next_is_on_its_way_before_what_came_is_written_down() -> None:
    portal = Side()
    counter = Counter(portal, 2)
    counter.add("a", "b", "c")
    under_way: list[bool] = []
    counter.on_told = lambda _key: under_way.append("c" in portal.begun or counter.states()["c"] == "sending")
    portal.let.release()
    while not counter.told():
        counter.engine.step()
    assert under_way == [True]
    portal.let.release(2)
    counter.engine.run()
    assert sorted(counter.told()) == ["a", "b", "c"]


def test_what_is_being_asked_about_is_not_asked_again_however_long_it_takes() -> None:
    portal = Side()
    counter = Counter(portal, 3)
    counter.add("a")
    counter.connection.execute("UPDATE operations SET state = 'unknown'")
    for _step in range(4):
        counter.engine.step()
        counter.now += timedelta(hours=1)  # its next try is due long since
    assert portal.asked == ["a"]
    assert counter.engine.has_work() is False
    portal.let.release()
    counter.engine.run()
    assert counter.states() == {"a": "confirmed"}


def test_an_answer_that_waits_to_be_written_down_is_not_taken_for_one_that_was_cut_off() -> None:
    portal = Side()
    counter = Counter(portal, 2)
    counter.add("a", "b")
    portal.let.release(2)
    while not counter.told():
        counter.engine.step()
    assert counter.engine.recover() == 0
    counter.engine.run()
    assert counter.states() == {"a": "confirmed", "b": "confirmed"}
    assert portal.asked == []


def test_one_outcome_that_cannot_be_written_down_keeps_none_of_its_batch_back() -> None:
    portal = Side(batch=5)
    counter = Counter(portal, 1)
    counter.add("a", "b", "c", "d")

    def refuse(key: str) -> None:
        if key == "b":
            raise sqlite3.OperationalError("database or disk is full")

    counter.on_told = refuse
    portal.let.release(2)
    with pytest.raises(sqlite3.OperationalError):
        counter.engine.step()
    assert sorted(counter.told()) == ["a", "c", "d"]
    assert counter.states() == {"a": "confirmed", "b": "sending", "c": "confirmed", "d": "confirmed"}
    counter.on_told = lambda _key: None
    assert counter.engine.recover() == 1
    counter.engine.run()
    assert counter.states()["b"] == State.CONFIRMED
    assert portal.asked == ["b"]


def test_one_outcome_that_cannot_be_written_down_keeps_no_later_portion_back() -> None:
    portal = Side(batch=60)
    counter = Counter(portal, 1)
    keys = [f"k{place:02d}" for place in range(60)]
    counter.add(*keys)

    def refuse(key: str) -> None:
        if key == "k03":
            raise sqlite3.OperationalError("database or disk is full")

    counter.on_told = refuse
    portal.let.release()
    with pytest.raises(sqlite3.OperationalError):
        counter.engine.step()
    assert counter.told() == [key for key in keys if key != "k03"]


def test_outcomes_are_written_down_in_portions_so_that_the_counter_gets_its_turn() -> None:
    portal = Side(batch=60)
    counter = Counter(portal, 1)
    keys = [f"k{place:02d}" for place in range(60)]
    counter.add(*keys)
    writes: list[int] = []
    counter.connection.set_trace_callback(lambda sql: writes.append(len(counter_told)) if sql == "COMMIT" else None)
    counter_told: list[str] = []
    counter.on_told = counter_told.append
    portal.let.release(9)
    counter.engine.run()
    assert counter_told == keys
    portions = [after - before for before, after in pairwise(writes) if after > before]
    assert sum(portions) == 60
    assert max(portions) <= 25


def _lanes(**several: int) -> Lanes:
    return Lanes({name: [Http("http://127.0.0.1:9") for _line in range(count)] for name, count in several.items()})


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 9_000), st.booleans()), max_size=60))
def test_there_is_room_for_one_at_least_and_for_no_more_than_there_are_lines(
    flights: list[tuple[float, int, bool]]
) -> None:
    several = _lanes(p=4, q=2)
    for seconds, sent, failed in flights:
        several.learn(seconds, sent, failed=failed)
        assert 1 <= several.count("p") <= 4


def _filled(several: Lanes, portal: str, ended: threading.Event) -> int:
    """How many get on their way to `portal`."""
    def talk() -> lanes.Told:
        assert ended.wait(_LONG)
        return {}

    count = 0
    while (lane := several.free(portal)) is not None:
        operation = Operation(f"{portal}{count}", portal, "p.pay", {}, (), 1, START)
        several.start([(Kept(operation, State.SENDING, 1, START, "", "", 2), 1)], "answered", lane, START, talk)
        count += 1
    return count


@pytest.mark.parametrize(("seconds", "sent", "failed", "more"), [
    (0.5, 4_000, False, 3), (0.5, 300, False, 0), (4.0, 4_000, False, 0), (9.0, 4_000, False, -3),
    (9.0, 300, False, -3), (10.0, 4_000, True, -3), (0.0, 4_000, True, -3),
])
def test_how_many_go_at_once_follows_how_long_they_took(seconds: float, sent: int, failed: bool, more: int) -> None:
    several, ended = _lanes(p=20), threading.Event()
    for _flight in range(3):
        several.learn(seconds, sent, failed=failed)
    assert _filled(several, "p", ended) == lanes.FIRST + more
    ended.set()
    several.close()


def test_a_portal_that_is_slow_keeps_no_other_waiting() -> None:
    several, ended = _lanes(p=8, q=8), threading.Event()
    assert _filled(several, "p", ended) == lanes.FIRST
    assert _filled(several, "q", ended) == 1
    assert several.full() == ["p", "q"]
    ended.set()
    several.close()


def test_after_a_failure_it_may_be_another_line() -> None:
    several, ended = _lanes(p=20), threading.Event()
    for _flight in range(30):
        several.learn(0.1, 4_000, failed=False)
    several.learn(10.0, 4_000, failed=True)
    assert _filled(several, "p", ended) == lanes.FIRST
    ended.set()
    several.close()


def test_a_lost_answer_is_unknown_also_when_others_of_its_batch_have_theirs() -> None:
    counter = Counter(Forgetful(batch=3), 1)
    counter.add("a", "b")
    counter.engine.step()
    assert counter.states() == {"a": "confirmed", "b": "unknown"}
    [attempt] = outbox.attempts(counter.connection, "b")
    assert (attempt.outcome, attempt.reason) == (Unknown.__name__.lower(), "not_answered")


def test_requests_that_fail_together_are_one_failure_of_the_line() -> None:
    """Three that were under way when the line broke say no more than one; what is sent afterwards and fails does."""
    portal = Broken()
    counter = Counter(portal, 3)
    counter.add("a", "b", "c")
    for failures, together in ((1, 3), (2, 1), (3, 1)):  # after the first, one at a time
        assert counter.engine.rests.resting(counter.now) == []
        before = len(portal.begun)
        counter.engine.step()
        assert len(portal.begun) - before == together
        portal.let.release(together)
        while counter.engine.take_in():
            pass
        assert counter.engine.rests["p"].failures == failures
        counter.now += timedelta(minutes=6)
    assert counter.engine.rests["p"].until is not None


class Outspoken(Side):
    """Says why not, with more than is this operation's."""

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        http.said = "409 নমুনা নাগরিক owes"
        return {one.key: Confirmed("R") if one.key == "good" else Rejected("refused") for one in operations}


@pytest.mark.parametrize(("keys", "said"), [
    (["bad"], {"bad": "409 নমুনা নাগরিক owes"}), (["bad", "good"], {"bad": "409", "good": ""}), (["good"], {"good": ""}),
])
def test_what_was_said_is_kept_where_it_did_not_go_well_and_of_others_nothing(
    keys: list[str], said: dict[str, str]
) -> None:
    counter = Counter(Outspoken(batch=5), 1)
    counter.add(*keys)
    counter.engine.run()
    assert {key: outbox.attempts(counter.connection, key)[-1].said for key in keys} == said


def test_when_the_line_is_back_all_that_waited_for_it_goes_in_one_request() -> None:
    portal = Side(batch=50)
    counter = Counter(portal, 2)
    keys = [f"k{place}" for place in range(8)]
    counter.add(*keys)
    counter.connection.execute(
        "UPDATE operations SET reason = 'no_line', next_try_at_utc = ? WHERE key <> 'k0'",
        (outbox.stamp(counter.now + timedelta(minutes=2)),),
    )
    counter.engine.rests["p"].failures = 1
    together: list[int] = []
    portal.attempt_many = _counted(portal.attempt_many, together)  # type: ignore[method-assign]
    portal.let.release(9)
    counter.engine.run()
    assert set(counter.states().values()) == {"confirmed"}
    assert together == [1, 7]


def _counted(attempt_many: Callable[..., Mapping[str, Outcome]], together: list[int]) -> Callable[..., Any]:
    def counted(operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        together.append(len(operations))
        return attempt_many(operations, http)

    return counted
