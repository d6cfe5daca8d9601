"""Editions of the packs: in each a product costs a taka more than in the one before."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

from kiosk.catalogue import packs, shelf
from kiosk.catalogue.catalogue import Catalogue
from resources import path

_DEARER = "p0150"  # nobody orders it
AT_NAGORIK = "character"
BEFORE = "2098-01-01T00:00:00Z"  # after what came with the program, before any edition


def edition(number: int) -> str:
    """When this edition came out: after whatever came with the program."""
    return f"2099-01-{number:02d}T00:00:00Z"


@cache
def files(number: int) -> dict[str, str]:
    """Its packs: one of many pieces, and a small one."""
    rows = _rows("products.csv")
    for row in rows:
        if row["id"] == _DEARER:
            row["price_poisha"] = str(int(row["price_poisha"]) + 100 * number)
    return {"products.csv": _text(rows), "rules.json": path("packs/rules.json").read_text(encoding="utf-8")}


def nagorik_takes_one() -> dict[str, str]:
    """The pack by which a service goes to Nagorik Sheba."""
    return {"services.csv": _text(
        [row | ({"portal": "nagorik"} if row["id"] == AT_NAGORIK else {}) for row in _rows("services.csv")]
    )}


def on_the_shelf(home: Path) -> int:
    """Which edition holds by its seal; 0 is the program's own."""
    holds = packs.published(shelf.newest(home))
    return int(holds[8:10]) if holds[:4] == "2099" else 0


def in_use(catalogue: Catalogue) -> int:
    """Which edition the counter takes its prices from."""
    shipped = next(int(row["price_poisha"]) for row in _rows("products.csv") if row["id"] == _DEARER)
    return (catalogue.product(_DEARER).price_poisha - shipped) // 100


def _rows(pack: str) -> list[dict[str, str]]:
    with path(f"packs/{pack}").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(rows: list[dict[str, str]]) -> str:
    target = io.StringIO()
    written = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
    written.writeheader()
    written.writerows(rows)
    return target.getvalue()
