"""A form's parts laid out: two columns, sections, repeats as tables.

What is there already is shown anew, not made anew, so that the cursor, and what is being typed, stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

import forms
from kiosk.marked import rich
from kiosk.screens.inputs import Asked, Ways
from kiosk.screens.kinds import input_for, is_wide, key_of
from kiosk.screens.outline import Part
from kiosk.screens.parts import label
from kiosk.screens.pictures import Headed

_MOST_COLUMNS = 6


class Face(Protocol):
    """Whoever the sheet is drawn for."""

    ways: Ways

    @property
    def other(self) -> Mapping[str, str]:
        """Labels in the second language, where both are shown."""
    @property
    def missing(self) -> Mapping[str, str]:
        """What to say of questions that were left out."""

    def made(self, field: Asked) -> None: ...
    def add_row(self, ref: str) -> None: ...
    def remove_row(self, ref: str, place: int) -> None: ...
    def section_note(self, place: int) -> str: ...


class Sheet(QWidget):
    """Parts in a grid of two columns; what needs more room, and repeats, across both."""

    def __init__(self, face: Face, *, single: bool = False) -> None:
        super().__init__()
        self._face, self._single = face, single
        self._made: dict[object, QWidget] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these, in this order."""
        before, made, sections = self._made, {}, 0
        for part in parts:
            key = _key(part, sections)
            widget = before.get(key)
            if widget is None:
                widget = self._make(part)
            made[key] = widget
            self._renew(widget, part, sections)
            sections += isinstance(part, forms.Heading)
        if list(made) != list(before):
            self._made = made
            self._lay(list(zip(parts, made.values(), strict=True)))
            _discard(before[key] for key in before.keys() - made.keys())

    def fields(self) -> list[Asked]:
        """Every input, in reading order."""
        found: list[Asked] = []
        for widget in self._made.values():
            if isinstance(widget, Asked):
                found.append(widget)
            elif isinstance(widget, Rows):
                found += widget.fields()
        return found

    def _make(self, part: Part) -> QWidget:
        if isinstance(part, forms.Heading):
            if part.files:
                return Headed(self._face.ways.say, self._face.ways.file, part.files)
            made = label("", "section", wrap=True)
            made.setIndent(0)
            return made
        if isinstance(part, forms.Repeat):
            return Rows(self._face, part)
        field = input_for(part, self._face.ways)
        self._face.made(field)
        return field

    def _renew(self, widget: QWidget, part: Part, section: int) -> None:
        if isinstance(widget, Asked) and isinstance(part, forms.Question):
            _renew(self._face, widget, part)
        elif isinstance(widget, Rows) and isinstance(part, forms.Repeat):
            widget.show_rows(part)
        elif isinstance(part, forms.Heading):
            title = widget.title if isinstance(widget, Headed) else widget
            text = f"{rich(part.label)}{self._face.section_note(section)}"
            if title.property("text") != text:
                title.setProperty("text", text)

    def _lay(self, parts: Sequence[tuple[Part, QWidget]]) -> None:
        _empty(self._grid)
        place = 0
        for part, widget in parts:
            if isinstance(part, forms.Question) and not self._single and not is_wide(part):
                self._grid.addWidget(widget, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
                place += 1
            else:
                place += place % 2
                self._grid.addWidget(widget, place // 2, 0, 1, 2)
                place += 2
            widget.show()


class Rows(QWidget):
    """A repeat: a table where each row is a few short questions, else a card for each row."""

    def __init__(self, face: Face, repeat: forms.Repeat) -> None:
        super().__init__()
        self._face, self.ref = face, repeat.ref
        self._shape: object = None
        self._fields: list[Asked] = []
        self._cells: dict[object, Asked] = {}
        self._cards: list[Sheet] = []
        self._around: list[QWidget] = []  # headings and buttons, made anew with each layout
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)

    def fields(self) -> list[Asked]:
        return self._fields

    def show_rows(self, repeat: forms.Repeat) -> None:
        table = _is_table(repeat)
        shape = (table, repeat.label, repeat.files, repeat.counted, _columns(repeat) if table else len(repeat.rows),
                 [[key_of(cell, cell=True) for cell in row] for row in repeat.rows] if table else None)
        if shape != self._shape:
            self._shape = shape
            self._lay(repeat, table=table)
        if table:
            for asked in (cell for row in repeat.rows for cell in row):
                _renew(self._face, self._cells[key_of(asked, cell=True)], asked)
            return
        for card, parts in zip(self._cards, repeat.parts, strict=True):
            card.show_parts(parts)
        self._fields = [field for card in self._cards for field in card.fields()]

    def _lay(self, repeat: forms.Repeat, *, table: bool) -> None:
        """What stays keeps its parent: a widget that changes it would lose the cursor."""
        before, self._cells, self._fields = self._cells, {}, []
        _empty(self._grid)
        _discard([*self._around, *self._cards])
        self._around, self._cards = [], []
        self._put(self._title(repeat), 0, 0, _MOST_COLUMNS + 2)
        (self._lay_table if table else self._lay_cards)(repeat, before)
        if not repeat.counted:
            more = _quiet(self._face.ways.say("ui.add_row"))
            more.clicked.connect(lambda _on=False: self._face.add_row(repeat.ref))
            self._put(more, self._grid.rowCount(), 0, 4)
        _discard(before[key] for key in before.keys() - self._cells.keys())

    def _title(self, repeat: forms.Repeat) -> QWidget:
        if not repeat.files:
            return label(rich(repeat.label), "section")
        made = Headed(self._face.ways.say, self._face.ways.file, repeat.files)
        made.title.setText(rich(repeat.label))
        return made

    def _put(self, widget: QWidget, line: int, column: int, wide: int = 1) -> None:
        self._around.append(widget)
        if isinstance(widget, QLabel):
            widget.setIndent(0)
        left, bottom = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignBottom
        align = left if isinstance(widget, QPushButton) else bottom if line == 1 else Qt.AlignmentFlag(0)
        self._grid.addWidget(widget, line, column, 1, wide, align)
        widget.show()

    def _lay_table(self, repeat: forms.Repeat, before: dict[object, Asked]) -> None:
        columns = _columns(repeat)
        for column in range(_MOST_COLUMNS + 2):
            self._grid.setColumnStretch(column, int(1 <= column <= len(columns)))
        for column, (_one, text) in enumerate(columns, start=1):
            self._put(label(text, "columns", wrap=True), 1, column)
        names = [name for name, _text in columns]
        for line, row in enumerate(repeat.rows, start=2):
            self._put(label(self._face.ways.digits(str(line - 1)), "muted"), line, 0)
            for asked in row:
                field = self._cell(asked, before)
                self._grid.addWidget(field, line, names.index(_name(asked)) + 1, Qt.AlignmentFlag.AlignTop)
                field.show()
            if not repeat.counted:
                self._put(self._remove(repeat.ref, line - 2), line, len(names) + 1)

    def _cell(self, asked: forms.Question, before: dict[object, Asked]) -> Asked:
        key = key_of(asked, cell=True)
        field = before.get(key)
        if field is None:
            field = input_for(asked, self._face.ways, cell=True)
            field.label.hide()
            self._face.made(field)
        self._cells[key] = field
        self._fields.append(field)
        return field

    def _lay_cards(self, repeat: forms.Repeat, _before: dict[object, Asked]) -> None:
        for column in range(_MOST_COLUMNS + 2):
            self._grid.setColumnStretch(column, int(not column))
        for place in range(len(repeat.rows)):
            number = self._face.ways.digits(str(place + 1))
            self._put(label(f"{rich(repeat.label)} {number}", "columns"), 1 + place * 2, 0)
            if not repeat.counted:
                self._put(self._remove(repeat.ref, place), 1 + place * 2, 1)
            card = Sheet(self._face)
            self._cards.append(card)
            self._grid.addWidget(card, 2 + place * 2, 0, 1, 2)
            card.show()

    def _remove(self, ref: str, place: int) -> QPushButton:
        made = _quiet("✕")
        made.setObjectName("small")
        made.setToolTip(self._face.ways.say("ui.remove_row"))
        made.setAccessibleName(self._face.ways.say("ui.remove_row"))
        made.clicked.connect(lambda _on=False: self._face.remove_row(ref, place))
        return made


def _empty(grid: QGridLayout) -> None:
    """Let go of what is laid out, so that it can be laid out anew. An item that was only taken (takeAt) would live on,
    be the one that hears when its widget grows, and leave the new one with the old height."""
    while (item := grid.itemAt(0)) is not None and (widget := item.widget()) is not None:
        grid.removeWidget(widget)


def _discard(widgets: Iterable[QWidget]) -> None:
    """What goes says nothing more: losing the cursor is no answer."""
    for gone in widgets:
        for silent in (gone, *gone.findChildren(Asked)):
            silent.blockSignals(True)
        gone.hide()
        gone.deleteLater()


def _renew(face: Face, field: Asked, asked: forms.Question) -> None:
    field.renew(asked, face.other.get(asked.ref, ""), face.missing.get(asked.ref, ""))


def _key(part: Part, section: int) -> object:
    if isinstance(part, forms.Question):
        return key_of(part)
    if isinstance(part, forms.Heading):
        return "heading", section, part.files
    return "repeat", part.ref.replace("[1]", "")


def _name(asked: forms.Question) -> str:
    return asked.ref.rpartition("/")[2]


def _columns(repeat: forms.Repeat) -> list[tuple[str, str]]:
    """Name and label of each column; a question that only some rows have is one too."""
    found: dict[str, str] = {}
    for asked in (cell for row in repeat.rows for cell in row):
        star = ' <span style="color:#9b1c1c">*</span>' if asked.required and not asked.readonly else ""
        found.setdefault(_name(asked), f"{rich(asked.label)}{star}")
    return list(found.items())


def _is_table(repeat: forms.Repeat) -> bool:
    plain = all(isinstance(part, forms.Question) and part.kind not in ("note", "select", "rank", "attachment")
                and not part.files for row in repeat.parts for part in row)
    return plain and len(_columns(repeat)) <= _MOST_COLUMNS


def _quiet(text: str) -> QPushButton:
    """A button for the mouse; the keyboard has a key for it."""
    made = QPushButton(text)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
