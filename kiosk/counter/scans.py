"""The folder that the scanner (or the camera's own program) saves into: what came last is what is wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_SHEETS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".pdf"})
_SOUND = frozenset({".mp3", ".m4a", ".aac", ".amr", ".3gp", ".ogg", ".opus", ".wav", ".flac", ".mp4", ".webm"})
_FILM = frozenset({".mp4", ".3gp", ".webm", ".mov", ".avi", ".mkv", ".ogv"})
_PLACES = (  # where Windows Scan, Fax and Scan, Camera, and simple-scan put their files
    "Pictures/Scans", "Documents/Scanned Documents", "Pictures/Camera Roll", "Scans", "Pictures", "Documents",
)
_MOST_LOOKED_AT = 2_000  # names in the folder


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that lies in the folder."""

    path: Path
    at: datetime
    size: int  # bytes


def folder(wanted: str = "", home: Path | None = None) -> Path | None:
    """The folder that is watched: the one in the settings, else the first that there is; None without any."""
    if wanted:
        return Path(wanted) if Path(wanted).is_dir() else None
    around = home or Path.home()
    return next((around / place for place in _PLACES if (around / place).is_dir()), None)


def endings(media: str) -> frozenset[str]:
    """How the names of files end that a question of this type (image/*, audio/*, ...) may take."""
    known = {"audio": _SOUND, "video": _FILM, "application": _SHEETS | _SOUND | _FILM}
    return known.get(media.partition("/")[0], _SHEETS)


def newest(place: Path, count: int = 9, media: str = "") -> list[Scan]:
    """The last files in a folder that such a question may take, newest first; one that is still empty is left out."""
    found = sorted(_scans(place, endings(media)), key=lambda scan: (scan.at, scan.path.name), reverse=True)
    return found[:count]


def _scans(place: Path, wanted: frozenset[str]) -> Iterator[Scan]:
    try:
        with os.scandir(place) as entries:
            for _place, entry in zip(range(_MOST_LOOKED_AT), entries, strict=False):
                if Path(entry.name).suffix.lower() not in wanted or not entry.is_file():
                    continue
                told = entry.stat()
                if told.st_size:
                    yield Scan(Path(entry.path), datetime.fromtimestamp(told.st_mtime, UTC), told.st_size)
    except OSError:
        return
