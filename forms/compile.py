"""Turns the XLSForms in resources/forms (Markdown tables) into XForms, when a pack is made and never at the counter.

    python -m forms.compile              every form, each in its usual shape and its XForm beside it
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from forms import blocks, sheets
from resources import path


def compile_one(source: Path) -> str:
    """The XForm of the XLSForm in `source`, its blocks put in."""
    return to_xform(whole(sheets.read(source.read_text(encoding="utf-8"))))


def whole(form: sheets.Sheets) -> sheets.Sheets:
    """The form with its shared blocks in their places."""
    return blocks.expand(form, block)


def to_xform(form: sheets.Sheets) -> str:
    """The XForm of a whole form, as pyxform makes it."""
    from pyxform.xls2xform import convert  # noqa: PLC0415 a development dependency

    xform: str = convert(xlsform=sheets.write(blocks.unmarked(form)), file_type=".md", pretty_print=True).xform
    return xform


@lru_cache(maxsize=100)
def block(name: str) -> sheets.Sheets:
    """A shared block. Raises: LookupError: there is none."""
    source = path(f"forms/blocks/{name}.md")
    if not source.is_file():
        raise LookupError(f"there is no block {name}")
    return sheets.read(source.read_text(encoding="utf-8"))


def sources() -> list[Path]:
    """Every form's text, sorted."""
    return sorted(path("forms").glob("*.md"))


def shaped(form: sheets.Sheets) -> str:
    """The form as text in its usual shape: an include says only what its block does not."""
    return sheets.write(blocks.fold(whole(form), block))


def compile_all() -> list[Path]:
    """Write each form anew in its usual shape, and its XForm beside it; what was written."""
    written = []
    for source in sources():
        source.write_text(shaped(sheets.read(source.read_text(encoding="utf-8"))), encoding="utf-8")
        target = source.with_suffix(".xml")
        target.write_text(compile_one(source), encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
