"""What was promised of speed, measured: ratios in one run, and the times that a person waits (./run benchmarks)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from printing import escpos, pdf, raster
from printing.document import Document, Row, Text
from tests.bench import engines, store
from tests.bench.timing import say, timed, told

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


def main(rest: list[str]) -> None:
    if rest[:1] == ["forms"]:
        engines.main(rest[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        store.commit(Path(folder))
        store.unlocking(Path(folder))
        store.closing(Path(folder))
        store.two_years(Path(folder))
        window(Path(folder))
    paper()


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
    main(sys.argv[1:])
