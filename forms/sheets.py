"""An XLSForm as plain sheets (survey, choices, settings), read from and written as Markdown tables.

For whoever writes forms; the counter does not need it. Written text is always in the same shape, so that two versions
of a form differ only where the form does. A `|` inside a cell is written `\\|`, a line break `<br>`, a remark is a line
that begins with `#`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

Row = dict[str, str]  # what stands in its cells, by column; empty cells are left out
Sheets = dict[str, list[Row]]
ORDER = (
    "type", "list_name", "name", *(f"{words}::{language}" for words in ("label", "hint")
                                   for language in ("বাংলা (bn)", "English (en)")),
    "required", *(f"required_message::{language}" for language in ("বাংলা (bn)", "English (en)")), "relevant",
    "constraint", *(f"constraint_message::{language}" for language in ("বাংলা (bn)", "English (en)")), "calculation",
    "choice_filter", "default", "parameters", "appearance", "readonly", "trigger", "repeat_count",
    "form_title", "form_id", "version", "default_language",
)
_CELL = re.compile(r"(?<!\\)\|")


class BadText(ValueError):
    """The text is no XLSForm: which line, and why."""


def read(text: str) -> Sheets:
    """The sheets in Markdown tables.

    Raises:
        BadText: a line can't belong to a table.
    """
    sheets: Sheets = {}
    columns: Sequence[str] = ()
    sheet = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        first, *cells = _cells(line, number)
        if first:
            sheet, columns = first, ()
            sheets[sheet] = []
        elif not sheet:
            raise BadText(f"line {number}: a row stands before the name of its sheet")
        elif not columns:
            columns = cells
        elif len(cells) > len(columns) and any(cells[len(columns):]):
            raise BadText(f"line {number}: more cells than columns")
        else:
            sheets[sheet].append({name: cell for name, cell in zip(columns, cells, strict=False) if name and cell})
    return sheets


def _cells(line: str, number: int) -> list[str]:
    parts = _CELL.split(line.strip())
    if len(parts) < 3 or parts[0] or parts[-1]:
        raise BadText(f"line {number}: a row begins and ends with |")
    return [part.strip().replace(r"\|", "|").replace("<br>", "\n") for part in parts[1:-1]]


def write(sheets: Mapping[str, Sequence[Row]]) -> str:
    """The sheets as Markdown tables."""
    return "\n".join(line for name, rows in sheets.items() for line in _table(name, rows)) + "\n"


def _table(name: str, rows: Sequence[Row]) -> Iterator[str]:
    columns = columns_of(rows)
    yield f"| {name} |"
    for cells in (dict(zip(columns, columns, strict=True)), *rows):
        yield "| |" + "".join(f" {_written(cells[column])} |" if column in cells else " |" for column in columns)


def _written(cell: str) -> str:
    return cell.replace("|", r"\|").replace("\n", "<br>")


def columns_of(rows: Iterable[Row]) -> list[str]:
    """The columns that are used, those of XLSForm in their usual order, then others as they come."""
    used = dict.fromkeys(column for row in rows for column in row)
    return [column for column in ORDER if column in used] + [column for column in used if column not in ORDER]
