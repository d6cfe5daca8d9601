"""Two months of a centre: power and line on a random timetable, every fault of the catalogue now and then; at the end
the books of kiosk and portals agree to the poisha (./run soak)."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk.counter import cashbook, close_day, visit, waiting
from kiosk.counter.records import CounterError
from kiosk.counter.refund import pay_back
from kiosk.ledger import accounts, journal
from kiosk.verify import verify
from sync.sandbox.seed import FLOATS
from tests.faults import names, works
from tests.faults.fixtures import like
from tests.faults.judge import wrongs
from tests.faults.model import POINTS, STEPS, TRICKS_TO_PLAY, PowerCut
from tests.faults.site import Site, on_a_bad_line
from tests.faults.tricks import TRICKS

__all__ = ["like"]
SEED = int(os.environ.get("UDC_KIOSK_SOAK_SEED", "1"))
DAYS = int(os.environ.get("UDC_KIOSK_SOAK_DAYS", "60"))
_FLOAT = 1_000_000_00  # poisha in each of the portals' floats
_WORK = ("bill", "bill", "bill", "bill", "application", "application", "order", "file", "due")


@dataclass
class Centre:
    """A site with a random timetable."""

    site: Site
    rng: random.Random
    happened: Counter[str] = field(default_factory=Counter)

    def day(self) -> None:
        """Eight hours: citizens, perhaps a line, perhaps no power; in the evening the drawer is counted."""
        for _hour in range(8):
            for _citizen in range(self.rng.randrange(4)):
                self._serve()
            weather = self.rng.random()
            if weather < 0.15:
                self._cut()
            elif weather < 0.6:
                self._line()
            self.site.clock.forward(minutes=55)
        self._evening()
        self.site.clock.forward(hours=16)

    def _serve(self) -> None:
        kind = self.rng.choice(_WORK)
        try:
            works.WORKS[kind](self.site)
            self.happened[kind] += 1
        except (CounterError, StopIteration):  # a limit, an empty float, or nothing owed any more
            opened = visit.current(self.site.counter)
            if opened is not None:
                visit.forget(self.site.counter, opened.id)

    def _line(self) -> None:
        """The line is there for some rounds, seldom a good one."""
        if self.rng.random() < 0.5:
            trick = TRICKS[self.rng.choice(TRICKS_TO_PLAY)]
            self.site.proxy.plan(self.rng.choice(STEPS), trick, self.rng.randint(1, 4))
            self.happened["fault"] += 1
        if self.rng.random() < 0.2:
            leads = self.rng.choice((names.nowhere, names.refusing, names.unreachable))
            self.site.astray = [(self.rng.choice(STEPS), leads)] * self.rng.randint(1, 6)
        if self.rng.random() < 0.1:
            kind = self.rng.choice(("ekpay.pay", "ekpay.fetch", "eksheba.submit", "ekshop.order", "municipality.pay"))
            self.site.sandbox.fail_next(kind, "refuse")
        self.site.live(self.rng.randint(1, 6))
        self.happened["line"] += 1

    def _cut(self) -> None:
        point, left = self.rng.choice(POINTS), self.rng.randint(1, 4)

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
        self.happened["power cut"] += 1

    def _evening(self) -> None:
        for due in waiting.refunds_due(self.site.counter):
            with suppress(CounterError):
                pay_back(self.site.counter, due.line_id)
                self.happened["paid back"] += 1
        held = cashbook.balance(self.site.counter, accounts.CASH)
        try:
            close_day.close(self.site.counter, {1: held // 100})
        except CounterError as error:  # a day on which nobody came
            assert error.reason == "nothing_to_close"
        assert verify(self.site.connection) == []


@pytest.mark.timeout(3600)
def test_soak_two_months_of_a_centre(like: Path, tmp_path: Path, monkeypatch: Any) -> None:
    site = Site(like, tmp_path / "home")
    for name in FLOATS:
        site.sandbox.set_float(name, _FLOAT)
    centre = Centre(site, random.Random(SEED))
    with on_a_bad_line(monkeypatch, site, None):
        for _day in range(DAYS):
            centre.day()
        site.proxy.plans.clear()
        site.astray.clear()
        site.sandbox.faults.pending.clear()
        site.clock.forward(days=1)
        site.live()
        assert wrongs(site, ("done", "owed"), "asking", dict.fromkeys(FLOATS, _FLOAT)) == []
        assert {name: held for name, held in journal.balances(site.connection).items()
                if name.startswith("payable:") and held} == {}
        sent = site.connection.execute("SELECT count(*), sum(what = 'send') FROM attempts").fetchone()
    there = len(site.sandbox.books.effects())
    sys.stdout.write(f"\nseed {SEED}, {DAYS} days: {dict(centre.happened)}; {sent[0]} attempts, {sent[1]} sent; "
                     f"{there} effects at the portals, the same here to the poisha\n")
    site.close()

