"""The sandbox on PostgreSQL in a process of its own, as a portal that knows how much it can take.

    python -m tests.fleet.portals DATABASE      prints its address; ends when its standard input does
"""

from __future__ import annotations

import json
import sys
import threading
import time
from bisect import bisect, insort
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import update

from sync.sandbox import Sandbox, schema
from sync.sandbox.seed import FLOATS

PLENTY = 10**12  # poisha in every float, so that none runs dry
PRICE = 100_00
AT_ONCE = 32  # requests that are worked on; a portal with sense turns more away than let them time out
COME_AGAIN, LATEST = 5, 600  # seconds, said with 503: as long as those who were turned away before will need
_PACE_SECONDS = 5.0


class Door:
    """Counts who is inside, and asks the others to come again."""

    def __init__(self, wsgi: Callable[..., Any]) -> None:
        self._wsgi = wsgi
        self._lock = threading.Lock()
        self._here = threading.local()
        self.inside = self.taken = self.turned_away = self.most = 0
        self._gone: list[float] = []  # when each who was turned away will be back, the soonest first
        self._since, self._before, self._pace = time.monotonic(), 0, 20.0  # requests a second

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if getattr(self._here, "inside", False):
            return list(self._wsgi(environ, start))  # an item of a batch, in its thread
        with self._lock:
            full = self.inside >= AT_ONCE
            if full:
                self.turned_away += 1
                wait = self._wait()
            else:
                self.inside += 1
                self.taken += 1
                self.most = max(self.most, self.inside)
        if full:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            headers = [("Retry-After", str(wait)), ("Content-Length", "2"), ("Content-Type", "application/json")]
            start("503 Service Unavailable", headers)
            return [b"{}"]
        self._here.inside = True
        try:
            return list(self._wsgi(environ, start))
        finally:
            self._here.inside = False
            with self._lock:
                self.inside -= 1

    def _wait(self) -> int:
        """For who is turned away now: those who were before him come first, at the pace that this door has shown.
        Engines come between once and twice as late as they are asked to."""
        now = time.monotonic()
        if now - self._since > _PACE_SECONDS:
            self._pace = (self._pace + max(1.0, (self.taken - self._before) / (now - self._since))) / 2
            self._since, self._before = now, self.taken
        del self._gone[:bisect(self._gone, now)]
        wait = min(LATEST, COME_AGAIN + len(self._gone) / self._pace / 1.5)
        insort(self._gone, now + 1.5 * wait)
        return round(wait)


def main(database: str) -> None:
    sandbox = Sandbox(database)
    for name in FLOATS:
        sandbox.set_float(name, PLENTY)
    sandbox.books.write(lambda within: within.execute(update(schema.products).values(stock=10**7, price_poisha=PRICE)))
    door = Door(sandbox._app.wsgi_app)
    sandbox._app.wsgi_app = door  # type: ignore[method-assign, assignment]
    sandbox.start()
    _tell(portals=sandbox.portals())
    sys.stdin.read()
    sandbox.stop()
    _tell(taken=door.taken, turned_away=door.turned_away, most=door.most, items=len(sandbox.faults.seen),
          processor_seconds=round(time.process_time(), 1))


def _tell(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
