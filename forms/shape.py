"""The instance that a form brings along: its shape (each place once), its repeats' templates."""

from __future__ import annotations

from collections import Counter

from forms.bad import BadForm
from forms.definition import Place
from forms.xpath.tree import ATTRIBUTE, ELEMENT, Node, document

_MOST_BESIDE = 3_000  # names in one group
_MOST_ATTRIBUTES = 100  # of one node
JR = "http://openrosa.org/javarosa"
ORX = "http://openrosa.org/xforms"


def settle(node: Node) -> Node:
    """The instance without comments and the white space between elements."""
    if node.elements():
        node.children = node.elements()
        for child in node.children:
            settle(child)
    else:
        text = node.string()
        node.set_text(text if text.strip() else "")
    return node


def name_it(primary: Node) -> bool:
    """Give the instance an `instanceID`, which every record has (ODK XForms, "Metadata"); false where it has one."""
    if primary.child("meta") is None:
        primary.append(Node(ELEMENT, "meta", ORX)).prefix = "orx"
    block = primary.child("meta")
    assert block is not None
    if block.child("instanceID") is not None:
        return False
    block.append(Node(ELEMENT, "instanceID", block.ns)).prefix = block.prefix
    return True


def places_of(primary: Node) -> tuple[Place, Node]:
    """The place of the instance's element with all below it, and the document of their shapes."""
    root = Place(f"/{primary.name}", None)
    top = document(Node(ELEMENT, primary.name, primary.ns))
    shape = top.children[0]
    _grow(root, shape, primary)
    return root, top


def _grow(place: Place, shape: Node, node: Node) -> None:
    place.shape, shape.about = shape, place
    counted = Counter(child.name for child in node.elements())
    if len(counted) > _MOST_BESIDE:
        raise BadForm(f"{place.path} holds more than {_MOST_BESIDE} questions")
    if len(node.attributes) > _MOST_ATTRIBUTES:
        raise BadForm(f"{place.path} has more than {_MOST_ATTRIBUTES} attributes")
    for item in node.attributes:
        if not any(known.name == item.name for known in shape.attributes):
            shape.add_attribute(Node(ATTRIBUTE, item.name, item.ns))
    for child in node.elements():
        known = place.children.get(child.name)
        if known is None:
            known = Place(f"{place.path}/{child.name}", place)
            place.children[child.name] = known
            known.shape = shape.append(Node(ELEMENT, child.name, child.ns))
        known.several = known.several or counted[child.name] > 1
        assert known.shape is not None
        _grow(known, known.shape, child)


def is_template(node: Node) -> bool:
    """Whether it only says what a new repeat instance holds."""
    return node.attribute("template", JR) is not None


def mark_repeats(primary: Node, place: Place) -> None:
    """Take the templates out of the instance and give each repeat its template."""
    for name, child in place.children.items():
        same = [node for node in primary.elements() if node.name == name]
        for node in same:
            mark_repeats(node, child)
        child.several = child.several or child.repeats
        if child.repeats and same:
            _mark(primary, child, same)


def _mark(parent: Node, place: Place, same: list[Node]) -> None:
    template = next((node for node in same if is_template(node)), None)
    instances = [node for node in same if not is_template(node)]
    if template is not None:
        parent.remove(template)
        template.attributes = [item for item in template.attributes if item.ns != JR]
    if place.template is None or template is not None:
        place.template = template.copy() if template is not None else _emptied(instances[0].copy())


def _emptied(node: Node) -> Node:
    """The structure alone: of a repeat without template, the answers of its first instance are its own."""
    for child in [node, *node.descendants()]:
        if child.kind == ELEMENT and not child.elements():
            child.children = []
    return node
