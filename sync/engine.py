"""Moves operations to a known end: at most one effect each, whatever the line does (promise 2).

Before anything goes out the operation is `sending` on disk; its outcome and what the caller does about it are one
transaction (record.py). An operation whose answer was lost is `unknown` and is asked about by key before anything is
sent again; where a portal can't be asked by key, it waits for a person.
"""

from __future__ import annotations

import random
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync import outbox
from sync.http import Http
from sync.lanes import Landed, Lanes, Told
from sync.line import CLOCK_MAY_DIFFER
from sync.operations import FORGOT, Accepted, Confirmed, Later, NotKnownThere, Operation, Outcome, State, Unknown
from sync.outbox import Attempt, Kept
from sync.portals import BatchPortal, Portal, kind_of
from sync.record import Ended, Handler, Record, Writing
from sync.rests import LINE_FAULTS, LONGEST_ASKED, Rests

_LONGEST_BATCH = 32_000  # characters of payload: a batch must not hold the line from a payment for long
_SMALLEST_SHARE = 25  # operations: below this a request's head weighs more than what another lane would save
_LOOK_UP_SECONDS = 0.2  # a payment that comes while others are under way waits no longer for a free lane
_NOT_YET = timedelta(seconds=LONGEST_ASKED + 1)  # further off than any wait that we choose

Outcomes = Sequence[Outcome | NotKnownThere]  # of a flight's operations, in their order


@dataclass(frozen=True, slots=True)
class Thrift:
    """How to treat a line that costs: `payments_only`, and how many bytes a day (0: no limit)."""

    payments_only: bool = False
    bytes_a_day: int = 0


