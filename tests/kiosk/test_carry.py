"""No line for weeks: what waits is carried to a machine that has one, and what came of it is brought home."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk import carrying, settings
from kiosk.app import App
from kiosk.counter import visit, waiting
from kiosk.counter.records import CounterError, LineState, ReceiptKind, Visit
from kiosk.verify import verify
from kiosk.wiring import adapters, lines
from sync import outbox
from sync.carry import home, road, sealed
from sync.carry.home import Carry
from sync.carry.road import Road, Sent
from sync.carry.sealed import BadCarry, Key
from sync.carry.told import read_operation
from sync.http import Http
from sync.operations import Confirmed, Operation, Rejected
from sync.portals.ekpay import EkPay
from sync.sandbox import Sandbox
from tests import moves
from tests.conftest import CHEAP, PIN, Room, TestClock
from tests.kiosk import stories


@pytest.fixture
def far(room: Room, tmp_path: Path) -> Iterator[Far]:
    """A centre without a line, a stick, and the sandbox's portals elsewhere."""
    room.sandbox.go_away()
    stick = tmp_path / "stick"
    stick.mkdir()
    watched = room.app.store.connection()
    moves.watch(watched)
    yield Far(room, stick)
    assert moves.seen(watched) <= moves.drawn()


class Far:
    def __init__(self, room: Room, stick: Path) -> None:
        self.room, self.stick, self.sandbox = room, stick, room.sandbox

    def pack(self) -> Carry:
        return carrying.pack(self.room.app, self.room.counter, self.stick)[-1]

    def file(self, carry: Carry) -> Path:
        return self.stick / carry.name

    def send(self, carry: Carry, stick: Path | None = None, at: Callable[[str], None] = lambda _point: None) -> Sent:
        """From another machine, where the portals can be reached."""
        file = (stick or self.stick) / carry.name
        there = settings.portals(self.sandbox.portals())
        known = adapters(there)
        roads = lines(there, known)
        outcomes, clock = road.outcomes_beside(file), self.room.clock
        self.there = Road(sealed.read_file(file), carry.code, outcomes, known, roads, clock, at=at)
        return self.there.run(30)

    def bring(self, carry: Carry, stick: Path | None = None) -> home.Brought:
        file = road.outcomes_beside((stick or self.stick) / carry.name)
        brought = carrying.bring(self.room.app, self.room.counter, file)
        assert verify(self.room.app.store.connection()) == []
        return brought

    def line_comes_back(self) -> None:
        self.sandbox.come_back()
        self.room.sync()

    def effects(self) -> list[str]:
        """The keys that had an effect at a portal, each as often as it had one."""
        return sorted(str(effect["key"]) for effect in self.sandbox.books.effects())

    def paid(self) -> int:
        return sum(effect["amount_poisha"] for effect in self.sandbox.books.effects())


def a_visit(room: Room) -> Visit:
    opened = stories.begin(room)
    for take in (stories.take_bill, stories.take_application, stories.take_order):
        take(room, opened)
    stories.pay(room, opened)
    return visit.get(room.counter, opened.id)


def states(room: Room, served: Visit) -> list[LineState]:
    return [line.state for line in visit.get(room.counter, served.id).lines]


def test_a_visit_without_a_line_is_carried_sent_and_brought_home(far: Far) -> None:
    served = a_visit(far.room)
    carry = far.pack()
    assert carry.out == 4  # the application's fee goes with it
    assert states(far.room, served) == [LineState.WAITING] * 3
    assert {one.last_reason for one in waiting.waiting(far.room.counter)} == {"carried"}
    far.sandbox.come_back()
    assert far.send(carry) == Sent(4, 4, "")
    far.sandbox.go_away()
    brought = far.bring(carry)
    assert (brought.new, brought.out, list(brought.differ)) == (4, 0, [])
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]
    assert ReceiptKind.FINAL in stories.papers(far.room, served)
    assert carrying.carries(far.room.app, far.room.counter) == []
    assert list((far.room.home / "carry").iterdir()) == []
    attempts = outbox.attempts(far.room.app.store.connection(), stories_key(far.room, served))
    assert [one.what for one in attempts] == ["ask", "send"]
    assert sum(one.bytes_sent for one in attempts) > 0


