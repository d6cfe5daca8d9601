"""A kiosk in a process of its own, so that its power can be cut at any moment.

    python -m tests.faults.child HOME PORTALS NOW [POINT:N]     dies at the n-th time that the engine passes POINT
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from kiosk.app import App
from sync.worker import Worker
from tests.conftest import PIN, TestClock


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

    app = App(home, portals=portals, clock=clock, at=at)
    app.unlock(next(iter(app.home.envelopes.names())), PIN)
    kit = app.sync_kit()
    worker = Worker(app.sync_kit, app.clock, lambda _status: None)
    for _round in range(3):
        worker.round(kit)
        clock.forward(minutes=10)
    app.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), sys.argv[4])
