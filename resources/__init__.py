"""Data that travels with the program: fonts, icons, forms, packs, words, theme."""

from __future__ import annotations

from pathlib import Path


def path(name: str) -> Path:
    """The file `name` ("fonts/NotoSansBengali-Regular.ttf") among the resources."""
    return Path(__file__).parent / name