def stories_key(room: Room, served: Visit) -> str:
    found = room.app.store.row("SELECT operation_key FROM line_operations WHERE line_id = ?", served.lines[0].id)
    assert found is not None
    return str(found["operation_key"])


def test_nothing_of_a_citizen_or_of_the_store_can_be_read_on_the_stick(far: Far) -> None:
    a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    far.send(carry)
    device = far.room.app.device
    told = ["নমুনা", "01712345678", "1234567890123", carry.code, carry.code.replace("-", ""),
            far.room.app.home.recovery_code(), device.signing_key.hex(), far.room.app.home.key.hex()]
    for file in far.stick.iterdir():
        data = file.read_bytes()
        assert not [word for word in told if word.encode() in data]
        assert device.signing_key not in data
        assert far.room.app.home.key not in data


def test_the_centre_keeps_its_file_and_code_so_that_another_stick_can_go(far: Far, tmp_path: Path) -> None:
    a_visit(far.room)
    first = far.pack()
    far.file(first).unlink()
    [again] = carrying.pack(far.room.app, far.room.counter, far.stick)
    assert (again.id, again.code) == (first.id, first.code)
    assert far.file(again).exists()
    stories.settled_bill(far.room)
    both = carrying.pack(far.room.app, far.room.counter, far.stick)
    assert [one.out for one in both] == [4, 1]


def test_there_may_be_nothing_to_carry(far: Far) -> None:
    with pytest.raises(CounterError, match="carry_nothing"):
        far.pack()


def test_a_stick_that_is_full_keeps_the_file_at_home(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    served = a_visit(far.room)
    with pytest.raises(OSError, match="No such file"):
        carrying.pack(far.room.app, far.room.counter, far.stick / "pulled out")
    carry = far.pack()
    far.sandbox.come_back()
    far.send(carry)
    far.bring(carry)
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]


def test_what_is_carried_is_neither_sent_by_the_line_nor_taken_back_before_it_is_known(far: Far) -> None:
    served = a_visit(far.room)
    far.pack()
    far.line_comes_back()
    assert far.effects() == []
    assert "pay" not in far.sandbox.seen("ekpay")
    assert far.sandbox.seen("ekpay").count("ask") > 0
    with far.room.app.store.transaction() as connection:
        assert not any(outbox.cancel(connection, kept.operation.key) for kept in outbox.every(connection))
    far.room.clock.forward(minutes=20)
    far.room.sync()
    assert states(far.room, served) == [LineState.WAITING] * 3


def test_sent_by_the_stick_and_asked_about_by_the_line_it_has_one_effect(far: Far) -> None:
    served = a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    far.send(carry)
    effects = far.effects()
    far.room.sync()
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]
    brought = far.bring(carry)
    assert (brought.new, brought.known, list(brought.differ)) == (0, 4, [])
    assert far.effects() == effects
    assert len(effects) == len(set(effects)) == 4


def test_a_stick_that_never_comes_back_goes_by_the_line_when_its_time_is_over(far: Far) -> None:
    served = a_visit(far.room)
    carry = far.pack()
    far.room.clock.forward(days=carrying.DAYS, minutes=16)
    far.line_comes_back()
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]
    assert far.sandbox.seen("ekpay").index("ask") < far.sandbox.seen("ekpay").index("pay")
    assert len(far.effects()) == len(set(far.effects())) == 4
    with pytest.raises(BadCarry, match="carry_too_late"):
        far.send(carry)
    assert carrying.carries(far.room.app, far.room.counter) == []


def test_without_a_line_what_was_lost_goes_into_the_next_file(far: Far) -> None:
    served = a_visit(far.room)
    far.pack()
    far.room.clock.forward(days=carrying.DAYS, minutes=16)
    again = carrying.pack(far.room.app, far.room.counter, far.stick)[-1]
    far.sandbox.come_back()
    assert far.send(again).ended == 4
    far.bring(again)
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]


