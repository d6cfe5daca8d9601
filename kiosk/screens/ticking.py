"""Questions whose few choices are all to be seen: buttons, boxes to tick, an order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from kiosk import bangla
from kiosk.marked import plain
from kiosk.screens.faces import ChoiceBox, ChoiceButton
from kiosk.screens.inputs import Asked, digit_of
from kiosk.screens.parts import label

_DOWN, _UP = Qt.Key.Key_Down, Qt.Key.Key_Up
_NUMBERED = 9  # digits there are to choose with


class Few(Asked):
    """One of a few, all to be seen: a digit chooses, the arrows move, a finger touches."""

    _across, _cards = 99, False

    def _edit(self) -> QWidget:
        made = QWidget()
        made.setObjectName("few")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QGridLayout(made)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(6)
        self.group = QButtonGroup(made)
        self.buttons: list[QPushButton] = []
        for place, (_name, text) in enumerate(self.asked.choices):
            layout.addWidget(self._button(place, text), place // self._across, place % self._across)
        for column in range(self._across):
            layout.setColumnStretch(column, int(self._cards))
        layout.setColumnStretch(len(self.buttons), int(not self._cards))
        return made

    def _button(self, place: int, text: str) -> QPushButton:
        number = f"{self.ways.digits(str(place + 1))}  " if place < _NUMBERED else ""
        button = ChoiceButton(number, text, self.picture_of(place), card=self._cards)
        button.clicked.connect(lambda _on=False: self._choose(place))
        self.group.addButton(button)
        self.buttons.append(button)
        return button

    def value(self) -> str:
        return next((name for (name, _text), button in zip(self.asked.choices, self.buttons, strict=True)
                     if button.isChecked()), "")

    def answer(self) -> str:
        return self.value()

    def shown(self, value: str) -> str:
        return value

    def set(self, value: str) -> None:
        self.group.setExclusive(False)
        for (name, _text), button in zip(self.asked.choices, self.buttons, strict=True):
            button.setChecked(name == value)
        self.group.setExclusive(True)

    def _choose(self, place: int) -> None:
        self.set(self.asked.choices[place][0])
        self.input.setFocus()
        self.left.emit()
        if "quick" in self.asked.appearance:
            self.forward.emit()

    def _key(self, event: QKeyEvent) -> bool:
        names = [name for name, _text in self.asked.choices]
        digit = digit_of(event)
        if 0 < digit <= len(names):
            self._choose(digit - 1)
            return True
        line = self._across if self._cards else 1
        step = {_DOWN: line, Qt.Key.Key_Right: 1, _UP: -line, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self._step(step, len(names))
            return True
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not self.asked.required:
            self.set("")
            self.left.emit()
            return True
        return False


    def _step(self, by: int, count: int) -> None:
        names = [name for name, _text in self.asked.choices]
        if not self.value():
            self._choose(0 if by > 0 else count - 1)
            return
        there = names.index(self.value()) + by
        if abs(by) == 1:
            self._choose(there % count)
        elif 0 <= there < count:
            self._choose(there)


class Cards(Few):
    """One of those that have pictures: a grid of cards."""

    _across, _cards = 5, True


class Several(Asked):
    """Several of a list; a digit ticks, 0 ticks all, Space too, the arrows move."""

    _columns = 2

    def _edit(self) -> QWidget:
        made = QWidget()
        layout = QGridLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        self.boxes: dict[str, QCheckBox] = {}
        count = len(self.asked.choices)
        columns = self._columns if count > 3 else 1
        for place, (name, text) in enumerate(self.asked.choices):
            number = f"{self.ways.digits(str(place + 1))}  " if count > 1 and place < _NUMBERED else ""
            box = self.boxes[name] = ChoiceBox(number, text, self.picture_of(place))
            box.toggled.connect(lambda _on: self._ticked())
            layout.addWidget(box, place // columns, place % columns)
        if self.boxes:
            made.setFocusProxy(next(iter(self.boxes.values())))
        if count > 3:
            layout.addWidget(label(self.ways.say("ui.tick_all"), "muted"), count // columns, count % columns)
        return made

    def stops(self) -> list[QWidget]:
        return list(self.boxes.values())

    def value(self) -> str:
        return " ".join(value for value, box in self.boxes.items() if box.isChecked())

    def shown(self, value: str) -> str:
        return value

    def answer(self) -> str:
        return self.value()

    def set(self, value: str) -> None:
        chosen = set(value.split())
        for name, box in self.boxes.items():
            if box.isChecked() != (name in chosen):
                box.blockSignals(True)
                box.setChecked(name in chosen)
                box.blockSignals(False)

    def _ticked(self) -> None:
        self.left.emit()

    def _key(self, event: QKeyEvent) -> bool:
        digit = digit_of(event)
        if bangla.ascii_digits(event.text()) == "0" and len(self.boxes) > 1:
            self.set("" if all(box.isChecked() for box in self.boxes.values()) else " ".join(self.boxes))
            self._ticked()
            return True
        if 0 < digit <= len(self.boxes):
            list(self.boxes.values())[digit - 1].toggle()
            return True
        return False


class Acknowledge(Several):
    """One box to tick."""

    def _edit(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        self.boxes = {"OK": QCheckBox(self.ways.say("ui.ok"))}
        self.boxes["OK"].toggled.connect(lambda _on: self._ticked())
        layout.addWidget(self.boxes["OK"])
        made.setFocusProxy(self.boxes["OK"])
        return made


class Rank(Asked):
    """An order: the numbers of the choices, first to last, written or touched."""

    def _edit(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        numbered = QGridLayout()
        for place, (_name, text) in enumerate(self.asked.choices):
            number = f"{self.ways.digits(str(place + 1))}  "
            button = ChoiceButton(number, text, self.picture_of(place), card=bool(self.asked.choice_files))
            button.setCheckable(False)
            button.clicked.connect(lambda _on=False, place=place: self._add(place + 1))
            numbered.addWidget(button, place // 4, place % 4)
        self.order = label(name="muted", wrap=True)
        layout.addLayout(numbered)
        written = super()._edit()
        layout.addWidget(written)
        layout.addWidget(self.order)
        made.setFocusProxy(written)
        return made

    def stops(self) -> list[QWidget]:
        return [self.edit] if self.edit is not None else []

    def _example(self) -> str:
        return self.ways.digits("3 1 2")

    def _add(self, number: int) -> None:
        if self.edit is not None:
            self.edit.setText(self.ways.digits(f"{bangla.ascii_digits(self.edit.text())} {number}".strip()))
            self.edit.setModified(True)
            self._written("")
            self.left.emit()

    def _written(self, _text: str) -> None:
        """Show the order in words while its numbers are written."""
        texts = {name: plain(text) for name, text in self.asked.choices}
        self.order.setText("  ›  ".join(texts[name] for name in self.answer().split()))

    def set(self, value: str) -> None:
        super().set(value)
        self._written("")

    def answer(self) -> str:
        """The choices in the order of the numbers that were written; whatever was not named comes last."""
        names = [value for value, _text in self.asked.choices]
        written = bangla.ascii_digits(self.edit.text()) if self.edit is not None else ""
        places = [int(one) - 1 for one in written.replace(",", " ").split() if one.isascii() and one.isdigit()]
        first = [names[place] for place in dict.fromkeys(places) if 0 <= place < len(names)]
        return " ".join([*first, *(name for name in names if name not in first)]) if first else ""

    def shown(self, value: str) -> str:
        names = [name for name, _text in self.asked.choices]
        return self.ways.digits(" ".join(str(names.index(name) + 1) for name in value.split() if name in names))
