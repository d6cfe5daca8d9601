"""What was promised of speed, measured: ratios in one run, and the times that a person waits (./run benchmarks)."""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.app import App
from kiosk.counter import apply, order, pay_bill, visit
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.people import Cost
from printing import escpos, pdf, raster
from printing.document import Document, Row, Text

_RUNS = 60
_WINDOW = """
import sys, time
from pathlib import Path
from kiosk.app import App
from PySide6.QtWidgets import QApplication
application = QApplication([])
from kiosk.screens.main import opened
app = App(Path(sys.argv[1]))
window = opened(application, app)
window.show()
application.processEvents()
window.grab()
print(open("/proc/self/status").read().split("VmRSS:")[1].split()[0] if sys.platform == "linux" else "0")
app.stop()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        commit(Path(folder))
        window(Path(folder))
    paper()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def told(values: list[float]) -> str:
    values = sorted(values)
    return f"median {statistics.median(values):.2f} ms, p95 {values[int(len(values) * 0.95)]:.2f} ms"


def commit(folder: Path) -> None:
    """A three-line visit against a plain SQLite transaction that syncs as many bytes, in turn."""
    app = App(folder / "commit")
    counter = app.counter(app.create_first("নমুনা", "246810", Cost(1024, 1, 1)))
    log = app.store.path.with_name("work.db-wal")
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        bare.execute(f"PRAGMA {pragma}")
    bare.execute("CREATE TABLE t (body BLOB)")
    ours, plain, sizes = [], [], []
    for place in range(_RUNS):
        opened = _three_lines(counter, place)
        app.store.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tenders = [Tender(TenderKind.CASH, 10_000_00)]
        ours.append(timed(partial(settle, counter, opened, tenders)))
        sizes.append(log.stat().st_size)
        body = os.urandom(max(1, sizes[-1] - 12_000))
        bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.append(timed(partial(_bare_commit, bare, body)))
    ratio = statistics.median(ours) / statistics.median(plain)
    say(f"commit of a three-line visit: {told(ours)}, {statistics.median(sizes) / 1024:.0f} KiB to the log")
    say(f"bare SQLite commit of as many bytes: {told(plain)}; ratio {ratio:.2f}")
    app.stop()


def _three_lines(counter: Any, place: int) -> str:
    opened = visit.open_visit(counter).id
    visit.set_citizen(counter, opened, "নমুনা নাগরিক", "01712345678")
    answers = {"account_no": f"{place:013d}", "bill_period": "2026-10", "mobile": f"017{place:08d}"}
    pay_bill.add(counter, opened, "breb", answers, 650_00)
    order.add(counter, opened, "p0001", 2)
    apply.add(counter, opened, "character", {"note": "নমুনা"}, None, consent=True)
    return opened


def _bare_commit(connection: sqlite3.Connection, body: bytes) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t VALUES (?)", (body,))
    connection.execute("COMMIT")


def window(folder: Path) -> None:
    """From starting the process to the first painted window, on a home that exists; and what it holds in memory."""
    home = folder / "window"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    asked = [sys.executable, "-c", _WINDOW, str(home)]
    times, memory = [], ""
    for run in range(6):
        began = time.perf_counter()
        done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
        if run:  # the first makes the home
            times.append((time.perf_counter() - began) * 1000)
        memory = done.stdout.strip().splitlines()[-1]
    say(f"process start to first painted window and out again: {told(times)}; memory {int(memory) / 1024:.0f} MiB")


def paper() -> None:
    """A 25-line receipt to dots and bytes, and to a PDF."""
    rows = tuple(Row(f"ধান বীজ ব্রি ধান {place}", "৳\u00a01,২০০.০০") for place in range(20))
    document = Document("B", "B", (*rows, *(Text("কর্তৃপক্ষ ক্ষুদ্র জ্ঞান") for _line in range(5))))
    raster.render(document, 384)
    say(f"25 lines to dots, 58 mm: {told([timed(lambda: raster.render(document, 384)) for _ in range(_RUNS)])}")
    image = raster.render(document, 384)
    encoded = [timed(lambda: escpos.encode(image)) for _ in range(_RUNS)]
    say(f"dots to bytes: {told(encoded)}; {len(escpos.encode(image)) / (48 * image.height):.0%} of the raster")
    say(f"the same as PDF: {told([timed(lambda: pdf.render(document)) for _ in range(10)])}")
    say(json.dumps({"at": datetime.now(UTC).date().isoformat(), "python": sys.version.split()[0]}))


if __name__ == "__main__":
    main()
