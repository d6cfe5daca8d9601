"""Questions that are answered with a file: a paper or photo that is chosen, a signature that is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from kiosk.screens.inputs import Asked

_SIGNATURE = (420, 120)


class Attachment(Asked):
    """A file that is chosen; what is kept is answered by its name."""

    def _edit(self) -> QWidget:
        self.name_kept = ""
        made = QPushButton(self.ways.say("ui.choose_file"))
        made.clicked.connect(lambda _checked=False: self._choose())
        return made

    def _choose(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, self.asked.label)
        if name:
            self.take(name)

    def take(self, path: str) -> None:
        """Keep the file at `path`; what is wrong with it is told beside the question."""
        self.take_bytes(Path(path).name, Path(path).read_bytes())

    def take_bytes(self, name: str, body: bytes) -> None:
        self.set(self.ways.keep(self.asked.ref, name, body))
        self.left.emit()

    def value(self) -> str:
        return self.name_kept

    def answer(self) -> str:
        return self.name_kept

    def shown(self, value: str) -> str:
        return value

    def set(self, value: str) -> None:
        self.name_kept = value
        if isinstance(self.input, QPushButton) and value:
            self.input.setText(value)


class Pad(QWidget):
    """Paper for a signature, by mouse, pen or finger."""

    def __init__(self, left: Callable[[], object]) -> None:
        super().__init__()
        self.setFixedSize(*_SIGNATURE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._left = left
        self._strokes: list[list[QPoint]] = []

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        self._strokes.append([event.position().toPoint()])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        if self._strokes:
            self._strokes[-1].append(event.position().toPoint())
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        self._left()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(QPen(Qt.GlobalColor.black, 2))
        for stroke in self._strokes:
            painter.drawPolyline(stroke)

    def png(self) -> bytes:
        """What was drawn; empty when nothing was."""
        if not self._strokes:
            return b""
        picture = QPixmap(self.size())
        self.render(picture)
        body = QByteArray()
        buffer = QBuffer(body)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        return bytes(body.data())


class Signature(Attachment):
    """Signed on the screen."""

    def _edit(self) -> QWidget:
        self.name_kept = ""
        self.pad = Pad(self._signed)
        return self.pad

    def _signed(self) -> None:
        self.take_bytes("signature.png", self.pad.png())
