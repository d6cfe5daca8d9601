"""A process that packs, sends or brings a stick and is killed at its n-th step (0 lives).

    python -m tests.faults.carry_worker pack|send|bring HOME STICK PORTALS N [CODE]      prints how many steps it took
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from kiosk import carrying, settings
from kiosk.app import App
from kiosk.wiring import adapters, lines
from sync.carry import road, sealed
from tests.conftest import PIN


def main(work: str, home: Path, stick: Path, portals: dict[str, str], at: int, code: str) -> int:
    """Steps are SQL statements at home, and the points between the engine's steps on the road."""
    ran = 0

    def step(*_told: object) -> None:
        nonlocal ran
        ran += 1
        if ran == at:
            os.kill(os.getpid(), signal.SIGKILL)

    if work == "send":
        file, there = next(stick.glob("*.carry")), settings.portals(portals)
        known = adapters(there)
        outcomes = road.outcomes_beside(file)
        road.Road(sealed.read_file(file), code, outcomes, known, lines(there, known), at=step).run(30)
        return ran
    app = App(home, portals=portals)
    counter = app.unlock(next(iter(app.home.envelopes.names())), PIN)
    app.store.connection().set_trace_callback(step)
    if work == "pack":
        carrying.pack(app, counter, stick)
    else:
        carrying.bring(app, counter, next(stick.glob("*.outcomes")))
    app.store.connection().set_trace_callback(None)
    app.stop()
    return ran


if __name__ == "__main__":
    given = sys.argv[1:]
    took = main(given[0], Path(given[1]), Path(given[2]), json.loads(given[3]), int(given[4]), "".join(given[5:]))
    sys.stdout.write(str(took))
