"""The tree that expressions walk: XPath 1.0's data model (section 5) in plain objects, quick to read and to change.

lxml only parses; its proxies cost too much to walk from Python, and have no place for what a form knows of a node.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

DOCUMENT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION, NAMESPACE = range(7)
XML_NS = "http://www.w3.org/XML/1998/namespace"


# Long lists hold hundreds of thousands of nodes: what is empty is shared, and never changed in place.
_NONE: list[Node] = []
_NO_NAMES: dict[str | None, str] = {}


class Node:
    """One node. `value` is the text of all kinds but documents and elements; `about` is free for the tree's owner."""

    __slots__ = ("about", "attributes", "children", "kind", "name", "ns", "nsmap", "order", "parent", "prefix", "value")

    def __init__(self, kind: int, name: str = "", ns: str | None = None, value: str = "") -> None:
        self.kind = kind
        self.name = name
        self.ns = ns
        self.prefix: str | None = None
        self.value = value
        self.parent: Node | None = None
        self.children: list[Node] = [] if kind <= ELEMENT else _NONE
        self.attributes: list[Node] = _NONE
        self.nsmap = _NO_NAMES
        self.order = -1
        self.about: Any = None

    def __repr__(self) -> str:
        return f"<{self.qname or self.kind}>"

    @property
    def qname(self) -> str:
        """The name with its prefix, as written."""
        return f"{self.prefix}:{self.name}" if self.prefix else self.name

    def string(self) -> str:
        """XPath's string-value."""
        if self.kind > ELEMENT:
            return self.value
        children = self.children
        if not children:
            return ""
        if len(children) == 1 and children[0].kind == TEXT:
            return children[0].value
        return "".join(node.value for node in self.descendants() if node.kind == TEXT)

    def elements(self) -> list[Node]:
        """The child elements."""
        return [child for child in self.children if child.kind == ELEMENT]

    def child(self, name: str) -> Node | None:
        """The first child element of that local name."""
        return next((child for child in self.children if child.kind == ELEMENT and child.name == name), None)

    def attribute(self, name: str, ns: str | None = None) -> str | None:
        """An attribute's value."""
        return next((item.value for item in self.attributes if item.name == name and item.ns == ns), None)

    def descendants(self) -> Iterator[Node]:
        """What is below, in document order."""
        for child in self.children:
            yield child
            if child.children:
                yield from child.descendants()

    def root(self) -> Node:
        """The topmost node."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def is_within(self, other: Node) -> bool:
        """Whether `other` is this node or above it."""
        node: Node | None = self
        while node is not None and node is not other:
            node = node.parent
        return node is not None

    def set_text(self, text: str) -> None:
        """Make `text` the only child."""
        self.children = []
        if text:
            self.insert(0, Node(TEXT, value=text))

    def insert(self, place: int, child: Node) -> None:
        """Put `child` among the children."""
        child.parent = self
        self.children.insert(place, child)

    def append(self, child: Node) -> Node:
        """Put `child` last; `child`."""
        child.parent = self
        self.children.append(child)
        return child

    def remove(self, child: Node) -> None:
        """Take `child` out."""
        self.children = [other for other in self.children if other is not child]
        child.parent = None

    def copy(self) -> Node:
        """The node and what is below, without `about`."""
        twin = Node(self.kind, self.name, self.ns, self.value)
        twin.prefix, twin.nsmap = self.prefix, self.nsmap
        for item in self.attributes:
            twin.add_attribute(item.copy())
        for child in self.children:
            twin.append(child.copy())
        return twin

    def add_attribute(self, item: Node) -> Node:
        """Put an attribute last; the attribute."""
        item.parent = self
        self.attributes = [*self.attributes, item]
        return item


def document(root: Node) -> Node:
    """A document whose element is `root`."""
    made = Node(DOCUMENT)
    made.append(root)
    return made


def number_nodes(top: Node) -> None:
    """Write each node's place in document order (XPath 1.0, section 5): attributes after their element."""
    place = 0
    stack = [top]
    while stack:
        node = stack.pop()
        node.order = place
        for index, item in enumerate(node.attributes, 1):
            item.order = place + index
        place += 1 + len(node.attributes)
        stack.extend(reversed(node.children))


def in_order(nodes: list[Node]) -> list[Node]:
    """The nodes in document order, each once; trees stay in the order in which they first appear."""
    tops: dict[Node, int] = {}
    for node in nodes:
        tops.setdefault(node.root(), len(tops))
    for top in tops:
        number_nodes(top)
    return sorted(dict.fromkeys(nodes), key=lambda node: (tops[node.root()], node.order))


def from_lxml(element: etree._Element) -> Node:
    """The tree of an element that lxml parsed."""
    return _element(element, _NO_NAMES)


def document_from_lxml(tree: etree._ElementTree) -> Node:
    """The tree of a whole document, with what stands beside its element."""
    top = Node(DOCUMENT)
    root = tree.getroot()
    for before in reversed(list(root.itersiblings(preceding=True))):
        top.append(_other(before))
    top.append(_element(root, _NO_NAMES))
    for after in root.itersiblings():
        top.append(_other(after))
    return top


def _element(source: etree._Element, around: dict[str | None, str]) -> Node:
    name = etree.QName(source)
    node = Node(ELEMENT, name.localname, name.namespace)
    node.prefix = source.prefix
    names = dict(source.nsmap)
    node.nsmap = around if names == around else names
    for key, value in source.attrib.items():
        node.add_attribute(_attribute(str(key), str(value), node.nsmap))
    if source.text:
        node.append(Node(TEXT, value=source.text))
    for child in source:
        node.append(_element(child, node.nsmap) if isinstance(child.tag, str) else _other(child))
        if child.tail:
            _add_text(node, child.tail)
    return node


def _add_text(node: Node, text: str) -> None:
    last = node.children[-1]
    if last.kind == TEXT:
        last.value += text
    else:
        node.append(Node(TEXT, value=text))


def _attribute(key: str, value: str, nsmap: dict[str | None, str]) -> Node:
    name = etree.QName(key)
    node = Node(ATTRIBUTE, name.localname, name.namespace, value)
    if name.namespace == XML_NS:
        node.prefix = "xml"
    elif name.namespace:
        node.prefix = next((prefix for prefix, uri in nsmap.items() if prefix and uri == name.namespace), None)
    return node


def _other(source: etree._Element) -> Node:
    if isinstance(source, etree._ProcessingInstruction):
        return Node(INSTRUCTION, str(source.target), value=source.text or "")
    if isinstance(source, etree._Comment):
        return Node(COMMENT, value=source.text or "")
    return Node(TEXT, value=source.text or "")
