"""Several requests on their way at once: a line with a long round trip is idle most of the time without them.

How many is learnt from how long they take. On a line that is too slow for them they would only stand in each other's
way, until a payment that comes waits long for its turn and their time is over before their answers are there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from sync.http import Http
from sync.operations import NotKnownThere, Outcome
from sync.outbox import Kept

Told = Mapping[str, Outcome | NotKnownThere]

FIRST, _MOST = 4, 12  # at once: while nothing is known of the line; on a line where more would go
_QUICK, _SLOW = 2.0, 5.0  # seconds of a request: then there is room for one more, or for one less
_TELLING = 1_000  # bytes: what is smaller is quick on any line


@dataclass(frozen=True, slots=True)
class Flight:
    """Operations of one portal that are under way in one request, each with its attempt's id; `point` is what the
    engine calls the moment at which the answer is there."""

    portal: str
    begun: Sequence[tuple[Kept, int]]
    point: str
    lane: Http
    before: tuple[int, int, int]  # what the lane had sent, received and asked
    left_at: datetime

    @property
    def keys(self) -> set[str]:
        return {kept.operation.key for kept, _attempt in self.begun}


@dataclass(frozen=True, slots=True)
class Landed:
    """A flight with what was told, what it took (bytes up and down, seconds for each of its requests) and what was said
    last, as it came."""

    flight: Flight
    told: Told
    sent: int
    received: int
    seconds: float
    said: str


class Lanes:
    """Each portal's lines. A portal with one line is talked to in the calling thread."""

    def __init__(self, lines: Mapping[str, Sequence[Http]]) -> None:
        self._lines = lines
        self._busy: set[int] = set()
        self._under_way: dict[Future[tuple[Told, float]], Flight] = {}
        self._room = FIRST
        most = sum(len(several) for several in lines.values())
        self._threads = ThreadPoolExecutor(most, "lane") if most > len(lines) else None

    def free(self, portal: str) -> Http | None:
        """A line of `portal` that nothing is under way on, if there is room for one more. There always is for one: a
        portal that is slow must not keep another one waiting."""
        own = self._lines.get(portal, ())
        idle = [lane for lane in own if id(lane) not in self._busy]
        return idle[0] if idle and (len(idle) == len(own) or len(self._busy) < self._room) else None

    def full(self) -> list[str]:
        """The portals that have no line free."""
        return [portal for portal in self._lines if self.free(portal) is None]

    def count(self, portal: str) -> int:
        """How many may be under way to `portal` at once."""
        return max(1, min(self._room, len(self._lines.get(portal, ()))))

    def learn(self, seconds: float, sent: int, *, failed: bool) -> None:
        """What one flight shows of the line. After a failure it may be another one, and nothing is known of it."""
        if failed:
            self._room = max(1, min(self._room - 1, FIRST))
        elif seconds > _SLOW:
            self._room = max(1, self._room - 1)
        elif seconds < _QUICK and sent >= _TELLING:
            self._room = min(self._room + 1, _MOST)

    def every(self) -> list[Http]:
        return [lane for several in self._lines.values() for lane in several]

    def talk_meanwhile(self) -> bool:
        """Whether what is started goes on while the caller does something else."""
        return self._threads is not None

    def keys(self) -> set[str]:
        """The operations that are under way."""
        return set().union(*(flight.keys for flight in self._under_way.values()))

    def __len__(self) -> int:
        return len(self._under_way)

    def start(
        self, begun: Sequence[tuple[Kept, int]], point: str, lane: Http, at: datetime, talk: Callable[[], Told]
    ) -> None:
        """Let `talk` run on `lane`; it must not raise."""
        flight = Flight(begun[0][0].operation.portal, begun, point, lane, _of(lane), at)
        self._busy.add(id(lane))
        lane.said = ""
        if self._threads is not None and len(self._lines[flight.portal]) > 1:
            self._under_way[self._threads.submit(_timed, talk)] = flight
            return
        done: Future[tuple[Told, float]] = Future()
        self._under_way[done] = flight
        done.set_result(_timed(talk))

    def landed(self, seconds: float | None = None) -> list[Landed]:
        """Wait for at least one of those under way, at most `seconds`; all that have an answer, their lanes free."""
        done, _flying = wait(list(self._under_way), timeout=seconds, return_when=FIRST_COMPLETED)
        found = []
        for future in done:
            flight = self._under_way.pop(future)
            self._busy.discard(id(flight.lane))
            told, took = future.result()
            sent, received, asked = (now - then for now, then in zip(_of(flight.lane), flight.before, strict=True))
            found.append(Landed(flight, told, sent, received, took / max(1, asked), flight.lane.said))
        return found

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for lane in self.every():
            lane.close()


def _of(lane: Http) -> tuple[int, int, int]:
    return lane.bytes_sent, lane.bytes_received, lane.asked


def _timed(talk: Callable[[], Told]) -> tuple[Told, float]:
    began = time.monotonic()
    return talk(), time.monotonic() - began
