"""The real window: as it is at the first run, and with a supervisor at the counter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pyxform.xls2xform import convert

import forms
from forms.compile import compile_one
from kiosk.app import App
from kiosk.demo.hands import Hands
from kiosk.screens.main import opened
from kiosk.screens.questions import Questions
from kiosk.screens.theme import dress
from kiosk.screens.window import Window
from kiosk.sync_once import sync_once
from kiosk.words import words
from sync.sandbox import Sandbox
from tests.conftest import CHEAP, PIN, TestClock
from tests.journeys.everything import EVERYTHING

TODAY = date(2026, 11, 23)


class Strays(QObject):
    """Every window that comes up beside the counter's: one that nobody asked for takes the keyboard away."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        if (event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and not isinstance(watched, Window)
                and watched.windowType() is Qt.WindowType.Window):
            self.seen.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@contextmanager
def shown(qapp: QApplication, app: App) -> Iterator[Window]:
    """The window of `app`, gone for good afterwards."""
    strays = Strays()
    qapp.installEventFilter(strays)
    made = opened(qapp, app)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    made.screen_shown.shown()
    app.start()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    qapp.removeEventFilter(strays)
    assert strays.seen == []


@contextmanager
def at_work(qapp: QApplication, app: App, who: str = "নমুনা সুপারভাইজার") -> Iterator[Window]:
    """The window of a new `app`, unlocked by its first supervisor."""
    app.create_first(who, PIN, CHEAP)
    with unlocked(qapp, app) as made:
        yield made


@contextmanager
def unlocked(qapp: QApplication, app: App) -> Iterator[Window]:
    """The window of `app`, whose supervisor types the PIN."""
    with shown(qapp, app) as made:
        hands = Hands(made)
        hands.write(PIN)
        hands.press("Enter")
        hands.wait(lambda: made.screen_shown.name == "serve", "the counter")
        yield made


@contextmanager
def with_form(
    qapp: QApplication, folder: Path, sandbox: Sandbox, xlsform: str, files: Mapping[str, bytes] | None = None
) -> Iterator[Window]:
    """At work, where the packs brought another form for the certificate of nationality, and files with it."""
    home = folder / "home"
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"publishers": sandbox.publishers()}), encoding="utf-8")
    app = App(home, portals=sandbox.portals(), clock=TestClock())
    app.create_first("নমুনা সুপারভাইজার", PIN, CHEAP)
    xml = convert(xlsform=xlsform, file_type=".md").xform.encode()
    sandbox.publisher.publish({"form-nationality.xml": xml, **(files or {})}, "2099-01-01T00:00:00Z")
    sync_once(app)
    with unlocked(qapp, app) as made:
        yield made


@pytest.fixture
def first_run(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """Nobody is there yet."""
    with shown(qapp, App(tmp_path / "home", portals=sandbox.portals(), clock=TestClock())) as made:
        yield made


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """A supervisor has unlocked the counter."""
    app = App(tmp_path / "home", portals=sandbox.portals(), clock=TestClock())
    with at_work(qapp, app) as made:
        yield made


@contextmanager
def alone(qapp: QApplication, made: Questions) -> Iterator[Questions]:
    """Questions in a window of their own."""
    dress(qapp)
    made.resize(900, 700)
    made.show()
    made.activateWindow()
    yield made
    made.deleteLater()


@pytest.fixture
def asking(qapp: QApplication, tmp_path: Path) -> Iterator[Questions]:
    """A form with every kind of question, alone; the scanner's folder is `scans`."""
    (tmp_path / "everything.md").write_text(EVERYTHING, encoding="utf-8")
    (tmp_path / "scans").mkdir()
    form = forms.load(compile_one(tmp_path / "everything.md").encode())
    filling = form.fill(today=TODAY, now=TestClock()())
    files: dict[str, bytes] = {}

    def keep(ref: str, name: str, body: bytes) -> str:
        files[ref] = body
        return name

    with alone(qapp, Questions(filling, words("bn"), "bn", TODAY, {}, keep, kept=lambda ref: files.get(ref, b""),
                               scans=tmp_path / "scans")) as made:
        yield made
