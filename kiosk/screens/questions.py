"""A form on the screen: on one page, or one question at a time; errors beside the question, repeats as tables.

It draws what the engine says is to be asked and hands back each answer as its field is left; rules live in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

import forms
from kiosk.counter import written
from kiosk.screens.inputs import Asked, Say, Ways
from kiosk.screens.outline import Part, count, every, repeats, row_of, section_starts
from kiosk.screens.progress import Progress
from kiosk.screens.sheet import Sheet
from kiosk.words import words

_OTHER = {"bn": "en", "en": "bn"}


class Questions(QWidget):
    """`answered` comes after each answer, `drawn` when other questions are there, `over` when Enter is pressed in the
    last question."""

    answered = Signal()
    drawn = Signal()
    over = Signal()

    def __init__(
        self, filling: forms.Filling, say: Say, lang: str, today: date, facts: Mapping[str, str],
        keep: Callable[[str, str, bytes], str], *, kept: Callable[[str], bytes] = lambda _ref: b"",
        scans: Path | None = None, place: Callable[[], str] | None = None,
        file: Callable[[str], bytes | None] = lambda _name: None,
        attempt: Callable[[Callable[[], object]], object] = lambda work: work(),
    ) -> None:
        """`facts` are offered where they fit (counter/known.py); `attempt` does something and tells what goes wrong in
        it; the rest is as in `Ways`."""
        super().__init__()
        self.filling = filling
        self._attempt = attempt
        self.ways = Ways(say, lang, today, facts, keep, kept, scans, place, file)
        self.single = self.both = False
        self.step = 0
        self.fields: dict[str, Asked] = {}
        self.repeats: list[str] = []
        self._other: dict[str, str] = {}
        self._missing: dict[str, str] = {}
        self.progress = Progress()
        self._sections: Sequence[tuple[int, int]] = ()
        self.sheet = Sheet(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.sheet)
        self._begun = False

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 Qt's name
        """Inputs are made when all around them stands: each move of a parent would style them again."""
        if not self._begun:
            self._begun = True
            self._attempt(self.draw)
        super().showEvent(event)

    @property
    def other(self) -> Mapping[str, str]:
        """Labels in the second language, where both are shown."""
        return self._other

    @property
    def missing(self) -> Mapping[str, str]:
        """What to say of questions that were left out."""
        return self._missing

    def parts(self) -> list[Part]:
        return self.filling.questions(self.ways.lang)

    def draw(self, *, anew: bool = False) -> None:
        """Show what is asked now. `anew` makes every input again: the language or the way of asking has changed."""
        parts = self.parts()
        if self.both:
            self._other = {one.ref: one.label for one in every(self.filling.questions(_OTHER[self.ways.lang]))}
        self._sections = count(parts)
        self.progress.show_count(parts, self.ways)
        if anew:
            self._begin_sheet()
        self.sheet.show_parts(self._at_hand(parts))
        before = list(self.fields)
        self.fields = {field.asked.ref: field for field in self.sheet.fields() if field.stops()}
        self.repeats = [part.ref for part in repeats(parts) if not part.counted]
        self._tell_births(parts)
        if anew or before != list(self.fields):
            self.drawn.emit()

    def _begin_sheet(self) -> None:
        fresh = Sheet(self, single=self.single)
        self._layout.replaceWidget(self.sheet, fresh)
        self.sheet.hide()
        self.sheet.deleteLater()
        self.sheet = fresh

    def _tell_births(self, parts: list[Part]) -> None:
        """What a number's year is held against: the date of birth in the same group, unless a note there says it."""
        asked = list(every(parts))
        births = {one.ref.rpartition("/")[0]: one.value for one in asked if written.is_birth(one)}
        for group in (one.ref.rpartition("/")[0] for one in asked if one.ref.endswith("/year_differs")):
            births.pop(group, None)
        for ref, field in self.fields.items():
            born = births.get(ref.rpartition("/")[0], "")
            if field.born != born:
                field.born = born
                field.renew(field.asked, self._other.get(ref, ""), self._missing.get(ref, ""))

    def _at_hand(self, parts: list[Part]) -> list[Part]:
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

    def section_note(self, place: int) -> str:
        """How far a section is, to stand beside its heading."""
        if self.single or place >= len(self._sections):
            return ""
        done, of = self._sections[place]
        if not of:
            return ""
        text = self.ways.digits(f"{done}/{of}")
        return f' &nbsp;<span style="color:#51625a;font-weight:400">{"✓ " if done == of else ""}{text}</span>'

    def made(self, field: Asked) -> None:
        """An input was made: hear what happens in it."""
        field.left.connect(lambda: self.take(field.asked.ref))
        field.forward.connect(lambda: self._next(field.asked.ref))
        field.backward.connect(lambda: self._before(field.asked.ref))

    def take(self, ref: str) -> None:
        """Hand an answer to the engine as its field is left."""
        field = self.fields.get(ref)
        if field is None:
            return
        answer = field.answer()
        if field.edit is not None:
            field.edit.setModified(False)
        if answer == field.asked.value:
            return
        if answer:
            self._missing.pop(ref, None)
        self._attempt(lambda: self._hand_over(ref, answer))

    def _hand_over(self, ref: str, answer: str) -> None:
        self.filling.answer(ref, answer)
        self.draw()
        self.answered.emit()

    def take_all(self) -> None:
        """What is in the fields now is the answer, also in the one that still has the cursor."""
        for ref, field in list(self.fields.items()):
            field.settle()
            answer = field.answer()
            if answer != field.asked.value:
                self.filling.answer(ref, answer)

    def take_known(self) -> int:
        """Answer everything with what is known of the citizen, where nothing was written; how many it were."""
        taken = 0
        while more := sum(field.take_known() and bool(field.answer()) for field in list(self.fields.values())):
            taken += more  # an answer may bring up further questions
        return taken

    def known_count(self) -> int:
        return sum(bool(field.known and not field.value()) for field in self.fields.values())

    def show_errors(self, errors: list[tuple[str, str]]) -> None:
        """Beside each question, with the cursor in the first; one at a time, its question comes up."""
        self._missing = dict(errors)
        first = errors[0][0]
        if self.single:
            order = [part for part in self.parts() if not isinstance(part, forms.Heading)]
            self.step = next((place for place, part in enumerate(order) if first.startswith(part.ref)), self.step)
        self.draw(anew=self.single)
        if first in self.fields:
            self.fields[first].input.setFocus()

    def add_row(self, ref: str) -> None:
        self.take_all()
        self.filling.add_repeat(ref)
        self.answered.emit()
        self.draw()
        self._go_to_row(ref, max((row_of(name, ref) for name in self.fields), default=0))

    def _go_to_row(self, ref: str, row: int) -> None:
        first = next((field for name, field in self.fields.items() if row_of(name, ref) == row), None)
        if first is not None:
            first.input.setFocus()

    def remove_row(self, ref: str, place: int) -> None:
        self.take_all()
        self.filling.remove_repeat(ref, place)
        self._missing = {}
        self.answered.emit()
        self.draw()
        self._go_to_row(ref, max(1, place))

    def at(self) -> tuple[str, int] | None:
        """The repeat and the row (from 0) that the cursor is in, the innermost."""
        ref = next((name for name, field in self.fields.items() if field.has_cursor()), "")
        inside = [repeat for repeat in self.repeats if row_of(ref, repeat)]
        if not inside:
            return None
        repeat = max(inside, key=len)
        return repeat, row_of(ref, repeat) - 1

    def one_by_one(self) -> None:
        """One page, or one question at a time; the question with the cursor is at hand in both."""
        self.take_all()
        at = next((name for name, field in self.fields.items() if field.has_cursor()), "")
        self.single = not self.single
        order = [part for part in self.parts() if not isinstance(part, forms.Heading)]
        self.step = next((place for place, part in enumerate(order) if at and at.startswith(part.ref)), 0)
        self.draw(anew=True)
        if at in self.fields:
            self.fields[at].input.setFocus()
        else:
            self.begin()

    def both_languages(self) -> None:
        self.take_all()
        self.both = not self.both
        self._other = {}
        self.draw()

    def speak(self, lang: str) -> None:
        """The other language; answers, cursor and what is half written stay."""
        at = next((name for name, field in self.fields.items() if field.has_cursor()), "")
        self.take_all()
        self.ways = replace(self.ways, lang=lang, say=words(lang))
        self._missing = {ref: said for ref, said in self.filling.errors(lang) if ref in self._missing}
        self.draw(anew=True)
        if at in self.fields:
            self.fields[at].input.setFocus()

    def begin(self) -> bool:
        """Put the cursor where work begins; whether there is such a place."""
        asked = [field for field in self.fields.values() if not field.asked.readonly]
        first = next((field for field in asked if not field.value()), None) or next(iter(asked), None)
        if first is not None:
            first.input.setFocus()
        return first is not None

    def back(self) -> None:
        """One question at a time: the one before."""
        self.take_all()
        self.step -= 1
        self.draw(anew=True)
        self.begin()

    def section(self, by: int) -> None:
        """To the first question of the next section, or of the one before."""
        starts = section_starts(self.parts())
        order = list(self.fields)
        at = next((place for place, field in enumerate(self.fields.values()) if field.has_cursor()), 0)
        places = [order.index(ref) for ref in starts if ref in self.fields]
        there = [place for place in places if place > at] if by > 0 else [place for place in places[::-1] if place < at]
        if there:
            self.fields[order[there[0]]].input.setFocus()

    def _next(self, ref: str) -> None:
        """Enter: the next field, the next question, or the end."""
        self.take(ref)
        after = self._from(ref, 1)
        if after is not None:
            after.input.setFocus()
            return
        steps = sum(not isinstance(part, forms.Heading) for part in self.parts())
        if self.single and self.step < steps - 1:
            self.take_all()
            self.step += 1
            self.draw(anew=True)
            self.begin()
        else:
            self.over.emit()

    def _before(self, ref: str) -> None:
        before = self._from(ref, -1)
        if before is not None:
            before.input.setFocus()
        elif self.single and self.step:
            self.back()

    def _from(self, ref: str, by: int) -> Asked | None:
        """The question before; or the next one that is to be answered still: what is known already is passed over."""
        order = list(self.fields)
        if ref not in order:
            return None
        at = order.index(ref)
        rest = [self.fields[name] for name in (order[at + 1:] if by > 0 else order[:at][::-1])]
        return next((field for field in rest if not field.asked.readonly and (by < 0 or field.is_open())), None)
