"""A field laptop hands over to the counter beside it: nothing is packed in vain, nothing is done twice."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk import carrying, settings
from kiosk.counter.records import LineState
from kiosk.verify import verify
from kiosk.wiring import nobody
from sync.carry import beside, sealed
from sync.carry.sealed import BadCarry, Head, Key
from tests.kiosk.test_carry import Far, a_visit, far, states

__all__ = ["far"]


@contextmanager
def listening(far: Far, folder: Path) -> Iterator[tuple[str, str]]:
    """A counter beside the laptop, with the portals' line; its address and the code on its screen."""
    shown: queue.Queue[tuple[str, int]] = queue.Queue()
    over, there = threading.Event(), settings.portals(far.sandbox.portals())
    counter = threading.Thread(target=lambda: carrying.listen(
        folder, there, 60, nobody, lambda code, port: shown.put((code, port)), stop=over, clock=far.room.clock))
    counter.start()
    code, port = shown.get(timeout=10)
    try:
        yield f"127.0.0.1:{port}", code
    finally:
        over.set()
        counter.join(20)


def test_a_field_laptop_hands_over_to_the_counter_beside_it_and_gets_the_outcomes(far: Far, tmp_path: Path) -> None:
    served = a_visit(far.room)
    far.sandbox.come_back()
    folder, going = tmp_path / "for others", list[tuple[int, int]]()
    with listening(far, folder) as (address, code):
        stranger = tmp_path / "stranger"
        stranger.write_bytes(sealed.seal(
            Head(sealed.OPERATIONS, "x", "X", "", "", 0, sealed.new_salt()), {}, Key(sealed.new_code(), "00" * 16),
            carrying.sender(far.room.counter).signer,
        ))
        with pytest.raises(BadCarry, match="carry_wrong_code"):
            beside.hand_over(address, stranger)
        assert list(folder.iterdir()) == []
        brought = carrying.hand(
            far.room.app, far.room.counter, address, code.lower(), 30, lambda *told: going.append(told))
    assert (brought.new, brought.out) == (4, 0)
    [file] = folder.glob("*.carry")
    assert going[-1] == (file.stat().st_size, file.stat().st_size)
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]
    assert verify(far.room.app.store.connection()) == []
    assert len(far.effects()) == len(set(far.effects())) == 4


def test_nothing_is_packed_for_a_counter_that_is_not_there_or_shows_another_code(far: Far, tmp_path: Path) -> None:
    a_visit(far.room)
    with pytest.raises(BadCarry, match="carry_nobody_listens"):
        carrying.hand(far.room.app, far.room.counter, "127.0.0.1:9", sealed.new_code(), 0)
    with listening(far, tmp_path / "for others") as (address, code):
        with pytest.raises(BadCarry, match="carry_wrong_code"):
            carrying.hand(far.room.app, far.room.counter, address, sealed.new_code(), 0)
        for typed in [sealed.new_code()] * 9:  # whoever guesses is not let in even with the right one
            with pytest.raises(BadCarry, match="carry_wrong_code"):
                beside.greet(address, typed, carrying.sender(far.room.counter), {})
        with pytest.raises(BadCarry, match="carry_wrong_code"):
            carrying.hand(far.room.app, far.room.counter, address, code, 0)
    assert carrying.carries(far.room.app, far.room.counter) == []
    far.line_comes_back()
    assert len(far.effects()) == 4  # by its own line, at once


def test_what_was_stopped_on_its_way_is_handed_over_to_a_counter_that_shows_another_code_by_now(
    far: Far, tmp_path: Path
) -> None:
    served = a_visit(far.room)
    far.sandbox.come_back()
    stop = threading.Event()
    stop.set()
    with listening(far, tmp_path / "for others") as (address, code), pytest.raises(BadCarry, match="carry_stopped"):
        carrying.hand(far.room.app, far.room.counter, address, code, 30, stop=stop)
    with listening(far, tmp_path / "for others") as (address, code):
        assert carrying.hand(far.room.app, far.room.counter, address, code, 30).new == 4
    assert LineState.WAITING not in states(far.room, served)
    assert len(far.effects()) == len(set(far.effects())) == 4


def test_a_counter_that_stopped_before_it_could_send_is_given_the_same_file_again(far: Far, tmp_path: Path) -> None:
    a_visit(far.room)
    with listening(far, tmp_path / "for others") as (address, code):
        assert carrying.hand(far.room.app, far.room.counter, address, code, 0).new == 0  # no line there either
    far.sandbox.come_back()
    with listening(far, tmp_path / "for others") as (address, code):
        assert carrying.hand(far.room.app, far.room.counter, address, code, 30).out == 0
    assert len(far.effects()) == len(set(far.effects())) == 4
