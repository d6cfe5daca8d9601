"""What most tests start from: a sandbox on a free port, a counter on a new home, an operator at it, a clock to set."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import App
from kiosk.counter.context import Counter
from kiosk.people import Cost
from kiosk.sync_once import sync_once
from kiosk.verify import verify
from sync.sandbox import Sandbox

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # also for whoever calls pytest by itself
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # no test writes into somebody's keyring
CHEAP = Cost(memory_kib=1024, passes=1, lanes=1)
PIN = "246810"


class TestClock:
    """Stands still until it is put forward."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # ten in the morning in Dhaka

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


class Room:
    """A counter in a room with a line: what a story needs."""

    def __init__(self, home: Path, sandbox: Sandbox, portals: Mapping[str, Any] | None = None) -> None:
        self.home = home
        self.sandbox = sandbox
        self.addresses = portals or sandbox.portals()
        self.clock = TestClock()
        self.app = App(home, portals=self.addresses, clock=self.clock)
        self.counter: Counter = self.app.counter(self.app.create_first("নমুনা অপারেটর", PIN, CHEAP))

    def restart(self) -> None:
        """The program was ended; it is opened again."""
        self.app = App(self.home, portals=self.addresses, clock=self.clock)
        self.counter = self.app.unlock(next(iter(self.app.home.envelopes.names())), PIN)

    def sync(self) -> str:
        """The line is there for a round; the promises hold after it."""
        seen = sync_once(self.app)
        assert verify(self.app.store.connection()) == []
        return seen

    def send_one(self) -> None:
        """The line is there for one request."""
        kit = self.app.sync_kit()
        kit.engine.step()
        kit.close()

    def balances(self) -> dict[str, int]:
        from kiosk.ledger import journal

        return journal.balances(self.app.store.connection())


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def room(tmp_path: Path, sandbox: Sandbox) -> Iterator[Room]:
    made = Room(tmp_path / "home", sandbox)
    made.sync()
    yield made
    made.app.stop()
