"""An expression, ready to be evaluated at any node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forms.xpath.compiler import Compiler, Function
from forms.xpath.lexer import BadExpression
from forms.xpath.library import ODK
from forms.xpath.parser import parse
from forms.xpath.scope import Compiled, Names, Run, Scope
from forms.xpath.syntax import Part
from forms.xpath.tree import Node
from forms.xpath.values import Value, to_boolean, to_number, to_string


@dataclass(frozen=True, slots=True)
class Expression:
    """One compiled expression; `faults` are calls that would fail when reached."""

    text: str
    part: Part
    compiled: Compiled
    faults: tuple[str, ...] = ()

    def value(self, run: Run, node: Node | None = None) -> Value:
        """A number, a string, a boolean, a moment or a list of nodes.

        Raises:
            BadExpression: it could not be evaluated; the text says why.
        """
        try:
            return self.compiled(Scope(run, node or run.current))
        except BadExpression as error:
            raise BadExpression(f"{self.text}: {error}") from error
        except (RecursionError, ArithmeticError, ValueError) as error:
            raise BadExpression(f"{self.text}: {type(error).__name__}: {error}") from error

    def string(self, run: Run, node: Node | None = None) -> str:
        """The value as a string."""
        return to_string(self.value(run, node))

    def boolean(self, run: Run, node: Node | None = None) -> bool:
        """The value as a boolean."""
        return to_boolean(self.value(run, node))

    def number(self, run: Run, node: Node | None = None) -> float:
        """The value as a number."""
        return to_number(self.value(run, node), run.zone)

    def nodes(self, run: Run, node: Node | None = None) -> list[Node]:
        """The value, which has to be nodes.

        Raises:
            BadExpression: it is something else.
        """
        found = self.value(run, node)
        if not isinstance(found, list):
            raise BadExpression(f"{self.text}: gives a value where nodes are expected")
        return found


def compile_expression(text: str, names: Names | None = None, functions: Mapping[str, Function] = ODK) -> Expression:
    """The expression in `text`.

    Raises:
        BadExpression: it is none.
    """
    try:
        part = parse(text)
        compiler = Compiler(functions, names or Names())
        compiled = compiler.compile(part)
    except BadExpression as error:
        raise BadExpression(f"{text[:200]}: {error}") from error
    except RecursionError as error:
        raise BadExpression(f"{text[:200]}: nested too deep") from error
    return Expression(text, part, compiled, tuple(compiler.faults))
