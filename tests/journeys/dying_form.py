"""A form that is being filled in when the program is killed: run on a home folder, it ends by SIGKILL."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.demo.hands import Hands
from kiosk.screens.main import opened
from tests.conftest import CHEAP, PIN, TestClock


def main(home: Path) -> None:
    application = QApplication([])
    app = App(home, portals={}, clock=TestClock())
    app.create_first("নমুনা সুপারভাইজার", PIN, CHEAP)
    window = opened(application, app)
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    window.screen_shown.shown()
    hands = Hands(window)
    hands.write(PIN)
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
    hands.find("warish")
    hands.write("নমুনা মৃত ব্যক্তি")
    hands.press("Enter")
    hands.write("নমুনা পিতা")
    hands.press("Enter")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
