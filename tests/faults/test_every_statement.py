"""The power is cut at every SQL statement of a visit, a sync, a refund and a day close (./run faults)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.sandbox import Sandbox
from tests.kiosk.test_power import every_cut


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("work", ["visit", "sync", "refund", "close"])
def test_a_cut_at_every_statement(tmp_path: Path, sandbox: Sandbox, work: str) -> None:
    every_cut(tmp_path, sandbox, work, 10_000)
