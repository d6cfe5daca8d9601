"""One step of a path (XPath 1.0, section 2): axis, node test, predicates; long lists are found by an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from forms.xpath.axes import AXIS, NEVER_NESTS, PRINCIPAL
from forms.xpath.scope import Compiled, Names, Run, Scope
from forms.xpath.syntax import Binary, Call, Literal, Number, Part, Path, Step, Test
from forms.xpath.tree import COMMENT, ELEMENT, INSTRUCTION, TEXT, Node, in_order
from forms.xpath.values import to_boolean

_BETWEEN_LOOKS = 16  # nodes that a predicate is asked of before the clock is
_KINDS = {"text": TEXT, "comment": COMMENT, "processing-instruction": INSTRUCTION}
Take = Callable[[list[Node], Scope], list[Node]]
Accept = Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class Predicates:
    """Compiled predicates beside what was written."""

    parts: tuple[tuple[Part, Compiled], ...]

    def kept(self, nodes: list[Node], run: Run, skip: int = 0) -> list[Node]:
        """The nodes for which all hold; `nodes` in the order of the axis."""
        for part, compiled in self.parts[skip:]:
            nodes = _placed(nodes, part.value) if isinstance(part, Number) else _held(nodes, compiled, run)
        return nodes


def _placed(nodes: list[Node], place: float) -> list[Node]:
    return [nodes[int(place) - 1]] if place == int(place) and 1 <= place <= len(nodes) else []


def _held(nodes: list[Node], predicate: Compiled, run: Run) -> list[Node]:
    run.visit(len(nodes))
    kept = []
    scope = Scope(run, run.current, 0, len(nodes))
    for position, node in enumerate(nodes, 1):
        if not position % _BETWEEN_LOOKS:
            run.world.in_time()
        scope.node = node
        scope.position = position
        value = predicate(scope)
        if value == position if isinstance(value, float) else to_boolean(value):
            kept.append(node)
    return kept


def compile_step(step: Step, predicates: Predicates, names: Names) -> Take:
    """A function from the nodes before the step to those after it, in document order."""
    if step.axis == "child" and step.test.kind == "name" and step.test.prefix is None and step.test.name != "*":
        return _children(step.test.name, predicates, names)
    if step.axis == "self" and step.test.kind == "node" and not predicates.parts:
        return lambda nodes, _scope: nodes
    return _along(step.axis, _accept(step, names), predicates)


def _along(axis: str, accept: Accept, predicates: Predicates) -> Take:
    reach = AXIS[axis]

    def take(nodes: list[Node], scope: Scope) -> list[Node]:
        run, root = scope.run, scope.run.root
        found: list[Node] = []
        for node in nodes:
            reached = [other for other in _counted(reach(node, root), run) if accept(other)]
            found += predicates.kept(reached, run) if predicates.parts else reached
        return found if axis in NEVER_NESTS or len(found) < 2 else in_order(found)

    return take


def _counted(nodes: Iterable[Node], run: Run) -> list[Node]:
    listed = list(nodes)
    run.visit(len(listed))
    return listed


def _children(name: str, predicates: Predicates, names: Names) -> Take:
    """Child elements of one name: nearly every step that a form takes."""
    lookup = _lookup(predicates)
    plain = names.plain

    def take(nodes: list[Node], scope: Scope) -> list[Node]:
        found: list[Node] = []
        for node in nodes:
            known = lookup(node, name, scope) if lookup is not None else None
            if known is not None:
                found += predicates.kept(known, scope.run, 1)
                continue
            scope.run.visit(len(node.children))
            reached = [
                child for child in node.children
                if child.name == name and child.kind == ELEMENT and (plain is None or child.ns in plain)
            ]
            found += predicates.kept(reached, scope.run) if predicates.parts else reached
        return found

    return take


def _accept(step: Step, names: Names) -> Accept:
    test = step.test
    if test.kind == "name":
        return _named(test, PRINCIPAL.get(step.axis, ELEMENT), names)
    if test.kind == "node":
        return lambda _node: True
    kind = _KINDS[test.kind]
    return lambda node: node.kind == kind and (not test.name or node.name == test.name)


def _named(test: Test, kind: int, names: Names) -> Accept:
    name = test.name
    if test.prefix is not None:
        uri = names.uri(test.prefix)
        return lambda node: node.kind == kind and node.ns == uri and name in {"*", node.name}
    if name == "*":
        return lambda node: node.kind == kind
    plain = names.plain if kind == ELEMENT else frozenset([None])
    return lambda node: node.kind == kind and node.name == name and (plain is None or node.ns in plain)


Lookup = Callable[[Node, str, Scope], list[Node] | None]


def _lookup(predicates: Predicates) -> Lookup | None:
    """For `[key = value]` whose value does not depend on the row: the rows, from an index of a list that never changes.

    A list says that it never changes by a dictionary in `about`, which then holds its indexes.
    """
    if not predicates.parts:
        return None
    part = predicates.parts[0][0]
    if not isinstance(part, Binary) or part.operator != "=":
        return None
    key, value = (part.left, part.right) if _child_name(part.left) else (part.right, part.left)
    name = _child_name(key)
    if not name or not _same_for_all(value):
        return None
    return _indexed(name, value)


def _indexed(key: str, value: Part) -> Lookup | None:
    wanted = _wanted(value)
    if wanted is None:
        return None

    def find(parent: Node, name: str, scope: Scope) -> list[Node] | None:
        if not isinstance(parent.about, dict):
            return None
        if (name, key) not in parent.about:
            parent.about[name, key] = _index(parent, name, key)
        values = wanted(scope)
        found = parent.about[name, key]
        rows = [row for text in dict.fromkeys(values) for row in found.get(text, ())]
        return rows if len(values) < 2 else in_order(rows)

    return find


def _index(parent: Node, name: str, key: str) -> dict[str, list[Node]]:
    index: dict[str, list[Node]] = {}
    for row in parent.children:
        if row.name == name and row.kind == ELEMENT:
            for text in {cell.string() for cell in row.children if cell.name == key and cell.kind == ELEMENT}:
                index.setdefault(text, []).append(row)
    return index


def _child_name(part: Part) -> str:
    if isinstance(part, Path) and not part.absolute and part.start is None and len(part.steps) == 1:
        step = part.steps[0]
        if step.axis == "child" and step.test.kind == "name" and step.test.prefix is None and not step.predicates:
            return step.test.name if step.test.name != "*" else ""
    return ""


def _same_for_all(value: Part) -> bool:
    if isinstance(value, Path):
        from_current = isinstance(value.start, Call) and value.start.name == "current"
        return (value.absolute or from_current) and not any(step.predicates for step in value.steps)
    return isinstance(value, Literal)


def _wanted(value: Part) -> Callable[[Scope], list[str]] | None:
    if isinstance(value, Literal):
        text = value.value
        return lambda _scope: [text]
    if not isinstance(value, Path):
        return None
    path = _plain_path(value)

    def strings(scope: Scope) -> list[str]:
        found = [scope.run.root if value.absolute else scope.run.current]
        for step in path:
            found = step(found, scope)
        return [node.string() for node in found]

    return strings


def _plain_path(value: Path) -> list[Take]:
    nothing: Any = Predicates(())
    return [compile_step(step, nothing, Names()) for step in value.steps]
