"""A kiosk, a proxy and the portals: the real worker on a real store, its line in our hands."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import requests

from kiosk.app import App
from kiosk.store.engine import Connection
from sync import http, outbox
from sync.operations import FORGOT, State
from sync.outbox import Kept
from sync.sandbox import Sandbox
from sync.worker import LineState, Worker
from tests.conftest import PIN, Room, TestClock
from tests.faults import published
from tests.faults.certificates import HOST, Certificates
from tests.faults.http_parts import Asked, step_of
from tests.faults.names import Leads, Names
from tests.faults.proxy import Proxy

ROOT = Path(__file__).resolve().parents[2]
_MOST_ROUNDS = 60
_MOST_LOOKS = 6  # at what portals have to tell, where nothing else is awaited
_TIMEOUT = (0.3, 0.4)  # seconds to connect and to wait for an answer: the tests' own, so that nobody waits long


class Site(Room):
    """A copy of a home that has seen a line once, at a sandbox of its own."""

    def __init__(self, like: Path, home: Path, certificates: Certificates | None = None) -> None:
        shutil.copytree(like, home)
        self.home = home
        self.sandbox = Sandbox()
        self.sandbox.start()
        self.proxy = Proxy(self.sandbox, certificates.contexts["good"] if certificates else None)
        scheme = "https" if certificates else "http"
        self.base = f"{scheme}://{HOST}:{self.proxy.start()}"
        self.clock = TestClock()
        self.clock.forward(hours=1)
        self.editions = 0  # how often packs came out
        self.told: set[LineState] = set()  # what the window said of the line
        self.astray: list[tuple[str, Leads]] = []  # at which step the name leads where; each happens once
        self.went_astray = 0
        self.restart()

    def restart(self, at: Callable[[str], None] = lambda _point: None) -> None:
        """Open the home; `at` is told of every step of the workers."""
        self.app = App(self.home, portals=self.portals(), clock=self.clock, at=at)
        self.counter = self.app.unlock(next(iter(self.app.home.envelopes.names())), PIN)

    def portals(self) -> dict[str, str]:
        return {name: address.replace(self.sandbox.address, self.base)
                for name, address in self.sandbox.portals().items()}

    def close(self) -> None:
        self.app.stop()
        self.proxy.stop()
        self.sandbox.stop()

    @property
    def connection(self) -> Connection:
        return self.app.store.connection()

    def memory(self) -> sqlite3.Connection:
        """The portals' books as they are now: a backup."""
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        _raw(self.sandbox).backup(kept)
        return kept

    def forget(self, memory: sqlite3.Connection | None = None) -> None:
        """The portals restart: with nothing in memory, or with what a backup held."""
        self.sandbox.stop()
        port = int(self.sandbox.address.rpartition(":")[2])
        self.sandbox = self.proxy.sandbox = Sandbox()
        if memory is not None:
            memory.backup(_raw(self.sandbox))
        self.sandbox.start(port)
        self._publish()  # the publisher's own books are not the portals'

    def publish(self) -> None:
        """Newer packs are out."""
        self.editions += 1
        self._publish()

    def _publish(self) -> None:
        if self.editions:
            self.sandbox.publish(published.files(self.editions), published.edition(self.editions))

    def is_behind(self) -> bool:
        """Whether packs are out that are not here."""
        return published.on_the_shelf(self.home) < self.editions

    def live(self, rounds: int = _MOST_ROUNDS, after: Callable[[], None] = lambda: None) -> None:
        """The worker's rounds, each at the moment at which it would make it, until nothing is left to do."""
        kit = self.app.sync_kit()
        worker = Worker(self.app.sync_kit, self.app.clock, lambda status: self.told.add(status.state))
        try:
            for _round in range(rounds):
                pause = worker.round(kit)
                after()
                if not self.is_open() and not self.is_behind():
                    break
                looks = [pull.due_at for pull in kit.pulls if pull.due_at]
                if not self.is_open() and looks:  # nothing but packs is awaited
                    pause = max(pause, (max(looks) - self.clock.now).total_seconds())
                self.clock.now += timedelta(seconds=max(0.05, pause))
            for _look in range(_MOST_LOOKS):
                self.clock.forward(seconds=130)  # the feeds' next turn
                worker.round(kit)
                if not self.unheard():
                    break
        finally:
            kit.engine.close()

    def is_open(self) -> bool:
        """Whether anything has no end yet, apart from what waits for a person."""
        every = outbox.every(self.connection)
        return outbox.open_count(self.connection) > sum(self.waits_for_a_person(kept) for kept in every)

    def unheard(self) -> list[str]:
        """What the portals told and is not here: what offices and sellers did, holdings, whose bills are taken."""
        sql = """SELECT operation_key, json_extract(line_events.facts, '$.status') FROM line_events
                 JOIN line_operations USING (line_id)"""
        heard, books = set(self.connection.execute(sql).fetchall()), self.sandbox.books
        feeds = (("eksheba.statuses", "application_key"), ("orders", "order_key"))
        found = [
            f"{feed}: {item['status']}" for feed, key in feeds
            for item in books.page(feed, "", 10_000)["items"] if (item[key], item["status"]) not in heard
        ]
        known = {json.loads(body)["owner"] for (body,) in self.connection.execute("SELECT body FROM holdings")}
        found += [f"holding {item['holding_no']}" for item in books.page("holdings", "", 10_000)["items"]
                  if item["owner"] not in known]
        listed = {biller for (biller,) in self.connection.execute("SELECT biller_id FROM listed_billers")}
        wrong = listed ^ {biller.id for biller in self.counter.catalogue.billers()}
        return [f"{one} was not heard of" for one in found] + [f"biller {one}" for one in sorted(wrong)]

    def waits_for_a_person(self, kept: Kept) -> bool:
        """The portal has forgotten this one, or what it depends on, or the document that it said it had."""
        if kept.state is State.WAITING:
            parents = [outbox.get(self.connection, key) for key in kept.operation.depends_on]
            return any(parent is not None and self.waits_for_a_person(parent) for parent in parents)
        if kept.operation.kind.endswith(".document.fetch"):
            return kept.reason == "no_such_path" and kept.tries > 5
        return kept.state is State.UNKNOWN and kept.reason == FORGOT

    def is_asked_for(self, request: requests.PreparedRequest) -> Leads | None:
        """Where the name leads for this request."""
        body = request.body if isinstance(request.body, bytes) else b""
        headers = {name.lower(): str(text) for name, text in request.headers.items()}
        asked = Asked(request.method or "", request.path_url, headers, b"", body)
        step = step_of(asked)
        for place, (wanted, leads) in enumerate(self.astray):
            if wanted == step:
                del self.astray[place]
                self.went_astray += 1
                return leads
        return None


