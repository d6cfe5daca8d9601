"""What an operator waits for in a form: a letter, an answer that 200 calculations hang on, a list of 5,000 places."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

import forms
from forms.compile import compile_one
from kiosk.screens.parts import scrolled
from kiosk.screens.questions import Questions
from kiosk.screens.theme import dress
from kiosk.words import words
from tests.bench.timing import say, timed, told
from tests.conftest import TestClock

_TODAY = date(2026, 11, 23)
_RUNS = 60


def main() -> None:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(application)
    with tempfile.TemporaryDirectory() as folder:
        calculates(Path(folder))
        places(Path(folder))


def _form(folder: Path, survey: str, files: dict[str, bytes] | None = None) -> Questions:
    source = f"{survey}| settings |  |  |\n|  | form_title | form_id |\n|  | পরিমাপ | measure |\n"
    (folder / "measure.md").write_text(source, encoding="utf-8")
    form = forms.load(compile_one(folder / "measure.md").encode(), files or {})
    filling = form.fill(today=_TODAY, now=TestClock()())
    asking = Questions(filling, words("bn"), "bn", _TODAY, {}, lambda _ref, name, _body: name)
    asking.answered.connect(asking.filling.draft)
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(scrolled(asking))
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    asking.window_kept = window  # type: ignore[attr-defined]
    return asking


def calculates(folder: Path) -> None:
    """30 questions, 200 calculations in chains on the first, 20 of them shown."""
    lines = ["| survey |  |  |  |  |", "|  | type | name | label | calculation |"]
    lines += [f"|  | integer | q{place} | প্রশ্ন {place} |  |" for place in range(30)]
    for place in range(200):
        before = f"${{c{place - 1}}}" if place % 10 else "${q0}"
        lines.append(f"|  | calculate | c{place} |  | {before} + {place} * ${{q0}} |")
    lines += [f"|  | note | n{place} | ফল {place}: ${{c{place * 10 + 9}}} |  |" for place in range(20)]
    asking = _form(folder, "\n".join(lines) + "\n")
    first = asking.fields["/data/q0"].edit
    assert first is not None
    keys, answers = [], []
    for run in range(_RUNS):
        first.setFocus()
        first.selectAll()
        keys.append(timed(partial(_key, first, _digit(run))))
        answers.append(timed(partial(_key, first, Qt.Key.Key_Return)))
    say(f"a key to its letter on the screen, 200 calculations: {told(keys)}")
    say(f"Enter to all 200 recomputed, drawn and written as a draft: {told(answers)}")


def _digit(run: int) -> Qt.Key:
    return Qt.Key(Qt.Key.Key_1.value + run % 9)


def _key(where: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(where, key)
    QApplication.processEvents()


def places(folder: Path) -> None:
    """A letter into a list of 5,000 places, until what fits stands under it."""
    csv = "name,label\n" + "\n".join(f"u{place},নমুনা ইউনিয়ন {place}" for place in range(5_000))
    survey = "| survey |  |  |  |\n|  | type | name | label |\n|  | select_one_from_file places.csv | place | জায়গা |\n"
    opened: list[Questions] = []
    took = timed(lambda: opened.append(_form(folder, survey, {"jr://file-csv/places.csv": csv.encode()})))
    edit = opened[0].fields["/data/place"].edit
    assert edit is not None
    edit.setFocus()
    typed = []
    for run in range(_RUNS):
        if run % 4 == 0:
            edit.clear()
        typed.append(timed(partial(_key, edit, _digit(run))))
    say(f"a form with a list of 5,000, compiled, loaded and drawn: {took:.0f} ms; "
        f"a letter to what fits: {told(typed)}")


if __name__ == "__main__":
    main()
