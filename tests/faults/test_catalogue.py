"""Every fault of docs/faults.md at every step of every kind of operation (./run faults)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.catalogue import STEPS, Fault, Step, faults
from tests.faults.cell import tried
from tests.faults.certificates import Certificates
from tests.faults.fixtures import certificates, like

__all__ = ["certificates", "like"]
_FAULTS = faults()
_CELLS = [(fault, step) for fault in _FAULTS for step in STEPS if step.fits(fault)]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="resets, kills and full discs are Linux's here")


@pytest.fixture(scope="module")
def score() -> Iterator[Counter[str]]:
    """How many steps of each kind of request held, told at the end as a table."""
    held: Counter[str] = Counter()
    yield held
    portals = sorted({step.name.partition(".")[0] for step in STEPS})
    lines = [f"\n{'fault':20}" + "".join(f"{name:>16}" for name in portals)]
    for fault in dict.fromkeys(fault.name for fault, _step in _CELLS):
        counts = [
            f"{held[f'{fault} {name}']} of "
            f"{sum(one.name == fault and step.name.startswith(name) for one, step in _CELLS)}" for name in portals
        ]
        lines.append(f"{fault:20}" + "".join(f"{count:>16}" for count in counts))
    sys.stdout.write("\n".join([*lines, f"{held.total()} of {len(_CELLS)} cells held", ""]))


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("fault", "step"), [pytest.param(fault, step, id=f"{fault.name}@{step.name}") for fault, step in _CELLS]
)
def test_nothing_is_lost_and_nothing_is_done_twice(
    fault: Fault, step: Step, like: Path, tmp_path: Path, certificates: Certificates, monkeypatch: Any,
    score: Counter[str],
) -> None:
    assert tried(fault, step, like, tmp_path, certificates, monkeypatch) == []
    score[f"{fault.name} {step.name.partition('.')[0]}"] += 1


def test_the_catalogue_is_whole() -> None:
    assert len(_FAULTS) >= 30
    assert Counter(fault.name for fault in _FAULTS).most_common(1)[0][1] == 1
