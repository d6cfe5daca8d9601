"""Portals that take applications: a real engine takes one with its fee and its file to a known end over real HTTP, and
the office's word and its paper come home; two such portals know nothing of each other's."""

from __future__ import annotations

import base64
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sync import outbox
from sync.engine import Engine
from sync.http import Http
from sync.operations import Accepted, Confirmed, Operation, Outcome, Rejected, State
from sync.portals import adapter
from sync.pull import Feed, pull_page
from sync.sandbox import Sandbox, schema
from sync.schema import MIGRATIONS
from tests.sync.test_engine import writing

PORTALS = ("eksheba", "nagorik")
APPLICATION = {"service_id": "learner-licence", "applicant": {"name": "নমুনা নাগরিক", "mobile": "01712345678"}}
PHOTO = bytes(range(256)) * 400


class Centre:
    """An engine with a line to each of the portals, and what came to it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for _name, text in MIGRATIONS:
            self.connection.executescript(text)
        self.now = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
        self.lines = {name: Http(sandbox.portals()[name]) for name in PORTALS}
        self.outcomes: dict[str, Outcome] = {}
        self.news: dict[str, list[Mapping[str, Any]]] = {name: [] for name in PORTALS}
        self.engine = Engine(
            self.connection, {name: adapter(name) for name in PORTALS},
            {name: [line] for name, line in self.lines.items()}, self._tell, writing, lambda: self.now,
            random.Random(7),
        )

    def _tell(self, _connection: sqlite3.Connection, operation: Operation, outcome: Outcome) -> None:
        self.outcomes[operation.key] = outcome

    def apply_for(self, portal: str, key: str) -> None:
        """An application, its fee of 518 taka, a photo."""
        fee = {"application_key": key, "amount_poisha": 518_00}
        photo = {"application_key": key, "name": "photo.jpg", "media_type": "image/jpeg"}
        self.add(
            Operation(key, portal, f"{portal}.application.submit", APPLICATION, (), 3, self.now),
            Operation(f"{key}-fee", portal, f"{portal}.fee.pay", fee, (key,), 1, self.now),
            Operation(f"{key}-photo", portal, f"{portal}.attachment.put", photo, (key,), 7, self.now, body=PHOTO),
        )

    def add(self, *operations: Operation) -> None:
        with writing(self.connection):
            for one in operations:
                outbox.add(self.connection, one)

    def live(self) -> None:
        for _round in range(5):
            self.now += timedelta(minutes=6)
            self.engine.run()
            for name in PORTALS:
                self._look(name)

    def _look(self, name: str) -> None:
        def heard(_connection: sqlite3.Connection, items: Sequence[Mapping[str, Any]]) -> None:
            self.news[name].extend(items)

        feed = Feed(f"{name}.statuses", name, adapter(name).capabilities.feeds["statuses"], heard)
        while pull_page(self.connection, feed, self.lines[name], writing, lambda: self.now):
            pass

    def state(self, key: str) -> State:
        kept = outbox.get(self.connection, key)
        assert kept is not None
        return kept.state


@pytest.fixture
def centre(sandbox: Sandbox) -> Iterator[Centre]:
    made = Centre(sandbox)
    yield made
    made.engine.close()


@pytest.mark.parametrize("portal", PORTALS)
def test_an_application_its_fee_its_file_and_what_the_office_issued(
    centre: Centre, sandbox: Sandbox, portal: str
) -> None:
    before = sandbox.books.float_left(portal)
    centre.apply_for(portal, "a")
    centre.live()
    assert isinstance(centre.outcomes["a"], Accepted)
    assert isinstance(centre.outcomes["a-fee"], Confirmed)
    assert isinstance(centre.outcomes["a-photo"], Confirmed)
    assert before - sandbox.books.float_left(portal) == 518_00
    for status in ("secretary", "approved"):
        sandbox.advance_application("a", status)
    centre.live()
    assert [item["status"] for item in centre.news[portal]] == ["secretary", "approved"]
    issued = {"application_key": "a", "document_url": centre.news[portal][-1]["document_url"]}
    centre.add(Operation("a-paper", portal, f"{portal}.document.fetch", issued, (), 7, centre.now))
    centre.live()
    brought = centre.outcomes["a-paper"]
    assert isinstance(brought, Confirmed)
    assert base64.b64decode(brought.facts["body"]).startswith(b"%PDF")
    assert brought.reference == centre.outcomes["a"].reference


@pytest.mark.parametrize("kind", ["submit", "pay", "attachment"])
@pytest.mark.parametrize("how", ["lose_before", "lose_after", "error_after", "html", "busy"])
def test_whatever_the_line_does_to_nagorik_sheba_each_happens_once(
    centre: Centre, sandbox: Sandbox, kind: str, how: str
) -> None:
    sandbox.fail_next(f"nagorik.{kind}", how)
    centre.apply_for("nagorik", "a")
    centre.live()
    assert [centre.state(key) for key in ("a", "a-fee", "a-photo")] == [
        State.ACCEPTED, State.CONFIRMED, State.CONFIRMED]
    assert sorted(effect["key"] for effect in sandbox.books.effects()) == ["a", "a-fee", "a-photo"]


def test_two_such_portals_know_nothing_of_each_other(centre: Centre, sandbox: Sandbox) -> None:
    centre.apply_for("eksheba", "old")
    centre.apply_for("nagorik", "new")
    centre.live()
    for key in ("old", "new"):
        sandbox.advance_application(key, "approved")
    centre.live()
    assert {name: [item["application_key"] for item in news] for name, news in centre.news.items()} == {
        "eksheba": ["old"], "nagorik": ["new"]}
    astray = {"application_key": "old", "amount_poisha": 1}
    elsewhere = {"application_key": "x", "document_url": centre.news["eksheba"][0]["document_url"]}
    centre.add(
        Operation("b", "nagorik", "nagorik.fee.pay", astray, (), 1, centre.now),
        Operation("c", "nagorik", "nagorik.document.fetch", elsewhere, (), 7, centre.now),
    )
    centre.live()
    assert centre.outcomes["b"] == Rejected("refused")
    assert centre.state("c") is State.READY


def test_a_fee_may_be_paid_before_the_application_that_it_is_for(centre: Centre, sandbox: Sandbox) -> None:
    ahead = {"application_key": "app", "amount_poisha": 230_00, "service_id": "nid-correction"}
    centre.add(
        Operation("fee", "nagorik", "nagorik.fee.pay", ahead, (), 1, centre.now),
        Operation("app", "nagorik", "nagorik.application.submit", APPLICATION, ("fee",), 3, centre.now),
    )
    centre.live()
    assert [centre.state(key) for key in ("fee", "app")] == [State.CONFIRMED, State.ACCEPTED]
    assert [effect["key"] for effect in sandbox.books.effects()] == ["fee", "app"]
    [kept] = sandbox.books.read(lambda within: within.execute(select(schema.applications)).all())
    assert kept.status == "paid"
