"""Locks a counter that nobody is at: after some minutes without a key or a touch, and when the machine has slept."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_TICK_MS = 5_000
_SLEPT_SECONDS = 60.0  # between two ticks: the machine was suspended
_SIGNS_OF_LIFE = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.TouchBegin,
    QEvent.Type.Wheel, QEvent.Type.InputMethod,
})


class Watch(QObject):
    """`left_alone` says why: idle or suspend. `minutes` 0 watches nothing."""

    left_alone = Signal(str)

    def __init__(self, parent: QObject, wall: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self.minutes = 0
        self._wall = wall
        self._alive = self._ticked = wall()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(_TICK_MS)

    def stop(self) -> None:
        """The window is closed: listen to nothing any more."""
        self._timer.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if event.type() in _SIGNS_OF_LIFE:
            self._alive = self._wall()
        return super().eventFilter(watched, event)

    def tick(self) -> None:
        """Look at the clock: how long since a sign of life, and since the last look."""
        now, before = self._wall(), self._ticked
        self._ticked = now
        if not self.minutes:
            self._alive = now
        elif now - before > _SLEPT_SECONDS:
            self._alive = now
            self.left_alone.emit("suspend")
        elif now - self._alive > self.minutes * 60:
            self._alive = now
            self.left_alone.emit("idle")