def test_sent_twice_from_two_machines_it_has_one_effect_and_the_later_outcomes_change_nothing(
    far: Far, tmp_path: Path
) -> None:
    served = a_visit(far.room)
    carry = far.pack()
    other = tmp_path / "other stick"
    other.mkdir()
    (other / carry.name).write_bytes(far.file(carry).read_bytes())
    far.sandbox.come_back()
    assert far.send(carry).ended == far.send(carry).ended == far.send(carry, other).ended == 4
    assert far.sandbox.seen("ekpay").count("pay") == 1
    assert far.bring(carry).new == 4
    before = far.room.balances()
    assert far.bring(carry, other) == home.Brought(0, 4, 0, [])
    assert far.bring(carry) == home.Brought(0, 4, 0, [])
    assert far.room.balances() == before
    assert far.paid() == sum(line.official_poisha for line in served.lines)


def test_a_refusal_on_the_road_becomes_money_owed_at_home(far: Far) -> None:
    served = a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    far.sandbox.fail_next("eksheba.submit", "refuse")
    far.sandbox.fail_next("ekpay.fetch", "refuse")
    far.send(carry)
    far.bring(carry)
    assert states(far.room, served) == [LineState.REFUND_DUE, LineState.REFUND_DUE, LineState.ACCEPTED]
    assert far.send(carry).ended == 4  # again: what was refused is not tried once more
    assert len(far.effects()) == 1


def test_a_bill_that_this_very_operation_paid_on_another_road_is_not_refused_as_paid(far: Far) -> None:
    """The other machine was faster, between this one's question and its payment."""
    stories.settled_bill(far.room)
    [kept] = outbox.every(far.room.app.store.connection())
    far.sandbox.come_back()
    line, ekpay = Http(far.sandbox.portals()["ekpay"]), EkPay()
    first = ekpay.attempt(kept.operation, line)
    assert isinstance(first, Confirmed)
    assert ekpay.attempt(kept.operation, line) == first
    assert ekpay.attempt_many([kept.operation], line) == {kept.operation.key: first}
    other = replace(kept.operation, key="somebody-elses")
    assert ekpay.attempt(other, line) == Rejected("already_paid")
    line.close()


def test_an_answer_that_is_lost_on_the_road_is_asked_about(far: Far) -> None:
    served = a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    far.sandbox.fail_next("ekpay.pay", "lose_after")
    far.send(carry)
    far.bring(carry)
    assert states(far.room, served)[0] is LineState.CONFIRMED
    assert far.sandbox.seen("ekpay").count("pay") == 1


def test_a_line_that_ends_on_the_road_leaves_the_rest_for_another_time(far: Far) -> None:
    """What is known is brought home; what is not stays the stick's."""
    served = a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()

    def power(point: str) -> None:
        if point == "recorded" and far.there.sent().ended:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        far.send(carry, at=power)
    first = far.bring(carry)
    assert first.new >= 1
    assert first.out == 4 - first.new
    assert far.send(carry).ended == 4
    assert far.bring(carry).out == 0
    assert LineState.WAITING not in states(far.room, served)
    assert len(far.effects()) == len(set(far.effects())) == 4


def test_a_machine_whose_clock_is_wrong_sends_nothing(far: Far) -> None:
    a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    portals = settings.portals(far.sandbox.portals())
    known = adapters(portals)
    roads = lines(portals, known)
    for line in itertools.chain(*roads.values()):
        line._now = lambda: far.room.clock() - timedelta(days=40)
    file = far.file(carry)
    there = Road(sealed.read_file(file), carry.code, road.outcomes_beside(file), known, roads, far.room.clock)
    assert there.run(30).trouble == "clock_wrong"
    assert far.effects() == []


