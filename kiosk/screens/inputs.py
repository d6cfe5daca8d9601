"""One input for each kind of question: written, a date, one of a list, several of a list, a file, a signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QFileDialog, QPushButton, QVBoxLayout, QWidget

import forms
from kiosk import bangla
from kiosk.screens.parts import Field

Say = Callable[..., str]
_SIGNATURE = (420, 120)


class Asked(Field):
    """A question's label, input and problem. Enter goes on, Shift+Enter back; Down takes a known fact."""

    def __init__(self, asked: forms.Question, say: Say, lang: str, known: str = "") -> None:
        self.asked, self.say, self.lang, self.known = asked, say, lang, known
        super().__init__(asked.ref, asked.choices if asked.kind == "select1" else ())
        self.label.setText(f"{asked.label}{' *' if asked.required else ''}")
        self.setToolTip(asked.hint)
        self.input.setEnabled(not asked.readonly)
        self.input.installEventFilter(self)
        if self.edit is not None:
            self.edit.setPlaceholderText(f"↓ {known}" if known else self._example())
        if self.choice is not None:
            _typing_filters(self.choice)
        self.set(self.shown(asked.value))
        self.wrong(asked.error)

    def _example(self) -> str:
        example = {"date": "12/3/85", "time": "14:30", "geopoint": "23.81 90.41"}.get(self.asked.kind, "")
        if self.asked.kind == "range" and self.asked.bounds:
            example = " – ".join(f"{bound:g}" for bound in self.asked.bounds)
        return (bangla.digits(example) if self.lang == "bn" else example) or self.asked.hint

    def shown(self, value: str) -> str:
        if self.asked.kind == "date" and value:
            try:
                return bangla.date_bn(date.fromisoformat(value), self.lang)
            except ValueError:
                return value
        is_figure = self.asked.kind in ("int", "decimal", "time", "range")
        return bangla.digits(value) if is_figure and self.lang == "bn" else value

    def answer(self, today: date) -> str:
        """What the engine is given: a date as ISO text, all else as it was written."""
        text = self.value()
        if self.asked.kind == "date" and text.strip():
            read = bangla.parse_date(text, today)
            return read.isoformat() if read else text
        return text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                    return self.focusPreviousChild()
                if self.choice is not None:
                    return self.focusNextChild()
            if event.key() == Qt.Key.Key_Down and self.known and self.edit is not None and not self.edit.text():
                self.set(self.known)
                return True
            if self.choice is not None and not self.choice.currentIndex():
                return self._digit(event)
        return super().eventFilter(watched, event)

    def _digit(self, event: QKeyEvent) -> bool:
        """A digit chooses from a list that nothing was chosen from."""
        digit = bangla.ascii_digits(event.text())
        if self.choice is None or not (digit.isdigit() and digit.isascii() and 0 < int(digit) < self.choice.count()):
            return False
        self.choice.setCurrentIndex(int(digit))
        return True


def _typing_filters(choice: QComboBox) -> None:
    """What is typed finds choices by any part of their words."""
    choice.setEditable(True)
    choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    completer = QCompleter(choice.model(), choice)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    choice.setCompleter(completer)
    editor = choice.lineEdit()
    if editor is not None:
        editor.editingFinished.connect(lambda: _settle(choice))


def _settle(choice: QComboBox) -> None:
    """A written text that is no choice's is put back to the choice that holds."""
    place = choice.findText(choice.currentText(), Qt.MatchFlag.MatchFixedString)
    if place < 0:
        matching = [row for row in range(1, choice.count()) if choice.currentText().casefold() in
                    choice.itemText(row).casefold()] if choice.currentText() else []
        place = matching[0] if len(matching) == 1 else choice.currentIndex()
    choice.setCurrentIndex(place)
    choice.setEditText(choice.itemText(place))


