"""Names of nodes as the kiosk sees them: `/data/heir[2]/name`, with a position where there are several."""

from __future__ import annotations

import re

from forms.instance import State
from forms.xpath.tree import ATTRIBUTE, ELEMENT, Node

_PIECE = re.compile(r"(@?[^\[\]/]+)(?:\[(\d+)\])?")


def ref_of(node: Node) -> str:
    """The name of a node."""
    if node.parent is None or node.parent.parent is None:
        return f"/{node.name}"
    if node.kind == ATTRIBUTE:
        return f"{ref_of(node.parent)}/@{node.name}"
    if isinstance(node.about, State) and not node.about.place.several:
        return f"{ref_of(node.parent)}/{node.name}"
    same = [other for other in node.parent.children if other.kind == ELEMENT and other.name == node.name]
    at = next(index for index, other in enumerate(same, 1) if other is node)
    return f"{ref_of(node.parent)}/{node.name}" + (f"[{at}]" if len(same) > 1 else "")


def rows_ref(parent: Node, name: str) -> str:
    """The name of a repeat inside `parent`."""
    return f"{ref_of(parent)}/{name}"


def find(top: Node, ref: str) -> list[Node]:
    """The nodes that `ref` names under a document; several where positions are left out.

    Raises:
        KeyError: it is no such name.
    """
    found = [top]
    if not ref.startswith("/"):
        raise KeyError(ref)
    for piece in ref[1:].split("/"):
        match = _PIECE.fullmatch(piece)
        if match is None:
            raise KeyError(ref)
        found = [child for node in found for child in _named(node, match[1].rpartition(":")[2], match[2])]
    return found


def _named(node: Node, name: str, place: str | None) -> list[Node]:
    if name.startswith("@"):
        return [item for item in node.attributes if item.name == name[1:]]
    same = [child for child in node.children if child.kind == ELEMENT and child.name == name]
    return same if place is None else same[int(place) - 1:int(place)] if int(place) else []


def one(top: Node, ref: str) -> Node:
    """The node that `ref` names.

    Raises:
        KeyError: there is none, or there are several.
    """
    found = find(top, ref)
    if len(found) != 1:
        raise KeyError(ref)
    return found[0]
