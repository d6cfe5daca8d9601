"""An input for a question that is answered in writing: text, figures, dates, times, places; and what all inputs share.

Choices are in choosing.py, files and signatures in filing.py, all by kind in kinds.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

import forms
from forms.media import NONE as NO_FILES
from kiosk import bangla
from kiosk.counter import known, written
from kiosk.marked import rich
from kiosk.screens.parts import Field, mood
from kiosk.screens.pictures import CHOICE, File, Illustration, decoded

Say = Callable[..., str]
_NEAR = 1e-6  # of a step
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Ways:
    """What inputs lean on: words and their language, the day, what is known of the citizen, where files come from.

    `keep` takes a file (ref, name, bytes) and gives the name that is answered, or raises a CounterError when it can't
    be used; `kept` gives its bytes. `scans` is the folder that the scanner saves into. `place` asks a receiver, which
    takes its time. `file` gives what came along with the form, by its name.
    """

    say: Say
    lang: str
    today: date
    facts: Mapping[str, str] = field(default_factory=dict)
    keep: Callable[[str, str, bytes], str] = lambda _ref, name, _body: name
    kept: Callable[[str], bytes] = lambda _ref: b""
    scans: Path | None = None
    place: Callable[[], str] | None = None
    file: File = lambda _name: None

    def digits(self, text: str) -> str:
        return bangla.digits(text) if self.lang == "bn" else text


class Asked(Field):
    """A question's label, input and problem. Enter goes on, Shift+Enter back; Down takes a known fact.

    `left` comes when the operator is done with it; `forward` and `backward` ask for the next question.
    """

    left = Signal()
    forward = Signal()
    backward = Signal()

    def __init__(self, asked: forms.Question, ways: Ways) -> None:
        self.asked, self.ways = asked, ways
        self.known = known.offered(ways.facts, asked.ref)
        self.born = ""  # the date of birth that stands in the same group
        self.unseen: list[str] = []  # choices' pictures that can't be shown
        self.illustration: Illustration | None = None
        super().__init__(asked.ref)
        self.label.setWordWrap(True)
        for stop in self.stops():
            stop.installEventFilter(self)
        if self.edit is not None:
            self.edit.textEdited.connect(self._written)
        self.renew(asked)

    def stops(self) -> list[QWidget]:
        """The widgets that the cursor stops at."""
        return [self.input]

    def is_open(self) -> bool:
        """Whether it still asks for something: an answer, or a better one."""
        return not self.answer() or bool(self.asked.error)

    def has_cursor(self) -> bool:
        return any(stop.hasFocus() for stop in self.stops())

    def _edit(self) -> QWidget:
        self.edit = QLineEdit()
        self.edit.returnPressed.connect(self.forward)
        return self.edit

    def renew(self, asked: forms.Question, other: str = "", error: str = "") -> None:
        """Show the question as it stands now; what is being typed stays. `other` is its label in a second language."""
        self.asked = asked
        star = ' <span style="color:#9b1c1c">*</span>' if asked.required and not asked.readonly else ""
        hint = f'<br><span style="color:#51625a">{rich(asked.hint)}</span>' if asked.hint else ""
        second = f'<br><span style="color:#51625a">{rich(other)}</span>' if other and other != asked.label else ""
        text = f"{rich(asked.label)}{star}{second}{hint}"
        if text != self.label.text():
            self.label.setText(text)
            self.label.setToolTip(rich(asked.guidance))
        self._illustrate()
        if self.input.isEnabled() == asked.readonly:
            self.input.setEnabled(not asked.readonly)
        if self.edit is not None:
            self.edit.setPlaceholderText(f"↓ {self.known}" if self.known else self._example())
        if not self._is_being_written():
            self.set(self.shown(asked.value))
        self.wrong(asked.error or error)
        if asked.absent:
            self.wrong(self.ways.say("ui.list_absent", name=asked.absent), soft=True)
        elif not (asked.error or error):
            self._doubt()

    def _illustrate(self) -> None:
        """What goes with the label, under it; of the choices' files what can only be named."""
        asked, say = self.asked, self.ways.say
        sound = [name for one in asked.choice_files for name in (one.audio, one.video) if name]
        if not asked.files and not sound and not self.unseen and self.illustration is None:
            return
        if self.illustration is None:
            self.illustration = Illustration(say, self.ways.file)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(1, self.illustration)
        more = [say(word, names=", ".join(dict.fromkeys(names)))
                for word, names in (("ui.choice_sound", sound), ("ui.choice_unseen", self.unseen)) if names]
        self.illustration.show_files(asked.files, more)

    def picture_of(self, place: int) -> QPixmap | None:
        """The picture of a choice, if it has one that can be shown."""
        files = self.asked.choice_files[place] if place < len(self.asked.choice_files) else NO_FILES
        name = files.image or files.big_image
        if not name:
            return None
        found = decoded(self.ways.file(name), CHOICE)
        if isinstance(found, QPixmap):
            return found
        self.unseen.append(name)
        return None

    def _is_being_written(self) -> bool:
        return self.edit is not None and self.edit.hasFocus() and self.edit.isModified()

    def _example(self) -> str:
        asked = self.asked
        example = written.example(asked.kind, asked.appearance)
        if asked.kind == "range" and asked.bounds:
            example = " – ".join(f"{bound:g}" for bound in asked.bounds[:2])
        return self.ways.digits(example)

    def shown(self, value: str) -> str:
        return written.shown(value, self.asked.kind, self.asked.appearance, self.ways.lang)

    def answer(self) -> str:
        """What the engine is given: a date as ISO text, all else as it was written; what stands untouched stays."""
        if self.value() == self.shown(self.asked.value):
            return self.asked.value
        return written.read(self.value(), self.asked.kind, self.ways.today, self.asked.appearance)

    def settle(self) -> None:
        """The cursor goes: what is half chosen is chosen or given up."""

    def _written(self, _text: str) -> None:
        """Say while it is typed how it is understood."""
        self.wrong("")
        self._doubt(live=True)

    def _doubt(self, *, live: bool = False) -> None:
        """A warning that never stops anybody."""
        said = written.doubt(self.answer(), self.asked, self.ways.today, self.born, live=live)
        if said:
            word, facts = said
            self.wrong(self.ways.say(word, **facts), soft=True)
            mood(self.problem, "told" if word in written.TOLD else "soft")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if event.type() is QEvent.Type.FocusOut and watched in self.stops():
            self.settle()
            self.left.emit()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._pressed(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """A key in the input; whether it was meant for more than writing."""
        if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.backward.emit()
            else:
                self.settle()
                self.forward.emit()
            return True
        if event.key() == Qt.Key.Key_I and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            return self.illustration is not None and self.illustration.enlarge()
        if event.key() == Qt.Key.Key_Down and not event.modifiers() and self.edit is not None and self.take_known():
            return True
        return self._key(event)

    def _key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 the kinds look at it
        """A key of this kind of input; whether it was one."""
        return False

    def take_known(self) -> bool:
        """Answer with what is known, where nothing was answered; whether there was something."""
        if not self.known or self.value() or self.asked.readonly:
            return False
        self.set(self.shown(self.known))
        self.left.emit()
        return True


def digit_of(event: QKeyEvent) -> int:
    """The digit that was typed, Bangla or ASCII; 0 when it was none."""
    text = bangla.ascii_digits(event.text())
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    return int(text) if plain and len(text) == 1 and text in "123456789" else 0


class Figure(Asked):
    """A number of a range; the arrow keys step."""

    def _key(self, event: QKeyEvent) -> bool:
        up = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if up is None or self.asked.bounds is None or self.edit is None:
            return False
        low, high, step = self.asked.bounds
        now = _number(self.edit.text())
        there = (low if up > 0 else high) if now is None else min(max(now + up * step, low), high)
        self.edit.setText(self.ways.digits(f"{there:.10g}"))
        self.edit.setModified(True)
        return True

    def settle(self) -> None:
        """What the range has not is given up, and that is said."""
        written = self.edit.text().strip() if self.edit is not None else ""
        if self.edit is None or self.asked.bounds is None or not written or self._is_in_range(written):
            return
        self.edit.setText(self.shown(self.asked.value))
        self.edit.setModified(False)
        low, high, step = (self.ways.digits(f"{one:.10g}") for one in self.asked.bounds)
        self.wrong(self.ways.say("ui.not_in_range", text=written, low=low, high=high, step=step), soft=True)

    def _is_in_range(self, written: str) -> bool:
        number = _number(written)
        if number is None or self.asked.bounds is None:
            return False
        low, high, step = self.asked.bounds
        return low <= number <= high and abs((number - low) / step - round((number - low) / step)) < _NEAR


def _number(text: str) -> float | None:
    try:
        return float(bangla.ascii_digits(text))
    except ValueError:
        return None


class Note(Asked):
    """Something to read out; nothing is answered."""

    def _edit(self) -> QWidget:
        made = QWidget()
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.hide()
        return made

    def stops(self) -> list[QWidget]:
        return []

    def set(self, value: str) -> None:
        """Nothing is answered."""

    def answer(self) -> str:
        return self.asked.value


class Refused(Note):
    """What can't be taken here (a map that is drawn), and the question says so."""

    def renew(self, asked: forms.Question, other: str = "", error: str = "") -> None:
        super().renew(asked, other, error)
        self.wrong(self.ways.say("ui.no_osm"), soft=True)
