"""A kiosk in a process of its own, so that its power can be cut at any moment.

    python -m tests.faults.child HOME PORTALS NOW [POINT:N]     dies at the n-th time that the engine passes POINT

POINT may also be `kill-applying`: it dies before the n-th file is touched while packs are put on the shelf; or
`full-applying`: from then on no file takes a byte until the round is over, and it ends with 3.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.app import App
from sync.worker import Worker
from tests.conftest import PIN, TestClock

_TOUCHES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir")
_ROOM = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def main(home: Path, portals: dict[str, str], now: datetime, point: str) -> None:
    """Rounds of the worker, ten minutes apart, until the power goes or all is done."""
    clock = TestClock()
    clock.now = now
    name, _, count = point.partition(":")
    left = int(count or "1")

    def at(passed: str) -> None:
        nonlocal left
        if passed == name:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    shelf = Shelf(name, left) if name.endswith("-applying") else None
    app = App(home, portals=portals, clock=clock, at=at)
    app.unlock(next(iter(app.home.envelopes.names())), PIN)
    kit = app.sync_kit()
    worker = Worker(app.sync_kit, app.clock, lambda _status: None)
    for _round in range(3):
        worker.round(kit)
        resource.setrlimit(resource.RLIMIT_FSIZE, _ROOM)
        if shelf is not None:
            shelf.over = shelf.begun  # what is touched from here on is no pack
        clock.forward(minutes=10)
    app.stop()
    if shelf is not None and not shelf.left:
        sys.exit(3)


class Shelf:
    """Counts the files that are made, renamed and thrown away, from the moment at which the draft of new packs is."""

    def __init__(self, how: str, left: int) -> None:
        self._how = how
        self.begun = self.over = False
        self.left = left
        sys.addaudithook(self._touched)

    def _touched(self, event: str, given: tuple[Any, ...]) -> None:
        touches = event in _TOUCHES or (event == "open" and isinstance(given[2], int) and given[2] & os.O_CREAT)
        self.begun = self.begun or (bool(touches) and "draft" in str(given[0]))
        if self.begun and touches and self.left and not self.over:
            self.left -= 1
            if not self.left:
                self._happens()

    def _happens(self) -> None:
        if self._how == "kill-applying":
            os.kill(os.getpid(), signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), sys.argv[4])
