"""The write-ahead log is cut off or garbled: the store opens to a state that was once committed (./run faults)."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from kiosk.store import engine
from kiosk.verify import verify
from tests.conftest import Room
from tests.kiosk.stories import begin, pay, take_application, take_bill, take_order

_HEADER, _FRAME_HEADER = 32, 24  # SQLite's file format, 4.1 and 4.2


@pytest.fixture
def torn(room: Room, tmp_path: Path) -> tuple[Path, bytes]:
    """A store and its log as they lay on the disc at the instant of the cut, with nothing of the log in the store."""
    connection = room.app.store.connection()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    for amount in (650_00, 420_00):
        opened = begin(room)
        take_application(room, opened)
        take_bill(room, opened, amount)
        take_order(room, opened)
        pay(room, opened)
    for name in ("work.db", "work.db-wal"):
        shutil.copy(room.home / name, tmp_path / name)
    return tmp_path, room.app.home.key


def opens(place: Path, key: bytes, log: bytes, scratch: Path) -> int:
    """How many receipts are there when the store is opened with this log; it must prove itself."""
    for file in scratch.glob("*"):
        file.unlink()
    shutil.copy(place / "work.db", scratch / "work.db")
    (scratch / "work.db-wal").write_bytes(log)
    connection = engine.connect(scratch / "work.db", key=key)
    try:
        assert verify(connection) == []
        return int(connection.execute("SELECT count(*) FROM receipts").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.timeout(1200)
def test_cut_off_at_every_frame_and_inside_it(torn: tuple[Path, bytes], tmp_path: Path) -> None:
    place, key = torn
    log = (place / "work.db-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    frame = page + _FRAME_HEADER
    frames = (len(log) - _HEADER) // frame
    assert frames > 20
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    counts = []
    for number in range(frames + 1):
        for inside in (0, _FRAME_HEADER // 2, frame // 2):
            counts.append(opens(place, key, log[: _HEADER + number * frame + inside], scratch))
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 2)


@pytest.mark.timeout(1200)
def test_garbled_at_random_bytes(torn: tuple[Path, bytes], tmp_path: Path) -> None:
    place, key = torn
    log = (place / "work.db-wal").read_bytes()
    rng = random.Random(7)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for _try in range(200):
        garbled = bytearray(log)
        for _byte in range(rng.choice([1, 1, 8, 200])):
            garbled[rng.randrange(len(garbled))] ^= rng.randrange(1, 256)
        assert opens(place, key, bytes(garbled), scratch) in (0, 1, 2)
