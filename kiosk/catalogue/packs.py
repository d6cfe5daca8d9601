"""Packs: the public facts that may change without a release, as reviewable rows, sealed by their hashes.

    python -m kiosk.catalogue.packs      seals resources/packs after an edit
"""

from __future__ import annotations

import base64
import csv
import fnmatch
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from forms.media import LARGEST
from kiosk.catalogue import windows
from kiosk.catalogue.catalogue import Input
from resources import path

_SEAL = "packs.json"
FILES = (
    "authorities.json", "billers.json", "fees.csv", "municipalities.json", "places.csv",
    "products.csv", "rules.json", "services.csv",
)
_PORTAL = re.compile(r"[a-z][a-z0-9_]{0,19}")
FORMS = "form-*.xml"  # form definitions that came over the line; those of the program lie in resources/forms
MEDIA = "media-*"  # what goes with them: a form's a.png is the pack media-a.png
_MEDIA = re.compile(r"media-[a-z0-9][a-z0-9_.-]*\.(png|jpe?g|webp|gif|bmp|csv|xml|geojson)")
_PARAMS: Mapping[str, Mapping[str, type]] = {  # what the tests of rules (kiosk/counter/rules.py) are given
    "float_min": {"min_poisha": int}, "per_bill_limit": {"limit_poisha": int}, "per_day_limit": {"limit_poisha": int},
    "bills_per_payer_day": {"limit": int}, "minutes_after_fee": {"minutes": int},
    "days_since": {"answer": str, "days": int}, "days_since_left": {"answer": str, "days": int, "left": int},
}
_LARGEST_MEDIA, _MOST_MEDIA = LARGEST, 30_000_000  # bytes: of one file, of all
Row = Mapping[str, Any]


class PackError(Exception):
    """A pack can't be used: which file, which row, why. The catalogue that was there stays."""

    def __init__(self, file: str, row: int, reason: str) -> None:
        super().__init__(f"{file}, row {row}: {reason}" if row else f"{file}: {reason}")
        self.file = file
        self.row = row
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Packs:
    """Everything in a folder of packs, checked."""

    version: str
    services: tuple[Row, ...]
    fees: tuple[Row, ...]
    billers: tuple[Row, ...]
    rules: tuple[Row, ...]
    municipalities: tuple[Row, ...]
    products: tuple[Row, ...]
    places: tuple[Row, ...]
    forms: tuple[Row, ...]
    media: tuple[Row, ...]


def is_pack(name: str) -> bool:
    """Whether a file may be one of the packs."""
    return name in FILES or fnmatch.fnmatchcase(name, FORMS) or _MEDIA.fullmatch(name) is not None


def read(folder: Path) -> Packs:
    """The packs in `folder`.

    Raises:
        PackError: a file is missing, was changed after sealing, or has a row that can't be right.
    """
    seal = _sealed(folder)
    services = tuple(_csv(folder, "services.csv", _once(_service, "id")))
    known = {row["id"] for row in services}

    def fee(row: Row) -> Row:
        if row["service_id"] not in known:
            raise ValueError(f"there is no service {row['service_id']}")
        return _fee(row)

    fees = tuple(_csv(folder, "fees.csv", _once(fee, "version")))
    unpriced = known - {row["service_id"] for row in fees if not (row["office"] or row["variant"] or row["until"])}
    if unpriced:
        raise PackError("fees.csv", 0, f"no fee in force for {', '.join(sorted(unpriced))}")
    return Packs(
        str(seal["version"]), services, fees,
        tuple(_json(folder, "billers.json", "billers", _once(_biller, "id"))),
        tuple(_json(folder, "rules.json", "rules", _once(_rule, "id"))),
        tuple(_json(folder, "municipalities.json", "municipalities", _once(_check_portal, "id"))),
        tuple(_csv(folder, "products.csv", _once(_product, "id"))),
        tuple(_csv(folder, "places.csv", _place_check())), tuple(_forms(folder)),
        tuple(_media(folder)),
    )


def seal(folder: Path, published: str = "") -> None:
    """Write the seal: a hash of each file, a version made of them, and since when they hold (a UTC stamp or day)."""
    names = _names(folder)
    hashes = {name: _hash(folder / name) for name in names}
    version = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()[:12]
    text = json.dumps({"version": version, "published": published, "files": hashes}, indent=1)
    (folder / _SEAL).write_text(f"{text}\n", encoding="utf-8")


def _names(folder: Path) -> tuple[str, ...]:
    """The files that are sealed."""
    return (*FILES, *sorted(file.name for kind in (FORMS, MEDIA) for file in folder.glob(kind)))


def version(folder: Path) -> str:
    """The sealed version, without reading the packs."""
    return str(_seal_of(folder)["version"])


def published(folder: Path) -> str:
    """Since when the packs in `folder` hold; "" where the seal does not say. Raises: PackError."""
    return str(_seal_of(folder).get("published", ""))


def _sealed(folder: Path) -> Row:
    told = _seal_of(folder)
    for name in _names(folder):
        if not (folder / name).exists():
            raise PackError(name, 0, "missing")
        if told["files"].get(name) != _hash(folder / name):
            raise PackError(name, 0, "was changed after it was sealed")
    return told


def _seal_of(folder: Path) -> Row:
    try:
        told = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        if isinstance(told, dict) and isinstance(told["files"], dict) and "version" in told:
            return told
    except (OSError, ValueError, KeyError) as error:
        raise PackError(_SEAL, 0, str(error)) from error
    raise PackError(_SEAL, 0, "not a seal")


def _hash(file: Path) -> str:
    # Line ends are a matter of how the file was checked out, not of what it says.
    body = file.read_bytes()
    return hashlib.sha256(body if _MEDIA.fullmatch(file.name) else body.replace(b"\r\n", b"\n")).hexdigest()


