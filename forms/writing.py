"""Writes an instance as XML: a draft with all that was answered, or what is sent, without what is not relevant."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from forms.instance import State
from forms.xpath.scope import PREFIXES, XF
from forms.xpath.tree import Node

_PREFIX = {uri: prefix for prefix, uri in PREFIXES.items() if prefix not in {"xforms", "xml"}}


def sent(root: Node) -> Node:
    """A copy of what is relevant."""
    twin = _twin(root)
    for child in root.elements():
        if not isinstance(child.about, State) or child.about.relevant:
            twin.append(sent(child))
    if not root.elements():
        twin.set_text(root.string())
    return twin


def drafted(root: Node) -> Node:
    """A copy with everything: what is not relevant now, and answers that are still to be corrected."""
    twin = _twin(root)
    state = root.about
    for child in root.elements():
        twin.append(drafted(child))
    if not root.elements():
        twin.set_text((state.typed or state.raw) if isinstance(state, State) else root.string())
    return twin


def _twin(node: Node) -> Node:
    twin = Node(node.kind, node.name, node.ns)
    twin.prefix = node.prefix
    for item in node.attributes:
        twin.add_attribute(item.copy())
    return twin


def xml(root: Node) -> bytes:
    """The element as XML in UTF-8; namespaces are declared where they are first needed."""
    needed = {node.ns for node in (root, *root.descendants()) if node.name} | {
        item.ns for node in (root, *root.descendants()) for item in node.attributes
    }
    names = {uri: _PREFIX.get(uri, f"n{number}") for number, uri in enumerate(sorted(filter(None, needed - {XF})))}
    plain = any(node.ns in {None, XF} for node in root.descendants() if node.name)
    own = root.ns if root.prefix is None and root.ns != XF and not plain else None
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for uri, prefix in names.items() if prefix and uri != own)
    if own:
        names, declared = {**names, own: ""}, f" xmlns={quoteattr(own)}{declared}"
    return _element(root, names, declared).encode()


def _element(node: Node, names: dict[str, str], declared: str = "") -> str:
    tag = _name(node, names)
    attributes = "".join(f" {_name(item, names)}={quoteattr(item.value)}" for item in node.attributes)
    inside = "".join(_element(child, names) for child in node.elements()) or escape(node.string(), {"\r": "&#13;"})
    return f"<{tag}{declared}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{declared}{attributes}/>"


def _name(node: Node, names: dict[str, str]) -> str:
    prefix = names.get(node.ns or "")
    return f"{prefix}:{node.name}" if prefix else node.name
