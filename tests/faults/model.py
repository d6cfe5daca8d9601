"""A counter, its portals and everything that may befall them, as a machine that Hypothesis plays with.

Whatever it does, in whatever order: after every step the store proves itself, and when the line is well again every
operation has its end, portal and kiosk agree, and nothing was sent again after it was done.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.counter import answer, cancel, visit, waiting
from kiosk.counter.records import CounterError, LineState
from kiosk.verify import verify
from sync.operations import FORGOT
from tests import moves
from tests.faults import works
from tests.faults.judge import done_keys, wrongs
from tests.faults.site import Site, a_home, on_a_bad_line
from tests.faults.tricks import TRICKS

TRICKS_TO_PLAY = sorted(
    name for name in TRICKS
    if not name.startswith("batch-") and name not in {  # slow ones, and those that only the portal's key makes safe
        "arrives-late", "arrives-between", "503-liar", "401-liar", "stale-cache", "answer-late", "promises-more",
        "trickle", "oversized", "gzip-bomb", "json-nested",
    }
)
STEPS = (
    "ekpay.token", "ekpay.fetch", "ekpay.pay", "ekpay.ask", "ekpay.batch-fetch", "ekpay.batch-pay", "eksheba.submit",
    "eksheba.pay", "eksheba.ask", "eksheba.batch-submit", "eksheba.done", "eksheba.piece", "ekshop.order", "ekshop.ask",
    "municipality.pay", "municipality.ask", "eksheba.statuses", "ekpay.balance",
)
POINTS = ("sending", "answered", "asking", "told", "settled", "recorded")  # of the engine: where the power goes
_MOST_WORK = 12  # pieces of work: the day's limits and the sample holdings allow no more
_like: list[Path] = []


class PowerCut(BaseException):
    """Ends the program between two steps."""


def _home() -> Path:
    if not _like:
        _like.append(a_home(Path(tempfile.mkdtemp())))
    return _like[0]


class Counterside(RuleBasedStateMachine):
    """The rules are what may happen at the counter, on the line, to the power and to the portals."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._patch = pytest.MonkeyPatch()
        self.site = Site(_home(), Path(self._folder.name) / "home")
        self._line = on_a_bad_line(self._patch, self.site, None)
        self._line.__enter__()
        self.worked = 0
        self.backup: sqlite3.Connection | None = None
        self.forgot = False

    @precondition(lambda self: self.worked < _MOST_WORK)
    @rule(kind=st.sampled_from(("bill", "bill", "bills", "application", "file", "order", "due")))
    def serve(self, kind: str) -> None:
        try:
            works.WORKS[kind](self.site)
        except (CounterError, StopIteration):  # a limit of the day, or this holding owes nothing more
            opened = visit.current(self.site.counter)
            if opened is not None:
                visit.forget(self.site.counter, opened.id)
        self.worked += 3 if kind == "bills" else 1

    @rule(step=st.sampled_from(STEPS), trick=st.sampled_from(TRICKS_TO_PLAY), times=st.integers(1, 3))
    def spoil(self, step: str, trick: str, times: int) -> None:
        self.site.proxy.plan(step, TRICKS[trick], times)

    @rule(kind=st.sampled_from(("ekpay.pay", "ekpay.fetch", "eksheba.submit", "ekshop.order", "municipality.pay")))
    def refuse(self, kind: str) -> None:
        self.site.sandbox.fail_next(kind, "refuse")

    @rule(rounds=st.integers(1, 4))
    def sync(self, rounds: int) -> None:
        self.site.live(rounds)

    @rule(point=st.sampled_from(POINTS), nth=st.integers(1, 3))
    def cut_the_power(self, point: str, nth: int) -> None:
        left = nth

        def at(passed: str) -> None:
            nonlocal left
            left -= passed == point
            if not left:
                raise PowerCut

        self.site.app.stop()
        self.site.restart(at)
        with suppress(PowerCut):
            self.site.live(2)
        self.site.app.stop()
        self.site.restart()

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.site.clock.forward(hours=hours)

    @rule()
    def take_back(self) -> None:
        for one in waiting.waiting(self.site.counter)[:1]:
            try:
                cancel.cancel(self.site.counter, one.line.id)
            except CounterError as error:
                assert error.reason in ("too_late_to_cancel", "nothing_to_cancel")

    @rule()
    def back_up_the_portals(self) -> None:
        self.backup = self.site.memory()

    @precondition(lambda self: not self.forgot)
    @rule(empty=st.booleans())
    def portals_forget(self, empty: bool) -> None:
        self.site.forget(None if empty else self.backup)
        self.forgot = True

    @precondition(lambda self: self.forgot)
    @rule()
    def answer_questions(self) -> None:
        """A person rings the portal's office, which knows what it had done."""
        done = done_keys(self.site)
        for one in waiting.waiting(self.site.counter):
            sql = "SELECT operation_key FROM line_operations JOIN operations ON key = operation_key WHERE line_id = ?"
            found = self.site.connection.execute(f"{sql} AND operations.state = 'unknown'", (one.line.id,))
            asked = [key for (key,) in found]
            if one.line.state is LineState.UNKNOWN and one.line.reason == FORGOT and asked:
                if asked[0] in done:
                    answer.was_done(self.site.counter, one.line.id, "BY PHONE 7")
                else:
                    answer.was_not_done(self.site.counter, one.line.id)

    @invariant()
    def operations_move_as_it_is_drawn(self) -> None:
        moves.watch(self.site.connection)  # again after a restart
        assert moves.seen(self.site.connection) <= moves.drawn()

    @invariant()
    def the_store_proves_itself(self) -> None:
        assert verify(self.site.connection) == []

    def teardown(self) -> None:
        """The line is well again."""
        try:
            self.site.proxy.plans.clear()
            self.site.sandbox.faults.pending.clear()
            self.site.live()
            ends = ("done", "owed", "asked") if self.forgot else ("done", "owed")
            assert wrongs(self.site, (*ends, "cancelled"), "key" if self.forgot else "asking") == []
        finally:
            self._line.__exit__(None, None, None)
            self.site.close()
            self._patch.undo()
            self._folder.cleanup()
