"""ODK's functions on node-sets and on the form around them (ODK XForms, "Node-set functions", "Repeat functions")."""

from __future__ import annotations

import hashlib
import math
import random

from forms.xpath.compiler import nodes
from forms.xpath.functions import Library, each, each_text, number
from forms.xpath.lexer import BadExpression
from forms.xpath.scope import Compiled, Scope
from forms.xpath.tree import ELEMENT, Node
from forms.xpath.values import Value, to_boolean, to_number, to_string

NODESETS = Library()
_PRIME = 2**31 - 1  # of the Park-Miller generator that the specification names


@NODESETS.add("current", 0)
def _current(scope: Scope) -> list[Node]:
    return [scope.run.current]


@NODESETS.add("instance", 1)
def _instance(scope: Scope, name: Value) -> list[Node]:
    found = scope.run.world.instance(to_string(name))
    return [found] if found is not None else []


@NODESETS.add("position", 0, 1)
def _position(scope: Scope, *value: Value) -> float:
    """With a node: its place among the siblings of its name that stand together.

    Raises:
        BadExpression: there are several.
    """
    if not value:
        return float(scope.position)
    found = nodes(value[0])
    if not found:
        return math.nan
    if len(found) > 1:
        raise BadExpression(f"position() of {len(found)} nodes")
    node = found[0]
    place = 0
    for other in node.parent.children if node.parent is not None else [node]:
        if other.kind == ELEMENT:
            place = place + 1 if other.name == node.name else 0
        if other is node:
            break
    return float(place)


@NODESETS.add("count-non-empty", 1)
def _count_non_empty(_scope: Scope, value: Value) -> float:
    return float(sum(1 for text in each_text(nodes(value)) if text))


@NODESETS.add_lazy("indexed-repeat", 3, None)
def _indexed_repeat(scope: Scope, target: Compiled, *pairs: Compiled) -> list[Node]:
    """The target inside the repeat instances at these places; repeats may be named in any order."""
    if len(pairs) % 2:
        raise BadExpression("indexed-repeat() takes pairs of a repeat and a place")
    asked = [(nodes(pairs[at](scope)), number(scope, pairs[at + 1](scope))) for at in range(0, len(pairs), 2)]
    asked.sort(key=lambda pair: _depth(pair[0]))
    inside: Node | None = None
    for repeats, place in asked:
        within = [node for node in repeats if inside is None or node.is_within(inside)]
        if not place.is_integer() or not 1 <= place <= len(within):
            return []
        inside = within[int(place) - 1]
    return [node for node in nodes(target(scope)) if inside is not None and node.is_within(inside)]


def _depth(found: list[Node]) -> int:
    depth, node = 0, found[0].parent if found else None
    while node is not None:
        depth, node = depth + 1, node.parent
    return depth


@NODESETS.add("randomize", 1, 2)
def _randomize(scope: Scope, value: Value, *seed: Value) -> list[Node]:
    """Fisher-Yates, inside out, over Park and Miller's numbers (ODK XForms, `randomize`)."""
    found = nodes(value)
    state = _seed(scope, seed[0]) if seed else random.randrange(1, _PRIME)
    mixed: list[Node] = []
    for index, node in enumerate(found):
        state = state * 16807 % _PRIME
        place = math.floor((state - 1) / (_PRIME - 1) * (index + 1))
        mixed.append(node)
        mixed[index], mixed[place] = mixed[place], node
    return mixed


def _seed(scope: Scope, value: Value) -> int:
    """Of text that is no number, the first 64 bits of its SHA-256 (as JavaRosa does)."""
    given = to_number(value, scope.run.zone)
    if not math.isnan(given):
        whole = int(max(min(given, 2.0**63 - 1), -(2.0**63)))
    else:
        text = to_string(value)
        digest = hashlib.sha256(text.encode()).digest()[:8]
        whole = int.from_bytes(digest, "big", signed=True) if text and not isinstance(value, float) else 0
    seed = int(math.fmod(whole, _PRIME)) if abs(whole) < 2**53 else (abs(whole) % _PRIME) * (1 if whole > 0 else -1)
    return seed if seed > 0 else seed + _PRIME - 1


@NODESETS.add("checklist", 2, None)
def _checklist(scope: Scope, least: Value, most: Value, *values: Value) -> bool:
    marks = [1.0 for value in values for item in each(value) if _is_ticked(item)]
    return _between(scope, least, most, marks)


@NODESETS.add("weighted-checklist", 2, None)
def _weighted_checklist(scope: Scope, least: Value, most: Value, *values: Value) -> bool:
    if len(values) % 2:
        raise BadExpression("weighted-checklist() takes pairs of a value and its weight")
    marks = []
    for at in range(0, len(values), 2):
        for item, weight in zip(each(values[at]), each(values[at + 1]), strict=False):
            if _is_ticked(item):
                marks.append(number(scope, weight))
    return _between(scope, least, most, marks)


def _is_ticked(item: Value) -> bool:
    """A node by whether there is something in it."""
    return to_boolean(to_string(item) if isinstance(item, list) else item)


def _between(scope: Scope, least: Value, most: Value, marks: list[float]) -> bool:
    """Whether the marks reach `least` and do not pass `most`; -1 is no limit."""
    lowest, highest = number(scope, least), number(scope, most)
    total = sum(marks)
    return (lowest == -1 or total >= lowest) and not (highest != -1 and total > highest)


@NODESETS.add("pulldata", 4)
def _pulldata(scope: Scope, instance: Value, wanted: Value, key: Value, value: Value) -> str:
    table = scope.run.world.instance(to_string(instance))
    if table is None:
        return ""
    sought = to_string(value)
    for row in (row for root in table.elements() for row in root.elements()):
        if _cell(row, to_string(key)) == sought:
            return _cell(row, to_string(wanted)) or ""
    return ""


def _cell(row: Node, name: str) -> str | None:
    """What stands under a column's name, or under an attribute's (`@name`)."""
    if name.startswith("@"):
        return row.attribute(name[1:])
    cell = row.child(name)
    return cell.string() if cell is not None else None


@NODESETS.add("jr:choice-name", 2)
def _choice_name(scope: Scope, value: Value, path: Value) -> str:
    return scope.run.world.choice_name(to_string(value), to_string(path), scope.run.current)


@NODESETS.add("property", 1)
def _property(scope: Scope, name: Value) -> str:
    return scope.run.world.property(to_string(name))


@NODESETS.add("version", 0)
def _version(scope: Scope) -> str:
    return scope.run.world.version()


NODESETS.add("depend", 1, None)(lambda _scope, value, *_more: value)


@NODESETS.add("jr:itext", 1)
def _itext(scope: Scope, name: Value) -> str:
    return scope.run.world.translation(to_string(name))
