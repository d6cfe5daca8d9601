"""The packs on this machine: those that came with the program, or newer ones that came over the line.

Arrived files are laid over what is there, checked as a whole and built beside the catalogue in use: what can't be used
changes nothing.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

from kiosk.catalogue import build, packs
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.packs import PackError
from kiosk.store.engine import DatabaseError
from resources import path

_FOLDER = "packs"


def opened(home: Path) -> Catalogue:
    """The catalogue of the newest packs, made again when its file is of others."""
    folder, target = newest(home), home / "catalogue.db"
    for before in home.glob("catalogue-*.db"):
        before.unlink(missing_ok=True)
    wanted = packs.version(folder)
    if target.exists():
        try:
            there = Catalogue(target)
            if there.version == wanted:
                return there
            there.close()
        except DatabaseError:
            pass  # a damaged catalogue is only a copy of the packs
    build.build(folder, target)
    return Catalogue(target)


def newest(home: Path) -> Path:
    """The folder of the packs that hold."""
    came, shipped = home / _FOLDER / "current", path("packs")
    try:
        return came if packs.published(came) > packs.published(shipped) else shipped
    except PackError:
        return shipped


def coming(home: Path) -> Path:
    """Where arriving files wait for the rest."""
    return home / _FOLDER / "arriving"


def put(home: Path, catalogue: Catalogue, arrived: Mapping[str, Path], published: str) -> str:
    """Lay the arrived files over the packs that hold, and go on with them; the version.

    Raises:
        PackError: they can't be used, or change what was; everything stays as it was.
    """
    draft, current = home / _FOLDER / "draft", home / _FOLDER / "current"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(newest(home), draft)
    for name, file in arrived.items():
        if not packs.is_pack(name):
            raise PackError(name, 0, "is not a pack of this program")
        shutil.copyfile(file, draft / name)
    _refuse_changed_fees(newest(home), draft)
    packs.seal(draft, published)
    version = packs.version(draft)
    target = home / f"catalogue-{version}.db"
    build.build(draft, target)
    shutil.rmtree(current, ignore_errors=True)
    draft.replace(current)
    catalogue.renew(target)
    return version


def _refuse_changed_fees(before: Path, after: Path) -> None:
    """A receipt names the fee row that it was priced by: what that row said stays."""
    known = _fees(before)
    for version, prices in _fees(after).items():
        if known.get(version, prices) != prices:
            raise PackError("fees.csv", 0, f"{version} had other prices before")


def _fees(folder: Path) -> dict[str, tuple[str, str]]:
    try:
        with (folder / "fees.csv").open(encoding="utf-8", newline="") as rows:
            return {row["version"]: (row["official_poisha"], row["charge_poisha"]) for row in csv.DictReader(rows)}
    except (ValueError, KeyError, csv.Error) as error:
        raise PackError("fees.csv", 0, str(error)) from error
