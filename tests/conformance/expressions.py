"""Evaluates the recorded expressions and says which give something else."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from lxml import etree

from forms.xpath import BadExpression, Names, Run, compile_expression
from forms.xpath.library import ODK, PLAIN
from forms.xpath.scope import PREFIXES, XF, Nowhere
from forms.xpath.tree import ATTRIBUTE, ELEMENT, NAMESPACE, Node, document_from_lxml
from forms.xpath.values import to_boolean, to_number, to_string
from tests.conformance.score import Verdict, failure

ZONE = timezone(timedelta(hours=-7))  # America/Phoenix has no summer time
NOW = datetime.fromisoformat("2025-06-15T17:20:30+00:00")
Case = dict[str, Any]


class _World(Nowhere):
    """Secondary instances beside the one that is the root, and the translations above it."""

    def __init__(self, root: Node, language: str = "") -> None:
        self._root = root
        self._language = language

    def instance(self, name: str) -> Node | None:
        beside = self._root.parent.elements() if self._root.parent is not None else []
        return next((item for item in beside if item.attribute("id") == name), None)

    def translation(self, name: str) -> str:
        everything = self._root.root().descendants()
        spoken = [node for node in everything if node.kind == ELEMENT and node.name == "translation"]
        default = [node for node in spoken if node.attribute("default") is not None] or spoken
        chosen = [node for node in spoken if node.attribute("lang") == self._language] or default
        texts = (text for node in chosen[:1] for text in node.elements() if text.attribute("id") == name)
        return next((value.string() for text in texts for value in text.elements()), "")


def verdicts(folder: Path) -> Iterator[Verdict]:
    """One for each case in `folder`."""
    recorded = json.loads((folder / "xpath_cases.json").read_text(encoding="utf-8"))
    documents = recorded["documents"]
    for case in recorded["cases"]:
        try:
            difference = _difference(case, documents[case["doc"]])
        except Exception as error:  # whatever a case holds, the others are still to be tried
            difference = failure(error)
        told = f"{str(case.get('expr'))[:100]}: {difference}" if difference else ""
        yield Verdict(str(case.get("group", "?")), str(case.get("id", "?")), told)


def _difference(case: Case, xml: str) -> str:
    """Empty when the case holds."""
    top = document_from_lxml(etree.ElementTree(etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False))))
    expected = case["expect"]
    try:
        found = _evaluated(case, top)
    except BadExpression as error:
        return "" if expected["type"] == "error" else str(error)
    if expected["type"] == "error":
        return f"an error is expected, not {found!r}"
    return _compared(found, expected, _at(top, case["root"]), top)


def _evaluated(case: Case, top: Node) -> Any:
    plain = case["dialect"] == "xpath1"
    names = Names({**PREFIXES, **case.get("ns", {})}, frozenset([None]) if plain else frozenset([None, XF]))
    expression = compile_expression(case["expr"], names, PLAIN if plain else ODK)
    root = _at(top, case["root"])
    run = Run(_at(top, case["context"]), root, None if plain else ZONE, NOW, _World(root, _language(case)))
    return expression.value(run)


def _language(case: Case) -> str:
    """The language that was set: a recording has no field for it of its own, its title names it."""
    named = re.search(r"in language (\w+)", case.get("test", ""))
    return str(case.get("language") or case.get("lang") or (named[1] if named else ""))


def _at(top: Node, path: str) -> Node:
    names = Names(PREFIXES, None)
    if path in {"", "/"}:
        return top
    found: list[Node] = compile_expression(path, names, PLAIN).nodes(Run(top, top, None))
    return found[0]


def _compared(found: Any, expected: Case, root: Node, top: Node) -> str:
    kind, value = expected["type"], expected.get("value")
    if kind == "nodeset":
        return _compared_nodes(found, expected, top)
    if kind == "boolean":
        return _unless(to_boolean(found) == value, to_boolean(found), value)
    if kind == "number":
        return _compared_number(to_number(found, ZONE), expected)
    text = to_string(found)
    if kind == "string":
        return _unless(text == value, text, value)
    if kind == "string-length":
        return _unless(len(text) == value, len(text), value)
    if kind != "string-matches":
        return f"{kind} is not understood"
    pattern, flags = value if isinstance(value, list) else (str(value), "")
    return _unless(re.search(pattern, text, re.IGNORECASE if "i" in flags else 0) is not None, text, value)


def _unless(holds: bool, found: Any, value: Any) -> str:
    return "" if holds else f"{found!r} instead of {value!r}"


def _compared_number(found: float, expected: Case) -> str:
    value = float(expected["value"])
    if math.isnan(value) or math.isnan(found):
        return _unless(math.isnan(value) and math.isnan(found), found, value)
    factor = expected.get("factor")
    if factor:
        return _unless(round(found * factor) == round(value * factor), found, value)
    return _unless((found == value and math.copysign(1, found) == math.copysign(1, value)) or
                   (found == value and found != 0), found, value)


def _compared_nodes(found: Any, expected: Case, top: Node) -> str:
    if not isinstance(found, list):
        return f"{found!r} instead of nodes"
    wanted = [_at(top, path) for path in expected["value"]]
    if expected.get("first"):
        found = found[:1]
    if expected.get("unordered"):
        same = len(found) == len(wanted) and all(any(_is_same(one, other) for other in found) for one in wanted)
    else:
        same = len(found) == len(wanted) and all(map(_is_same, found, wanted))
    return _unless(same, [_path(node) for node in found], expected["value"])


def _is_same(one: Node, other: Node) -> bool:
    """Namespace nodes are made when they are asked for."""
    if one.kind == other.kind == NAMESPACE:
        return one.parent is other.parent and one.name == other.name
    return one is other


def _path(node: Node) -> str:
    steps = []
    at: Node | None = node
    while at is not None and at.parent is not None:
        same = [other for other in at.parent.children if other.kind == at.kind]
        place = next((index for index, other in enumerate(same, 1) if other is at), 0)
        name = at.name if at.kind == ELEMENT else at.kind
        steps.append(f"@{at.name}" if at.kind == ATTRIBUTE else f"{name}[{place}]")
        at = at.parent
    return "/" + "/".join(reversed(steps))
