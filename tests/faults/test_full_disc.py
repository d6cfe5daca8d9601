"""The disc is full at any write: a clear word, nothing lost, and work goes on when there is room (./run faults)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sync.sandbox import Sandbox
from tests.kiosk.test_power import ROOT, first_morning

_SMALL_DISC = """
mount -t tmpfs -o size=12m none "$1" && cp -r "$2"/. "$1" && exec "$3" -m tests.faults.full_disc "$1" "$4"
"""


def can_mount() -> bool:
    """Whether this system lets us make a small disc for ourselves."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    asked = ["unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.timeout(1800)
@pytest.mark.skipif(not can_mount(), reason="no small disc can be mounted here")
def test_a_disc_that_fills_up_at_any_write(tmp_path: Path, sandbox: Sandbox) -> None:
    home, disc = tmp_path / "home", tmp_path / "disc"
    first_morning(home, sandbox)
    disc.mkdir()
    for room in (*range(0, 64 * 1024, 4096), *range(64 * 1024, 512 * 1024, 28 * 1024)):
        asked = ["unshare", "-Urm", "sh", "-c", _SMALL_DISC, "sh", str(disc), str(home), sys.executable, str(room)]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{room} bytes: {done.stderr[-2000:]}"
        told = json.loads(done.stdout)
        assert "full" in told["said"], told
        assert told["findings"] == []
        assert told["kept"] == told["acknowledged"]
        assert told["again"] == told["kept"] + 1
