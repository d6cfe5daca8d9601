"""What waits to be worked out again, in the order in which one thing needs another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from forms.definition import Place

_MOST_ROUNDS = 50  # of one place within one change


class Agenda:
    """Places, each at most once at a time; going through it takes them off, and more may come meanwhile."""

    def __init__(self, order: Mapping[Place, int]) -> None:
        self._order = order
        self._places = {number: place for place, number in order.items()}
        self._waiting: list[int] = []
        self._known: set[int] = set()

    def add(self, place: Place) -> None:
        """Have a place worked out."""
        number = self._order[place]
        if number not in self._known:
            self._known.add(number)
            heappush(self._waiting, number)

    def clear(self) -> None:
        """Give up."""
        self._waiting.clear()
        self._known.clear()

    def __iter__(self) -> Iterator[Place]:
        """Until nothing waits; a form that never settles is cut short."""
        rounds: dict[int, int] = {}
        while self._waiting:
            number = heappop(self._waiting)
            self._known.discard(number)
            rounds[number] = rounds.get(number, 0) + 1
            if rounds[number] <= _MOST_ROUNDS:
                yield self._places[number]
