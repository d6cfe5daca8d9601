"""A paper of 400 kB over emulated lines: how long it takes, and how true the time is that the window told meanwhile
(./run benchmarks upload)."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sync import outbox
from sync.engine import Engine
from sync.http import Http
from sync.operations import Operation
from sync.packs import Progress
from sync.portals.eksheba import EkSheba
from sync.schema import MIGRATIONS
from sync.worker import Kit, LineStatus, Worker
from tests.bench.lines import behind
from tests.bench.timing import say

_BYTES = 400_000
_FIXED = 8_000  # bytes of a piece that does not follow the line


class Even(Http):
    """A line whose pieces are all of one length."""

    def piece(self, seconds: float) -> int:
        return _FIXED if seconds else 0


def main(names: Sequence[str]) -> None:
    """The same paper with pieces that follow the line and with pieces that do not, one after the other."""
    for name in names or ("64k", "3g", "good"):
        for kind in (Http, Even):
            with behind(name) as there:
                seconds, told = _sent(kind(there.portals["eksheba"]))
            _tell(name, kind is Http, seconds, told, there.told["up"])


def _sent(line: Http) -> tuple[float, list[tuple[float, Progress]]]:
    told: list[tuple[float, Progress]] = []

    def hear(status: LineStatus) -> None:
        if status.progress is not None and status.progress.of == "attachments":
            told.append((time.monotonic(), status.progress))

    with _outbox() as connection:
        engine = Engine(connection, {"eksheba": EkSheba()}, {"eksheba": [line]}, lambda *_told: None, _writing,
                        lambda: datetime.now(UTC), random.Random(1))
        worker = Worker(lambda: Kit(connection, engine, (), engine.close), lambda: datetime.now(UTC), hear)
        began = time.monotonic()
        while outbox.open_count(connection):
            worker.round(Kit(connection, engine, (), engine.close))
        ended = time.monotonic()
        engine.close()
    return ended - began, [(ended - at, progress) for at, progress in told]


@contextmanager
def _outbox() -> Iterator[sqlite3.Connection]:
    """An application, and a paper that goes after it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for _name, text in MIGRATIONS:
        connection.executescript(text)
    now = datetime.now(UTC)
    application = Operation("a", "eksheba", "eksheba.application.submit",
                            {"service_id": "nationality", "applicant": {"name": "নমুনা"}}, (), 3, now)
    paper = Operation("p", "eksheba", "eksheba.attachment.put", {"application_key": "a", "name": "photo.jpg"}, ("a",),
                      7, now, body=os.urandom(_BYTES))
    with _writing(connection):
        outbox.add(connection, application)
        outbox.add(connection, paper)
    yield connection
    connection.close()


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.execute("COMMIT")


def _tell(name: str, follows: bool, seconds: float, told: list[tuple[float, Progress]], up: int) -> None:
    kind = "pieces that follow the line" if follows else f"pieces of {_FIXED} bytes"
    say(f"{name}: {_BYTES} bytes in {seconds:.1f} s with {kind}, {len(told)} of them, {up} bytes up with their heads")
    if not follows:
        return
    for share in (0.1, 0.25, 0.5, 0.75):
        left, progress = next(one for one in told if one[1].done >= share * _BYTES)
        said = "nothing" if progress.seconds_left is None else f"{progress.seconds_left:.1f} s"
        say(f"  at {progress.done} bytes: said {said}, it took {left:.1f} s")
