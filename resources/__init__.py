"""Data that travels with the program: fonts, icons, forms, packs, words, theme."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path


def path(name: str) -> Path:
    """The file `name` ("fonts/NotoSansBengali-Regular.ttf") among the resources."""
    return Path(__file__).parent / name


@cache
def lists() -> Mapping[str, bytes]:
    """The lists beside the forms, by the address that a form gives them."""
    return {"jr://file-csv/places.csv": path("packs/places.csv").read_bytes()}
