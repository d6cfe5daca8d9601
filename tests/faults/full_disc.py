"""Serves on a disc that is about to be full; run inside a mount namespace of its own.

    python -m tests.faults.full_disc HOME ROOM      HOME a tmpfs; ROOM bytes are left free. Prints what happened as JSON
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from kiosk.app import App
from kiosk.counter import order, pay_bill, visit
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.store.engine import OperationalError
from kiosk.verify import verify
from tests.conftest import PIN


def main(home: Path, room: int) -> dict[str, object]:
    app = App(home, portals={})
    counter = app.unlock(next(iter(app.home.envelopes.names())), PIN)
    filler = home / "filler"
    left = os.statvfs(home)
    filler.write_bytes(b"\0" * max(0, left.f_bavail * left.f_frsize - room))
    said, before = "", _receipts(app)
    try:
        for place in range(40):
            opened = visit.current(counter) or visit.open_visit(counter)
            visit.set_citizen(counter, opened.id, "নমুনা নাগরিক", "01712345678")
            pay_bill.add(counter, opened.id, "b523", {"bill_no": f"{place:010d}"}, 100_00)
            order.add(counter, opened.id, "p0001", 1)
            settle(counter, opened.id, [Tender(TenderKind.CASH, visit.get(counter, opened.id).total_poisha)])
            before += 1
    except OperationalError as error:
        said = str(error)
    connection = app.store.connection()
    findings = [str(finding) for finding in verify(connection)]
    kept = _receipts(app)
    filler.unlink()
    opened = visit.current(counter) or visit.open_visit(counter)
    visit.set_citizen(counter, opened.id, "নমুনা নাগরিক", "01712345678")
    if not visit.get(counter, opened.id).lines:
        pay_bill.add(counter, opened.id, "b523", {"bill_no": "9999999999"}, 100_00)
    settle(counter, opened.id, [Tender(TenderKind.CASH, visit.get(counter, opened.id).total_poisha)])
    findings += [str(finding) for finding in verify(connection)]
    again = _receipts(app)
    app.stop()
    return {"said": said, "findings": findings, "acknowledged": before, "kept": kept, "again": again}


def _receipts(app: App) -> int:
    return int(app.store.connection().execute("SELECT count(*) FROM receipts").fetchone()[0])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
