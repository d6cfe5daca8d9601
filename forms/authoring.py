"""What is wrong with an XLSForm, said with sheet, row and column: what pyxform refuses, and what this engine would.

For whoever writes forms; the counter never needs it. An error is taken out of the way and the rest is checked again, so
that one look tells as many as there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import forms
from forms import blocks, compile
from forms.bad import LARGEST_LIST
from forms.lists import Files
from forms.reasons import explained

_MOST_ERRORS = 25
_SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_PLACE = " place"  # a column that no author writes
_PRIVATE = {_PLACE, blocks.MARK}
_LIST = re.compile(r'src="(jr://file[^"]*)"')
_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet")
_COLUMN = re.compile(r"the '([^']+)' value|mandatory columns? '(\w+)'")
_QUOTED = re.compile(r"'([^']+)'")
_SELECT = re.compile(r"(?:select[_ ]one|select[_ ]multiple|rank)(?:\s+from(?:\s+file)?)?\s+(\S+)", re.IGNORECASE)
_PATH = re.compile(r"(/[\w.-]+(?:/@?[\w.-]+)+)")
# What the engine calls a rule, and the column in which an author writes it.
_COLUMNS = {
    "relevant": "relevant", "calculate": "calculation", "constraint": "constraint", "required": "required",
    "readonly": "readonly", "itemset": "choice_filter", "jr:count": "repeat_count", "output": "label",
    "setvalue": "default",
}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`word` names what is to be said (`resources/words`, under `forms.`), `facts` fill it in. `row` is the row of the
    workbook or the line of the text, 0 where none can be named."""

    word: str
    sheet: str
    row: int
    column: str
    facts: dict[str, str] = field(default_factory=dict)
    warning: bool = False


@dataclass(slots=True)
class Source:
    """An XLSForm as it was written: each sheet's rows, and where each stands in its file."""

    sheets: dict[str, list[Row]]
    places: dict[str, list[int]]

    def survey(self) -> Iterable[tuple[int, Row]]:
        """The rows of the survey with their places."""
        return zip(self.places.get("survey", []), self.sheets.get("survey", []), strict=False)

    def at(self, sheet: str, row: int) -> Row | None:
        """The row that stands at a place of its file."""
        known = self.places.get(sheet, [])
        return self.sheets[sheet][known.index(row)] if row in known else None

    def paths(self) -> dict[str, int]:
        """The place of each question, group and repeat by its path without the root: `applicant/name`."""
        found: dict[str, int] = {}
        above: list[str] = []
        for place, row in self.survey():
            kind = row.get("type", "").strip().lower().replace("_", " ")
            if kind.startswith("end "):
                above = above[:-1]
                continue
            name = row.get("name", "").strip()
            found.setdefault("/".join((*above, name)), place)
            if kind.startswith("begin "):
                above = [*above, name]
        return found


@dataclass(frozen=True, slots=True)
class Checked:
    """`xform` is empty where there is an error; `form` is what the engine made of it."""

    findings: tuple[Finding, ...]
    xform: str = ""
    form: forms.Form | None = None
    absent: tuple[Finding, ...] = ()  # warnings: lists that are not at hand


def read(file: Path) -> Source:
    """The sheets of an XLSForm in a workbook (.xlsx) or in Markdown tables (.md).

    Raises:
        BadForm: it is neither.
    """
    from pyxform.errors import PyXFormError  # noqa: PLC0415 not at the counter
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415

    if file.suffix.lower() not in {".xlsx", ".md"}:
        raise forms.BadForm(f"{file.name}: only .xlsx and .md are read")
    if file.stat().st_size > LARGEST_LIST:
        raise forms.BadForm(f"{file.name} is larger than {LARGEST_LIST // 1_000_000} MB")
    text = file.suffix.lower() == ".md"
    try:
        content: str | bytes = file.read_text(encoding="utf-8") if text else file.read_bytes()
        known = get_xlsform(xlsform=content, file_type=file.suffix.lower())
    except (PyXFormError, ValueError, KeyError, OSError) as error:
        raise forms.BadForm(f"{file.name}: {error}") from error
    sheets = {name: [dict(row) for row in getattr(known, name) or []] for name in _SHEETS}
    sheets = {name: rows for name, rows in sheets.items() if rows or name in _SHEETS[:3]}
    places = _lines(str(content)) if text else {name: list(range(2, len(rows) + 2)) for name, rows in sheets.items()}
    try:
        return _expanded(sheets, places)
    except (ValueError, LookupError) as error:
        raise forms.BadForm(f"{file.name}: {error}") from error


def _expanded(sheets: dict[str, list[Row]], places: dict[str, list[int]]) -> Source:
    """Shared blocks in their places (see blocks.py); their rows stand where they are included."""
    marked = {name: [{**row, _PLACE: str(place)} for place, row in zip(places.get(name, []), rows, strict=False)]
              for name, rows in sheets.items()}
    included = any(row.get("type", "").startswith("include ") for row in sheets["survey"])
    whole = compile.whole(marked) if included else marked
    found = Source({}, {})
    for name, rows in whole.items():
        at = 0
        found.places[name] = [at := int(row.get(_PLACE, at if name == "survey" else 0)) for row in rows]
        found.sheets[name] = [{key: cell for key, cell in row.items() if key not in _PRIVATE} for row in rows]
    return found


def _lines(text: str) -> dict[str, list[int]]:
    """The lines of a Markdown file on which the rows of each sheet stand."""
    found: dict[str, list[int]] = {}
    sheet, headed = "", False
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip()[1:].split("|")]
        if not line.strip().startswith("|") or not any(cells):
            continue
        if cells[0]:
            sheet, headed = cells[0].lower(), False
            found[sheet] = []
        elif not headed:
            headed = True
        elif sheet:
            found[sheet].append(number)
    return found


