"""An XLSForm as an Excel workbook, out and in. For whoever writes forms; needs openpyxl (the group `authors`)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from forms.sheets import BadText, Row, Sheets, columns_of

_WIDTHS = {"label": 40, "hint": 40, "constraint_message": 40, "relevant": 30, "constraint": 30, "calculation": 30}


def write(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """The sheets as XLSX; every cell is text, so that Excel changes no number and no date."""
    book = Workbook()
    del book[book.active.title]
    for name, rows in sheets.items():
        columns = columns_of(rows)
        page = book.create_sheet(name)
        for place, column in enumerate(columns, start=1):
            page.column_dimensions[page.cell(1, place).column_letter].width = _WIDTHS.get(column.split("::")[0], 16)
            for line, text in enumerate((column, *(row.get(column, "") for row in rows)), start=1):
                cell = page.cell(line, place)
                cell.number_format = "@"
                if text:
                    cell.value = text
                    cell.data_type = "s"  # also what begins with =
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=line == 1)
        page.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(body: bytes) -> Sheets:
    """The sheets of an XLSForm workbook; what Excel made a number or a truth value of is text again.

    Raises:
        BadText: it is no workbook, or has no survey.
    """
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadText(f"not a workbook: {error}") from error
    sheets = {page.title.strip().lower(): _rows(page) for page in book.worksheets}
    if not sheets.get("survey"):
        raise BadText("there is no sheet survey")
    return {name: rows for name, rows in sheets.items() if rows}


def _rows(page: Any) -> list[Row]:
    lines = [[_text(value) for value in line] for line in page.iter_rows(values_only=True)]
    if not lines:
        return []
    return [
        row for line in lines[1:]
        if (row := {name: text for name, text in zip(lines[0], line, strict=False) if name and text})
    ]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()
