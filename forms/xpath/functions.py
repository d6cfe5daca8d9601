"""How functions are written down: name, number of arguments, what they do with the values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.xpath.compiler import Function
from forms.xpath.lexer import BadExpression
from forms.xpath.scope import LONGEST_TEXT, Compiled, Scope
from forms.xpath.tree import Node
from forms.xpath.values import Value, number_of, to_number, to_string

Work = Callable[..., Any]  # (scope, *values) -> value


class Library(dict[str, Function]):
    """Functions by name."""

    def add(self, name: str, least: int, most: int | None = -1) -> Callable[[Work], Work]:
        """Write `work` down under `name`; it is handed the scope and the values of its arguments."""

        def keep(work: Work) -> Work:
            self[name] = Function(lambda *arguments: _eager(work, arguments), least, least if most == -1 else most)
            return work

        return keep

    def add_lazy(self, name: str, least: int, most: int | None = -1) -> Callable[[Work], Work]:
        """The same for one that evaluates its arguments itself: handed the scope and compiled arguments."""

        def keep(work: Work) -> Work:
            self[name] = Function(
                lambda *arguments: lambda scope: work(scope, *arguments), least, least if most == -1 else most
            )
            return work

        return keep


def _eager(work: Work, arguments: tuple[Compiled, ...]) -> Compiled:
    if not arguments:
        return work
    if len(arguments) == 1:
        only = arguments[0]
        return lambda scope: work(scope, only(scope))
    return lambda scope: work(scope, *[argument(scope) for argument in arguments])


def number(scope: Scope, value: Value) -> float:
    """The value as a number, here."""
    return to_number(value, scope.run.zone)


def together(texts: list[str], glue: str = "") -> str:
    """The texts in one.

    Raises:
        BadExpression: it would be too long.
    """
    if sum(map(len, texts)) + len(glue) * len(texts) > LONGEST_TEXT:
        raise BadExpression(f"puts together a text of more than {LONGEST_TEXT} characters")
    return glue.join(texts)


def each_text(value: Value) -> list[str]:
    """The strings of a value: one, or one for each node."""
    return [node.string() for node in value] if isinstance(value, list) else [to_string(value)]


def each_number(scope: Scope, value: Value) -> list[float]:
    """The numbers of a value: one, or one for each node."""
    if isinstance(value, list):
        return [number_of(node.string(), scope.run.zone) for node in value]
    return [number(scope, value)]


def each(value: Value) -> list[Value]:
    """The value, or its nodes one by one."""
    return [[node] for node in value] if isinstance(value, list) else [value]


def first(value: list[Node]) -> Node | None:
    """The first node, if any."""
    return value[0] if value else None
