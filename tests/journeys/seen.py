"""What an eye would find wrong with a window: words that are cut, things outside or over each other, a lost cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTableWidget,
    QWidget,
)

from kiosk.screens.header import Name

_SEEN = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
_LOOSE = 1  # px that rounding may take
_CELL, _LINE = 20, 30  # px that a cell, a line to write in, has around its words


def faults(window: QWidget) -> list[str]:
    """Everything that is wrong with what is shown now, in words."""
    shown = [one for one in window.findChildren(QWidget) if isinstance(one, _SEEN) and _is_whole(one, window)]
    found = [f"{_name(one)}: {why}" for one in shown for why in (*_cut(one), *_outside(one, window))]
    found += [f"{_name(area)}: scrolls sideways" for area in window.findChildren(QScrollArea)
              if area.isVisible() and area.horizontalScrollBar().maximum()]
    return [*found, *_over_each_other(shown), *_cursor(window)]


def _is_whole(one: QWidget, window: QWidget) -> bool:
    """Whether it is shown and a thing of its own: what a box or a list is made of is looked at with the whole."""
    if not one.isVisible() or one.size().isEmpty() or isinstance(one, QHeaderView):
        return False
    over = one.parentWidget()
    while over is not None and over is not window:
        if isinstance(over, (QComboBox, QLineEdit)) or (
                isinstance(over, QAbstractItemView) and one is over.viewport()) or over.objectName().startswith("qt_"):
            return False
        over = over.parentWidget()
    return not isinstance(over, QLineEdit)


def _cut(one: QWidget) -> Iterator[str]:
    if isinstance(one, Name):
        return  # made to be cut where there is no room
    if isinstance(one, QLabel):
        yield from _cut_label(one)
    elif isinstance(one, QPushButton | QCheckBox):
        wanted, has = one.sizeHint(), one.size()
        if wanted.width() > has.width() + _LOOSE or wanted.height() > has.height() + _LOOSE:
            yield f"{has.toTuple()} where {wanted.toTuple()} is wanted"
    elif isinstance(one, QComboBox):
        yield from _cut_choice(one)
    elif isinstance(one, QLineEdit):
        yield from _cut_example(one)
    elif isinstance(one, QTableWidget):
        yield from _cut_cells(one)
    elif isinstance(one, QListWidget):
        yield from _cut_lines(one)


def _cut_label(one: QLabel) -> Iterator[str]:
    if one.wordWrap():
        wanted = one.heightForWidth(one.width())
        if wanted > one.height() + _LOOSE:
            yield f"{one.height()} px high where {wanted} are wanted"
        widest = max((one.fontMetrics().horizontalAdvance(word) for word in plain(one.text()).split()), default=0)
        if widest > one.contentsRect().width() + _LOOSE:
            yield "a word is longer than its line"
    elif one.text() or not one.pixmap().isNull():
        wanted_size = one.sizeHint()
        if wanted_size.width() > one.width() + _LOOSE or wanted_size.height() > one.height() + _LOOSE:
            yield f"{one.size().toTuple()} where {wanted_size.toTuple()} is wanted"


def plain(text: str) -> str:
    """A label's words."""
    if "<" not in text:
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def _cut_choice(one: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    one.initStyleOption(option)
    room = one.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, one).width()
    wanted = one.fontMetrics().horizontalAdvance(one.currentText())
    if wanted > room + _LOOSE:
        yield f"{one.currentText()!r} is {wanted} px in {room}"


def _cut_example(one: QLineEdit) -> Iterator[str]:
    """An example that is cut can't be followed; what the operator wrote may scroll."""
    if one.text() or not one.placeholderText():
        return
    room = one.width() - _LINE
    wanted = one.fontMetrics().horizontalAdvance(one.placeholderText())
    if wanted > room:
        yield f"the example {one.placeholderText()!r} is {wanted} px in {room}"