def check(written: Source, files: Files | None = None) -> Checked:
    """Everything that is wrong with it, as far as one error does not hide another; `files` are its lists by address."""
    source = deepcopy(written)
    found = _no_lists(source)
    for finding in found:
        _out_of_the_way(source, finding)
    while len(found) < _MOST_ERRORS:
        xform, error = _converted(source, written)
        form = None
        if error is None:
            form, error = _loaded(source, xform, files or {})
        if error is None:
            absent = [Finding("no_file", "survey", 0, "", {"file": name}, warning=True)
                      for name in sorted(set(_LIST.findall(xform)) - set(files or {}))]
            return Checked(_in_order(found), "" if found else xform, None if found else form, tuple(absent))
        if error in found:
            break
        found.append(error)
        if not _out_of_the_way(source, error):
            break
    return Checked(_in_order(found))


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: (finding.sheet != "survey", finding.row)))


def _no_lists(source: Source) -> list[Finding]:
    """Questions whose list of choices is nowhere; pyxform does not say where they stand."""
    known = {row.get("list_name") or row.get("list name", "") for row in source.sheets.get("choices", [])}
    found = []
    for place, row in source.survey():
        kind = _SELECT.match(row.get("type", ""))
        if kind and kind[1] not in known and not kind[1].startswith("${") and "." not in kind[1]:
            found.append(Finding("no_list", "survey", place, "type", {"list": kind[1]}))
    return found


def _converted(source: Source, written: Source) -> tuple[str, Finding | None]:
    """The XForm that pyxform makes, or what it refuses. A sheet whose rows are all out of the way keeps its columns."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415
    from pyxform.xls2xform import convert  # noqa: PLC0415

    headers = {f"{name}_header": [dict.fromkeys(key for row in rows for key in row)]
               for name, rows in written.sheets.items()}
    try:
        made: str = convert(xlsform={**{name: [dict(row) for row in rows] for name, rows in source.sheets.items()},
                                     **headers, "sheet_names": list(source.sheets)}).xform
    except PyXFormError as error:
        return "", _placed(source, str(error))
    except Exception as error:  # pyxform falls over some workbooks; the author is told at least that
        return "", Finding("converter", "survey", 0, "", {"reason": f"{type(error).__name__}: {error}"})
    return made, None


def _placed(source: Source, text: str) -> Finding:
    """pyxform's words with the place that they speak of: rows are counted from the one with the names."""
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    name = sheet[1] if sheet else "survey"
    known = source.places.get(name, [])
    place = known[int(row[1]) - 2] if row and int(row[1]) - 2 < len(known) else 0
    word, facts = explained(text)
    if not place:
        name, place, found = _named(source, _QUOTED.findall(text))
        return Finding(word, name, place, found, facts)
    return Finding(word, name, place, next((part for part in column.groups() if part), "") if column else "", facts)


def _named(source: Source, words: list[str]) -> tuple[str, int, str]:
    """Where one of the words stands as a name or a type."""
    for word in words:
        for sheet in ("survey", "choices"):
            for place, row in zip(source.places.get(sheet, []), source.sheets.get(sheet, []), strict=False):
                column = next((key for key in ("name", "type", "list_name") if row.get(key) == word), "")
                if column:
                    return sheet, place, column
    return "survey", 0, ""


def _loaded(source: Source, xform: str, files: Files) -> tuple[forms.Form | None, Finding | None]:
    """The form, opened once, or what the engine refuses."""
    from forms.trial import LATER, TODAY  # noqa: PLC0415

    try:
        form = forms.load(xform.encode(), files)
        form.fill(today=TODAY, now=LATER)
    except forms.BadForm as error:
        return None, _engine_finding(source, str(error))
    return form, None


def _engine_finding(source: Source, text: str) -> Finding:
    path = _PATH.search(text)
    place = source.paths().get(path[1].partition("/")[2].partition("/")[2], 0) if path else 0
    row = source.at("survey", place) or {}
    rule = next((name for name in _COLUMNS if re.search(rf"(^|: ){re.escape(name)}( |:)", text)), "")
    column = _COLUMNS.get(rule, "") if rule else next((name for name in ("calculation", "relevant") if name in row), "")
    if "depends on itself" in text:
        column = "calculation" if "calculation" in row else "relevant"
        return Finding("circle", "survey", place, column, {"reason": text.rpartition(": ")[2]})
    written = next((cell for key, cell in row.items() if key.partition("::")[0] == column), "")
    return Finding("expression" if written else "form", "survey", place, column,
                   {"cell": written, "reason": text.rpartition(": ")[2] if written else text})


def _out_of_the_way(source: Source, error: Finding) -> bool:
    """Whether what is wrong could be taken out, so that what else is wrong shows."""
    row = source.at(error.sheet, error.row)
    if row is None:
        return False
    cells = [key for key in row if key.partition("::")[0] == error.column]
    if cells and error.column not in {"name", "type", "list_name"}:
        for key in cells:
            del row[key]
        if error.column == "calculation":
            row["calculation"] = "1"  # without one, pyxform would refuse the row
        return True
    if error.sheet == "survey" and row.get("type", "").replace("_", " ").partition(" ")[0] in {"begin", "end"}:
        return False
    at = source.places[error.sheet].index(error.row)
    del source.sheets[error.sheet][at], source.places[error.sheet][at]
    return True
