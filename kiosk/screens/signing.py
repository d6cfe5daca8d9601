"""A question that is answered by signing on the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.screens.filing import Filed
from kiosk.screens.parts import label

_SIGNATURE = (420, 120)


class Signature(Filed):
    """Signed by mouse, pen or finger; Delete begins again."""

    def _edit(self) -> QWidget:
        thumb, told = self._told()
        self.pad = Pad(self._signed)
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addWidget(self.pad)
        line.addWidget(thumb)
        line.addWidget(told, 1)
        layout.addLayout(line)
        layout.addWidget(label(self.ways.say("ui.sign_here"), "muted"))
        made.setFocusProxy(self.pad)
        return made

    def stops(self) -> list[QWidget]:
        return [self.pad]

    def _signed(self) -> None:
        self.take_bytes("signature.png", self.pad.png())

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.pad.clear()
            self.drop()
            return True
        return False


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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.setPen(QPen(Qt.GlobalColor.gray, 2 if self.hasFocus() else 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.setPen(QPen(Qt.GlobalColor.black, 2))
        for stroke in self._strokes:
            painter.drawPolyline(stroke)

    def clear(self) -> None:
        self._strokes = []
        self.update()

    def png(self) -> bytes:
        """What was drawn, without the frame around it; empty when nothing was."""
        if not self._strokes:
            return b""
        picture = QPixmap(self.size())
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter)
        painter.end()
        body = QByteArray()
        buffer = QBuffer(body)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        return bytes(body.data())
