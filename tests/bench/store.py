"""The store: a visit's commit against the same without encryption and against bare SQLite; unlocking; two years."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk.app import App
from kiosk.counter import apply, cashbook, close_day, find, order, pay_bill, visit, waiting
from kiosk.counter.context import Counter
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.ledger import accounts, chain
from kiosk.people import Cost
from kiosk.store.engine import Connection
from kiosk.store.work import Store
from tests.bench.timing import ratio, say, timed, told

_RUNS = 60
_PIN = "246810"
_CHEAP = Cost(1024, 1, 1)
_YEARS, _VISITS_A_DAY = 2, 30  # domain.md 1.1: about thirty a working day
_CASH = [Tender(TenderKind.CASH, 10_000_00)]


class _Days:
    """A clock that is put forward a day at a time, to today."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) - timedelta(days=_YEARS * 365)

    def __call__(self) -> datetime:
        return self.now


def counter_at(home: Path, cost: Cost = _CHEAP) -> tuple[App, Counter]:
    app = App(home, portals={})
    return app, app.counter(app.create_first("নমুনা", _PIN, cost))


def three_lines(counter: Counter, place: int) -> str:
    """An open visit with a bill, an order and an application."""
    opened = visit.open_visit(counter).id
    visit.set_citizen(counter, opened, "নমুনা নাগরিক", "01712345678")
    answers = {"account_no": f"{place:013d}", "bill_period": "2026-10", "mobile": f"017{place:08d}"}
    pay_bill.add(counter, opened, "breb", answers, 650_00)
    order.add(counter, opened, "p0001", 2)
    apply.add(counter, opened, "character", {"note": "নমুনা"}, b"<data/>", consent=True)
    return opened


def commit(folder: Path) -> None:
    """The same visit settled in an encrypted store, in a plain one, and its very statements run by bare sqlite3."""
    app, counter = counter_at(folder / "commit")
    plain_file = folder / "plain.db"
    _export(app.store.connection(), plain_file)
    shutil.copy(plain_file, folder / "bare.db")
    plain = replace(counter, store=Store(plain_file, before_commit=lambda one: chain.seal(one, counter.clock)))
    bare = _bare(folder / "bare.db")
    ours, unkeyed, replayed = [], [], []
    for place in range(_RUNS):
        ours.append(_settled(counter, place))
        unkeyed.append(_settled(plain, place))
        replayed.append(_replayed(counter, place + _RUNS, bare))
    say(f"commit of a three-line visit, encrypted: {told(ours)}")
    say(f"the same, not encrypted: {told(unkeyed)}; ratio {ratio(ours, unkeyed):.2f}")
    say(f"its statements alone, in bare sqlite3: {told(replayed)}; ratio {ratio(ours, replayed):.2f}")
    app.stop()


def _settled(counter: Counter, place: int) -> float:
    return timed(partial(settle, counter, three_lines(counter, place), _CASH))


def _replayed(counter: Counter, place: int, bare: sqlite3.Connection) -> float:
    """What the statements of one settling cost when nothing is computed between them."""
    said: list[str] = []
    connection = counter.store.connection()
    connection.set_trace_callback(said.append)
    settle(counter, three_lines(counter, place), _CASH)
    connection.set_trace_callback(None)
    begins = [number for number, statement in enumerate(said) if statement.startswith("BEGIN")]
    for statement in said[: begins[-1]]:
        bare.execute(statement)

    def run() -> None:
        for statement in said[begins[-1] :]:
            bare.execute(statement).fetchall()

    return timed(run)


def _export(connection: Connection, target: Path) -> None:
    connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
    connection.execute("SELECT sqlcipher_export('plain')")
    connection.execute(f"PRAGMA plain.user_version={connection.execute('PRAGMA user_version').fetchone()[0]}")
    connection.execute("DETACH DATABASE plain")


def _bare(file: Path) -> sqlite3.Connection:
    bare = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        bare.execute(f"PRAGMA {pragma}")
    return bare


