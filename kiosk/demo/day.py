"""A day at the counter, walked through the real window by keyboard, from offline to the final receipts.

Ends non-zero when any promise was broken. Leaves its evidence in a folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.counter import waiting
from kiosk.counter.context import Counter
from kiosk.counter.records import LineState
from kiosk.demo import evening, evidence, steps
from kiosk.demo.clock import DayClock
from kiosk.demo.evidence import Evidence
from kiosk.demo.hands import Hands, NeverCame
from kiosk.screens.main import opened
from kiosk.screens.window import Window
from kiosk.verify import verify
from sync.sandbox import Sandbox
from sync.worker import LineState as Line

PIN = "246810"
_LOOKED_AT_MS = 350


class Day:
    """What the steps of the day share."""

    def __init__(self, out: Path) -> None:
        self.began = time.monotonic()
        qInstallMessageHandler(_qt_said)
        self.application = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(self.application, QApplication)
        self.looked_at = self.application.platformName() not in ("offscreen", "minimal")
        self.home = out.resolve() / "home"  # the process that loses its power begins elsewhere
        shutil.rmtree(self.home, ignore_errors=True)
        self.evidence = Evidence(out)
        self.clock = DayClock(datetime.now(UTC))
        self.clock.put(7, 30)
        self.sandbox = Sandbox()
        self.sandbox.start()
        self.broken: list[str] = []
        self.open()

    def open(self) -> None:
        """Start the program, as the operator does in the morning and after a power cut."""
        self.app = App(self.home, portals=self.sandbox.portals(), clock=self.clock)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.window: Window = opened(application, self.app)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        self.window.screen_shown.shown()
        self.hands = Hands(self.window, _LOOKED_AT_MS if self.looked_at else 0)
        self.app.start()

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()

    @property
    def counter(self) -> Counter:
        return self.window.desk.at_work()

    def look(self, name: str) -> None:
        self.evidence.screen(self.window, name)

    def expect(self, promise: str, kept: bool) -> None:
        """Say whether a promise was kept."""
        _say(f"      {'kept  ' if kept else 'BROKEN'}  {promise}")
        if not kept:
            self.broken.append(promise)

    def prove(self, when: str) -> None:
        """Everything that the store can prove, now."""
        remembered = self.app.home.head_remembered()
        findings = verify(self.app.store.connection(), *([remembered] if remembered else []))
        for finding in findings:
            _say(f"      {finding}")
        self.expect(f"the store proves itself {when}", not findings)

    def line(self, up: bool) -> None:
        """The line comes or goes; the banner says so."""
        if up:
            self.sandbox.come_back()
        else:
            self.sandbox.go_away()
        self.app.try_line_now()
        self.hands.wait(
            lambda: (self.app.line_status().state is Line.ONLINE) == up, f"the line {'up' if up else 'down'}", 60
        )

    def settled_down(self) -> None:
        """Wait until nothing is under way at the portals and nothing is left to print."""
        def quiet() -> bool:
            self.app.try_line_now()
            connection = self.app.store.connection()
            jobs = connection.execute("SELECT count(*) FROM print_jobs WHERE state <> 'done'").fetchone()[0]
            return not evidence.unfinished(connection) and not jobs

        self.hands.wait(quiet, "every operation has a known end and every paper is printed", 60)

    def waits(self, state: LineState) -> int:
        return sum(one.line.state is state for one in waiting.waiting(self.counter))


def power_cut(day: Day) -> None:
    """The power goes in the middle of the fourth visit, while its money is being committed."""
    day.close()
    asked = [sys.executable, "-m", "kiosk.demo.power_cut", str(day.home), PIN, day.clock().isoformat()]
    died = subprocess.run(asked, check=False, cwd=Path(__file__).parents[2])
    day.expect("the power was really cut", died.returncode != 0)
    day.open()


def walk(out: Path) -> int:
    """Walk the day; 0 when every promise was kept."""
    out.mkdir(parents=True, exist_ok=True)
    day = Day(out)
    try:
        for place, step in enumerate(_STEPS, start=1):
            told = (step.__doc__ or "").strip().splitlines()[0]
            _say(f"{place:3}.  {told}")
            step(day)
        day.evidence.papers(day.app, day.counter)
        table = day.evidence.table(day.app)
    except NeverCame as error:
        day.broken.append(str(error))
        day.look("where-it-stopped")
        table = day.evidence.table(day.app)
    _say(f"\n{table}\n")
    took = time.monotonic() - day.began
    _say(f"{len(day.broken)} promises broken, {took:.0f} s; see {out / 'screens'}, {out / 'papers'}, operations.txt")
    for promise in day.broken:
        _say(f"BROKEN: {promise}")
    if day.looked_at and not day.broken:
        _say("The window is yours now. Close it to end.")
        day.application.exec()
    else:
        day.close()
    day.sandbox.stop()
    return 1 if day.broken else 0


def _qt_said(_kind: object, _context: object, text: str) -> None:
    """Pass on what Qt says, but for what it says of every window that has no screen."""
    if "propagateSizeHints" not in text:
        _say(text)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


_STEPS: tuple[Callable[[Day], None], ...] = (
    steps.morning, steps.first_visit, steps.second_visit, steps.third_visit, power_cut, steps.after_the_cut,
    steps.line_returns, steps.decisions, steps.paper_arrives, steps.accounts, evening.close_the_day,
    evening.receipts_prove_themselves, evening.copy_and_restore,
)
