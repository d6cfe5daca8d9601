"""The instance that is being filled in: nodes with what is known of each, made anew or from an earlier one."""

from __future__ import annotations

from forms.casting import cast
from forms.definition import Definition, Place
from forms.xpath.tree import ELEMENT, Node, document

Brought = dict[Place, list[Node]]  # the rows that the form brings along for a repeat whose number is worked out
_NOTHING: Brought = {}
MOST_ROWS = 1_000  # instances of one repeat in one place
MOST_NODES = 20_000  # that rows may add to one instance


class State:
    """What is known of a node. `raw` is what was answered or worked out, kept also while it is not relevant;
    `typed` is an answer that the type refuses, kept to be shown and corrected; `outcome` is what a calculation gave."""

    __slots__ = ("brought", "cache", "outcome", "own", "place", "raw", "relevant", "typed")

    def __init__(self, place: Place, brought: Brought = _NOTHING) -> None:
        self.place = place
        self.brought = brought
        self.raw = ""
        self.typed = ""
        self.outcome: str | None = None
        self.own = True
        self.relevant = True
        self.cache: dict[str, tuple[int, object]] = {}


def state_of(node: Node) -> State:
    """What is known of a node of the instance."""
    state: State = node.about
    return state


def new_instance(form: Definition) -> Node:
    """A fresh instance as the form brings it along; the document."""
    root = form.primary.copy()
    _prepare(root, form.root)
    return _attached(root, form)


def restored_instance(form: Definition, saved: Node) -> Node:
    """An instance with the answers of `saved`; what is missing there is as in a new one. The document."""
    root = form.primary.copy()
    _prepare(root, form.root)
    _merge(root, form.root, saved)
    made = _attached(root, form)
    _keep_meta(root, saved)
    return made


def _keep_meta(root: Node, saved: Node) -> None:
    """What the meta block of `saved` names and the form does not: instanceID, deprecatedID."""
    block, own = saved.child("meta"), root.child("meta")
    if block is None:
        return
    if own is None:
        root.append(block.copy())
        return
    for item in block.elements():
        if own.child(item.name) is None:
            own.append(item.copy())


def new_row(place: Place, brought: Node | None = None) -> Node:
    """A repeat instance: one that the form `brought`, or of the template. Without states."""
    source = brought or place.template
    assert source is not None
    row = source.copy()
    _prepare(row, place)
    return row


def attach(node: Node, place: Place) -> None:
    """Give a node and those below their states."""
    node.about = state = State(place, node.about or _NOTHING)
    for item in node.attributes:
        known = place.children.get(f"@{item.name}")
        if known is not None:
            item.about = below = State(known)
            below.raw = item.value
    if not node.elements():
        given = node.string()
        kept = cast(given, place.bind.kind)
        state.raw, state.typed = (kept, "") if kept is not None else ("", given)
        node.set_text(state.raw)
    for child in node.elements():
        attach(child, place.children[child.name])


def _attached(root: Node, form: Definition) -> Node:
    attach(root, form.root)
    return document(root)


def _prepare(node: Node, place: Place) -> None:
    """Repeats whose number is worked out begin with none, `about` keeps their rows; fixed ones have at least one."""
    brought = dict[Place, list[Node]]()
    for name, child in place.children.items():
        rows = [row for row in node.elements() if row.name == name]
        if child.repeats and child.count is not None:
            brought[child] = rows
            for row in rows:
                node.remove(row)
        elif child.repeats and child.fixed and not rows and child.template is not None:
            insert_row(node, child, new_row(child))
        else:
            for row in rows:
                _prepare(row, child)
    node.about = brought or None


def insert_row(parent: Node, place: Place, row: Node, after: int | None = None) -> None:
    """Put a repeat instance after number `after` (from 0), or last of its kind, where the form has them."""
    names = list(place.parent.children) if place.parent is not None else [place.name]
    rank = {name: index for index, name in enumerate(names)}
    own = rank[place.name]
    same = [index for index, child in enumerate(parent.children) if child.kind == ELEMENT and child.name == place.name]
    if same:
        parent.insert(same[-1 if after is None else after] + 1, row)
        return
    at = next((i for i, child in enumerate(parent.children) if rank.get(child.name, -1) > own), len(parent.children))
    parent.insert(at, row)


def _merge(node: Node, place: Place, saved: Node) -> None:
    """Bring in what was saved; the form's own id and version stay, unless they are bound."""
    for item in node.attributes:
        given = saved.attribute(item.name, item.ns)
        if given is not None and (place.parent is not None or f"@{item.name}" in place.children):
            item.value = given
    if not place.children and not node.elements():
        node.set_text(saved.string())
        return
    for name, child in place.children.items():
        given_nodes = [other for other in saved.elements() if other.name == name]
        if child.repeats:
            _merge_rows(node, child, given_nodes)
        elif (own := node.child(name)) is not None:
            if given_nodes:
                _merge(own, child, given_nodes[0])
            else:
                _empty_of_rows(own, child)


def _empty_of_rows(node: Node, place: Place) -> None:
    """Of a group that was not sent, rows that are added by hand were not either."""
    for child in node.elements():
        below = place.children[child.name]
        if below.repeats and below.count is None and not below.fixed:
            node.remove(child)
        elif not below.repeats:
            _empty_of_rows(child, below)


def _merge_rows(node: Node, place: Place, saved: list[Node]) -> None:
    """As many rows as were saved; of a fixed number, what is missing is empty and what is too much is left out."""
    rows = [row for row in node.elements() if row.name == place.name]
    for row in rows:
        node.remove(row)
    wanted = len(rows) if place.fixed and place.count is None else min(len(saved), MOST_ROWS)
    for index in range(wanted):
        row = new_row(place)
        if index < len(saved):
            _merge(row, place, saved[index])
        insert_row(node, place, row)