def _csv(folder: Path, name: str, check: Callable[[Row], Row]) -> Iterator[Row]:
    try:
        rows = list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))
    except (ValueError, csv.Error) as error:
        raise PackError(name, 0, str(error)) from error
    for place, row in enumerate(rows, start=2):
        yield _checked(name, place, row, check)


def _json(folder: Path, name: str, key: str, check: Callable[[Row], Row]) -> Iterator[Row]:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))[key]
    except (ValueError, KeyError, TypeError) as error:
        raise PackError(name, 0, str(error)) from error
    for place, row in enumerate(found, start=1):
        yield _checked(name, place, row, check)


def _forms(folder: Path) -> Iterator[Row]:
    """Definitions that can be opened, by their names."""
    lists = {"jr://file-csv/places.csv": (folder / "places.csv").read_bytes()}
    for file in folder.glob(f"{MEDIA}.csv"):
        lists[f"jr://file-csv/{file.name.removeprefix('media-')}"] = file.read_bytes()
    for file in sorted(folder.glob(FORMS)):
        import forms  # noqa: PLC0415 slow to import, and seldom needed at the start

        text = file.read_text(encoding="utf-8")
        try:
            forms.load(text.encode(), lists)
        except forms.BadForm as error:
            raise PackError(file.name, 0, str(error)) from error
        yield {"id": file.stem.removeprefix("form-"), "xml": text}


def _media(folder: Path) -> Iterator[Row]:
    """Files of forms, by their names; what they hold is looked at when it is shown."""
    room = _MOST_MEDIA
    for file in sorted(folder.glob(MEDIA)):
        size = file.stat().st_size
        room -= size
        if not _MEDIA.fullmatch(file.name):
            raise PackError(file.name, 0, "is not a file that forms may have")
        if size > _LARGEST_MEDIA or room < 0:
            raise PackError(file.name, 0, f"more than {(_LARGEST_MEDIA if room >= 0 else _MOST_MEDIA) // 1000} kB")
        yield {"id": file.name.removeprefix("media-"), "body": base64.b64encode(file.read_bytes()).decode()}


def _checked(name: str, place: int, row: Row, check: Callable[[Row], Row]) -> Row:
    try:
        return check(row)
    except (ValueError, KeyError, TypeError) as error:
        raise PackError(name, place, str(error)) from error


def _once(check: Callable[[Row], Row], name: str) -> Callable[[Row], Row]:
    """`check`, and that no row before had the same `name`."""
    seen: set[Any] = set()

    def checked(row: Row) -> Row:
        if row[name] in seen:
            raise ValueError(f"{row[name]} is there twice")
        seen.add(row[name])
        return check(row)

    return checked


def _service(row: Row) -> Row:
    _check_portal(row)
    papers, facts = ([one for one in text.split(";") if one] for text in (row["papers"], row.get("facts", "")))
    flags = {name: row[name] == "1" for name in ("one_time_code", "a_challan", "belief")}
    told = {"papers": papers, "facts": facts, "popularity": int(row["popularity"]), "form_id": row["form_id"]}
    return {**row, **flags, **told}


def _check_portal(row: Row) -> Row:
    """Packs from before 2026-11 have no such column; an empty one means what it meant then (catalogue.py)."""
    if row.get("portal") and not _PORTAL.fullmatch(row["portal"]):
        raise ValueError(f"portal is {row['portal']!r}")
    return row


def _fee(row: Row) -> Row:
    date.fromisoformat(row["from"])
    if row["until"]:
        date.fromisoformat(row["until"])
    flags = {name: row[name] == "1" for name in ("belief", "sample", "assessed")}
    amounts = {name: _poisha(row[name]) for name in ("official_poisha", "charge_poisha")}
    return {**row, **flags, **amounts}


def _product(row: Row) -> Row:
    _check_portal(row)
    numbers = {name: _poisha(row[name]) for name in ("price_poisha", "charge_poisha", "stock", "popularity")}
    return {**row, **numbers}


def _place_check() -> Callable[[Row], Row]:
    """A place comes after the one that it lies in; a division in `0`, what is not offered in `-` (places.py)."""
    seen = {"0", "-"}

    def checked(row: Row) -> Row:
        if row["parent"] not in seen:
            raise ValueError(f"there is no place {row['parent']} above {row['name']}")
        if not row["label"].strip() or not unicodedata.is_normalized("NFC", row["label"]):
            raise ValueError(f"the label of {row['name']} is empty or not NFC")
        seen.add(row["name"])
        return row

    return _once(checked, "name")


def _biller(row: Row) -> Row:
    if row["mode"] not in ("postpaid", "prepaid", "challan"):
        raise ValueError(f"mode is {row['mode']}")
    for asked in row["inputs"]:
        Input(**asked)
    return {**row, "charge_poisha": _poisha(row["charge_poisha"]), "popularity": int(row["popularity"])}


def _rule(row: Row) -> Row:
    date.fromisoformat(row["since"])
    if row["answer"] not in ("warn", "call_back", "refuse"):
        raise ValueError(f"answer is {row['answer']}")
    if row["test"] in windows.TESTS and not windows.is_sound(**row["params"]):
        raise ValueError(f"params are {row['params']}")
    params = {"left": 0, **row["params"]}
    for name, kind in _PARAMS.get(row["test"], {}).items():
        if type(params[name]) is not kind or (kind is int and params[name] < 0):
            raise ValueError(f"params are {row['params']}")
    return row


def _poisha(value: Any) -> int:
    number = int(value)
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number


if __name__ == "__main__":
    seal(path("packs"), datetime.now(UTC).date().isoformat())
