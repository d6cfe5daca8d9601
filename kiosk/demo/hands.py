"""An operator's hands: keys and typed text into the real window, and patience until something is true."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.screens.window import Window


class NeverCame(Exception):
    """What was waited for did not become true."""


class Hands:
    """Everything through the keyboard, at a pace that eyes can follow when somebody is looking."""

    def __init__(self, window: Window, pause_ms: int = 0) -> None:
        self.window = window
        self._pause_ms = pause_ms

    def press(self, *keys: str) -> None:
        """Press keys by their names ("F6", "Shift+F6", "Enter"), one after the other, where the cursor is."""
        for key in keys:
            QTest.keySequence(self._focus(), QKeySequence(key.replace("Enter", "Return")))
            self._settle()

    def write(self, text: str) -> None:
        """Type text as an input method commits it (Bangla keyboards do)."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self._focus(), event)
        self._settle()

    def fill(self, *values: str) -> None:
        """Write each value and go on with Tab; an empty one is passed over."""
        for value in values:
            if value:
                self.write(value)
            self.press("Tab")

    def find(self, text: str, down: int = 0) -> None:
        """Search from anywhere, and choose."""
        self.press("F2")
        self.write(text)
        self.press(*["Down"] * down, "Enter")

    def wait(self, until: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
        """Go on when `until` is true.

        Raises:
            NeverCame: it did not become true in time.
        """
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise NeverCame(what)
            QTest.qWait(20)

    def _focus(self) -> QWidget:
        return self.window.focusWidget() or self.window

    def _settle(self) -> None:
        QApplication.processEvents()
        if self._pause_ms:
            QTest.qWait(self._pause_ms)
