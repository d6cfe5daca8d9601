"""How far the attachments are that go out now, and how long they will take at the pace that they have shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sync.packs import Progress


class Pace:
    """One spell of sending: round trips, and payments that go between two pieces, are part of the pace."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._before: Mapping[str, tuple[int, int]] = {}
        self._began = 0.0
        self._moved = 0

    def progress(self, in_part: Mapping[str, tuple[int, int]]) -> Progress | None:
        """`in_part`: by attachment, how many bytes are there, of how many. None when there is none."""
        if not self._before:
            self._began, self._moved = self._monotonic(), 0
        self._moved += sum(max(0, there - self._before.get(key, (there, 0))[0]) for key, (there, _) in in_part.items())
        self._before = dict(in_part)
        if not in_part:
            return None
        done, total = (sum(column) for column in zip(*in_part.values(), strict=True))
        spent = self._monotonic() - self._began
        return Progress(done, total, (total - done) * spent / self._moved if self._moved else None, "attachments")
