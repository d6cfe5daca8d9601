"""The files that a written form names (pictures, sound, film): which are missing or can't be shown, with their rows.

They lie beside the form, or in the folder `media` beside it. For whoever writes forms; the counter does not need it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from forms.authoring import Finding, Row, Source
from forms.media import LARGEST
from forms.sheets import Sheets

FOLDER = "media"
_COLUMN = re.compile(r"(?:media *::? *)?(image|big-image|audio|video)(?: *::? *.+)?", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|bmp)$", re.IGNORECASE)
_TRAVELS = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,70}")  # what a pack may be called, with room for what stands before


def named(row: Row) -> Iterator[tuple[str, str]]:
    """Column and file of a row's files; what depends on answers is known only later."""
    for column, cell in row.items():
        if _COLUMN.fullmatch(column.strip()) and cell.strip() and "${" not in cell:
            yield column, cell.strip()


def beside(form: Path) -> dict[str, Path]:
    """What lies beside a form, by name in small letters; links lead nowhere."""
    places = [form.parent, form.parent / FOLDER]
    files = [file for folder in places if folder.is_dir() and not folder.is_symlink() for file in folder.iterdir()]
    return {file.name.lower(): file for file in files if file.is_file() and not file.is_symlink()}


def tell(source: Source, files: Mapping[str, Path]) -> list[Finding]:
    """A warning for each file that is missing or can't be shown."""
    found = []
    for sheet in ("survey", "choices"):
        for place, row in zip(source.places.get(sheet, []), source.sheets.get(sheet, []), strict=False):
            for column, name in named(row):
                word, facts = _wrong(name, files.get(name.lower()), column)
                if word:
                    found.append(Finding(word, sheet, place, column, {"file": name, **facts}, warning=True))
    return found


def _wrong(name: str, file: Path | None, column: str) -> tuple[str, dict[str, str]]:
    if not _TRAVELS.fullmatch(name):
        return "media_name", {}
    if file is None:
        return "no_media", {"folder": FOLDER}
    if "image" in column.lower() and not _PICTURE.search(name):
        return "odd_media", {}
    size = file.stat().st_size
    if size > LARGEST:
        return "large_media", {"kilobytes": f"{size / 1000:.0f}", "most": f"{LARGEST // 1000}"}
    return "", {}


def bring(form: Sheets, source: Path, target: Path) -> list[str]:
    """Copy the files that a form names from beside `source` into the folder `media` beside `target`; those copied."""
    there, copied = beside(source), []
    for name in dict.fromkeys(name for rows in form.values() for row in rows for _column, name in named(row)):
        file = there.get(name.lower())
        if file is None or _wrong(name, file, "")[0]:
            continue
        folder = target.parent / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        if file.resolve() != (folder / name).resolve():
            shutil.copyfile(file, folder / name)
        copied.append(name)
    return copied