def _cut_cells(one: QTableWidget) -> Iterator[str]:
    for column in range(one.columnCount()):
        room = one.columnWidth(column)
        header = one.horizontalHeaderItem(column)
        if header is not None and one.horizontalHeader().sectionSizeHint(column) > room + _LOOSE:
            yield f"the column {header.text()!r} has {room} px"
        for line in range(one.rowCount()):
            yield from _cut_cell(one, line, column, room)


def _cut_cell(one: QTableWidget, line: int, column: int, room: int) -> Iterator[str]:
    """A cell's words go on in the next line, as many as its row has."""
    cell = one.item(line, column)
    if cell is None:
        return
    most = QRect(0, 0, room - _CELL, 9999)
    box, high = one.fontMetrics().boundingRect(most, Qt.TextFlag.TextWordWrap, cell.text()), one.rowHeight(line)
    if box.height() > high + _LOOSE or box.width() > room - _CELL + _LOOSE:
        yield f"the cell {cell.text()!r} has {room} x {high} px for {box.width()} x {box.height()}"


def _cut_lines(one: QListWidget) -> Iterator[str]:
    room = one.viewport().width()
    for place in range(one.count()):
        item = one.item(place)
        own = cast("QWidget | None", one.itemWidget(item))
        if own is not None:
            if own.minimumSizeHint().height() > item.sizeHint().height() + _LOOSE:
                yield f"line {place} is {item.sizeHint().height()} px high for {own.minimumSizeHint().height()}"
            continue
        wanted = one.sizeHintForIndex(one.indexFromItem(item)).width()
        if not one.wordWrap() and wanted > room + _LOOSE:
            yield f"the line {item.text()!r} is {wanted} px in {room}"


def _outside(one: QWidget, window: QWidget) -> Iterator[str]:
    """Out of the window; in what scrolls, out of it at the side."""
    area = _area(one, window)
    frame = area.viewport() if area is not None else window
    place = QRect(one.mapTo(frame, QPoint(0, 0)), one.size())
    if place.left() < -_LOOSE or place.right() > frame.width() + _LOOSE:
        yield "stands out at the side"
    if area is None and (place.top() < -_LOOSE or place.bottom() > frame.height() + _LOOSE):
        yield "stands out above or below"


def _area(one: QWidget, window: QWidget) -> QScrollArea | QAbstractItemView | None:
    over = one.parentWidget()
    while over is not None and over is not window:
        if isinstance(over, QScrollArea | QAbstractItemView):
            return over
        over = over.parentWidget()
    return None


def _over_each_other(shown: Sequence[QWidget]) -> list[str]:
    """Things beside each other in one place; the list of suggestions is meant to cover what is below it."""
    found = []
    own: dict[QWidget | None, list[QWidget]] = {}
    for one in shown:
        if one.objectName() != "suggestions":
            own.setdefault(one.parentWidget(), []).append(one)
    for beside in own.values():
        for place, one in enumerate(beside):
            for other in beside[place + 1:]:
                both = one.geometry().intersected(other.geometry())
                if both.width() > _LOOSE and both.height() > _LOOSE:
                    found.append(f"{_name(one)} and {_name(other)} lie over each other")
    return found


def _cursor(window: QWidget) -> Iterator[str]:
    """The cursor is somewhere, and all of what has it is to be seen."""
    at = QApplication.focusWidget()
    if at is None or not window.isAncestorOf(at):
        yield "the cursor is nowhere"
        return
    seen = at.visibleRegion().boundingRect()
    room = _area(at, window)
    high = min(at.height(), room.viewport().height() if room is not None else at.height())
    if seen.width() < at.width() - _LOOSE or seen.height() < high - _LOOSE:
        yield f"the cursor is in {_name(at)}, of which {seen.getRect()} of {at.size().toTuple()} is seen"


def _name(one: QWidget) -> str:
    text = getattr(one, "text", lambda: "")()
    words = re.sub(r"\s+", " ", plain(text) if isinstance(text, str) else "")[:50]
    return f"{type(one).__name__} {one.objectName()} {words!r}"
