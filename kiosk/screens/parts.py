"""Small pieces that screens are put together from: a field with its label and its problem, a card, a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

_AROUND = 14  # px to be seen above and below what has the cursor


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    made = QLabel(text)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


def button(clicked: Callable[[], object], *, main: bool = False) -> QPushButton:
    made = QPushButton()
    made.setObjectName("main" if main else "")
    made.setAutoDefault(True)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def card(layout: QLayout) -> QFrame:
    """A white sheet around `layout`."""
    frame = QFrame()
    frame.setObjectName("sheet")
    layout.setContentsMargins(22, 18, 22, 18)
    frame.setLayout(layout)
    return frame


def row(*widgets: QWidget, stretch_last: bool = False) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(12)
    for widget in widgets:
        made.addWidget(widget)
    if not stretch_last:
        made.addStretch(1)
    return made


class _Listing(QTableWidget):
    """A table whose chosen row stays in sight when there is less room."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())


def listing(columns: int, widest: int) -> QTableWidget:
    """A list whose rows are chosen, not edited; the column `widest` takes the room that is left."""
    made = _Listing(0, columns)
    made.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    made.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(46)
    made.setShowGrid(False)
    made.setTabKeyNavigation(False)
    header = made.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return made


class Scrolled(QScrollArea):
    """What may be taller than the window. The cursor is always to be seen, with its label and what is wrong with it:
    when it moves, and when the window or what stands above it changes."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._moved)
        self._laid = QTimer(self)
        self._laid.setSingleShot(True)
        self._laid.timeout.connect(self.follow)

    def _moved(self, _before: QWidget | None, _now: QWidget | None) -> None:
        self.follow()
        self._laid.start(0)  # and when what is new has its place

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        super().resizeEvent(event)
        self._laid.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if watched is self.widget() and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._laid.start(0)
        return super().eventFilter(watched, event)

    def follow(self) -> None:
        """Bring what has the cursor into sight."""
        at, inside = self.focusWidget(), self.widget()
        if at is None or not at.hasFocus() or inside is None or not inside.isAncestorOf(at):
            return
        around = at.parentWidget()
        while around is not None and around is not inside and not isinstance(around, Field):
            around = around.parentWidget()
        for widget in (around, at):
            if widget is not None and widget.height() <= self.viewport().height():
                self.ensureWidgetVisible(widget, 0, _AROUND)


def scrolled(inside: QWidget) -> Scrolled:
    return Scrolled(inside)


def top(widget: QWidget) -> QWidget:
    """A plain sheet that keeps `widget` at the top."""
    sheet = QWidget()
    layout = QVBoxLayout(sheet)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    layout.addStretch(1)
    return sheet


def mood(widget: QWidget, value: str) -> None:
    """Give a widget one of the sheet's moods; styling again takes time, so only where it changes."""
    if (widget.property("mood") or "") == value:
        return
    widget.setProperty("mood", value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Paper(QLabel):
    """A paper as it prints; made smaller where there is no room for its width."""

    def __init__(self) -> None:
        super().__init__()
        self.setStyleSheet(f"background: white; padding: {_AROUND}px;")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._whole = QPixmap()

        self.hide()

    def show_paper(self, whole: QPixmap) -> None:
        self.show()
        self._whole = whole
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * _AROUND
        smooth = Qt.TransformationMode.SmoothTransformation
        fits = self._whole.width() <= max(room, _AROUND)
        self.setPixmap(self._whole if fits else self._whole.scaledToWidth(max(room, _AROUND), smooth))


class Field(QWidget):
    """A label, an input, and room for what is wrong with it. Enter goes on to the next field."""

    def __init__(self, name: str, choices: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.name = name
        self.label = label()
        self.problem = label(name="problem", wrap=True)
        self.problem.hide()
        self.edit: QLineEdit | None = None
        self.choice: QComboBox | None = None
        self.input: QWidget = self._choice(choices) if choices else self._edit()
        self.input.setObjectName(name)
        self.label.setBuddy(self.input)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(4)
        for widget in (self.label, self.input, self.problem):
            layout.addWidget(widget)

    def _edit(self) -> QWidget:
        self.edit = QLineEdit()
        self.edit.returnPressed.connect(self.focusNextChild)
        return self.edit

    def _choice(self, choices: Sequence[tuple[str, str]]) -> QWidget:
        self.choice = QComboBox()
        self.choice.addItem("—", "")
        for value, text in choices:
            self.choice.addItem(text, value)
        return self.choice

    def on_change(self, slot: Callable[[], object]) -> None:
        if self.edit is not None:
            self.edit.textChanged.connect(lambda _text: slot())
        if self.choice is not None:
            self.choice.currentIndexChanged.connect(lambda _place: slot())

    def on_left(self, slot: Callable[[], object]) -> None:
        """The operator is done with this field."""
        if self.edit is not None:
            self.edit.editingFinished.connect(slot)
        if self.choice is not None:
            self.choice.currentIndexChanged.connect(lambda _place: slot())

    def value(self) -> str:
        if self.edit is not None:
            return self.edit.text()
        return str(self.choice.currentData() or "") if self.choice is not None else ""

    def set(self, value: str) -> None:
        if self.edit is not None and self.edit.text() != value:
            self.edit.setText(value)
        if self.choice is not None:
            self.choice.setCurrentIndex(max(0, self.choice.findData(value)))

    def wrong(self, text: str, *, soft: bool = False) -> None:
        """Say what is wrong, or nothing when `text` is empty."""
        if self.problem.text() != text:
            self.problem.setText(text)
            self.problem.setVisible(bool(text))
        mood(self.problem, "soft" if soft else "")
        mood(self.input, "bad" if text and not soft else "")
