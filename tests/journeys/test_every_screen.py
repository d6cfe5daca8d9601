"""Every screen at the sizes of the field's laptops, in both languages: nothing is cut, hidden or out of reach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kiosk.app import App
from kiosk.screens.window import Window
from sync.sandbox import Sandbox
from tests.conftest import TestClock
from tests.journeys import every_screen
from tests.journeys.conftest import at_work
from tests.journeys.seen import faults

SIZES = ((1024, 600), (1366, 768))  # without pictures the wide one in Bangla, and forms at the narrow one alone:
# test_at_the_counter.py sees the largest of them at both
PICTURES = os.environ.get("UDC_PICTURES", "")  # a folder: pictures of all that is seen are left there


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, sandbox: Sandbox) -> Iterator[Window]:
    """A supervisor at a counter whose ekPay can't be asked by key, so that a lost answer wants a person."""
    addresses = sandbox.portals()
    portals = {**addresses, "ekpay": {"address": addresses["ekpay"], "lacks": ["query_by_key", "batch"]}}
    with at_work(qapp, App(tmp_path / "home", portals=portals, clock=TestClock())) as made:
        yield made


def looked_at(window: Window, walk: Iterator[str]) -> list[str]:
    """What is wrong anywhere on the way."""
    found = []
    for name in walk:
        for language in range(2):
            for size in SIZES if PICTURES or not (language or name.startswith("form")) else SIZES[:1]:
                where = f"{name}-{size[0]}-{window.desk.lang}"
                window.resize(*size)
                settled()
                least = window.minimumSizeHint().expandedTo(window.size())  # one that was not resized has not grown yet
                if least.toTuple() != size:
                    found.append(f"{where}: the window is {least.toTuple()}")
                found += [f"{where}: {fault}" for fault in faults(window)]
                if PICTURES:
                    Path(PICTURES).mkdir(parents=True, exist_ok=True)
                    window.grab().save(str(Path(PICTURES) / f"{where}.png"))
            window.switch_language()
            settled()
    return found


def settled() -> None:
    """As after a moment: what was to be deleted is, what was to be laid out stands."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _turn in range(8):  # a question that grows is told from sheet to sheet up to the window
        QApplication.processEvents()


@pytest.mark.timeout(400)
def test_nothing_is_cut_or_out_of_reach_on_any_screen(window: Window, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    found = looked_at(window, every_screen.day(window, sandbox, tmp_path / "stick"))
    assert not found, "\n".join(found)


def test_nothing_is_cut_at_the_first_run(first_run: Window) -> None:
    found = looked_at(first_run, every_screen.first_run(first_run))
    assert not found, "\n".join(found)
