"""A small form of the office: a title, some fields one under the other, one button; Enter goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kiosk import bangla
from kiosk.counter.records import CounterError
from kiosk.screens.desk import Screen
from kiosk.screens.parts import Field, button, card, label, row, scrolled, top


class SmallForm(QVBoxLayout):
    """The fields by name; `act` is attempted when the button is pressed, or Enter in the last field."""

    def __init__(self, screen: Screen, title: str, fields: Sequence[Field], words: Sequence[str], go: str,
                 act: Callable[[], object]) -> None:
        super().__init__()
        self.setSpacing(8)
        heading = label(name="section")
        screen.bind(heading.setText, title)
        self.addWidget(heading)
        across = QHBoxLayout()
        for field, word in zip(fields, words, strict=True):
            screen.bind(field.label.setText, word)
            across.addWidget(field)
        self.addLayout(across)
        self.go = button(lambda: screen.desk.attempt(act))
        screen.bind(self.go.setText, go)
        self.addLayout(row(self.go))
        last = fields[-1].edit
        if last is not None:
            last.returnPressed.disconnect()
            last.returnPressed.connect(self.go.click)


def sheet(screen: Screen, title: str, *forms: SmallForm) -> QVBoxLayout:
    """The forms one under the other on a card, under a title."""
    heading = label(name="title")
    screen.bind(heading.setText, title)
    inside = QVBoxLayout()
    inside.setSpacing(14)
    inside.addWidget(heading)
    for form in forms:
        inside.addLayout(form)
    outer = QVBoxLayout(screen)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scrolled(top(card(inside))))
    return inside


def poisha(field: Field) -> int:
    """The amount in a field.

    Raises:
        CounterError: `bad_amount`.
    """
    try:
        return bangla.parse_taka(field.value())
    except ValueError as error:
        raise CounterError("bad_amount") from error


def count(field: Field) -> int:
    """The whole number in a field.

    Raises:
        CounterError: `bad_count`.
    """
    text = bangla.ascii_digits(field.value().strip())
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise CounterError("bad_count")
    return int(text)
