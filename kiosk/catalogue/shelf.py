"""The packs on this machine: those that came with the program, or newer ones that came over the line.

Arrived files are laid over what is there, checked as a whole and built beside the catalogue in use: what can't be used
changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from kiosk.catalogue import build, packs
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.packs import PackError
from kiosk.store.engine import DatabaseError
from resources import path

_FOLDER = "packs"
_NAME = 12  # letters


def opened(home: Path) -> Catalogue:
    """The catalogue of the newest packs that can be used, made again when its file is of others. Packs that the power
    left damaged are dropped: they come again."""
    for before in home.glob("catalogue-*.db"):
        before.unlink(missing_ok=True)
    for folder in _arrived(home):
        try:
            return _of(folder, home / "catalogue.db")
        except PackError:
            shutil.rmtree(folder)
    return _of(path("packs"), home / "catalogue.db")


def _of(folder: Path, target: Path) -> Catalogue:
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
    return next(iter(_arrived(home)), path("packs"))


def _arrived(home: Path) -> list[Path]:
    """The folders of packs that came and are newer than the program's, the newest first; each is named after
    its date. One without its seal is what is left of one that was being thrown away."""
    shipped = packs.published(path("packs"))
    sealed = [file.parent for file in (home / _FOLDER).glob(f"{'[0-9a-f]' * _NAME}/packs.json")]
    dated = sorted(((_published(folder), folder) for folder in sealed), reverse=True)
    return [folder for published, folder in dated if published > shipped]


def _published(folder: Path) -> str:
    try:
        return packs.published(folder)
    except PackError:
        return ""


def coming(home: Path) -> Path:
    """Where arriving files wait for the rest."""
    return home / _FOLDER / "arriving"


def put(home: Path, catalogue: Catalogue, arrived: Mapping[str, Path], published: str) -> str:
    """Lay the arrived files over the packs that hold, and go on with them; the version.

    Raises:
        PackError: they can't be used, or change what was; everything stays as it was.
    """
    draft, before = home / _FOLDER / "draft", newest(home)
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(before, draft)
    for name, file in arrived.items():
        if not packs.is_pack(name):
            raise PackError(name, 0, "is not a pack of this program")
        shutil.copyfile(file, draft / name)
    _refuse_changed_fees(before, draft)
    packs.seal(draft, published)
    version = packs.version(draft)
    target = home / f"catalogue-{version}.db"
    build.build(draft, target)
    _hold(home, draft, published)
    catalogue.renew(target)
    return version


def _hold(home: Path, draft: Path, published: str) -> None:
    """From the moment of the renaming these hold. Those before them stay for as long, should the power leave these
    damaged."""
    folder = home / _FOLDER / hashlib.sha256(published.encode()).hexdigest()[:_NAME]
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)
    kept = _arrived(home)[:2]
    for other in (home / _FOLDER).glob("[0-9a-f]" * _NAME):
        if other not in kept:
            shutil.rmtree(other, ignore_errors=True)


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