class Engine:
    """One engine works on one connection, in one thread; only the talking may be on several lanes at once."""

    def __init__(
        self, connection: sqlite3.Connection, portals: Mapping[str, Portal], lines: Mapping[str, Sequence[Http]],
        handler: Handler, writing: Writing, clock: Callable[[], datetime], rng: random.Random | None = None,
        at: Callable[[str], None] = lambda _point: None, tells: Callable[[], Mapping[str, str]] = dict,
        beside: Collection[Http] = (), not_before: Callable[[Operation], datetime | None] = lambda _one: None,
    ) -> None:
        """`lines`: as many of a portal's as requests may be under way to it at once. `handler` is called inside the
        transaction that writes an outcome; `at` is called between the steps, so that a test can cut the power there;
        `tells` gives the headers that go with every request; `beside` are lines that others talk on, to learn from;
        `not_before` is asked each time before an operation is sent: until when it must wait, None when it may go."""
        self._connection = connection
        self._portals = portals
        self._lanes = Lanes(lines)
        self._clock = clock
        self._at = at
        self._tells = tells
        self._beside = beside
        self._not_before = not_before
        self._mute = [name for name, portal in portals.items() if not portal.capabilities.query_by_key]
        self._one_by_one: set[str] = set()  # portals that said they take no batch after all
        self.thrift = Thrift()
        self.rests = Rests(list(portals), rng or random.Random())
        self._record = Record(connection, handler, writing, clock, self.rests, at)
        self._told: set[str] = set()  # the operations that a person has been told to answer for
        self._asked: set[str] = set()  # that are being asked about, until the answer is written down
        self._landed: deque[tuple[Landed, Outcomes]] = deque()  # answered, and not written down yet
        self.in_part: dict[str, tuple[int, int]] = {}  # attachments under way: bytes that are there, of how many

    def recover(self) -> int:
        """What was being sent when the power went, or when its outcome could not be written down, may or may not have
        arrived. How many there were."""
        under_way = self._lanes.keys().union(*(landed.flight.keys for landed, _outcomes in self._landed))
        self._asked &= under_way
        cut_off = self._record.recover(under_way)
        for kept in self.for_a_person():
            if self._portals[kept.operation.portal].capabilities.may_go_again(kept.operation):
                self._record.repeat(kept)
            elif kept.operation.key not in self._told:
                self._record.tell(kept)
                self._told.add(kept.operation.key)
        return cut_off

    def step(self) -> bool:
        """Send or ask as far as lanes are free, take in what has answered; False when nothing is due or under way."""
        self._record.apply_answers()
        if not self.clock_is_wrong():
            self._record.expire()
        self._pull_in_far_tries()
        self._start_all()
        return self.take_in(self._start_all if self._lanes.talk_meanwhile() else None)

    def take_in(self, start: Callable[[], None] | None = None) -> bool:
        """Wait a little for what is under way, and write down what came; False when nothing is left. What has answered
        frees its lane: `start` uses it before the next answer is written."""
        if not (len(self._lanes) or self._landed):
            return False
        came = [(one, _outcomes(one)) for one in self._lanes.landed(0.0 if self._landed else _LOOK_UP_SECONDS)]
        self._landed += came
        for landed, outcomes in came:
            self._note(landed, outcomes)
        if start is not None:
            start()
        for _one in range(len(self._landed) if start is None else min(1, len(self._landed))):
            self._land(*self._landed.popleft())
        return True

    def run(self, most: int = 10_000) -> int:
        """Step until nothing is due; how many steps it took."""
        steps = 0
        while steps < most and self.step():
            steps += 1
        return steps

    def has_work(self) -> bool:
        """Whether something is due now: who pulls must let it go first."""
        now = self._clock()
        return outbox.due(
            self._connection, now, self.rests.resting(now), mute=self._mute, payments_only=self.payments_only(),
            asked=self._asked,
        ) is not None

    def close(self) -> None:
        """Wait for what is under way, without taking it in, and close the lines."""
        self._lanes.close()

    def hurry(self) -> None:
        """The line may be back: try everything now."""
        self.rests.end()
        self._record.hurry()

    def next_due_at(self) -> datetime | None:
        """When the next operation may really be tried, or None when nothing is to be done."""
        found = outbox.next_due_at(self._connection, self._mute, payments_only=self.payments_only())
        return min((self.rests.soonest(portal, due) for portal, due in found.items()), default=None)

    def for_a_person(self) -> list[Kept]:
        """The unknowns that wait for a person's answer (outbox.answer_unknown)."""
        return outbox.for_a_person(self._connection, self._mute)

    def clock_is_wrong(self) -> bool:
        """Whether no portal that told its time agrees with this machine's clock."""
        lines = [*self._lanes.every(), *self._beside]
        told = [line.clock_off for line in lines if line.clock_off is not None]
        return bool(told) and min(told) > CLOCK_MAY_DIFFER

    def budget_is_spent(self) -> bool:
        """Whether the bytes for today are gone."""
        return 0 < self.thrift.bytes_a_day <= self.bytes_today()

    def payments_only(self) -> bool:
        """Whether all else has to wait. A payment is small, and somebody stands at the counter for it: it goes also
        when the day's bytes are gone."""
        return self.thrift.payments_only or self.budget_is_spent()

    def brought(self, key: str, outcome: Outcome, tried: Sequence[Attempt]) -> bool:
        """Apply an end that was told on another road (carry/), in one transaction with what the caller does about it.

        False changes nothing: it has an end already, or is not carried."""
        return self._record.brought(key, outcome, tried)

    def bytes_today(self) -> int:
        return self._record.bytes_today()

    def count_bytes(self, bytes_: int) -> None:
        """Count what went over a line that is not the engine's (a feed's)."""
        self._record.count_bytes(bytes_)

    def _start_all(self) -> None:
        while self._start_one():
            pass

    def _start_one(self) -> bool:
        """Set the one thing whose turn it is on its way; False when there is none or no lane for it."""
        now = self._clock()
        kept = outbox.due(
            self._connection, now, [*self.rests.resting(now), *self._lanes.full()], mute=self._mute,
            payments_only=self.payments_only(), asked=self._asked,
        )
        if kept is None:
            return False
        if self._lanes.free(kept.operation.portal) is None:
            self._no_portal(kept)
        elif kept.state is State.UNKNOWN:
            self._ask(kept)
        elif not self._is_held(kept):
            self._send(self._together(kept))
        return True

    def _is_held(self, kept: Kept) -> bool:
        """Whether it is not yet its time; then it is out of the way of the others for a while."""
        until = self._not_before(kept.operation)
        if until is None or until <= self._clock():
            return False
        self._record.hold(kept, until)
        return True

    def _no_portal(self, kept: Kept) -> None:
        begun = self._record.begin([kept], "send")
        self._record.end([Ended(one, attempt, Later("no_portal")) for one, attempt in begun])

    def _send(self, several: Sequence[Kept]) -> None:
        begun = self._record.begin(several, "send")
        self._at("sending")
        if len(begun) > 1:
            operations = [kept.operation for kept, _attempt in begun]
            self._talk(begun, "answered", lambda portal, line: _batched(portal).attempt_many(operations, line))
        elif begun:
            one = outbox.with_body(self._connection, begun[0][0].operation)
            self._talk(begun, "answered", lambda portal, line: {one.key: portal.attempt(one, line)})

    def _ask(self, kept: Kept) -> None:
        begun, one = self._record.begin([kept], "ask"), kept.operation
        self._asked.add(one.key)
        self._at("asking")
        reads = [f"{one.portal}.{kind}" for kind in self._portals[one.portal].capabilities.reads]
        witness = None if one.kind in reads else outbox.witness(self._connection, one.portal, reads)
        self._talk(begun, "told", lambda portal, line: {one.key: _asked(portal, one, witness, line)})

    def _talk(self, begun: list[tuple[Kept, int]], point: str, talk: Callable[[Portal, Http], Told]) -> None:
        if not begun:
            return
        name = begun[0][0].operation.portal
        portal, lane = self._portals[name], self._lanes.free(name)
        assert lane is not None  # _start_one looked
        lane.headers.update(self._tells())
        keys = [kept.operation.key for kept, _attempt in begun]

        def guarded() -> Told:
            try:
                return talk(portal, lane)
            except Exception as error:
                return dict.fromkeys(keys, Unknown(f"adapter_fault:{type(error).__name__}"))

        self._lanes.start(begun, point, lane, self._clock(), guarded)

    def _land(self, landed: Landed, outcomes: Outcomes) -> None:
        begun, many = landed.flight.begun, len(landed.flight.begun)
        self._at(landed.flight.point)
        self._record.clock_is_wrong = self.clock_is_wrong()
        self._record.end([
            Ended(kept, attempt, outcome, _share(landed.sent, place, many), _share(landed.received, place, many),
                  _said(landed, outcome))
            for place, ((kept, attempt), outcome) in enumerate(zip(begun, outcomes, strict=True))
        ])
        for (kept, _attempt), outcome in zip(begun, outcomes, strict=True):
            self._measure(kept.operation.key, outcome)
            self._asked.discard(kept.operation.key)
        self._at("recorded")

    def _together(self, first: Kept) -> list[Kept]:
        """What may go in one request with `first`."""
        name = first.operation.portal
        portal = self._portals.get(name)
        most = portal.capabilities.batch.get(kind_of(first.operation), 1) if portal is not None else 1
        if most < 2 or name in self._one_by_one:
            return [first]
        fair = -(-outbox.ready_beside(self._connection, first) // self._lanes.count(name))
        most = min(most, max(_SMALLEST_SHARE, fair))  # the last round keeps every lane busy
        beside = outbox.due_beside(self._connection, self._clock(), first, most, payments_only=self.payments_only())
        several = [first, *(kept for kept in beside[1:] if not self._is_held(kept))]
        room = _LONGEST_BATCH
        for place, kept in enumerate(several):
            room -= kept.payload_length
            if room < 0:
                return several[:max(1, place)]
        return several

    def _note(self, landed: Landed, outcomes: Outcomes) -> None:
        """One request is one try of the line, however many went in it; one answer among them shows that it is there."""
        best = min(outcomes, key=lambda outcome: _reason(outcome) in LINE_FAULTS)
        reason, portal = _reason(best), landed.flight.portal
        if reason == "no_batch":
            self._one_by_one.add(portal)
        self._lanes.learn(landed.seconds, landed.sent, failed=reason in LINE_FAULTS)
        asked = best.after_seconds if isinstance(best, Later) else None
        if self.rests.note(portal, reason, asked, self._clock(), landed.flight.left_at):
            self._record.pull_in(portal)

    def _measure(self, key: str, outcome: Outcome | NotKnownThere) -> None:
        if isinstance(outcome, Later) and outcome.there is not None:
            self.in_part[key] = outcome.there
        else:
            self.in_part.pop(key, None)

    def _pull_in_far_tries(self) -> None:
        """A clock set back must not leave an operation waiting for a year."""
        if outbox.is_due_after(self._connection, self._clock() + _NOT_YET):
            self.hurry()


def _asked(portal: Portal, one: Operation, witness: Operation | None, line: Http) -> Outcome | NotKnownThere:
    """What became of `one`. That a portal does not know it says nothing when it has lost its memory (restarted empty,
    restored from a backup): then it does not know `witness` either, which it surely had done."""
    told = portal.ask(one, line)
    if witness is None or not isinstance(told, NotKnownThere):
        return told
    knows = portal.ask(witness, line)
    if isinstance(knows, NotKnownThere):
        return Unknown(FORGOT)
    return knows if isinstance(knows, Later) else told


def _outcomes(landed: Landed) -> Outcomes:
    """Each operation gets an outcome of its own; one that the answer misses is unknown."""
    return [landed.told.get(kept.operation.key, Unknown("not_answered")) for kept, _attempt in landed.flight.begun]


def _said(landed: Landed, outcome: Outcome | NotKnownThere) -> str:
    """What is kept of the answer beside the outcome: nothing where it went well, as its facts are kept then. Of several
    in one request only the status or the error's name: the rest is of others too."""
    if isinstance(outcome, Accepted | Confirmed):
        return ""
    return landed.said if len(landed.flight.begun) == 1 else landed.said.partition(" ")[0]


def _reason(outcome: Outcome | NotKnownThere) -> str:
    return str(getattr(outcome, "reason", ""))


def _batched(portal: object) -> BatchPortal:
    assert isinstance(portal, BatchPortal)  # a portal whose capabilities name a batch takes one
    return portal


def _share(total: int, place: int, count: int) -> int:
    """What of `total` bytes falls to one of `count` operations; the first carries the remainder."""
    return total // count + (total % count if place == 0 else 0)
