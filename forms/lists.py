"""Secondary instances: lists of choices and tables beside the form, as XML, CSV or GeoJSON (ODK XForms, "Secondary
instances")."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from forms.bad import LARGEST_LIST, MOST_CELLS, BadForm, parsed
from forms.xpath.tree import ELEMENT, TEXT, Node, document, from_lxml

Files = Mapping[str, bytes]  # by the address in `src`: jr://file-csv/unions.csv
_LAST_SAVED = "jr://instance/last-saved"


def secondary(element: etree._Element, files: Files) -> Node:
    """The list in an `instance` element, or in the file that it names; a file that is not there is an empty list.

    Raises:
        BadForm: the file is not what its name says.
    """
    source = element.get("src")
    if source == _LAST_SAVED and source in files:
        return _list(_external(source, files[source]))
    if source is None or source == _LAST_SAVED:
        return _list([from_lxml(child) for child in element if isinstance(child.tag, str)])
    return _from_file(source, files[source]) if source in files else _list([])


def is_absent(source: str, files: Files) -> bool:
    """Whether a list is named that did not come along."""
    return bool(source) and source != _LAST_SAVED and source not in files


@lru_cache(maxsize=4)
def _from_file(source: str, content: bytes) -> Node:
    """Read once for all forms that ask for it: a list never changes."""
    return _list(_external(source, content))


def _list(children: list[Node]) -> Node:
    made = Node(ELEMENT, "instance")
    document(made)
    for child in children:
        made.append(_settled(child))
    return made


def _external(source: str, content: bytes) -> list[Node]:
    if len(content) > LARGEST_LIST:
        raise BadForm(f"{source} is larger than {LARGEST_LIST // 1_000_000} MB")
    if source.endswith(".csv") or "/file-csv/" in source:
        return [_from_csv(source, content)]
    if source.endswith(".geojson"):
        return [_from_geojson(source, content)]
    root = parsed(content, source, LARGEST_LIST)
    _refuse_more(source, sum(1 for _element in root.iter()))
    return [from_lxml(root)]


def _settled(node: Node) -> Node:
    """Without the white space between elements; long lists are marked as such that never change (see steps.py)."""
    elements = node.elements()
    if elements:
        node.children = [child for child in node.children if child.kind != TEXT or child.value.strip()]
        for child in elements:
            _settled(child)
    if len(elements) > 8:
        node.about = {}
    return node


def _text_of(source: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadForm(f"{source} is not UTF-8") from error


def _from_csv(source: str, content: bytes) -> Node:
    text = _text_of(source, content).replace("\n\r", "\n").replace("\r\n", "\n").replace("\r", "\n")
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=_delimiter(source, text), strict=True):
            rows.append(row)
            cells += len(row)
            _refuse_more(source, cells)
    except csv.Error as error:
        raise BadForm(f"{source} is not CSV: {error}") from error
    return _table([_row(source, number, rows[0], row) for number, row in enumerate(rows[1:], 2) if any(row)])


def _refuse_more(source: str, cells: int) -> None:
    if cells > MOST_CELLS:
        raise BadForm(f"{source} holds more than {MOST_CELLS} cells")


def _row(source: str, number: int, names: list[str], cells: list[str]) -> dict[str, str]:
    """Of two columns of one name the first counts.

    Raises:
        BadForm: there is more in it than there are columns.
    """
    if any(cells[len(names):]):
        raise BadForm(f"{source} row {number}: {len(cells)} cells, but {len(names)} columns")
    row: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        row.setdefault(name, cell)
    return row


def _delimiter(source: str, text: str) -> str:
    """Comma, semicolon, tab or bar: whichever the first line has most of.

    Raises:
        BadForm: the first line has another mark between names.
    """
    first = text.partition("\n")[0]
    found = max(",;\t|", key=first.count)
    if not first.count(found) and any(not (letter.isalnum() or letter in "_-.: \"'") for letter in first):
        raise BadForm(f"{source}: the columns are not divided by a comma, semicolon, tab or bar")
    return found


def _table(rows: list[dict[str, str]]) -> Node:
    root = Node(ELEMENT, "root")
    for row in rows:
        item = root.append(Node(ELEMENT, "item"))
        for name, value in row.items():
            if name:
                item.append(Node(ELEMENT, name)).set_text(value)
    return root


def _from_geojson(source: str, content: bytes) -> Node:
    try:
        read = json.loads(_text_of(source, content))
        if read["type"] != "FeatureCollection" or not isinstance(read["features"], list):
            raise BadForm(f"{source} is not a FeatureCollection")
        rows = [_feature(item) for item in read["features"]]
        _refuse_more(source, sum(map(len, rows)))
        return _table(rows)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadForm(f"{source} is not GeoJSON: {error}") from error


def _feature(item: Mapping[str, Any]) -> dict[str, str]:
    """Geometry and `id` of the feature, then its properties of other names."""
    row = {"geometry": _geometry(item["geometry"])} if item.get("geometry") else {}
    if item.get("id") is not None:
        row["id"] = _plain(item["id"])
    return row | {
        str(name): _plain(value) for name, value in (item.get("properties") or {}).items() if str(name) not in row
    }


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _geometry(geometry: Mapping[str, Any]) -> str:
    """ODK's way: `latitude longitude altitude accuracy`, points of a line divided by semicolons."""
    points: Any = geometry["coordinates"]
    kind = geometry["type"]
    if kind == "Point":
        return _point(points)
    if kind == "LineString":
        return "; ".join(_point(point) for point in points)
    if kind == "Polygon":
        return "; ".join(_point(point) for point in points[0])
    raise ValueError(f"no {kind}")


def _point(point: Any) -> str:
    return f"{point[1]} {point[0]} {point[2] if len(point) > 2 else 0} 0"
