"""A form on the screen: on one page, or one question at a time; errors beside the question, repeats as tables.

It draws what the engine says is to be asked and hands back each answer as its field is left; rules live in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar, QVBoxLayout, QWidget

import forms
from kiosk.counter import known
from kiosk.screens.inputs import Asked, Attachment, Note, Say, input_for
from kiosk.screens.parts import button, label

_OTHER = {"bn": "en", "en": "bn"}
_WIDE = frozenset({"note", "select", "rank", "attachment", "acknowledge"})


class Questions(QWidget):
    """`answered` comes after each answer; `over` when Enter is pressed in the last question."""

    answered = Signal()
    over = Signal()

    def __init__(
        self, filling: forms.Filling, say: Say, lang: str, today: date, facts: Mapping[str, str],
        keep: Callable[[str, str, bytes], str],
    ) -> None:
        """`facts` are offered where they fit (counter/known.py); `keep` takes a file: ref, name, bytes."""
        super().__init__()
        self.filling, self.say, self.lang, self.today = filling, say, lang, today
        self._facts, self._keep = facts, keep
        self.single = self.both = False
        self.step = 0
        self.fields: dict[str, Asked] = {}
        self.repeats: list[str] = []
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        self.sheet = QWidget()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.progress)
        self._layout.addWidget(self.sheet)
        self.draw()

    def parts(self) -> list[forms.Question | forms.Repeat | forms.Heading]:
        return self.filling.questions(self.lang)

    def draw(self) -> None:
        """Lay the questions out anew: what is asked may have changed with the last answer."""
        focused = next((ref for ref, field in self.fields.items() if field.input.hasFocus()), "")
        parts = self.parts()
        other = {one.ref: one.label for one in _every(self.filling.questions(_OTHER[self.lang]))} if self.both else {}
        self.fields, self.repeats = {}, []
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        place = 0
        for part in self._at_hand(parts):
            place = self._put(grid, part, place, other)
        self._layout.replaceWidget(self.sheet, fresh)
        self.sheet.hide()
        self.sheet.deleteLater()
        self.sheet = fresh
        self._show_progress(parts)
        if focused in self.fields:
            self.fields[focused].input.setFocus()

    def _at_hand(
        self, parts: list[forms.Question | forms.Repeat | forms.Heading]
    ) -> list[forms.Question | forms.Repeat | forms.Heading]:
        """Everything, or one step with the heading over it."""
        if not self.single:
            return parts
        steps = [place for place, part in enumerate(parts) if not isinstance(part, forms.Heading)]
        if not steps:
            return parts
        self.step = min(max(self.step, 0), len(steps) - 1)
        at = steps[self.step]
        headings = [part for part in parts[:at] if isinstance(part, forms.Heading)]
        return [*headings[-1:], parts[at]]

    def _put(
        self, grid: QGridLayout, part: forms.Question | forms.Repeat | forms.Heading, place: int,
        other: Mapping[str, str],
    ) -> int:
        """Put a part into the grid of two columns; the next free place."""
        if isinstance(part, forms.Question) and part.kind not in _WIDE and not self.single:
            grid.addWidget(self._field(part, other), place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
            return place + 1
        place += place % 2
        if isinstance(part, forms.Question):
            grid.addWidget(self._field(part, other), place // 2, 0, 1, 2)
            return place + 2
        grid.addWidget(label(part.label, "section"), place // 2, 0, 1, 2)
        place += 2
        if isinstance(part, forms.Repeat):
            grid.addWidget(self._table(part), place // 2, 0, 1, 2)
            place += 2
        return place

    def _field(self, asked: forms.Question, other: Mapping[str, str], *, labelled: bool = True) -> Asked:
        field = input_for(asked, self.say, self.lang, known.offered(self._facts, asked.ref))
        if other.get(asked.ref, asked.label) != asked.label:
            field.label.setText(f"{field.label.text()}\n{other[asked.ref]}")
        field.label.setVisible(labelled)
        if isinstance(field, Attachment):
            field.keep = lambda name, body: self._keep(asked.ref, name, body)
        if not isinstance(field, Note):
            field.on_left(lambda: self.take(asked.ref))
            self.fields[asked.ref] = field
        if field.edit is not None:
            field.edit.returnPressed.disconnect()
            field.edit.returnPressed.connect(lambda: self._next(asked.ref))
        return field

    def _table(self, repeat: forms.Repeat) -> QWidget:
        if not repeat.counted:
            self.repeats.append(repeat.ref)
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, asked in enumerate(repeat.rows[0] if repeat.rows else ()):
            grid.addWidget(label(f"{asked.label}{' *' if asked.required else ''}"), 0, column)
        for line, questions in enumerate(repeat.rows, start=1):
            for column, asked in enumerate(questions):
                grid.addWidget(self._field(asked, {}, labelled=False), line, column, Qt.AlignmentFlag.AlignTop)
            if not repeat.counted:
                remove = _plain(lambda line=line: self.remove_row(repeat.ref, line - 1),  # type: ignore[misc]
                                self.say("ui.remove_row"))
                grid.addWidget(remove, line, len(questions), Qt.AlignmentFlag.AlignTop)
        if not repeat.counted:
            more = _plain(lambda: self.add_row(repeat.ref), self.say("ui.add_row"))
            grid.addWidget(more, len(repeat.rows) + 1, 0)
        return made

    def _show_progress(self, parts: list[forms.Question | forms.Repeat | forms.Heading]) -> None:
        asked = [one for one in _every(parts) if one.kind != "note"]
        self.progress.setMaximum(max(1, len(asked)))
        self.progress.setValue(sum(bool(one.value) for one in asked))

    def take(self, ref: str) -> None:
        """Hand an answer to the engine as its field is left; draw anew when other questions depend on it."""
        field = self.fields.get(ref)
        if field is None:
            return
        before = self.parts()
        if field.answer(self.today) == field.asked.value:
            return
        self.filling.answer(ref, field.answer(self.today))
        after = self.parts()
        if _asked(before) != _asked(after):
            self.draw()
        else:
            self._tell(ref, after)
        self.answered.emit()

    def _tell(self, ref: str, parts: list[forms.Question | forms.Repeat | forms.Heading]) -> None:
        """What is wrong beside the question, and a date as it was understood."""
        self._show_progress(parts)
        for question in _every(parts):
            if question.ref == ref:
                field = self.fields[ref]
                field.asked = question
                field.wrong(question.error)
                if question.kind == "date" and not question.error:
                    field.set(field.shown(question.value))

    def take_all(self) -> None:
        """What is in the fields now is the answer, also in the one that still has the cursor."""
        for ref in list(self.fields):
            field = self.fields.get(ref)
            if field is not None:
                self.filling.answer(ref, field.answer(self.today))

    def show_errors(self, errors: list[tuple[str, str]]) -> None:
        """Beside each question, with the cursor in the first; one at a time, its question comes up."""
        if self.single:
            order = [part for part in self.parts() if not isinstance(part, forms.Heading)]
            first = errors[0][0]
            self.step = next((place for place, part in enumerate(order) if first.startswith(part.ref)), self.step)
        self.draw()
        for ref, said in errors:
            if ref in self.fields:
                self.fields[ref].wrong(said)
        if errors[0][0] in self.fields:
            self.fields[errors[0][0]].input.setFocus()

    def add_row(self, ref: str) -> None:
        self.take_all()
        self.filling.add_repeat(ref)
        self.answered.emit()
        self.draw()
        rows = [name for name in self.fields if name.startswith(f"{ref}[")]
        if rows:
            last = rows[-1][: rows[-1].index("]", len(ref)) + 1]
            self.fields[next(name for name in rows if name.startswith(last))].input.setFocus()

    def remove_row(self, ref: str, place: int) -> None:
        self.take_all()
        self.filling.remove_repeat(ref, place)
        self.answered.emit()
        self.draw()

    def one_by_one(self) -> None:
        """One page, or one question at a time."""
        self.take_all()
        self.single = not self.single
        self.draw()
        self.begin()

    def both_languages(self) -> None:
        self.take_all()
        self.both = not self.both
        self.draw()

    def speak(self, lang: str) -> None:
        self.take_all()
        self.lang = lang
        self.draw()

    def begin(self) -> bool:
        """Put the cursor where work begins; whether there is such a place."""
        first = next((field for field in self.fields.values() if not field.value()), None)
        first = first or next(iter(self.fields.values()), None)
        if first is not None:
            first.input.setFocus()
        return first is not None

    def back(self) -> None:
        """One question at a time: the one before."""
        self.take_all()
        self.step -= 1
        self.draw()
        self.begin()

    def chain(self, after: QWidget) -> None:
        """Tab goes from question to question and then to `after`."""
        stops = [*(field.input for field in self.fields.values()), after]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _next(self, ref: str) -> None:
        """Enter: the next field, the next question, or the end."""
        refs = list(self.fields)
        if ref in refs[:-1]:
            self.fields[refs[refs.index(ref) + 1]].input.setFocus()
            return
        steps = sum(not isinstance(part, forms.Heading) for part in self.parts())
        if self.single and self.step < steps - 1:
            self.take_all()
            self.step += 1
            self.draw()
            self.begin()
        else:
            self.over.emit()


def _plain(clicked: Callable[[], object], text: str) -> QWidget:
    made = button(clicked)
    made.setText(text)
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


def _every(parts: list[forms.Question | forms.Repeat | forms.Heading]) -> list[forms.Question]:
    found: list[forms.Question] = []
    for part in parts:
        if isinstance(part, forms.Question):
            found.append(part)
        elif isinstance(part, forms.Repeat):
            found += [question for row in part.rows for question in row]
    return found


def _asked(parts: list[forms.Question | forms.Repeat | forms.Heading]) -> list[tuple[object, ...]]:
    """What decides how it is drawn: which questions, their choices, and the calculated values in them."""
    return [(one.ref, one.label, one.readonly, one.required, one.choices, one.value if one.readonly else "")
            for one in _every(parts)]
