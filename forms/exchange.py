"""Service forms out to a workbook and in again, for a civil servant who writes in Excel. Not for the counter.

What goes out is a whole XLSForm that any tool reads, its shared blocks put in and marked; what comes in is folded back
(forms/blocks.py), so that the text is the same again where nothing was changed. Files that a
form names go along (enclosed.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from forms import blocks, enclosed, sheets, workbook
from forms.compile import block, to_xform, whole
from forms.sheets import BadText, Sheets
from resources import path

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """`changed` are the blocks that the workbook has otherwise: they stay in the form as its own rows."""

    text: Path
    xform: Path
    changed: tuple[str, ...]


def give_out(name: str, target: Path) -> None:
    """Write the form `name` to `target`, .xlsx or .md.

    Raises:
        LookupError: there is no such form.
        BadText: the target is neither.
    """
    source = path(f"forms/{name}.md")
    if not _NAME.fullmatch(name) or not source.is_file():
        raise LookupError(f"there is no form {name}")
    form = whole(sheets.read(source.read_text(encoding="utf-8")))
    if target.suffix == ".xlsx":
        target.write_bytes(workbook.write(form))
    elif target.suffix == ".md":
        target.write_text(sheets.write(blocks.unmarked(form)), encoding="utf-8")
    else:
        raise BadText(f"{target.name}: only .xlsx and .md are written")
    enclosed.bring(form, source, target)


def take_in(file: Path, folder: Path) -> TakenIn:
    """Write the form in a workbook as text into `folder`, under its form_id, and its XForm beside it.

    Raises:
        BadText: it is no form, or has no form_id; nothing is written.
        PyXFormError: pyxform refuses it; nothing is written.
    """
    came = workbook.read(file.read_bytes())
    form = blocks.fold(came, block)
    name = form_id(form)
    xform = to_xform(whole(form))
    text = folder / f"{name}.md"
    text.write_text(sheets.write(form), encoding="utf-8")
    text.with_suffix(".xml").write_text(xform, encoding="utf-8")
    enclosed.bring(came, file, text)
    kept = {row["type"].removeprefix("include ") for row in form["survey"]}
    marked = dict.fromkeys(row[blocks.MARK].partition(" ")[0] for row in came["survey"] if row.get(blocks.MARK))
    return TakenIn(text, text.with_suffix(".xml"), tuple(name for name in marked if name not in kept))


def form_id(form: Sheets) -> str:
    """Raises: BadText: there is none, or it could not name a file."""
    settings = form.get("settings") or [{}]
    name = settings[0].get("form_id", "")
    if not _NAME.fullmatch(name):
        raise BadText("settings: form_id is small letters, digits and _, beginning with a letter")
    return name
