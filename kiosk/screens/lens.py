"""What the webcam sees, live, until a picture is taken."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.counter.camera import Camera
from kiosk.counter.records import CounterError
from kiosk.screens.parts import label

_EVERY_MS = 100
_HIGH = 240


class Lens(QWidget):
    """`taken` comes with the picture as JPEG, `trouble` with the reason when there is no camera."""

    taken = Signal(bytes)
    trouble = Signal(str)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._camera: Camera | None = None
        self._seen = b""
        self._view = label()
        self._view.setMinimumHeight(_HIGH)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_EVERY_MS)
        self._ticking.timeout.connect(self._look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        layout.addWidget(label(hint, "muted"))
        self.hide()

    def is_open(self) -> bool:
        return self._camera is not None

    def open(self) -> None:
        try:
            self._camera = Camera().__enter__()
        except CounterError as error:
            self.trouble.emit(error.reason)
            return
        self.show()
        self._look()
        self._ticking.start()

    def _look(self) -> None:
        if self._camera is None:
            return
        try:
            self._seen = self._camera.picture()
        except CounterError as error:
            self.shut()
            self.trouble.emit(error.reason)
            return
        picture = QPixmap()
        picture.loadFromData(self._seen)
        self._view.setPixmap(picture.scaledToHeight(_HIGH, Qt.TransformationMode.FastTransformation))

    def take(self) -> None:
        self._look()
        if self.is_open() and self._seen:
            seen = self._seen
            self.shut()
            self.taken.emit(seen)

    def shut(self) -> None:
        self._ticking.stop()
        self.hide()
        if self._camera is not None:
            self._camera.close()
            self._camera = None