def test_the_wrong_code_another_centres_file_and_the_wrong_end_of_the_trip_are_told_apart(
    far: Far, tmp_path: Path, sandbox: Sandbox
) -> None:
    a_visit(far.room)
    carry = far.pack()
    with pytest.raises(BadCarry, match="carry_not_sent"):
        carrying.bring(far.room.app, far.room.counter, far.file(carry))
    far.sandbox.come_back()
    with pytest.raises(BadCarry, match="carry_wrong_code"):
        there = settings.portals(far.sandbox.portals())
        carrying.send(far.file(carry), sealed.new_code(), there, 5, clock=far.room.clock)
    with pytest.raises(CounterError, match="carry_no_portals"):
        carrying.send(far.file(carry), carry.code, {}, 5, clock=far.room.clock)
    assert far.effects() == []
    far.send(carry)
    outcomes = road.outcomes_beside(far.file(carry))
    with pytest.raises(BadCarry, match="carry_is_outcomes"):
        carrying.send(outcomes, carry.code, settings.portals(far.sandbox.portals()), 5, clock=far.room.clock)
    stranger = App(tmp_path / "elsewhere", portals={}, clock=TestClock())
    counter = stranger.counter(stranger.create_first("নমুনা প্রতিবেশী", PIN, CHEAP))
    with pytest.raises(BadCarry, match="carry_stranger"):
        carrying.bring(stranger, counter, outcomes)
    stranger.stop()


def test_who_names_the_file_that_was_sent_gets_the_outcomes_that_lie_beside_it(far: Far) -> None:
    """And it is not called unsent when all of it is home."""
    served = a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    far.send(carry)
    assert carrying.bring(far.room.app, far.room.counter, far.file(carry)).new == 4
    assert states(far.room, served) == [LineState.CONFIRMED, LineState.ACCEPTED, LineState.ACCEPTED]
    road.outcomes_beside(far.file(carry)).unlink()
    with pytest.raises(BadCarry, match="carry_home_already"):
        carrying.bring(far.room.app, far.room.counter, far.file(carry))


def test_outcomes_that_somebody_made_up_are_not_believed(far: Far) -> None:
    """A stranger who saw both files but not the code; and whoever has the code, but altered the file that was sent."""
    served = a_visit(far.room)
    carry = far.pack()
    far.sandbox.come_back()
    far.send(carry)
    true = sealed.read_file(road.outcomes_beside(far.file(carry)))
    ends = {"outcomes": [{"key": stories_key(far.room, served), "outcome": "rejected", "said": "refused", "facts": {},
                          "tried": []}]}
    for head, key, reason in (
        (true.head, Key(sealed.new_code(), true.head.salt), "carry_wrong_code"),
        (replace(true.head, of="0" * 64), Key(carry.code, true.head.salt), "carry_other_file"),
        (replace(true.head, id="another"), Key(carry.code, true.head.salt), "carry_stranger"),
    ):
        forged = sealed.seal(head, ends, key, carrying.sender(far.room.counter).signer)
        road.outcomes_beside(far.file(carry)).write_bytes(forged)
        with pytest.raises(BadCarry, match=reason):
            far.bring(carry)
    assert states(far.room, served) == [LineState.WAITING] * 3


def test_an_attachment_travels_in_the_file(far: Far) -> None:
    opened = stories.begin(far.room)
    stories.take_application(far.room, opened)
    stories.pay(far.room, opened)
    body = bytes(range(256)) * 40
    with far.room.app.store.transaction() as connection:
        [parent] = [one.operation.key for one in outbox.every(connection) if one.operation.kind.endswith("submit")]
        payload = {"application_key": parent, "name": "photo.jpg", "media_type": "image/jpeg"}
        photo = Operation("a-photo", "eksheba", "eksheba.attachment.put", payload, (parent,), 7, body=body)
        outbox.add(connection, photo)
    carry = far.pack()
    file = sealed.read_file(far.file(carry))
    told = {one["key"]: one for one in file.open(Key(carry.code, file.head.salt))["operations"]}
    assert read_operation(told["a-photo"], far.room.clock()).body == body
    assert told["a-photo"]["depends_on"] == [parent]
