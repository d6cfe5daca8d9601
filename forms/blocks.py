"""Shared blocks: questions that many forms ask, written once in resources/forms/blocks and put in when a form is made.

A block is a small XLSForm of its own. A form asks for it in a row of the type `include BLOCK`; what else stands in that
row (name, labels, relevant, ...) goes before what the block's first row says, which mostly begins a group. A list of
choices that the form writes itself goes before the block's list of that name.

Rows that came from a block are marked in the column `block` of a workbook, where XLSForm's other tools pass over it;
`fold` makes the include out of them again, unless they were changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby

from forms.sheets import BadText, Row, Sheets

MARK = "block"
Blocks = Callable[[str], Sheets]  # a block by its name
_INCLUDE = "include "


def expand(form: Sheets, blocks: Blocks) -> Sheets:
    """The form with its blocks in their places, marked.

    Raises:
        BadText: a block includes itself.
        LookupError: there is no such block.
    """
    survey: list[Row] = []
    for number, row in enumerate(_survey(form)):
        # The number tells apart two includes of one block that follow each other.
        survey += [{**put, MARK: f"{_block(row)} {number}"} for put in _put(row, blocks, ())] if _block(row) else [row]
    choices = list(form.get("choices", []))
    for name in dict.fromkeys(_block(row) for row in _survey(form) if _block(row)):
        _add_lists(choices, [{**row, MARK: name} for row in _whole(name, blocks).get("choices", [])])
    return _with(form, {"survey": survey, "choices": choices})


def _whole(name: str, blocks: Blocks, above: tuple[str, ...] = ()) -> Sheets:
    """A block with what it includes itself in its place."""
    if name in above:
        raise BadText(f"block {name} includes itself")
    form = blocks(name)
    choices = list(form.get("choices", []))
    for inner in dict.fromkeys(_block(row) for row in _survey(form) if _block(row)):
        _add_lists(choices, _whole(inner, blocks, (*above, name)).get("choices", []))
    survey = [put for row in _survey(form) for put in _put(row, blocks, (*above, name))]
    return {"survey": survey, "choices": choices}


def _put(row: Row, blocks: Blocks, above: tuple[str, ...]) -> list[Row]:
    """A row as it is, or the block that it includes."""
    if not _block(row):
        return [row]
    first, *others = _survey(_whole(_block(row), blocks, above))
    own = {column: cell for column, cell in row.items() if column != "type"}
    return [{**first, **own}, *others]


def _add_lists(choices: list[Row], more: list[Row]) -> None:
    """Put lists to those that are there, where there is none of that name."""
    named = {row.get("list_name") for row in choices}
    choices += [row for row in more if row.get("list_name") not in named]


def fold(form: Sheets, blocks: Blocks) -> Sheets:
    """The form with includes in the place of blocks that nobody changed; changed ones stay as they are, unmarked."""
    survey: list[Row] = []
    for mark, group in groupby(_survey(form), key=lambda row: row.get(MARK, "")):
        rows = [_unmarked(row) for row in group]
        name = mark.partition(" ")[0]
        survey += _folded(rows, name, blocks) if name else rows
    shared: list[Row] = []
    for name in dict.fromkeys(_block(row) for row in survey if _block(row)):
        _add_lists(shared, _whole(name, blocks).get("choices", []))
    choices = [_unmarked(row) for row in form.get("choices", [])]
    lists = {name: [row for row in shared if row["list_name"] == name] for name in {row["list_name"] for row in shared}}
    mine = {name: [row for row in choices if row.get("list_name") == name] for name in lists}
    same = {name for name, rows in lists.items() if rows == mine[name]}
    kept = [row for row in choices if row.get("list_name") not in same]
    return _with(form, {"survey": survey, "choices": kept})


def _folded(rows: list[Row], name: str, blocks: Blocks) -> list[Row]:
    """One include, when all but the first row stand as in the block."""
    try:
        first, *others = _survey(_whole(name, blocks))
    except LookupError:
        return rows
    own = {column: cell for column, cell in rows[0].items() if first.get(column) != cell}
    lost = first.keys() - rows[0].keys()
    if rows[1:] != others or lost or "type" in own:
        return rows
    return [{"type": f"{_INCLUDE}{name}", **own}]


def unmarked(form: Sheets) -> Sheets:
    """The form without the marks of its blocks."""
    return {name: [_unmarked(row) for row in rows] for name, rows in form.items()}


def _with(form: Sheets, sheets: Mapping[str, list[Row]]) -> Sheets:
    """The form with other survey and choices, its sheets in the usual order."""
    merged = {**form, **sheets}
    order = ["survey", "choices", *(name for name in form if name not in sheets)]
    return {name: merged[name] for name in order if merged[name]}


def _survey(form: Sheets) -> list[Row]:
    return form.get("survey", [])


def _block(row: Row) -> str:
    """The name of the block that a row includes, empty when it includes none."""
    kind = row.get("type", "")
    return kind.removeprefix(_INCLUDE) if kind.startswith(_INCLUDE) else ""


def _unmarked(row: Row) -> Row:
    return {column: cell for column, cell in row.items() if column != MARK}
