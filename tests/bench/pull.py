"""A payment that comes in the middle of a 200 MB pull on the slowest line (./run benchmarks pull)."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from kiosk.app import App
from kiosk.counter import pay_bill, visit
from kiosk.counter.context import Counter
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.people import Cost
from kiosk.sync_once import sync_once
from sync.http import Http
from sync.packs import Pack, Progress, fetch
from sync.worker import Kit, Pull, Worker
from tests.bench.behind_a_line import CATALOGUE
from tests.bench.lines import behind
from tests.bench.timing import say
from tests.conftest import PIN

_PAYMENTS = 5
_PATH = "/ekpay/syndicate/api"


def main(names: Sequence[str]) -> None:
    """Take a payment while the catalogue comes, several times, each at a moment of no choice of ours."""
    for name in names or ["64k"]:
        with tempfile.TemporaryDirectory() as folder, behind(name) as there:
            app = App(Path(folder) / "home", portals={"ekpay": there.portals["ekpay"]})
            counter = app.counter(app.create_first("নমুনা", PIN, Cost(1024, 1, 1)))
            sync_once(app, 1)  # the float must have been seen before a bill is taken
            pulled: list[Progress] = []
            kit = partial(_with_pull, app, there.catalogue, Path(folder) / "packs", pulled)
            worker = Worker(kit, app.clock, lambda _status: None)
            worker.start()
            taken = [_take_one(counter, worker, place, pulled) for place in range(_PAYMENTS)]
            worker.stop()
            app.stop()
        _tell(name, taken, there.told["posts"], pulled[-1])


def _with_pull(app: App, address: str, folder: Path, pulled: list[Progress]) -> Kit:
    line = Http(address, shallow=True)
    pieces = fetch(line, Pack("catalogue", "1", CATALOGUE, "0" * 64, "/catalogue"), folder)

    def take() -> Progress:
        pulled.append(next(pieces))
        return pulled[-1]

    return replace(app.sync_kit(), pulls=[Pull("ekpay", line, take, 3_600)])


def _take_one(counter: Counter, worker: Worker, place: int, pulled: list[Progress]) -> tuple[float, float]:
    """When the payment was committed, and when it was confirmed."""
    _until(lambda: bool(pulled))
    time.sleep(random.uniform(3, 6))
    opened = visit.open_visit(counter)
    visit.set_citizen(counter, opened.id, "নমুনা নাগরিক", "01712345678")
    pay_bill.add(counter, opened.id, "b523", {"bill_no": f"{place:010d}"}, 100_00)
    settle(counter, opened.id, [Tender(TenderKind.CASH, visit.get(counter, opened.id).total_poisha)])
    at = time.time()
    worker.wake()
    _until(lambda: visit.get(counter, opened.id).lines[0].state == "confirmed")
    return at, time.time()


def _until(there: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not there() and time.monotonic() < until:
        time.sleep(0.02)
    assert there(), "nothing happened for a minute"


def _tell(
    name: str, taken: Sequence[tuple[float, float]], posts: Sequence[tuple[float, str]], last: Progress
) -> None:
    say(f"{name}: a pull of {CATALOGUE // 10**6} MB, {last.done} bytes of it came meanwhile")
    for place, (at, confirmed) in enumerate(taken):
        first = min(post for post, _path in posts if post > at) - at
        paid = min(post for post, path in posts if post > at and path.endswith(("/update-billPayment", "/batch"))) - at
        say(f"  payment {place + 1}: on the wire after {first:.2f} s, the bill was fetched and its payment on the wire "
            f"after {paid:.2f} s, confirmed after {confirmed - at:.2f} s")