def _raw(sandbox: Sandbox) -> sqlite3.Connection:
    raw = sandbox.books.engine.raw_connection().driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


@contextmanager
def on_a_bad_line(monkeypatch: Any, site: Site, certificates: Certificates | None) -> Iterator[None]:
    """Short time-outs, our own authority, and the name of the portals in our hands."""
    with monkeypatch.context() as patch, Names(site.is_asked_for).installed(monkeypatch):
        patch.setattr("kiosk.wiring.Http", partial(http.Http, timeout=_TIMEOUT))
        patch.setattr(http, "_LONGEST_ANSWER_SECONDS", 0.5)
        if certificates is not None:
            patch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificates.authority))
        yield


def a_home(folder: Path) -> Path:
    """A home whose counter has seen the line once."""
    sandbox = Sandbox()
    sandbox.start()
    sandbox.publish(published.nagorik_takes_one(), published.BEFORE)
    (folder / "home").mkdir()
    (folder / "home" / "settings.json").write_text(json.dumps({"publishers": sandbox.publishers()}), encoding="utf-8")
    room = Room(folder / "home", sandbox)
    room.sync()
    room.app.stop()
    sandbox.stop()
    return room.home


def in_a_process(site: Site, point: str = "") -> int:
    """Let another process work on the home until it ends or is killed; its exit status. `point`: dies at that step."""
    site.app.stop()
    plain = {name: address.replace(HOST, "127.0.0.1") for name, address in site.portals().items()}
    asked = [sys.executable, "-m", "tests.faults.child", str(site.home), json.dumps(plain),
             site.clock.now.isoformat(), point]
    child = subprocess.Popen(asked, cwd=ROOT, env={**os.environ})
    site.proxy.kiosk = child.pid
    status = child.wait(60)
    site.clock.forward(seconds=30)
    site.restart()
    return status
