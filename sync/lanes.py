"""Several requests on their way at once: a line with a long round trip is idle most of the time without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from sync.http import Http
from sync.operations import NotKnownThere, Outcome
from sync.outbox import Kept

Told = Mapping[str, Outcome | NotKnownThere]


@dataclass(frozen=True, slots=True)
class Flight:
    """Operations of one portal that are under way in one request, each with its attempt's id; `point` is what the
    engine calls the moment at which the answer is there."""

    portal: str
    begun: Sequence[tuple[Kept, int]]
    point: str
    lane: Http
    bytes_before: tuple[int, int]


class Lanes:
    """Each portal's lines. A portal with one line is talked to in the calling thread."""

    def __init__(self, lines: Mapping[str, Sequence[Http]]) -> None:
        self._lines = lines
        self._busy: set[int] = set()
        self._under_way: dict[Future[Told], Flight] = {}
        most = sum(len(several) for several in lines.values())
        self._threads = ThreadPoolExecutor(most, "lane") if most > len(lines) else None

    def free(self, portal: str) -> Http | None:
        """A line of `portal` that nothing is under way on."""
        return next((lane for lane in self._lines.get(portal, ()) if id(lane) not in self._busy), None)

    def full(self) -> list[str]:
        """The portals that have no line free."""
        return [portal for portal in self._lines if self.free(portal) is None]

    def count(self, portal: str) -> int:
        return len(self._lines.get(portal, ()))

    def every(self) -> list[Http]:
        return [lane for several in self._lines.values() for lane in several]

    def keys(self) -> set[str]:
        """The operations that are under way."""
        return {kept.operation.key for flight in self._under_way.values() for kept, _attempt in flight.begun}

    def __len__(self) -> int:
        return len(self._under_way)

    def start(self, flight: Flight, talk: Callable[[], Told]) -> None:
        """Let `talk` run; it must not raise."""
        self._busy.add(id(flight.lane))
        if self._threads is not None and len(self._lines[flight.portal]) > 1:
            self._under_way[self._threads.submit(talk)] = flight
            return
        done: Future[Told] = Future()
        self._under_way[done] = flight
        done.set_result(talk())

    def landed(self, seconds: float | None = None) -> list[tuple[Flight, Told]]:
        """Wait for at least one of those under way, at most `seconds`; all that have an answer."""
        done, _flying = wait(list(self._under_way), timeout=seconds, return_when=FIRST_COMPLETED)
        found = []
        for future in done:
            flight = self._under_way.pop(future)
            self._busy.discard(id(flight.lane))
            found.append((flight, future.result()))
        return found

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for lane in self.every():
            lane.close()
