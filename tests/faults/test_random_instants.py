"""A thousand power cuts at random instants under load: 0 lost, 0 doubled, 0 imbalances (./run faults)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync.sandbox import Sandbox
from tests.kiosk.test_power import ROOT, first_morning

ROUNDS = int(os.environ.get("UDC_KIOSK_KILLS", "1000"))


@pytest.mark.timeout(3600)
def test_the_power_goes_at_any_instant(tmp_path: Path, sandbox: Sandbox) -> None:
    home = tmp_path / "home"
    first_morning(home, sandbox)
    sandbox.set_float("ekpay", 10_000_000_00)
    asked = [sys.executable, "-m", "tests.faults.load", str(home), json.dumps(sandbox.portals()), str(ROUNDS), "1"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    sys.stdout.write(f"{told}\n")
    assert told["wrong"] == []
    assert told["kills"] == ROUNDS
    assert told["acknowledged"] > ROUNDS / 2
    keys = [effect["key"] for effect in sandbox.books.effects()]
    assert len(keys) == len(set(keys)) > 0
