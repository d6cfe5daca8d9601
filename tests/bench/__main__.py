"""What was promised of speed, measured: ratios in one run, and the times that a person waits (./run benchmarks)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import engines, lines, paper, pull, store, upload
from tests.bench.timing import say, told

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


def main(arguments: list[str]) -> int:
    """Run the named sections, or all but `forms`, which may be followed by a revision to compare with, and `lines`,
    `pull` and `upload`, which take minutes and may be followed by the lines to measure."""
    if arguments[:1] == ["forms"]:
        engines.main(arguments[1:])
        return 0
    over_lines = {"lines": lines, "pull": pull, "upload": upload}
    if arguments and arguments[0] in over_lines:
        over_lines[arguments[0]].main(arguments[1:])
        return 0
    unknown = set(arguments) - SECTIONS.keys()
    if unknown:
        known = ", ".join(["forms", *over_lines, *SECTIONS])
        sys.stderr.write(f"There is no section {', '.join(sorted(unknown))}. There are: {known}\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments or SECTIONS:
            for measure in SECTIONS[name]:
                measure(Path(folder))
    say(json.dumps({"at": datetime.now(UTC).date().isoformat(), "python": sys.version.split()[0]}))
    return 0


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


SECTIONS: dict[str, Sequence[Callable[[Path], None]]] = {
    "store": (store.commit, store.unlocking, store.closing, store.two_years, store.found_again),
    "window": (window,),
    "paper": (paper.main,),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
