"""A process of its own that serves a visit and loses its power while the money is being committed.

    python -m kiosk.demo.power_cut HOME PIN
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from kiosk.app import App
from kiosk.counter import pay_bill, visit
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.demo.clock import DayClock

BILLS = (("b523", {"bill_no": "5232611001"}, 420_00), ("b522", {"account_no": "010203040"}, 310_00))


def serve_and_lose_power(home: Path, pin: str, at: str) -> None:
    """Take two bills and die inside the transaction that would have settled them."""
    clock = DayClock(datetime.fromisoformat(at))
    app = App(home, clock=clock)
    counter = app.unlock(next(iter(app.home.envelopes.names())), pin)
    opened = visit.open_visit(counter)
    visit.set_citizen(counter, opened.id, "নমুনা নাগরিক চার", "01812345678")
    for biller, inputs, amount in BILLS:
        pay_bill.add(counter, opened.id, biller, inputs, amount)

    def dying(statement: str) -> None:
        if "INTO receipts" in statement:  # lines, ledger and operations are written, nothing is committed
            _lose_power()

    app.store.connection().set_trace_callback(dying)
    settle(counter, opened.id, [Tender(TenderKind.CASH, 1000_00)])


def _lose_power() -> None:
    if os.name == "nt":
        os._exit(9)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    serve_and_lose_power(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
