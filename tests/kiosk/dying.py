"""A process that serves or syncs and is killed at the n-th statement it runs: the power cut of the tests.

    python -m tests.kiosk.dying HOME ADDRESS WORK N      (WORK: visit, sync, refund or close; N 0 lives)
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from kiosk.app import App
from kiosk.counter import close_day, pay_bill, visit, waiting
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.refund import pay_back
from kiosk.counter.settle import settle
from kiosk.sync_once import sync_once
from tests.conftest import PIN
from tests.kiosk.stories import PALLI


def main(home: Path, portals: dict[str, str], work: str, at: int) -> int:
    """Do `work` until statement `at`; how many statements it took when it lived."""
    app = App(home, portals=portals)
    counter = app.unlock(next(iter(app.home.envelopes.names())), PIN)
    ran = 0

    def count(_statement: str) -> None:
        nonlocal ran
        ran += 1
        if ran == at:
            os.kill(os.getpid(), signal.SIGKILL)

    if work == "visit":
        opened = visit.open_visit(counter)
        app.store.connection().set_trace_callback(count)
        pay_bill.add(counter, opened.id, "breb", PALLI, 650_00)
        settle(counter, opened.id, [Tender(TenderKind.CASH, 660_00)])
    elif work == "sync":
        app.store.connection().set_trace_callback(count)
        sync_once(app, 1)
    elif work == "close":
        app.store.connection().set_trace_callback(count)
        close_day.close(counter, {500: 1, 100: 1})
    else:
        app.store.connection().set_trace_callback(count)
        for due in waiting.refunds_due(counter):
            pay_back(counter, due.line_id)
    app.store.connection().set_trace_callback(None)
    app.stop()
    return ran


if __name__ == "__main__":
    sys.stdout.write(str(main(Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
