"""How far a form is: a bar with its figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from kiosk.screens.inputs import Ways
from kiosk.screens.outline import Part, answerable
from kiosk.screens.parts import label


class Progress(QWidget):
    """Answered of asked, as a bar and in figures."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(150, 10)
        self.figures = label(name="muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.bar)
        line.addWidget(self.figures)

    def show_count(self, parts: Sequence[Part], ways: Ways) -> None:
        asked = answerable(parts)
        done = sum(bool(one.value) for one in asked)
        self.bar.setMaximum(max(1, len(asked)))
        self.bar.setValue(done)
        self.figures.setText(ways.digits(f"{done}/{len(asked)}"))
