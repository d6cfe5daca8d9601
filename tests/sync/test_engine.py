"""Promise 2 as a property: whatever line, portal and power do, an operation has at most one effect and a known end."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import outbox
from sync.engine import Engine
from sync.http import Http
from sync.operations import (
    Confirmed,
    Later,
    NotKnownThere,
    Operation,
    Outcome,
    Rejected,
    State,
    Unknown,
)
from sync.portals import Capabilities
from sync.schema import MIGRATIONS

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOWS = ("done", "refused", "later", "lost_before", "lost_after", "raises", "power_before", "power_after", "ask_lost")


class PowerCut(BaseException):
    """Ends the process that is under way."""


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


class Portal:
    """One effect for each key, told by a script what goes wrong next."""

    name = "p"
    capabilities = Capabilities()

    def __init__(self, *script: str) -> None:
        self.script = list(script)
        self.effects: list[str] = []
        self.asked: list[str] = []

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        assert http
        how = self.script.pop(0) if self.script else "done"
        if how in ("done", "lost_after", "power_after"):
            self.effects.append(operation.key)
        if how.startswith("power"):
            raise PowerCut
        if how == "raises":
            raise ValueError("a fault in the adapter")
        outcomes: dict[str, Outcome] = {
            "refused": Rejected("refused"), "later": Later("portal_down"), "lost_before": Unknown("timeout"),
            "lost_after": Unknown("answer_lost"), "ask_lost": Later("busy"),
        }
        return outcomes.get(how, Confirmed(f"R-{operation.key}"))

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        assert http
        self.asked.append(operation.key)
        if self.script and self.script[0] == "ask_lost":
            self.script.pop(0)
            return Later("timeout")
        return Confirmed(f"R-{operation.key}") if operation.key in self.effects else NotKnownThere()


class Desk:
    """An engine on a store in memory, a clock, and what the handler was told."""

    def __init__(self, *script: str) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for _name, text in MIGRATIONS:
            self.connection.executescript(text)
        self.connection.execute("CREATE TABLE told (key TEXT, outcome TEXT)")
        self.now = START
        self.portal = Portal(*script)
        self.engine = self.started()

    def started(self, seed: int = 7) -> Engine:
        return Engine(
            self.connection, {"p": self.portal}, {"p": [Http("http://127.0.0.1:9")]}, self._tell, writing,
            lambda: self.now, random.Random(seed),
        )

    def _tell(self, connection: sqlite3.Connection, operation: Operation, outcome: Outcome) -> None:
        connection.execute("INSERT INTO told VALUES (?, ?)", (operation.key, type(outcome).__name__))

    def add(self, key: str, *parents: str, priority: int = 5) -> None:
        with writing(self.connection):
            outbox.add(self.connection, Operation(key, "p", "p.pay", {"n": 1}, parents, priority, self.now))

    def live(self, rounds: int = 60) -> None:
        """Run, losing power and starting again as the script says, until nothing more happens."""
        for _round in range(rounds):
            self.now += timedelta(minutes=6)
            try:
                self.engine.run(50)
            except PowerCut:
                self.engine = self.started()
                self.engine.recover()

    def state(self, key: str) -> State:
        kept = outbox.get(self.connection, key)
        assert kept is not None
        return kept.state

    def told(self, key: str) -> list[str]:
        sql = "SELECT outcome FROM told WHERE key = ? AND outcome <> 'Unknown'"
        return [outcome for (outcome,) in self.connection.execute(sql, (key,))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(HOWS), max_size=12), st.integers(1, 4))
def test_whatever_happens_there_is_at_most_one_effect_and_a_known_end(script: list[str], count: int) -> None:
    desk = Desk(*script)
    keys = [f"k{place}" for place in range(count)]
    for place, key in enumerate(keys):
        desk.add(key, *keys[:place][-1:])
    desk.live()
    for key in keys:
        assert desk.state(key) in (State.CONFIRMED, State.REJECTED)
        assert desk.portal.effects.count(key) == (1 if desk.state(key) is State.CONFIRMED else 0)
        assert len(desk.told(key)) == 1


def test_an_unknown_outcome_is_asked_about_before_anything_is_sent_again() -> None:
    desk = Desk("lost_after")
    desk.add("a")
    desk.live(3)
    assert [one.what for one in outbox.attempts(desk.connection, "a")] == ["send", "ask"]
    assert desk.portal.effects == ["a"]


def test_a_rejected_parent_never_sends_its_child() -> None:
    desk = Desk("refused")
    desk.add("parent")
    desk.add("child", "parent")
    desk.live(3)
    assert desk.state("child") is State.REJECTED
    assert outbox.attempts(desk.connection, "child") == []


def test_payments_go_before_what_can_wait() -> None:
    desk = Desk()
    desk.add("document", priority=7)
    desk.add("payment", priority=1)
    desk.engine.step()
    assert desk.portal.effects == ["payment"]


def test_a_key_is_made_once() -> None:
    desk = Desk()
    desk.add("a")
    desk.add("a")
    with pytest.raises(outbox.KeyReused), writing(desk.connection):
        outbox.add(desk.connection, Operation("a", "p", "p.pay", {"n": 2}))


def test_a_portal_that_fails_rests_and_is_tried_again_later() -> None:
    desk = Desk(*["later"] * 30)
    desk.add("a")
    desk.engine.run(50)
    early = len(outbox.attempts(desk.connection, "a"))
    assert early == 1
    desk.now += timedelta(minutes=6)
    desk.engine.run(50)
    assert len(outbox.attempts(desk.connection, "a")) > early


def test_a_clock_set_back_strands_nothing() -> None:
    desk = Desk("later")
    desk.add("a")
    desk.engine.run(5)
    desk.now -= timedelta(days=365)
    desk.engine.run(5)
    assert desk.state("a") is State.CONFIRMED


def test_an_operation_for_a_portal_that_is_not_set_up_waits() -> None:
    desk = Desk()
    with writing(desk.connection):
        outbox.add(desk.connection, Operation("b", "elsewhere", "x.y", {}, made_at=desk.now))
    desk.engine.run(5)
    kept = outbox.get(desk.connection, "b")
    assert kept is not None
    assert (kept.state, kept.reason) == (State.READY, "no_portal")


class Hall(Portal):
    """Takes many at once, and answers none of them until its line is back; says when to come again, where it does."""

    capabilities = Capabilities(batch={"pay": 50})

    def __init__(self, come_again: float | None) -> None:
        super().__init__()
        self.come_again = come_again
        self.is_up = False
        self.tries: list[int] = []

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        assert http
        self.tries.append(len(operations))
        if not self.is_up:
            return {one.key: Later("portal_busy", self.come_again) for one in operations}
        return {one.key: self.attempt(one, http) for one in operations}


def hall(come_again: float | None, seed: int = 7) -> tuple[Desk, Hall]:
    desk, portal = Desk(), Hall(come_again)
    desk.portal = portal
    desk.engine = desk.started(seed)
    for place in range(25):
        desk.add(f"k{place}")
    return desk, portal


def test_a_request_that_failed_is_one_failure_of_the_line_however_many_went_in_it() -> None:
    desk, portal = hall(None)
    desk.engine.run(50)
    due = desk.engine.next_due_at()
    assert portal.tries == [25]
    assert due is not None
    assert due - START < timedelta(seconds=5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_all_that_was_asked_to_come_again_comes_in_one_request_at_a_moment_of_its_own(seed: int) -> None:
    """Else one of 25 would surely come back as soon as it may, together with those of all other centres."""
    desk, portal = hall(60.0, seed)
    desk.engine.run(50)
    due = desk.engine.next_due_at()
    assert due is not None
    assert timedelta(seconds=60) <= due - START <= timedelta(seconds=120)
    portal.is_up, desk.now = True, due
    desk.engine.run(50)
    assert portal.tries[0] == 25
    assert sum(portal.tries[1:]) == 25


def test_centres_that_were_asked_to_come_again_at_once_do_not_come_back_at_once() -> None:
    moments = []
    for seed in range(60):
        desk, _portal = hall(60.0, seed)
        desk.engine.run(50)
        due = desk.engine.next_due_at()
        assert due is not None
        moments.append((due - START).total_seconds())
    assert sum(moment > 90 for moment in moments) > 15
