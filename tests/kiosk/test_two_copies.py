"""Two kiosks run on copies of one store (somebody copied the folder): what both would send is done once."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from kiosk.app import App
from kiosk.sync_once import sync_once
from kiosk.verify import verify
from sync import outbox
from sync.operations import State
from tests.conftest import PIN, Room
from tests.kiosk import stories


def _copy(room: Room, to: Path) -> App:
    shutil.copytree(room.home, to)
    other = App(to, portals=room.addresses, clock=room.clock)
    other.unlock(next(iter(other.home.envelopes.names())), PIN)
    return other


def _everything(room: Room) -> None:
    opened = stories.begin(room)
    for take in (stories.take_bill, stories.take_application, stories.take_order, stories.take_due):
        take(room, opened)
    stories.pay(room, opened)


@pytest.mark.parametrize("lost", ["", "ekpay.pay", "eksheba.submit", "eksheba.pay", "ekshop.order", "municipality.pay"])
def test_two_copies_of_one_store_do_everything_once(room: Room, tmp_path: Path, lost: str) -> None:
    _everything(room)
    room.app.stop()
    other = _copy(room, tmp_path / "other")
    room.restart()
    if lost:
        room.sandbox.fail_next(lost, "lose_after")
    room.sync()
    sync_once(other)
    room.sync()
    sync_once(other)

    effects = room.sandbox.books.effects()
    assert max(Counter(effect["key"] for effect in effects).values()) == 1
    kept = [outbox.every(app.store.connection()) for app in (room.app, other)]
    for one, twin in zip(*kept, strict=True):
        assert one.state in (State.ACCEPTED, State.CONFIRMED)
        assert (twin.state, twin.reference) == (one.state, one.reference)
    assert len(effects) == len(kept[0])
    assert verify(other.store.connection()) == []
    other.stop()


def test_copies_that_come_back_in_the_same_moment_do_everything_once(room: Room, tmp_path: Path) -> None:
    """Each sends a piece at a time, in turn, so that every step of the one lies between two of the other."""
    _everything(room)
    room.app.stop()
    other = _copy(room, tmp_path / "other")
    room.restart()
    engines = [app.sync_kit().engine for app in (room.app, other)]
    for engine in engines:
        engine.recover()
        engine.hurry()
    while sum(engine.step() for engine in engines):  # all of them, each time round
        pass
    for app in (room.app, other):
        sync_once(app)
        assert verify(app.store.connection()) == []
        assert {one.state for one in outbox.every(app.store.connection())} <= {State.ACCEPTED, State.CONFIRMED}
    assert len(room.sandbox.books.effects()) == len(outbox.every(room.app.store.connection()))
    other.stop()
