"""A laptop dies: the copy proves itself before it replaces anything, and what was sent after it is not sent again."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app import App
from kiosk.counter import tail, waiting
from kiosk.counter.records import LineState
from kiosk.counter.visit import get as _get
from kiosk.home import Home
from kiosk.people import WeakPin, WrongPin
from kiosk.restore import next_code, restore
from kiosk.store import backup, engine
from kiosk.store.backup import Backup, BadBackup
from kiosk.verify import verify
from tests.conftest import CHEAP, PIN, Room, TestClock
from tests.kiosk.stories import settled_bill, state


def copy_of(room: Room, place: Path) -> Backup:
    home = room.app.home
    return backup.make(home.store.connection(), home.key, home.path / "keys.json", place, room.app.device.code,
                       room.clock())


def test_a_copy_is_made_while_the_counter_serves_and_comes_back_whole(room: Room, tmp_path: Path) -> None:
    visit = settled_bill(room)
    made = copy_of(room, tmp_path / "stick")
    room.app.stop()
    shutil.rmtree(room.home)
    with pytest.raises(WrongPin):
        restore(made.folder, room.home, PIN, recovery_code="WRONG")
    code = _recovery_code(room, made)
    restored = restore(made.folder, room.home, "975310", recovery_code=code, clock=room.clock, cost=CHEAP)
    assert restored.asked_about == 1
    app = App(room.home, portals=room.sandbox.portals(), clock=room.clock)
    app.unlock(next(iter(app.home.envelopes.names())), "975310")
    assert verify(app.store.connection()) == []
    assert app.store.row("SELECT state FROM visits WHERE id = ?", visit.id) == {"state": "settled"}
    app.stop()


def _recovery_code(room: Room, made: Backup) -> str:
    """What was printed at the first run; read out of the copy with the key that the test still has."""
    connection = engine.connect(made.folder / "work.db", key=room.app.home.key, read_only=True)
    code = str(connection.execute("SELECT recovery_code FROM device").fetchone()[0])
    connection.close()
    return code


def test_what_was_sent_after_the_copy_is_asked_about_and_not_sent_again(room: Room, tmp_path: Path) -> None:
    visit = settled_bill(room)
    made = copy_of(room, tmp_path / "stick")
    room.sync()
    assert state(room, visit) is LineState.CONFIRMED
    room.app.stop()
    before = len(room.sandbox.books.effects())
    code = restore(made.folder, room.home, PIN, clock=room.clock).code
    room.restart()
    assert room.app.device.code == code
    room.sync()
    assert state(room, visit) is LineState.CONFIRMED
    assert len(room.sandbox.books.effects()) == before
    assert room.sandbox.seen("ekpay").count("pay") == 1
    assert waiting.receipts(room.counter, visit.id)[-1].shown_number.startswith(f"{code}-")


def test_a_restored_counter_serves_on_and_gives_no_number_twice(room: Room, tmp_path: Path) -> None:
    settled_bill(room)
    made = copy_of(room, tmp_path / "stick")
    lost = settled_bill(room, 420_00)
    old = waiting.receipts(room.counter, lost.id)[0].shown_number
    room.app.stop()
    restore(made.folder, room.home, PIN, clock=room.clock)
    room.restart()
    fresh = settled_bill(room, 990_00)
    assert waiting.receipts(room.counter, fresh.id)[0].shown_number != old
    assert waiting.receipt(room.counter, "000001").number == 1
    assert list(room.home.glob("before-restore-*/work.db"))
    room.sync()


def test_half_a_copy_an_altered_one_and_a_newer_one_replace_nothing(room: Room, tmp_path: Path) -> None:
    settled_bill(room)
    made = copy_of(room, tmp_path / "stick")
    room.app.stop()
    before = (room.home / "work.db").read_bytes()
    store, manifest = made.folder / "work.db", made.folder / "manifest.json"
    whole, told = store.read_bytes(), manifest.read_text()
    for body in (whole[: len(whole) // 2], whole[:5000] + bytes(100) + whole[5100:]):
        store.write_bytes(body)
        with pytest.raises(BadBackup, match="backup_altered"):
            restore(made.folder, room.home, PIN)
    store.write_bytes(whole)
    manifest.write_text(json.dumps({**json.loads(told), "schema": 999}))
    with pytest.raises(BadBackup, match="newer_store"):
        restore(made.folder, room.home, PIN)
    manifest.unlink()
    with pytest.raises(BadBackup, match="backup_not_one"):
        restore(made.folder, room.home, PIN)
    manifest.write_text("{")
    with pytest.raises(BadBackup, match="backup_incomplete"):
        restore(made.folder, room.home, PIN)
    manifest.write_text(told)
    with pytest.raises(WrongPin):
        restore(made.folder, room.home, "000001")
    with pytest.raises(WeakPin):
        restore(made.folder, room.home, "111", recovery_code="X")
    assert (room.home / "work.db").read_bytes() == before


def test_a_copy_whose_books_were_cooked_replaces_nothing(room: Room, tmp_path: Path) -> None:
    settled_bill(room)
    key = room.app.home.key
    made = copy_of(room, tmp_path / "stick")
    room.app.stop()
    connection = engine.connect(made.folder / "work.db", key=key)
    connection.execute("DROP TRIGGER postings_never_updated")
    connection.execute("UPDATE postings SET amount_poisha = amount_poisha + 1 WHERE id = 1")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    told = json.loads((made.folder / "manifest.json").read_text())
    told["files"]["work.db"] = backup._hash(made.folder / "work.db")
    (made.folder / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(BadBackup, match="backup_not_proved"):
        restore(made.folder, room.home, PIN)


def test_a_place_that_is_full_leaves_nothing_that_looks_whole(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_sync", full)
    with pytest.raises(OSError, match="space"):
        copy_of(room, tmp_path / "stick")
    assert list((tmp_path / "stick").iterdir()) == []


@given(st.sets(st.integers(0, 3000), min_size=1, max_size=120))
def test_thinning_keeps_days_months_and_years_and_always_the_newest(ages: set[int]) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    copies = {Path(str(age)): now - timedelta(hours=12 * age) for age in ages}
    kept = backup.to_keep(copies)
    assert Path(str(min(ages))) in kept
    days = {moment.date() for moment in copies.values()}
    assert len({copies[one].date() for one in kept} & set(sorted(days)[-7:])) == min(7, len(days))
    assert len(kept) <= 7 + 12 + 5


def test_old_copies_of_this_counter_go_and_anothers_stay(room: Room, tmp_path: Path) -> None:
    place = tmp_path / "stick"
    other = place / "udc-kiosk-ZZZZ-20200101T000000Z"
    other.mkdir(parents=True)
    (other / "manifest.json").write_text("{}")
    for _copy in range(3):
        copy_of(room, place)
        room.clock.forward(minutes=10)
    assert len(backup.thin(place, room.app.device.code)) == 2
    assert other in backup.known(place)
    assert len(backup.known(place)) == 2


def test_no_name_can_be_read_in_a_copy(room: Room, tmp_path: Path) -> None:
    settled_bill(room)
    made = copy_of(room, tmp_path / "stick")
    for file in made.folder.iterdir():
        body = file.read_bytes()
        assert not any(text.encode() in body for text in ("নমুনা নাগরিক", "01712345678", "নমুনা অপারেটর", PIN))


def test_the_code_on_receipts_changes_with_each_restore() -> None:
    assert next_code("ABCD") == "ABCD.A"
    assert next_code("ABCD.A") == "ABCD.B"


def test_an_open_home_is_not_needed_to_read_a_copy(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", TestClock())
    home.begin("নমুনা", PIN, CHEAP)
    made = backup.make(home.store.connection(), home.key, home.path / "keys.json", tmp_path, "ABCD", TestClock()())
    assert made.seq > 0
    home.close()


def test_the_portals_say_what_was_done_in_visits_that_the_copy_does_not_have(room: Room, tmp_path: Path) -> None:
    made = copy_of(room, tmp_path / "stick")
    lost = settled_bill(room, 420_00)
    room.sync()
    reference = _get(room.counter, lost.id).lines[0].reference
    room.app.stop()
    restore(made.folder, room.home, PIN, clock=room.clock)
    room.restart()
    room.sync()
    found = tail.lost_operations(room.counter)
    assert [(one.portal, one.kind, one.amount_poisha, one.reference) for one in found] == [
        ("ekpay", "ekpay.bill.pay", 420_00, reference)
    ]
    assert not tail.was_cut(room.counter)
    room.sync()
    assert len(tail.lost_operations(room.counter)) == 1


def test_a_tail_that_was_cut_off_without_a_restore_is_found_by_the_next_sync(room: Room, tmp_path: Path) -> None:
    room.app.stop()
    old = Path(shutil.copy(room.home / "work.db", tmp_path / "old.db"))
    room.restart()
    settled_bill(room)
    room.sync()
    room.app.stop()
    shutil.copy(old, room.home / "work.db")
    (room.home / "witness.json").unlink()  # it would say so at once
    room.restart()
    assert not tail.was_cut(room.counter)
    room.sync()
    assert tail.was_cut(room.counter)
