"""A share of the country's centres in one process: real engines with their own waits, real HTTP, many at a time.

    python -m tests.fleet.centres FIRST LAST OPERATIONS SECONDS SEED PORTALS

Each lives through a quarter of an hour without a line first (in its own time), so that it waits as it would. It says
"ready", begins when a line comes on standard input, and says at the end what it has seen.
"""

from __future__ import annotations

import heapq
import json
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from uuid6 import uuid7

from sync import outbox
from sync.engine import Engine
from sync.http import Answer, Http
from sync.operations import Operation
from sync.portals import Portal
from sync.portals.ekpay import EkPay
from sync.portals.eksheba import EkSheba
from sync.portals.ekshop import EkShop
from sync.schema import MIGRATIONS
from tests.fleet.portals import PRICE

_BACK = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # when the lines begin to come back
_OUTAGE, _MINUTE = timedelta(minutes=15), 60.0
_NOWHERE = "http://127.0.0.1:9"
_HANDS = 150  # centres of this process that may talk at the same moment; who is due and finds none free is counted


class Watched(Http):
    """Knows when it was answered first, and how long answers take."""

    first_at: float | None = None
    took: list[float]

    def _exchange(self, asked: requests.PreparedRequest) -> Answer:
        began = time.monotonic()
        try:
            return super()._exchange(asked)
        finally:
            if not self.base.startswith(_NOWHERE):
                self.first_at = self.first_at or began
                self.took.append(time.monotonic() - began)


class Centre:
    """One counter's engine on a store in memory."""

    def __init__(self, number: int, operations: int, seed: int, took: list[float]) -> None:
        self.rng = random.Random(seed * 100_003 + number)
        self.now = _BACK - _OUTAGE + timedelta(seconds=self.rng.uniform(0, 300))
        self.back_after = self.rng.uniform(0, _MINUTE)
        self.done_at = 0.0
        portals: dict[str, Portal] = {"ekpay": EkPay(), "eksheba": EkSheba(), "ekshop": EkShop()}
        self.lines = {name: Watched(_NOWHERE, compresses=True) for name in portals}
        for line in self.lines.values():
            line.took = took
        self.store = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.store.execute("PRAGMA page_size=1024")
        for _name, script in MIGRATIONS:
            self.store.executescript(script)
        with _writing(self.store):
            for operation in _operations(number, operations, self.rng, self.now):
                outbox.add(self.store, operation)
        lanes = {name: [line] for name, line in self.lines.items()}
        self.engine = Engine(
            self.store, portals, lanes, lambda *_told: None, _writing, lambda: self.now, self.rng
        )

    def live_without_a_line(self) -> None:
        """Its waits grow as they do; nothing of it takes real time."""
        while True:
            self.engine.run()
            due = self.engine.next_due_at()
            if due is None or due >= _BACK:
                return
            self.now = max(due, self.now + timedelta(seconds=0.05))

    def due_after(self) -> float | None:
        """Seconds after the lines began to come back."""
        due = self.engine.next_due_at()
        return None if due is None else (due - _BACK).total_seconds()

    def turn(self, since: float, portals: Mapping[str, str]) -> float | None:
        """Do what is due `since` seconds after; when the next is, or None when all have an end."""
        self.now = _BACK + timedelta(seconds=since)
        if since >= self.back_after:
            for name, line in self.lines.items():
                line.base = portals[name].rstrip("/")
        self.engine.run()
        after = self.due_after()
        if after is None:
            self.done_at = since
            self.engine.close()
        return after

    def told(self) -> dict[str, Any]:
        firsts = [line.first_at for line in self.lines.values() if line.first_at is not None]
        return {
            "first": min(firsts) if firsts else None, "done": self.done_at,
            "ends": [[kept.operation.key, kept.state, kept.reference] for kept in outbox.every(self.store)],
            "attempts": self.store.execute("SELECT count(*) FROM attempts WHERE outcome <> 'later'").fetchone()[0],
            "bytes": sum(line.bytes_sent + line.bytes_received for line in self.lines.values()),
        }


class Share:
    """The centres of this process, each when it is due, by as many hands as there are."""

    def __init__(self, centres: list[Centre], portals: Mapping[str, str], seconds: int) -> None:
        self._portals = portals
        self._lock = threading.Lock()
        self._free = threading.Semaphore(_HANDS)
        self._left, self._seconds = len(centres), seconds
        self._began = time.monotonic()
        self._queue = [(centre.due_after() or 0.0, place, centre) for place, centre in enumerate(centres)]
        heapq.heapify(self._queue)
        self.late: list[float] = []  # seconds that a centre which was due waited for a hand: ours, not the engine's

    def run(self) -> None:
        with ThreadPoolExecutor(_HANDS) as hands:
            while self._left and self._since() < self._seconds:
                self._free.acquire()
                with self._lock:
                    taken = heapq.heappop(self._queue) if self._queue and self._queue[0][0] <= self._since() else None
                if taken is None:
                    self._free.release()
                    time.sleep(0.02)
                    continue
                self.late.append(self._since() - taken[0])
                hands.submit(self._turn, taken[1], taken[2])

    def _turn(self, place: int, centre: Centre) -> None:
        try:
            due = centre.turn(self._since(), self._portals)
            with self._lock:
                if due is None:
                    self._left -= 1
                else:
                    heapq.heappush(self._queue, (due, place, centre))
        finally:
            self._free.release()

    def _since(self) -> float:
        return time.monotonic() - self._began


def main(first: int, last: int, operations: int, seconds: int, seed: int, portals: Mapping[str, str]) -> None:
    took: list[float] = []
    centres = [Centre(number, operations, seed, took) for number in range(first, last)]
    for centre in centres:
        centre.live_without_a_line()
    _tell("ready")
    sys.stdin.readline()
    began, before = time.monotonic(), time.process_time()
    share = Share(centres, portals, seconds)
    share.run()
    told = [centre.told() for centre in centres]
    for one in told:
        one["first"] = None if one["first"] is None else one["first"] - began
    _tell(json.dumps({
        "centres": told, "took": sorted(took), "late": share.late, "processor_seconds": time.process_time() - before,
    }))


def _operations(number: int, count: int, rng: random.Random, at: datetime) -> Iterator[Operation]:
    """Of ten waiting operations seven are bills, two applications, one an order."""
    for place in range(count):
        key, kind = str(uuid7()), place % 10
        if kind < 7:
            payload: dict[str, Any] = {
                "biller_id": "b523", "inputs": {"bill_no": f"{number:06d}{place:04d}"},
                "amount_poisha": rng.randrange(100_00, 2000_00), "payer_mobile": "",
            }
            yield Operation(key, "ekpay", "ekpay.bill.pay", payload, (), 1, at)
        elif kind < 9:
            applicant = {"name": "নমুনা নাগরিক", "mobile": "01712345678", "nid": ""}
            payload = {"service_id": "nationality", "applicant": applicant, "answers": {"ward": place}}
            yield Operation(key, "eksheba", "eksheba.application.submit", payload, (), 3, at)
        else:
            items = [{"product_id": f"p{rng.randrange(1, 200):04d}", "quantity": 1, "unit_price_poisha": PRICE}]
            yield Operation(key, "ekshop", "ekshop.order.place", {"items": items, "address": {"name": ""}}, (), 3, at)


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    numbers = [int(value) for value in sys.argv[1:6]]
    main(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], json.loads(sys.argv[6]))
