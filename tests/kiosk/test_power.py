"""The power is cut in the middle of a visit, a sync, a refund: nothing is lost, nothing doubled, `verify` says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app import App
from kiosk.counter.records import LineState
from kiosk.sync_once import sync_once
from kiosk.verify import verify
from sync.sandbox import Sandbox
from tests.conftest import CHEAP, PIN

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the power is cut with SIGKILL")


def die(home: Path, sandbox: Sandbox, work: str, at: int) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "tests.kiosk.dying", str(home), json.dumps(sandbox.portals()), work, str(at)]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)


def first_morning(home: Path, sandbox: Sandbox) -> None:
    app = App(home, portals=sandbox.portals())
    app.create_first("নমুনা অপারেটর", PIN, CHEAP)
    sync_once(app, 1)
    app.stop()


def points(length: int, most: int) -> list[int]:
    """At most `most` statements spread over `length`."""
    spread = {1 + place * max(1, length - 1) // max(1, most - 1) for place in range(most)}
    return sorted(spread & set(range(1, length + 1)))


def every_cut(tmp_path: Path, sandbox: Sandbox, work: str, most: int) -> None:
    """Cut `work` at `most` statements, each time on a copy of the same store; then go on as after a restart."""
    before = tmp_path / "before"
    first_morning(before, sandbox)
    if work != "visit":
        assert die(before, sandbox, "visit", 0).returncode == 0
    if work == "refund":
        sandbox.fail_next("ekpay.fetch", "refuse")
        assert die(before, sandbox, "sync", 0).returncode == 0
    counted = die(shutil.copytree(before, tmp_path / "count"), sandbox, work, 0)
    assert counted.returncode == 0, counted.stderr
    for at in points(int(counted.stdout), most):
        home = Path(shutil.copytree(before, tmp_path / f"cut-{at}"))
        assert die(home, sandbox, work, at).returncode == -9
        go_on(home, sandbox)


def go_on(home: Path, sandbox: Sandbox) -> None:
    """After the cut: the store proves itself, and so it does when the line has been there."""
    app = App(home, portals=sandbox.portals())
    app.unlock(next(iter(app.home.envelopes.names())), PIN)
    try:
        assert verify(app.store.connection()) == []
        sync_once(app, 3)
        assert verify(app.store.connection()) == []
        states = {row["state"] for row in app.store.rows("SELECT state FROM lines WHERE state <> 'draft'")}
        assert states <= {LineState.CONFIRMED, LineState.REFUND_DUE, LineState.REFUNDED}
    finally:
        app.stop()


@pytest.mark.parametrize("work", ["visit", "sync", "refund", "close"])
def test_a_cut_at_any_of_several_points_loses_and_doubles_nothing(tmp_path: Path, sandbox: Sandbox, work: str) -> None:
    every_cut(tmp_path, sandbox, work, 6)
    keys = [effect["key"] for effect in sandbox.books.effects()]
    assert len(keys) == len(set(keys))
