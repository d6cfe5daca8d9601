"""The head of the window: the centre, who serves, what a printer wants, the line's state in words, the time."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStyle, QStyleOption

from kiosk.screens.parts import button, label, mood

_APART, _SIDE = 14, 18  # px
_LEAST = 90  # px: a name of which less is to be seen says nothing


class Header(QFrame):
    """Where the window is too narrow for all of it, the state is said in fewer words and the names go first."""

    def __init__(self, printing: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("header")
        self.centre, self.who = Name("centre"), Name()
        self.banner, self.clock = Name("banner"), label()
        self.printer = button(printing)
        self.printer.setObjectName("printer_told")
        self.printer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.printer.hide()
        self._state, self._counts = "", ""
        line = QHBoxLayout(self)
        line.setContentsMargins(_SIDE, 9, _SIDE, 9)
        line.setSpacing(_APART)
        line.addWidget(self.centre)
        line.addWidget(self.who)
        line.addStretch(1)
        line.addWidget(self.printer)
        line.addWidget(self.banner)
        line.addWidget(self.clock)

    def names(self, centre: str, who: str) -> None:
        self.centre.setText(centre)
        self.who.setText(who)
        self.fit()

    def line(self, state: str, counts: str, feeling: str) -> None:
        """`state` in words; `counts`: what waits, for the line and for a person."""
        self._state, self._counts = state, counts
        mood(self.banner, feeling)
        self.fit()

    def paper(self, told: str) -> None:
        """What a printer wants, or nothing when it is empty."""
        self.printer.setText(told)
        self.printer.setVisible(bool(told))
        self.fit()

    def time(self, text: str) -> None:
        self.clock.setText(text)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Share the room: the whole state if the centre's name goes beside it, else the state's first clause."""
        others = sum(widget.sizeHint().width() + _APART for widget in (self.printer, self.clock)
                     if not widget.isHidden())
        room = self.width() - 2 * _SIDE - 2 * _APART - others
        whole = "  ·  ".join(filter(None, (self._state, self._counts)))
        self.banner.setText(whole)
        if self.banner.sizeHint().width() + self.centre.sizeHint().width() > room:
            self.banner.setText("  ·  ".join(filter(None, (first_clause(self._state), self._counts))))
        self.banner.setToolTip("" if self.banner.text() == whole else whole)
        room = max(0, room - self.banner.sizeHint().width())
        self.centre.setMaximumWidth(room)
        self.centre.setVisible(room > _LEAST)
        self.who.setVisible(room - self.centre.sizeHint().width() > min(_LEAST, self.who.sizeHint().width()))


class Name(QLabel):
    """A text of one line that ends in … where there is no room for it, instead of making its window wider."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt's name
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        seen = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, seen.width())
        painter.drawText(seen, int(self.alignment()), text)


def first_clause(text: str) -> str:
    """"Offline" of "Offline: no line, work is kept here"."""
    return re.split("[:;]", text, maxsplit=1)[0]
