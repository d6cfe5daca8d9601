"""For the catalogue's tests: the shipped packs built once, and copies of them to be spoilt."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from kiosk.catalogue import packs
from resources import path

SHIPPED = path("packs")


def spoilt(folder: Path, file: str, change: Callable[[str], str], *, sealed: bool = True) -> Path:
    """A copy of the shipped packs in which one file was changed."""
    copy = folder / "packs"
    shutil.copytree(SHIPPED, copy)
    before = (copy / file).read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the change changed nothing"
    (copy / file).write_text(after, encoding="utf-8")
    if sealed:
        packs.seal(copy)
    return copy
