"""A question for a place: latitude and longitude, written, or from a receiver where one is attached."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kiosk import bangla
from kiosk.counter.records import CounterError
from kiosk.screens.inputs import Asked


class Place(Asked):
    """Down asks the receiver; it is waited for beside the window's thread."""

    _found = Signal(str, str)  # a place, or the reason why there is none

    def _example(self) -> str:
        return self.ways.say("ui.gps_down") if self.ways.place is not None else super()._example()

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Down or self.ways.place is None:
            return False
        self.wrong(self.ways.say("ui.gps_looking"), soft=True)
        self._found.connect(self._arrived, Qt.ConnectionType.SingleShotConnection)
        threading.Thread(target=self._look, daemon=True).start()
        return True

    def _look(self) -> None:
        try:
            found, reason = self.ways.place() if self.ways.place is not None else "", ""
        except CounterError as error:
            found, reason = "", error.reason
        try:
            self._found.emit(found, reason)
        except RuntimeError:
            return  # the form was left meanwhile

    def _arrived(self, found: str, reason: str) -> None:
        if reason:
            self.wrong(self.ways.say(f"error.{reason}"), soft=True)
            return
        self.set(self.shown(self._with(found)))
        self.wrong("")
        self.left.emit()

    def _with(self, point: str) -> str:
        return point


class Track(Place):
    """A line or the edge of a field: points with semicolons between; Down adds the receiver's."""

    def _example(self) -> str:
        return self.ways.say("ui.gps_adds") if self.ways.place is not None else Asked._example(self)

    def _with(self, point: str) -> str:
        written = bangla.ascii_digits(self.value()).strip().strip(";")
        return f"{written}; {point}" if written else point