def unlocking(folder: Path) -> None:
    """Unlocking and opening, against the key derivation that it must pay for."""
    app, _counter = counter_at(folder / "unlock", Cost())
    app.stop()
    whole, derived = [], []
    for _run in range(8):
        again = App(folder / "unlock", portals={})
        who = next(iter(again.home.envelopes.names()))
        whole.append(timed(partial(again.unlock, who, _PIN)))
        again.stop()
        derived.append(timed(lambda: Argon2id(
            salt=bytes(16), length=32, iterations=Cost().passes, lanes=Cost().lanes, memory_cost=Cost().memory_kib
        ).derive(_PIN.encode())))
    say(f"unlock: {told(whole)}; Argon2id alone: {told(derived)}; ratio {ratio(whole, derived):.2f}")


def closing(folder: Path) -> None:
    """A day of 150 visits."""
    app, counter = counter_at(folder / "closing")
    for place in range(150):
        settle(counter, three_lines(counter, place), _CASH)
    held = cashbook.balance(counter, accounts.CASH) // 100
    say(f"day close of 150 visits: {timed(lambda: close_day.close(counter, {1: held})):.0f} ms")
    app.stop()


def two_years(folder: Path) -> None:
    """Opening a store with two years of work against an empty one: unlock, what waits, the first search."""
    (folder / "two").mkdir()
    clock = _Days()
    app = App(folder / "two" / "full", portals={}, clock=clock)
    counter = app.counter(app.create_first("নমুনা", _PIN, _CHEAP))
    counter.store.connection().execute("PRAGMA synchronous=OFF")  # making it is not what is measured
    visits = _YEARS * 365 * _VISITS_A_DAY
    for place in range(visits):
        if place % _VISITS_A_DAY == 0:
            clock.now += timedelta(days=1)
        _quick_visit(counter, place)
    app.stop()
    empty, _counter = counter_at(folder / "two" / "empty")
    empty.stop()
    times: dict[str, list[float]] = {"full": [], "empty": []}
    for _run in range(10):
        for name, taken in times.items():
            taken.append(timed(partial(_opened, folder / "two" / name)))
    size = (folder / "two" / "full" / "work.db").stat().st_size / 2**20
    say(f"opening a store of {visits} visits ({size:.0f} MiB): {told(times['full'])}; an empty one: "
        f"{told(times['empty'])}; ratio {ratio(times['full'], times['empty']):.2f}")


def _quick_visit(counter: Counter, place: int) -> None:
    opened = visit.open_visit(counter).id
    pay_bill.add(counter, opened, "b523", {"bill_no": f"{place:010d}"}, 10_00)
    settle(counter, opened, _CASH)


def _opened(home: Path) -> None:
    app = App(home, portals={})
    counter = app.unlock(next(iter(app.home.envelopes.names())), _PIN)
    visit.current(counter)
    find.find(counter, "")
    waiting.waiting_count(counter)
    app.stop()


def found_again(folder: Path) -> None:
    """Citizens who come back, in a store of 4,000 visits and 1,500 documents: by mobile, by number, in the list."""
    app, counter = counter_at(folder / "again")
    connection = counter.store.connection()
    connection.execute("PRAGMA synchronous=OFF")  # making it is not what is measured
    for place in range(4_000):
        opened = visit.open_visit(counter).id
        visit.set_citizen(counter, opened, f"নমুনা {place}", f"017{place:08d}")
        pay_bill.add(counter, opened, "b523", {"bill_no": f"{place:010d}"}, 10_00)
        settle(counter, opened, _CASH)
    connection.execute("UPDATE lines SET state = 'confirmed', reference = 'EKP' || rowid")
    connection.execute(
        "INSERT INTO documents SELECT id, 'a.pdf', randomblob(20000), '2020-01-01' FROM lines LIMIT 1500")
    times: dict[str, list[float]] = {"mobile": [], "tracking number": [], "list": []}
    for place in range(20):
        times["mobile"].append(timed(partial(find.find, counter, f"017{place:08d}")))
        times["tracking number"].append(timed(partial(find.find, counter, f"EKP{place + 1}")))
        times["list"].append(timed(partial(waiting.waiting, counter)))
    for name, taken in times.items():
        say(f"found again by {name}: {told(taken)}")
    app.stop()
