"""Actions at events (setvalue), preloaded values, and the meta block (ODK XForms, "Actions", "Preloaders",
"Metadata")."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from forms.definition import Action
from forms.engine import Engine, value_of
from forms.instance import state_of
from forms.shape import ORX
from forms.xpath import BadExpression
from forms.xpath.tree import ELEMENT, Node

_MOST_ROUNDS = 100


def new_id() -> str:
    """A name for an instance."""
    return f"uuid:{uuid.uuid4()}"


def load_events(engine: Engine, *, first: bool) -> None:
    """The events of a form that has just been opened."""
    engine.altered.clear()
    engine.made.clear()
    for event in ("odk-instance-first-load", "xforms-ready", "odk-instance-load") if first else ("odk-instance-load",):
        for action in engine.form.actions:
            if event in action.events:
                for source in engine.nodes(action.source or engine.form.root):
                    _set_value(engine, action, source, each=True)
        engine.settle()
    engine.altered.clear()


def follow(engine: Engine) -> None:
    """The events of what has changed since: new rows, changed values; until nothing more changes."""
    for _round in range(_MOST_ROUNDS):
        engine.settle()
        rows, nodes = list(engine.made), list(dict.fromkeys(engine.altered))
        engine.made.clear()
        engine.altered.clear()
        if not rows and not nodes:
            return
        _new_rows(engine, rows)
        if rows:
            engine.settle()
            born = set(rows)  # what they begin with is no change
            nodes = [node for node in nodes if not _is_inside(node, born)]
            engine.altered[:] = [node for node in engine.altered if not _is_inside(node, born)]
        _changed_values(engine, nodes)


def _new_rows(engine: Engine, rows: Iterable[Node]) -> None:
    for action in engine.form.actions:
        if "odk-new-repeat" in action.events and action.source is not None:
            for row in rows:
                if state_of(row).place in action.source.up():
                    for source in engine.nodes(action.source):
                        if source.is_within(row):
                            _set_value(engine, action, source)


def _is_inside(node: Node, rows: set[Node]) -> bool:
    at: Node | None = node
    while at is not None and at not in rows:
        at = at.parent
    return at is not None


def _changed_values(engine: Engine, nodes: Iterable[Node]) -> None:
    wanted = [action for action in engine.form.actions if "xforms-value-changed" in action.events]
    for node in nodes if wanted else ():
        for action in wanted:
            if action.source is state_of(node).place:
                _set_value(engine, action, node)


def _set_value(engine: Engine, action: Action, source: Node, *, each: bool = False) -> None:
    """Set the one node that is meant, or `each` of them.

    Raises:
        BadExpression: there are several.
    """
    targets = action.target.nodes(engine.run(source))
    if len(targets) > 1 and not each:
        raise BadExpression(f"setvalue: {action.target.text} means {len(targets)} nodes")
    for target in targets:
        text = action.text
        if action.value is not None:
            text = action.value.expression.string(engine.run(target))
        engine.assign(target, text)


def preload(engine: Engine, now: datetime, properties: Mapping[str, str]) -> None:
    """The values that a new instance begins with."""
    for place in engine.form.places.values():
        kind, parameter = place.bind.preload
        if kind:
            text = _preloaded(kind, parameter, now, properties)
            for node in engine.nodes(place) if text is not None else ():
                engine.assign(node, text or "")


def _preloaded(kind: str, parameter: str, now: datetime, properties: Mapping[str, str]) -> str | None:
    if kind == "uid":
        return new_id()
    if kind == "date" and parameter == "today":
        return now.date().isoformat()
    if kind == "timestamp" and parameter == "start":
        return now.isoformat(timespec="milliseconds")
    if kind in {"property", "context"}:
        return properties.get(parameter)
    return None


def stamp_end(engine: Engine, now: datetime) -> None:
    """The time at which the form was finished, where it asks for it."""
    for place in engine.form.places.values():
        if place.bind.preload == ("timestamp", "end"):
            for node in engine.nodes(place):
                engine.assign(node, now.isoformat(timespec="milliseconds"))
    follow(engine)


def meta(root: Node, name: str, *, make: bool) -> Node | None:
    """A node of the meta block; made where there is none and `make` is set."""
    block = root.child("meta")
    if block is None and make:
        block = root.append(Node(ELEMENT, "meta", ORX))
        block.prefix = "orx"
    found = block.child(name) if block is not None else None
    if found is None and make and block is not None:
        found = block.append(Node(ELEMENT, name, block.ns))
        found.prefix = block.prefix
    return found


def identify(root: Node, instance_id: str | None = None) -> None:
    """Write the instance's name; without one given, only where the form made none."""
    found = meta(root, "instanceID", make=True)
    if found is not None and (instance_id is not None or not value_of(found)):
        found.set_text(instance_id or new_id())


def supersede(root: Node, instance_id: str | None) -> None:
    """Name an edited instance anew and keep the name that it replaces (ODK XForms, `deprecatedID`)."""
    known = meta(root, "instanceID", make=True)
    old = value_of(known) if known is not None else ""
    if old:
        replaced = meta(root, "deprecatedID", make=True)
        if replaced is not None:
            replaced.set_text(old)
    identify(root, instance_id or new_id())


