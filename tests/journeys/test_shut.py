"""A counter that can't be opened says so beside the PIN, instead of doing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.demo.hands import Hands
from kiosk.screens.main import opened
from kiosk.screens.window import Window
from tests.conftest import CHEAP, PIN, TestClock


@pytest.fixture
def shut(tmp_path: Path, qapp: QApplication) -> Iterator[Window]:
    """A window on a home whose first supervisor was made before."""
    first = App(tmp_path / "home", clock=TestClock())
    first.create_first("নমুনা অপারেটর", PIN, CHEAP)
    first.stop()
    app = App(tmp_path / "home", clock=TestClock())
    window = opened(qapp, app)
    window.show()
    yield window
    window.close()
    window.deleteLater()
    app.stop()


@pytest.mark.parametrize(("damage", "said"), [(b"", "ব্যাকআপ"), (b"not a store " * 500, "ব্যাকআপ")])
def test_a_damaged_store_is_told_beside_the_pin(shut: Window, damage: bytes, said: str) -> None:
    for file in shut.desk.app.folder.glob("work.db*"):
        file.unlink()
    (shut.desk.app.folder / "work.db").write_bytes(damage)
    hands, screen = Hands(shut), shut.screen_shown
    assert screen.name == "unlock"
    hands.write(PIN)
    hands.press("Enter")
    found: Any = screen
    assert said in found.pin.problem.text()
    assert shut.screen_shown is screen
