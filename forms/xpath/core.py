"""The core function library (XPath 1.0, section 4)."""

from __future__ import annotations

import math
import re

from forms.xpath.compiler import nodes
from forms.xpath.functions import Library, each_text, first, number
from forms.xpath.scope import Scope
from forms.xpath.tree import ATTRIBUTE, ELEMENT, INSTRUCTION, XML_NS, Node, in_order
from forms.xpath.values import Value, number_of, to_boolean, to_string

CORE = Library()
_SPACES = re.compile("[ \t\r\n]+")


@CORE.add("last", 0)
def _last(scope: Scope) -> float:
    return float(scope.size)


@CORE.add("position", 0)
def _position(scope: Scope) -> float:
    return float(scope.position)


@CORE.add("count", 1)
def _count(_scope: Scope, value: Value) -> float:
    return float(len(nodes(value)))


@CORE.add("id", 1)
def _id(scope: Scope, value: Value) -> list[Node]:
    wanted = {word for text in each_text(value) for word in _SPACES.split(text.strip(" \t\r\n")) if word}
    found: dict[str, Node] = {}
    for node in scope.run.root.descendants():
        named = node.attribute("id") or node.attribute("id", XML_NS) or ""
        if named in wanted:
            found.setdefault(named, node)
    return in_order(list(found.values()))


def _asked(scope: Scope, value: tuple[Value, ...]) -> Node | None:
    return first(nodes(value[0])) if value else scope.node


@CORE.add("local-name", 0, 1)
def _local_name(scope: Scope, *value: Value) -> str:
    node = _asked(scope, value)
    return node.name if node is not None else ""


@CORE.add("namespace-uri", 0, 1)
def _namespace_uri(scope: Scope, *value: Value) -> str:
    node = _asked(scope, value)
    return (node.ns or "") if node is not None else ""


@CORE.add("name", 0, 1)
def _name(scope: Scope, *value: Value) -> str:
    node = _asked(scope, value)
    return node.qname if node is not None and node.kind in {ELEMENT, ATTRIBUTE, INSTRUCTION} else ""


@CORE.add("string", 0, 1)
def _string(scope: Scope, *value: Value) -> str:
    return to_string(value[0]) if value else scope.node.string()


@CORE.add("concat", 2, None)
def _concat(_scope: Scope, *values: Value) -> str:
    return "".join(to_string(value) for value in values)


@CORE.add("starts-with", 2)
def _starts_with(_scope: Scope, text: Value, start: Value) -> bool:
    return to_string(text).startswith(to_string(start))


@CORE.add("contains", 2)
def _contains(_scope: Scope, text: Value, part: Value) -> bool:
    return to_string(part) in to_string(text)


@CORE.add("substring-before", 2)
def _substring_before(_scope: Scope, text: Value, mark: Value) -> str:
    before, found, _after = _partition(text, mark)
    return before if found else ""


@CORE.add("substring-after", 2)
def _substring_after(_scope: Scope, text: Value, mark: Value) -> str:
    return _partition(text, mark)[2]


def _partition(text: Value, mark: Value) -> tuple[str, str, str]:
    sought = to_string(mark)
    return to_string(text).partition(sought) if sought else ("", "", to_string(text))


@CORE.add("substring", 2, 3)
def _substring(scope: Scope, text: Value, start: Value, *length: Value) -> str:
    first_place = rounded(number(scope, start))
    end = first_place + rounded(number(scope, length[0])) if length else math.inf
    return "".join(letter for place, letter in enumerate(to_string(text), 1) if first_place <= place < end)


@CORE.add("string-length", 0, 1)
def _string_length(scope: Scope, *value: Value) -> float:
    return float(len(to_string(value[0]) if value else scope.node.string()))


@CORE.add("normalize-space", 0, 1)
def _normalize_space(scope: Scope, *value: Value) -> str:
    text = to_string(value[0]) if value else scope.node.string()
    return _SPACES.sub(" ", text).strip(" ")


@CORE.add("translate", 3)
def _translate(_scope: Scope, text: Value, old: Value, new: Value) -> str:
    becomes: dict[int, str] = {}
    after = to_string(new)
    for place, letter in enumerate(to_string(old)):
        becomes.setdefault(ord(letter), after[place] if place < len(after) else "")
    return to_string(text).translate(becomes)


@CORE.add("boolean", 1)
def _boolean(_scope: Scope, value: Value) -> bool:
    return to_boolean(value)


@CORE.add("not", 1)
def _not(_scope: Scope, value: Value) -> bool:
    return not to_boolean(value)


CORE.add("true", 0)(lambda _scope: True)
CORE.add("false", 0)(lambda _scope: False)


@CORE.add("lang", 1)
def _lang(scope: Scope, value: Value) -> bool:
    wanted = to_string(value).lower()
    node: Node | None = scope.node
    while node is not None:
        said = node.attribute("lang", XML_NS)
        if said is not None:
            return said.lower() == wanted or said.lower().startswith(f"{wanted}-")
        node = node.parent
    return False


@CORE.add("number", 0, 1)
def _number(scope: Scope, *value: Value) -> float:
    return number(scope, value[0]) if value else number_of(scope.node.string(), scope.run.zone)


@CORE.add("sum", 1)
def _sum(scope: Scope, value: Value) -> float:
    return sum((number_of(text, scope.run.zone) for text in each_text(nodes(value))), 0.0)


@CORE.add("floor", 1)
def _floor(scope: Scope, value: Value) -> float:
    given = number(scope, value)
    return math.copysign(float(math.floor(given)), given) if math.isfinite(given) and given else given


@CORE.add("ceiling", 1)
def _ceiling(scope: Scope, value: Value) -> float:
    given = number(scope, value)
    if not math.isfinite(given):
        return given
    return math.copysign(float(math.ceil(given)), given) if given else given


@CORE.add("round", 1)
def _round(scope: Scope, value: Value) -> float:
    return rounded(number(scope, value))


def rounded(given: float) -> float:
    """The nearest whole number, the greater of two (section 4.4)."""
    if not math.isfinite(given):
        return given
    whole = float(math.floor(given + 0.5))
    return whole or math.copysign(0.0, given)

