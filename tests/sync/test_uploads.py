"""An attachment goes a piece at a time: told in bytes with an honest time left, in pieces that fit the line, and it
stops for a pause and goes on where it was."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import jsonify, request

from sync import outbox
from sync.contract import attachments
from sync.engine import Engine
from sync.http import Http
from sync.line import LineError
from sync.operations import NotKnownThere, Operation, Outcome, State
from sync.packs import Progress
from sync.portals import Capabilities
from sync.schema import MIGRATIONS
from sync.worker import Kit, LineState, LineStatus, Worker
from tests.sync.test_engine import writing
from tests.sync.web import Web

BODY = bytes(range(256)) * 250  # 64,000 bytes


class Office:
    """A portal that keeps pieces. Each takes as long as `bytes_a_second` says, by a clock that only it moves."""

    def __init__(self, web: Web) -> None:
        self.body, self.now, self.bytes_a_second = b"", 0.0, 4_000.0
        self.pieces: list[tuple[int, int]] = []  # where each began, how long it was
        self.ended = ""
        self.breaks = False
        web.app.add_url_rule("/attachments/a", "received", lambda: jsonify(received=len(self.body)))
        web.app.add_url_rule("/attachments/a", "add", self._add, methods=["PATCH"])
        web.app.add_url_rule("/attachments/a/done", "done", self._done, methods=["POST"])

    def _add(self) -> Any:
        piece, offset = request.get_data(), int(request.args["offset"])
        self.now += len(piece) / self.bytes_a_second
        if self.breaks:
            return "", 500
        assert offset == len(self.body)
        self.body += piece
        self.pieces.append((offset, len(piece)))
        return jsonify(received=len(self.body))

    def _done(self) -> Any:
        told = request.get_json()
        self.ended = told["sha256"]
        return jsonify(key=told["key"], reference="R")


class EkSheba:
    capabilities = Capabilities(resumable_upload=True)

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        return attachments.put(operation, http, resumable=True)

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        assert operation.key
        assert http.base
        return NotKnownThere()


@pytest.fixture
def office(web: Web) -> Office:
    return Office(web)


@pytest.fixture
def kit(web: Web, office: Office) -> Iterator[Kit]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for _name, text in MIGRATIONS:
        connection.executescript(text)
    with writing(connection):
        outbox.add(connection, Operation("a", "p", "p.attachment.put", {}, (), 7, datetime.now(UTC), body=BODY))
    lane = Http(web.address, monotonic=lambda: office.now)
    engine = Engine(connection, {"p": EkSheba()}, {"p": [lane]}, lambda *_told: None, writing,
                    lambda: datetime.now(UTC))
    yield Kit(connection, engine, (), engine.close)
    engine.close()


def worker(office: Office, told: Callable[[LineStatus], None]) -> Worker:
    return Worker(lambda: pytest.fail("no thread is needed"), lambda: datetime.now(UTC), told,
                  monotonic=lambda: office.now)


def state(kit: Kit) -> State:
    kept = outbox.get(kit.connection, "a")
    assert kept is not None
    return kept.state


def test_what_is_left_is_told_in_bytes_and_in_the_time_that_they_really_take(office: Office, kit: Kit) -> None:
    told: list[tuple[float, Progress]] = []

    def hear(status: LineStatus) -> None:
        if status.progress is not None and status.progress.of == "attachments":
            told.append((office.now, status.progress))

    sending = worker(office, hear)
    sending.round(kit)
    assert state(kit) is State.CONFIRMED
    assert office.ended == hashlib.sha256(BODY).hexdigest()
    assert [progress.done for _at, progress in told] == [8_000 * count for count in range(1, 9)]
    assert {progress.total for _at, progress in told} == {64_000}
    assert told[0][1].seconds_left is None  # nobody knows yet how fast the line is
    for at, progress in told[1:]:
        assert progress.seconds_left == pytest.approx(office.now - at)
    assert sending.status == LineStatus(LineState.ONLINE, 0, None)


def test_a_pause_stops_after_the_piece_that_is_under_way_and_the_next_one_goes_on_from_there(
    office: Office, kit: Kit
) -> None:
    def hear(status: LineStatus) -> None:
        if status.progress is not None and len(office.pieces) == 2:
            sending.pause(True)

    sending = worker(office, hear)
    sending.round(kit)
    assert len(office.body) == 16_000
    sending.round(kit)
    assert (sending.status.state, sending.status.progress, len(office.body)) == (LineState.PAUSED, None, 16_000)
    office.now += 3_600
    left: list[float | None] = []
    sending._changed = lambda status: left.append(status.progress.seconds_left) if status.progress else None
    sending.pause(False)
    sending.round(kit)
    assert (state(kit), office.body) == (State.CONFIRMED, BODY)
    assert sum(length for _offset, length in office.pieces) == len(BODY)  # nothing went twice
    assert max(seconds for seconds in left if seconds is not None) < 60  # the hour of the pause is not the line's


def test_pieces_grow_with_the_line_and_shrink_when_one_is_lost(web: Web, office: Office) -> None:
    line = Http(web.address, monotonic=lambda: office.now)
    office.bytes_a_second = 40_000.0
    for _time in range(12):
        line.patch_bytes(f"/attachments/a?offset={len(office.body)}", b"x" * line.piece(2.0))
    lengths = [length for _offset, length in office.pieces]
    assert lengths[0] == 8_000
    assert lengths == sorted(lengths)
    assert lengths[-1] == pytest.approx(80_000, rel=0.02)  # what the line carries in two seconds
    office.breaks = True
    for _time in range(3):
        with pytest.raises(LineError):
            line.patch_bytes(f"/attachments/a?offset={len(office.body)}", b"x")
    assert line.piece(2.0) == pytest.approx(10_000, rel=0.02)
    for _time in range(20):
        with pytest.raises(LineError):
            line.patch_bytes(f"/attachments/a?offset={len(office.body)}", b"x")
    assert line.piece(2.0) == 1_024
    office.breaks = False
    line.patch_bytes(f"/attachments/a?offset={len(office.body)}", b"x" * 1_024)
    assert line.piece(2.0) >= 8_000
