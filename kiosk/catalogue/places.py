"""Makes the pack of places (resources/packs/places.csv) out of Bangladesh Geocode's tables, its defects put right.

    python -m kiosk.catalogue.places FOLDER      FOLDER holds divisions.json, districts.json, upazilas.json, unions.json

A place is named by its level and its number there: d division, z district (zila), u upazila, n union. Forms take the
pack as an external list whose rows lead from one to the next by `parent`; `label` has both spellings, so that typing
finds a place by either.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from resources import path

COLUMNS = ("name", "parent", "label", "flag")
_LEVELS = (
    ("d", "divisions", "", ""), ("z", "districts", "d", "division_id"),
    ("u", "upazilas", "z", "district_id"), ("n", "unions", "u", "upazilla_id"),
)
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\ufeff"))


@dataclass(frozen=True, slots=True)
class Place:
    """`flag` says what is doubtful: `twice N` of one that is not offered, else in the words of a correction."""

    name: str
    parent: str
    bn: str
    en: str
    flag: str = ""

    @property
    def row(self) -> tuple[str, str, str, str]:
        return self.name, self.parent, f"{self.bn} · {self.en}", self.flag


def clean(text: str) -> str:
    """NFC (the two ways to write য়, ড়, ঢ় become one), no unseen marks, single spaces, a space before a bracket."""
    seen = unicodedata.normalize("NFC", text).translate(_UNSEEN)
    return " ".join(seen.replace("(", " (").split()).replace("( ", "(")


def read(folder: Path) -> list[Place]:
    """The four tables, level by level."""
    return [
        Place(f"{mark}{row['id']}", f"{above}{row[key]}" if above else "0", clean(row["bn_name"]), clean(row["name"]))
        for mark, table, above, key in _LEVELS for row in _table(folder / f"{table}.json")
    ]


def _table(file: Path) -> list[Mapping[str, str]]:
    """The rows in an export of phpMyAdmin."""
    parts = json.loads(file.read_text(encoding="utf-8"))
    found: list[Mapping[str, str]] = next(part["data"] for part in parts if part["type"] == "table")
    return found


def corrected(places: Iterable[Place], corrections: Iterable[Mapping[str, str]]) -> list[Place]:
    """The places after the rows that `add` one, `move` one under another parent, or `flag` one as doubtful.

    Raises:
        KeyError: a row names a place that there is not.
    """
    by_name = {place.name: place for place in places}
    for row in corrections:
        if row["do"] == "add":
            by_name[row["name"]] = Place(row["name"], row["parent"], clean(row["bn"]), clean(row["en"]))
        elif row["do"] == "move":
            by_name[row["name"]] = replace(by_name[row["name"]], parent=by_name[row["parent"]].name)
        else:
            by_name[row["name"]] = replace(by_name[row["name"]], flag=row["source"])
    return sorted(by_name.values(), key=_order)


def _order(place: Place) -> tuple[int, int]:
    return "dzun".index(place.name[0]), int(place.name[1:])


def flagged(places: Iterable[Place]) -> Iterator[Place]:
    """A place that its upazila has twice is kept, but nowhere (`-`), so that it is offered once."""
    first: dict[tuple[str, str, str], str] = {}
    for place in places:
        named = first.setdefault((place.parent, place.bn, place.en), place.name)
        yield place if named == place.name else replace(place, parent="-", flag=f"twice {named}")


def make(folder: Path, corrections: Path, target: Path) -> None:
    with corrections.open(encoding="utf-8", newline="") as rows:
        places = corrected(read(folder), csv.DictReader(rows))
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(place.row for place in flagged(places))


if __name__ == "__main__":
    make(Path(sys.argv[1]), path("places/corrections.csv"), path("packs/places.csv"))
