"""Work without end, killed at random instants; a process of its own, so that its forks carry no threads.

    python -m tests.faults.load HOME PORTALS ROUNDS SEED      prints what it found as JSON
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kiosk.app import App
from kiosk.counter import cashbook, close_day, order, pay_bill, visit, waiting
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, LineState, Tender, TenderKind
from kiosk.counter.refund import pay_back
from kiosk.counter.settle import settle
from kiosk.ledger import accounts
from kiosk.sync_once import sync_once
from kiosk.verify import verify
from tests.conftest import PIN

_LONGEST = 0.25  # seconds of work before the power goes
_FRESH_EVERY = 50


def open_counter(home: Path, portals: dict[str, str]) -> tuple[App, Counter]:
    app = App(home, portals=portals)
    return app, app.unlock(next(iter(app.home.envelopes.names())), PIN)


def work(home: Path, portals: dict[str, str], seed: int, tell: int) -> None:
    """Serve, sync, pay back, close, print, for ever; each receipt that was acknowledged is told at once."""
    rng = random.Random(seed)
    app, counter = open_counter(home, portals)
    spooler, _close = app.spooler()
    os.write(tell, b"begun\n")
    while True:
        _serve(counter, rng, tell)
        deed = rng.choice(["sync", "refund", "close", "print", "serve", "serve"])
        if deed == "sync":
            sync_once(app, 1)
        elif deed == "refund":
            for due in waiting.refunds_due(counter)[:1]:
                pay_back(counter, due.line_id)
        elif deed == "close":
            held = cashbook.balance(counter, accounts.CASH)
            close_day.close(counter, {1: max(0, held // 100)})
        elif deed == "print":
            spooler.step()


def _serve(counter: Counter, rng: random.Random, tell: int) -> None:
    opened = visit.current(counter) or visit.open_visit(counter)
    if not opened.citizen:
        visit.set_citizen(counter, opened.id, "নমুনা নাগরিক", "01712345678")
    try:
        number = str(rng.randrange(10**9, 10**10))
        pay_bill.add(counter, opened.id, "b523", {"bill_no": number}, rng.randrange(100, 9999))
        order.add(counter, opened.id, "p0001", 1)
    except CounterError as error:
        if error.reason not in ("per-day-limit", "float-min"):
            raise
        order.add(counter, opened.id, "p0001", 1)
    total = visit.get(counter, opened.id).total_poisha
    done = settle(counter, opened.id, [Tender(TenderKind.CASH, total)])
    os.write(tell, f"{done.receipt.shown_number}\n".encode())


def check(home: Path, portals: dict[str, str], acknowledged: list[str], *, to_the_end: bool) -> list[str]:
    """What is wrong after the power came back."""
    app, counter = open_counter(home, portals)
    connection = app.store.connection()
    wrong = [str(finding) for finding in verify(connection)]
    kept = {shown for (shown,) in connection.execute("SELECT shown FROM receipts")}
    wrong += [f"receipt {number} was acknowledged and is lost" for number in acknowledged if number not in kept]
    if to_the_end:
        sync_once(app, 4)
        wrong += [str(finding) for finding in verify(connection)]
        open_states = (LineState.WAITING, LineState.UNKNOWN)
        wrong += [f"line {one.line.id} is {one.line.state}" for one in waiting.waiting(counter)
                  if one.line.state in open_states]
    app.stop()
    return wrong


def main(home: Path, portals: dict[str, str], rounds: int, seed: int) -> dict[str, object]:
    rng = random.Random(seed)
    told: dict[str, object] = {"kills": 0, "acknowledged": 0, "wrong": []}
    acknowledged: list[str] = []
    here = home.with_name("here")
    for place in range(rounds):
        if place % _FRESH_EVERY == 0:
            shutil.rmtree(here, ignore_errors=True)
            shutil.copytree(home, here)
            acknowledged = []
        numbers = _killed(partial(work, here, portals, rng.randrange(2**30)), rng.uniform(0, _LONGEST))
        acknowledged += numbers
        told["kills"] = place + 1
        told["acknowledged"] = int(str(told["acknowledged"])) + len(numbers)
        last = place % _FRESH_EVERY == _FRESH_EVERY - 1 or place == rounds - 1
        wrong = _forked(partial(check, here, portals, acknowledged, to_the_end=last))
        if wrong:
            told["wrong"] = [f"kill {place}", *wrong]
            break
    return told


def _killed(work_on: Callable[[int], None], after: float) -> list[str]:
    """Run `work_on` in a process that is killed `after` seconds after it has begun; what it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work_on(writing)
        finally:
            os._exit(3)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        begun = pipe.read(6)
        until = time.monotonic() + after
        told = b""
        while (left := until - time.monotonic()) > 0 and select.select([pipe], [], [], left)[0]:
            piece = pipe.read(4096)
            if not piece:
                break
            told += piece
        os.kill(child, signal.SIGKILL)
        told += pipe.read() or b""
    status = os.waitpid(child, 0)[1]
    if begun != b"begun\n" or not os.WIFSIGNALED(status):
        return [f"the worker ended by itself: {os.waitstatus_to_exitcode(status)}"]
    return [line for line in told.decode().split("\n")[:-1] if line]


def _forked(ask: Callable[[], list[str]]) -> list[str]:
    """What `ask` answers in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = ask()
        except BaseException as error:
            answer = [repr(error)]
        os.write(writing, json.dumps(answer[:20]).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        body = pipe.read()
    os.waitpid(child, 0)
    found: list[str] = json.loads(body)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
