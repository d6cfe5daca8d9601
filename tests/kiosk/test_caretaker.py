"""What the program does by itself: copies where and when they are due, exports that do not lie about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kiosk import caretaker
from kiosk.counter import centre
from kiosk.counter.records import CounterError
from kiosk.store import backup
from tests.conftest import Room
from tests.kiosk.stories import settled_bill


def nothing() -> list[Path]:
    return []


def test_copies_go_to_the_named_folder_and_to_every_stick_each_hour_in_which_something_happened(
    room: Room, tmp_path: Path
) -> None:
    folder, stick = tmp_path / "second", tmp_path / "stick"
    for place in (folder, stick):
        place.mkdir()
    centre.put(room.counter, "backup", {"folder": str(folder)})
    home = room.app.home
    for expected in (2, 0):
        made, wrong = caretaker.back_up_where_due(room.counter, home, lambda: [stick])
        assert (len(made), wrong) == (expected, [])
    room.clock.forward(hours=2)
    assert caretaker.back_up_where_due(room.counter, home, nothing)[0] == []
    settled_bill(room)
    assert len(caretaker.back_up_where_due(room.counter, home, nothing)[0]) == 1
    assert len(backup.known(stick / "udc-kiosk")) == 1


def test_a_place_that_can_not_be_written_is_told_and_the_others_get_theirs(room: Room, tmp_path: Path) -> None:
    centre.put(room.counter, "backup", {"folder": str(tmp_path / "a-file" / "inside")})
    (tmp_path / "a-file").write_text("in the way")
    stick = tmp_path / "stick"
    made, wrong = caretaker.back_up_where_due(room.counter, room.app.home, lambda: [stick])
    assert [copy.folder.parent for copy in made] == [stick / "udc-kiosk"]
    assert len(wrong) == 1


def test_without_any_place_the_operator_is_told_where_to_put_one(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caretaker, "places", lambda _counter: [])
    with pytest.raises(CounterError, match="no_backup_place"):
        room.app.back_up(room.counter)


def test_what_was_saved_readable_goes_after_a_day_and_who_saved_it_is_written_down(room: Room) -> None:
    old, fresh = (room.app.save(room.counter, name, b"x") for name in ("old.csv", "fresh.csv"))
    a_day_ago = old.stat().st_mtime - 25 * 3600
    os.utime(old, (a_day_ago, a_day_ago))
    caretaker.clear_exports(room.home)
    assert (old.exists(), fresh.exists()) == (False, True)
    assert room.app.store.row("SELECT kind FROM events ORDER BY id DESC LIMIT 1") == {"kind": "saved"}


def test_a_round_of_the_caretaker_leaves_no_trouble(room: Room, tmp_path: Path) -> None:
    centre.put(room.counter, "backup", {"folder": str(tmp_path / "second")})
    keeper = caretaker.Caretaker(lambda: room.counter, room.app.home, every_seconds=0.01)
    keeper.start()
    while not backup.known(tmp_path / "second"):
        assert keeper.is_alive()
    keeper.stop()
    assert keeper.trouble == []
    assert room.app.home.head_remembered() is not None