class Several(Asked):
    """Several of a list; a digit ticks, Space too."""

    def _edit(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        self.boxes = {value: QCheckBox(text) for value, text in self.asked.choices}
        for box in self.boxes.values():
            layout.addWidget(box)
            box.installEventFilter(self)
        if self.boxes:
            made.setFocusProxy(next(iter(self.boxes.values())))
        return made

    def value(self) -> str:
        return " ".join(value for value, box in self.boxes.items() if box.isChecked())

    def set(self, value: str) -> None:
        chosen = set(value.split())
        for name, box in self.boxes.items():
            box.setChecked(name in chosen)

    def on_left(self, slot: Callable[[], object]) -> None:
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: slot())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            digit = bangla.ascii_digits(event.text())
            if digit.isdigit() and digit.isascii() and 0 < int(digit) <= len(self.boxes):
                list(self.boxes.values())[int(digit) - 1].toggle()
                return True
        return super().eventFilter(watched, event)


class Rank(Asked):
    """An order: the numbers of the choices, first to last."""

    def _edit(self) -> QWidget:
        made = super()._edit()
        numbered = (f"{place}. {text}" for place, (_value, text) in enumerate(self.asked.choices, start=1))
        made.setToolTip("  ".join(numbered))
        return made

    def _example(self) -> str:
        return "  ".join(f"{place} {text}" for place, (_value, text) in enumerate(self.asked.choices, start=1))

    def value(self) -> str:
        """The choices in the order of the numbers that were written; whatever was not named comes last."""
        names = [value for value, _text in self.asked.choices]
        written = bangla.ascii_digits(self.edit.text()) if self.edit is not None else ""
        places = [int(one) - 1 for one in written.replace(",", " ").split() if one.isascii() and one.isdigit()]
        first = [names[place] for place in dict.fromkeys(places) if 0 <= place < len(names)]
        return " ".join([*first, *(name for name in names if name not in first)]) if first else ""

    def shown(self, value: str) -> str:
        names = [name for name, _text in self.asked.choices]
        return " ".join(str(names.index(name) + 1) for name in value.split() if name in names)


class Note(Asked):
    """Something to read out; nothing is answered."""

    def _edit(self) -> QWidget:
        made = QWidget()
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return made


class Acknowledge(Several):
    """One box to tick."""

    def _edit(self) -> QWidget:
        self.asked = _with_choices(self.asked, (("OK", self.say("ui.ok")),))
        return super()._edit()


class Attachment(Asked):
    """A file that is chosen; `keep` gets its name and bytes and gives the name that is answered."""

    keep: Callable[[str, bytes], str] = staticmethod(lambda name, _body: name)

    def _edit(self) -> QWidget:
        self.name_kept = ""
        made = QPushButton(self.say("ui.choose_file"))
        made.clicked.connect(lambda _checked=False: self._choose())
        return made

    def _choose(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, self.asked.label)
        if name:
            self.take(name)

    def take(self, path: str) -> None:
        """Keep the file at `path`; what is wrong with it is told beside the question."""
        self.set(self.keep(Path(path).name, Path(path).read_bytes()))
        self._left()

    def _left(self) -> None:
        for slot in getattr(self, "slots", []):
            slot()

    def value(self) -> str:
        return self.name_kept

    def set(self, value: str) -> None:
        self.name_kept = value
        if isinstance(self.input, QPushButton) and value:
            self.input.setText(value)

    def on_left(self, slot: Callable[[], object]) -> None:
        self.slots = [*getattr(self, "slots", []), slot]


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
        self.set(self.keep("signature.png", self.pad.png()))
        self._left()


_KINDS: dict[str, type[Asked]] = {
    "select": Several, "rank": Rank, "note": Note, "acknowledge": Acknowledge, "attachment": Attachment,
}


def input_for(asked: forms.Question, say: Say, lang: str, known: str = "") -> Asked:
    """The input that this question is asked with."""
    signed = asked.kind == "attachment" and "signature" in asked.appearance
    return (Signature if signed else _KINDS.get(asked.kind, Asked))(asked, say, lang, known)


def _with_choices(asked: forms.Question, choices: Sequence[tuple[str, str]]) -> forms.Question:
    return replace(asked, choices=tuple(choices))
