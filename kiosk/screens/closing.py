"""Closing the day: the notes are counted one kind after the other; what is more or less shows as it is written."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from kiosk import bangla
from kiosk.counter import close_day
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, Paper, button, card, label, mood, scrolled, top
from kiosk.screens.receipt import preview


class ClosingScreen(Screen):
    """Enter goes to the next note; F9 closes the day and prints the report."""

    name = "closing"
    keys = (("F9", "ui.close_day"),)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.expected = close_day.figures(desk.at_work()).expected_poisha
        self.notes = {note: Field(f"note-{note}") for note in close_day.NOTES}
        self.counted, self.should, self.over = label(name="huge"), label(name="large"), label(name="large")
        self.finish = button(self._close, main=True)
        self.paper = Paper()
        self._lay_out()
        for field in self.notes.values():
            field.on_change(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        title, hint = label(name="title"), label(name="muted", wrap=True)
        self.bind(title.setText, "ui.close_day")
        self.bind(hint.setText, "ui.close_hint")
        self.bind(self.finish.setText, "ui.close_and_print")
        grid = QGridLayout()
        for column in range(5):
            grid.setColumnStretch(column, 1)
        for place, field in enumerate(self.notes.values()):
            grid.addWidget(field, place // 5, place % 5, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout()
        for widget in (title, hint):
            inside.addWidget(widget)
        inside.addLayout(grid)
        for widget in (self.counted, self.should, self.over):
            inside.addWidget(widget)
        inside.addWidget(self.finish)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(top(card(inside))), 3)
        outer.addWidget(scrolled(top(self.paper)), 2)

    def shown(self) -> None:
        self.notes[close_day.NOTES[0]].input.setFocus()

    def refresh(self) -> None:
        lang, say, counted = self.desk.lang, self.desk.say, self._counts()
        for note, field in self.notes.items():
            field.label.setText(f"{bangla.taka(note * 100, lang=lang)} ×")
            field.wrong("" if counted.get(note) is not None else say("error.bad_count"))
        held = sum(note * (count or 0) * 100 for note, count in counted.items())
        over = held - self.expected
        word = "paper.even" if not over else "paper.over" if over > 0 else "paper.short"
        self.counted.setText(bangla.taka(held, lang=lang))
        self.should.setText(f"{say('paper.expected')} {bangla.taka(self.expected, lang=lang)}")
        self.over.setText(say(word) + (f" {bangla.taka(abs(over), lang=lang)}" if over else ""))
        mood(self.over, "bad" if over else "good")

    def _counts(self) -> dict[int, int | None]:
        """How many of each note; None for what is no count."""
        found: dict[int, int | None] = {}
        for note, field in self.notes.items():
            text = bangla.ascii_digits(field.value().strip()) or "0"
            found[note] = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
        return found

    def _close(self) -> None:
        counted = self._counts()

        def do() -> None:
            closed = close_day.close(
                self.desk.at_work(), {note: -1 if count is None else count for note, count in counted.items()}
            )
            self.desk.app.something_new()
            self.paper.show_paper(preview(closed.document, self.desk.at_work().printing.width_dots))
            self.expected = closed.counted_poisha
            self.finish.setEnabled(False)
            self.desk.told.emit(self.desk.say("ui.day_closed", number=closed.number), "good")

        self.desk.attempt(do)

    def press(self, key: str) -> bool:
        if key == "F9" and self.finish.isEnabled():
            self._close()
        return key == "F9"
