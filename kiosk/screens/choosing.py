"""A question that is answered by choosing one of a list of any length, which typing filters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

import forms
from kiosk import bangla
from kiosk.marked import is_marked, plain, rich
from kiosk.screens.faces import MARKED, MarkedLines
from kiosk.screens.inputs import Asked, Ways, digit_of

_SHOWN = 40  # suggestions at once: whoever needs more types another letter
_ROWS_SEEN = 9
_NUMBERED = 9
_ICON = QSize(64, 48)  # px
_DOWN, _UP = Qt.Key.Key_Down, Qt.Key.Key_Up


class Suggestions(QListWidget):
    """The choices that fit what was typed, under the input; the cursor stays in the input."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner.window())
        self.setObjectName("suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setIconSize(_ICON)
        self.setItemDelegate(MarkedLines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def offer(self, choices: Sequence[tuple[str, str, QIcon]], under: QWidget) -> None:
        """Numbers, texts as the form has them, pictures."""
        self.clear()
        pictured = any(not picture.isNull() for _number, _text, picture in choices)
        for number, text, picture in choices:
            line = QListWidgetItem(picture, f"{number}{plain(text)}")
            line.setData(MARKED, number.replace(" ", "&nbsp;") + rich(text) if is_marked(text) else "")
            if pictured:
                line.setSizeHint(QSize(0, _ICON.height() + 8))
            self.addItem(line)
        self.setCurrentRow(0)
        window = self.window()
        row = max(30, self.sizeHintForRow(0))
        high = row * min(len(choices), _ROWS_SEEN) + 8
        corner = under.mapTo(window, QPoint(0, under.height() + 2))
        if corner.y() + high > window.height():
            corner.setY(max(0, under.mapTo(window, QPoint(0, -2)).y() - high))
        wide = max(under.width(), min(440, window.width() - corner.x() - 8))
        self.setGeometry(corner.x(), corner.y(), wide, high)
        self.raise_()
        self.show()


class Pick(Asked):
    """One of a list of any length: typing finds by any part, a digit chooses from a short one."""

    def __init__(self, asked: forms.Question, ways: Ways) -> None:
        self.chosen = ""
        self._list: Suggestions | None = None
        self._places: list[int] = []  # of what is suggested, in the choices
        self._hay: list[str] = []
        self._icons: dict[int, QIcon] = {}
        super().__init__(asked, ways)
        self.destroyed.connect(self._gone)

    def renew(self, asked: forms.Question, other: str = "", error: str = "") -> None:
        if asked.choices is not self.asked.choices:
            self._hay, self._icons = [], {}
        super().renew(asked, other, error)

    def _example(self) -> str:
        count = len(self.asked.choices)
        if not count:
            return self.ways.say("ui.list_to_come" if self.asked.absent else "ui.choose_before")
        if count <= _NUMBERED:
            return self.ways.say("ui.choose_or_type", keys=f"1–{count}")
        return self.ways.say("ui.type_to_find")

    def shown(self, value: str) -> str:
        self.chosen = value
        return next((plain(text) for name, text in self.asked.choices if name == value), value)

    def value(self) -> str:
        return self.chosen

    def answer(self) -> str:
        return self.chosen

    def set(self, value: str) -> None:
        """Show a text; a choice's value is taken as the choice."""
        if any(value == name for name, _text in self.asked.choices):
            value = self.shown(value)
        super().set(value)

    def settle(self) -> None:
        """What is marked in the list is chosen; a text that is no choice's is given up, and that is said."""
        editor = self._editor()
        if self._is_open() and self._places:
            self._choose(self._places[max(0, self._suggestions().currentRow())])
        elif editor.isModified():
            written = editor.text().strip()
            self._close()
            if not written:
                self.chosen = ""
            editor.setText(self.shown(self.chosen))
            if written:
                self.wrong(self.ways.say("ui.not_in_list", text=written), soft=True)
        self._close()

    def _written(self, text: str) -> None:
        normal = unicodedata.normalize("NFC", text)
        if normal != text:
            self._editor().setText(normal)
            self._editor().setModified(True)
        self.wrong("")
        self._offer(normal)

    def _offer(self, text: str) -> None:
        """Suggest what holds every word that was typed; what begins so comes first."""
        wanted = bangla.normalise(text).split()
        choices = self.asked.choices
        if len(self._hay) != len(choices):
            self._hay = [bangla.normalise(f"{shown} {name}") for name, shown in choices]
        found = [place for place, hay in enumerate(self._hay) if all(word in hay for word in wanted)]
        if wanted:
            found.sort(key=lambda place: not self._hay[place].startswith(wanted[0]))
        self._places = found[:_SHOWN]
        if not self._places:
            self._close()
            return
        numbered = len(choices) <= _NUMBERED
        self._suggestions().offer([
            (f"{self.ways.digits(str(place + 1))}  " if numbered else "", choices[place][1], self._icon(place))
            for place in self._places
        ], self.input)

    def _icon(self, place: int) -> QIcon:
        if not self.asked.choice_files:
            return QIcon()
        if place not in self._icons:
            self._icons[place] = QIcon(self.picture_of(place) or QPixmap())
        return self._icons[place]

    def _key(self, event: QKeyEvent) -> bool:
        digit = digit_of(event)
        if digit and len(self.asked.choices) <= _NUMBERED and digit <= len(self.asked.choices):
            self._choose(digit - 1)
            if "quick" in self.asked.appearance:
                self.forward.emit()
            return True
        if event.key() in (_DOWN, _UP) and not event.modifiers():
            self._step(1 if event.key() == _DOWN else -1)
            return True
        if event.key() == Qt.Key.Key_Escape and self._is_open():
            self._close()
            return True
        return False

    def _step(self, by: int) -> None:
        if not self._is_open():
            self._offer("")
            names = [name for name, _text in self.asked.choices][:_SHOWN]
            if self._is_open() and self.chosen in names:
                self._suggestions().setCurrentRow(names.index(self.chosen))
            return
        suggested = self._suggestions()
        suggested.setCurrentRow((suggested.currentRow() + by) % suggested.count())

    def _choose(self, place: int) -> None:
        self.set(self.asked.choices[place][0])
        self._editor().setModified(False)
        self._close()
        self.left.emit()

    def _clicked(self) -> None:
        self._choose(self._places[self._suggestions().currentRow()])
        self.forward.emit()

    def _editor(self) -> QLineEdit:
        assert self.edit is not None
        return self.edit

    def _suggestions(self) -> Suggestions:
        """Made when it is needed for the first time: a table has many of these."""
        if self._list is None:
            self._list = Suggestions(self)
            self._list.itemClicked.connect(lambda _item: self._clicked())
        return self._list

    def _is_open(self) -> bool:
        return self._list is not None and self._list.isVisible()

    def _close(self) -> None:
        if self._list is not None:
            self._list.hide()

    def _gone(self) -> None:
        if self._list is not None:
            self._list.deleteLater()
            self._list = None
