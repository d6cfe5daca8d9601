"""A form as the window would show it, as a picture; no window is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt looks for a screen

from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

import forms
from kiosk.screens import theme
from kiosk.screens.questions import Questions
from kiosk.words import words

_WIDTH, _TALLEST, _ROOM = 900, 12_000, 24  # px


def picture(
    filling: forms.Filling, lang: str, today: date, target: Path,
    file: Callable[[str], bytes | None] = lambda _name: None,
) -> None:
    """Draw all questions that are asked now into a PNG; `file` gives what lies beside the form.

    Raises:
        OSError: it can't be written.
    """
    application = QApplication.instance() or QApplication(["preview"])
    assert isinstance(application, QApplication)
    theme.dress(application)
    page = QWidget()
    inside = QVBoxLayout(page)
    inside.setContentsMargins(_ROOM, _ROOM, _ROOM, _ROOM)
    inside.addWidget(Questions(filling, words(lang), lang, today, {}, lambda _ref, name, _body: name, file=file))
    inside.addStretch(1)
    around = QScrollArea()
    around.setWidgetResizable(True)
    around.setWidget(page)
    around.resize(_WIDTH, 400)
    around.show()
    application.processEvents()
    page.setFixedHeight(min(page.sizeHint().height(), _TALLEST))
    application.processEvents()
    if not page.grab().save(str(target)):
        raise OSError(0, f"{target} can't be written")
    around.hide()
    around.deleteLater()
