"""The sandbox on PostgreSQL in a process of its own, as a portal that knows how much it can take.

    python -m tests.fleet.portals DATABASE      prints its address; ends when its standard input does
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import update

from sync.sandbox import Sandbox, schema
from sync.sandbox.seed import FLOATS

PLENTY = 10**12  # poisha in every float, so that none runs dry
PRICE = 100_00
AT_ONCE = 100  # requests that are worked on: the last of them is answered long before it times out, more are refused
COME_AGAIN, LATEST = 15, 240  # seconds, said with 503: the longer, the more are turned away for one that is let in


class Door:
    """Counts who is inside, and asks the others to come again."""

    def __init__(self, wsgi: Callable[..., Any]) -> None:
        self._wsgi = wsgi
        self._lock = threading.Lock()
        self._here = threading.local()
        self.inside = self.taken = self.turned_away = self.most = 0
        self._since, self._before, self._wait = time.monotonic(), (0, 0), COME_AGAIN

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if getattr(self._here, "inside", False):
            return list(self._wsgi(environ, start))  # an item of a batch, in its thread
        with self._lock:
            full = self.inside >= AT_ONCE
            self.turned_away += full
            self._look()
            if not full:
                self.inside += 1
                self.taken += 1
                self.most = max(self.most, self.inside)
        if full:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            headers = [("Retry-After", str(self._wait)), ("Content-Length", "2"), ("Content-Type", "application/json")]
            start("503 Service Unavailable", headers)
            return [b"{}"]
        self._here.inside = True
        try:
            return list(self._wsgi(environ, start))
        finally:
            self._here.inside = False
            with self._lock:
                self.inside -= 1

    def _look(self) -> None:
        """How long whoever is turned away is asked to wait, by how it went in the last seconds."""
        if time.monotonic() - self._since < COME_AGAIN:
            return
        taken, away = self.taken - self._before[0], self.turned_away - self._before[1]
        self._wait = min(LATEST, COME_AGAIN * (1 + away // max(1, taken)))
        self._since, self._before = time.monotonic(), (self.taken, self.turned_away)


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
