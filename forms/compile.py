"""Turns the XLSForms in resources/forms (Markdown tables) into XForms, when a pack is made and never at the counter.

    python -m forms.compile
"""

from __future__ import annotations

from pathlib import Path

from resources import path


def compile_one(source: Path) -> str:
    """The XForm of the XLSForm in `source`."""
    from pyxform.xls2xform import convert  # noqa: PLC0415 a development dependency

    xform: str = convert(xlsform=source.read_text(encoding="utf-8"), file_type=".md", pretty_print=True).xform
    return xform


def compile_all() -> list[Path]:
    """Write each form's XForm beside it; what was written."""
    written = []
    for source in sorted(path("forms").glob("*.md")):
        target = source.with_suffix(".xml")
        target.write_text(compile_one(source), encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
