"""Copies of the work store: whole, encrypted as it is, made while the counter serves, thinned as they grow old.

A backup is a folder: the store, the key envelopes and a manifest with their hashes. It is written beside its place and
renamed, so that one that was cut off is never taken for whole.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.store import engine
from kiosk.store.engine import Connection
from kiosk.store.schema import VERSION

_PREFIX, _STAMP = "udc-kiosk", "%Y%m%dT%H%M%SZ"
_MANIFEST, STORE, KEYS = "manifest.json", "work.db", "keys.json"
_KEEP = (("%Y%m%d", 7), ("%Y%m", 12), ("%Y", 5))  # of the latest days, months and years the newest copy each
_PAGES = 256  # copied at a time; the counter writes in between


class BadBackup(Exception):
    """A folder that can't be restored from; `reason` picks the words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole copy: where it lies, whose it is, when it was made, how far its journal had come."""

    folder: Path
    code: str
    made_at: datetime
    seq: int
    head: str


def make(connection: Connection, key: bytes, keys: Path, place: Path, code: str, at: datetime) -> Backup:
    """Copy the store behind `connection` into a new folder of `place`, with the envelopes in `keys`.

    Raises:
        OSError, DatabaseError: the place is full or gone; nothing half is left that looks whole.
    """
    name = f"{_PREFIX}-{code}-{at.astimezone(UTC).strftime(_STAMP)}"
    draft = place / f"{name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        _copy(connection, key, draft / STORE)
        shutil.copyfile(keys, draft / KEYS)
        seq, head = _head(draft / STORE, key)
        manifest = {
            "code": code, "made_at_utc": at.astimezone(UTC).isoformat(), "schema": VERSION, "seq": seq, "head": head,
            "files": {one: _hash(draft / one) for one in (STORE, KEYS)},
        }
        (draft / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        _sync(draft)
        draft.replace(place / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return read(place / name)


def read(folder: Path) -> Backup:
    """The backup in `folder`, its files checked against the manifest.

    Raises:
        BadBackup: `backup_not_one`, `backup_incomplete`, `backup_altered`, `newer_store`.
    """
    if not (folder / _MANIFEST).exists():
        raise BadBackup("backup_not_one", str(folder))
    try:
        told: Mapping[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        hashes = dict(told["files"])
        made = Backup(folder, str(told["code"]), datetime.fromisoformat(told["made_at_utc"]), int(told["seq"]),
                      str(told["head"]))
        schema = int(told["schema"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadBackup("backup_incomplete", str(error)) from error
    if schema > VERSION:
        raise BadBackup("newer_store")
    for name in (STORE, KEYS):
        if not (folder / name).exists():
            raise BadBackup("backup_incomplete", name)
        if _hash(folder / name) != hashes.get(name):
            raise BadBackup("backup_altered", name)
    return made


def known(place: Path) -> list[Path]:
    """The folders of whole backups in `place`, oldest first."""
    found = place.glob(f"{_PREFIX}-*Z")
    return sorted(one for one in found if (one / _MANIFEST).exists())


def thin(place: Path, code: str) -> list[Path]:
    """Remove what is not the newest of its day, month or year any more; what was removed."""
    mine = {folder: _moment(folder) for folder in known(place) if f"-{code}-" in folder.name}
    gone = [folder for folder in mine if folder not in to_keep(mine)]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return gone


def to_keep(copies: Mapping[Path, datetime]) -> set[Path]:
    """Which copies stay: the newest of each of the last 7 days, 12 months and 5 years that have one."""
    newest_first = sorted(copies, key=lambda folder: copies[folder], reverse=True)
    keep: set[Path] = set()
    for form, most in _KEEP:
        seen: dict[str, Path] = {}
        for folder in newest_first:
            seen.setdefault(copies[folder].strftime(form), folder)
        keep |= set(list(seen.values())[:most])
    return keep


def sticks() -> list[Path]:
    """USB sticks that are there now."""
    if sys.platform == "win32":
        letters = (Path(f"{letter}:\\") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ")
        return [drive for drive in letters if ctypes.windll.kernel32.GetDriveTypeW(str(drive)) == 2]
    user = os.environ.get("USER", "")
    roots = [Path("/media") / user, Path("/run/media") / user] if user else [Path("/media")]
    return [stick for root in roots if root.is_dir() for stick in _mounted(root.iterdir())]


def _mounted(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in sorted(folders) if folder.is_mount() and os.access(folder, os.W_OK)]


def _copy(source: Connection, key: bytes, target: Path) -> None:
    copy = engine.connect(target, key=key)
    try:
        source.backup(copy, pages=_PAGES, sleep=0.002)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()


def _head(store: Path, key: bytes) -> tuple[int, str]:
    copy = engine.connect(store, key=key, read_only=True)
    try:
        found = copy.execute("SELECT seq, head FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return (int(found[0]), str(found[1])) if found else (0, "")
    finally:
        copy.close()


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())


def _moment(folder: Path) -> datetime:
    return datetime.strptime(folder.name.rsplit("-", 1)[1], _STAMP).replace(tzinfo=UTC)
