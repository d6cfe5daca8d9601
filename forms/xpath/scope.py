"""Where an expression is evaluated: the node, its place, and the world that functions may ask about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol

from forms.xpath.lexer import BadExpression
from forms.xpath.tree import Node

MOST_VISITS = 3_000_000  # nodes looked at in one evaluation; some seconds of work
LONGEST_TEXT = 10_000_000  # characters that one expression may put together
XF = "http://www.w3.org/2002/xforms"
PREFIXES = {
    "jr": "http://openrosa.org/javarosa", "orx": "http://openrosa.org/xforms", "h": "http://www.w3.org/1999/xhtml",
    "odk": "http://www.opendatakit.org/xforms", "xf": XF, "xml": "http://www.w3.org/XML/1998/namespace",
    "xforms": XF, "xsd": "http://www.w3.org/2001/XMLSchema", "entities": "http://www.opendatakit.org/xforms/entities",
}


class World(Protocol):
    """What ODK's functions ask of the form around them."""

    def instance(self, name: str) -> Node | None: ...
    def choice_name(self, value: str, path: str, at: Node) -> str: ...
    def translation(self, name: str) -> str: ...
    def property(self, name: str) -> str: ...
    def version(self) -> str: ...
    def in_time(self) -> None: ...  # raises when all that is asked of the form now takes too long


class Nowhere:
    """No form around the expression."""

    def instance(self, name: str) -> Node | None:  # noqa: ARG002
        return None

    def choice_name(self, value: str, path: str, at: Node) -> str:  # noqa: ARG002
        raise BadExpression("jr:choice-name() needs a form")

    def translation(self, name: str) -> str:  # noqa: ARG002
        return ""

    def property(self, name: str) -> str:  # noqa: ARG002
        return ""

    def version(self) -> str:
        return ""

    def in_time(self) -> None:
        """There is all the time."""


@dataclass(slots=True)
class Run:
    """One evaluation. Without a `zone` there are no dates: plain XPath 1.0."""

    current: Node
    root: Node
    zone: tzinfo | None = UTC
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    world: World = field(default_factory=Nowhere)
    visits: int = MOST_VISITS

    def visit(self, nodes: int) -> None:
        """Count work.

        Raises:
            BadExpression: it was too much.
        """
        self.visits -= nodes
        if self.visits < 0:
            raise BadExpression("takes too long")


class Scope:
    """The context of section 1: node, position, size."""

    __slots__ = ("node", "position", "run", "size")

    def __init__(self, run: Run, node: Node, position: int = 1, size: int = 1) -> None:
        self.run = run
        self.node = node
        self.position = position
        self.size = size


Compiled = Callable[[Scope], Any]


@dataclass(frozen=True, slots=True)
class Names:
    """How names meet namespaces: prefixes, and what a name without one may be in (None: in any)."""

    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    plain: frozenset[str | None] | None = None

    def uri(self, prefix: str) -> str:
        """The namespace of a prefix.

        Raises:
            BadExpression: it was not declared.
        """
        if prefix not in self.prefixes:
            raise BadExpression(f"the prefix {prefix} is not declared")
        return self.prefixes[prefix]
