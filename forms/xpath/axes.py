"""The axes (XPath 1.0, section 2.2): the nodes that lie in one direction, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from forms.xpath.tree import ATTRIBUTE, ELEMENT, NAMESPACE, XML_NS, Node

Axis = Callable[[Node, Node], Iterable[Node]]  # from a node, under a root that is not passed


def _parent(node: Node, root: Node) -> list[Node]:
    return [] if node is root or node.parent is None else [node.parent]


def _ancestors(node: Node, root: Node) -> Iterator[Node]:
    while node is not root and node.parent is not None:
        node = node.parent
        yield node


def _ancestors_and_self(node: Node, root: Node) -> Iterator[Node]:
    yield node
    yield from _ancestors(node, root)


def _below_and_self(node: Node, _root: Node) -> Iterator[Node]:
    yield node
    yield from node.descendants()


def _siblings(node: Node, root: Node) -> tuple[list[Node], list[Node]]:
    """Those before, nearest first, and those after."""
    if node is root or node.parent is None or node.kind in {ATTRIBUTE, NAMESPACE}:
        return [], []
    all_of_them = node.parent.children
    place = next(index for index, other in enumerate(all_of_them) if other is node)
    return all_of_them[:place][::-1], all_of_them[place + 1:]


def _following(node: Node, root: Node) -> Iterator[Node]:
    if node.kind in {ATTRIBUTE, NAMESPACE} and node.parent is not None:
        node = node.parent
        yield from node.descendants()
    for above in _ancestors_and_self(node, root):
        for other in _siblings(above, root)[1]:
            yield other
            yield from other.descendants()


def _preceding(node: Node, root: Node) -> Iterator[Node]:
    if node.kind in {ATTRIBUTE, NAMESPACE} and node.parent is not None:
        node = node.parent
    for above in _ancestors_and_self(node, root):
        for other in _siblings(above, root)[0]:
            yield from reversed([other, *other.descendants()])


def _namespaces(node: Node, _root: Node) -> list[Node]:
    if node.kind != ELEMENT:
        return []
    found = []
    for prefix, uri in {"xml": XML_NS, **node.nsmap}.items():
        made = Node(NAMESPACE, prefix or "", value=uri)
        made.parent = node
        found.append(made)
    return sorted(found, key=lambda made: made.name)


AXIS: dict[str, Axis] = {
    "self": lambda node, _root: [node],
    "child": lambda node, _root: node.children,
    "parent": _parent,
    "attribute": lambda node, _root: node.attributes,
    "descendant": lambda node, _root: node.descendants(),
    "descendant-or-self": _below_and_self,
    "ancestor": _ancestors,
    "ancestor-or-self": _ancestors_and_self,
    "following-sibling": lambda node, root: _siblings(node, root)[1],
    "preceding-sibling": lambda node, root: _siblings(node, root)[0],
    "following": _following,
    "preceding": _preceding,
    "namespace": _namespaces,
}
PRINCIPAL = {"attribute": ATTRIBUTE, "namespace": NAMESPACE}
# From one node these give document order; from several, only without nesting, as those of one parent have none.
FORWARD = {"self", "child", "attribute", "parent", "following-sibling", "descendant", "descendant-or-self",
           "following", "namespace"}
NEVER_NESTS = {"self", "child", "attribute"}
