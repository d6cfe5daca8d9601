"""Measures the forms engine that is importable here on the forms in a folder; prints JSON (see engines.py).

It leans on nothing of the project but `forms`, so that another version can be measured with it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import forms

_TODAY, _NOW = date(2026, 1, 15), datetime(2026, 1, 15, 4, tzinfo=UTC)


def _opened(folder: Path, name: str) -> Any:
    return forms.load((folder / f"{name}.xml").read_bytes()).fill(today=_TODAY, now=_NOW)


def _each(work: Callable[[int], object], times: int, first: int = 0) -> list[float]:
    found = []
    for number in range(first, first + times):
        began = time.perf_counter()
        work(number)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _resident() -> float:
    """MiB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return int(status.read_text(encoding="utf-8").split("VmRSS:")[1].split()[0]) / 1024


def measure(folder: Path) -> dict[str, list[float]]:
    """Milliseconds of each run, by what was done; `memory` in MiB."""
    before = _resident()
    long = _opened(folder, "long")
    long.questions("en")
    found = {"memory": [_resident() - before], "load": _each(lambda _number: _opened(folder, "long"), 5)}
    sums = _opened(folder, "sums")

    def stroke(number: int) -> None:
        sums.answer("/data/n", str(number))
        sums.questions("en")

    stroke(0)
    found["keystroke"] = _each(stroke, 100, 1)
    found["recompute"] = _each(lambda number: sums.answer("/data/n", str(number)), 100, 1000)
    places = _opened(folder, "places")
    places.answer("/data/district", "d1")

    def choose(number: int) -> None:
        places.answer("/data/upazila", f"u{number * 2 + 1}")
        assert len(places.look("/data/union").choices) == 10

    found["cascade"] = _each(choose, 100)
    rows = _opened(folder, "rows")
    for _number in range(98):
        rows.add_repeat("/data/row")
    found["hundredth"] = _each(lambda _number: rows.add_repeat("/data/row"), 5)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))))
