"""The real window: as it is at the first run, and with a supervisor at the counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.demo.hands import Hands
from kiosk.screens.main import opened
from kiosk.screens.window import Window
from sync.sandbox import Sandbox
from tests.conftest import CHEAP, PIN, TestClock


@contextmanager
def shown(qapp: QApplication, app: App) -> Iterator[Window]:
    """The window of `app`, gone for good afterwards."""
    made = opened(qapp, app)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    made.screen_shown.shown()
    app.start()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.fixture
def first_run(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """Nobody is there yet."""
    with shown(qapp, App(tmp_path / "home", portals=sandbox.portals(), clock=TestClock())) as made:
        yield made


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """A supervisor has unlocked the counter."""
    app = App(tmp_path / "home", portals=sandbox.portals(), clock=TestClock())
    app.create_first("নমুনা সুপারভাইজার", PIN, CHEAP)
    with shown(qapp, app) as made:
        hands = Hands(made)
        hands.write(PIN)
        hands.press("Enter")
        hands.wait(lambda: made.screen_shown.name == "serve", "the counter")
        yield made
