"""Turns an expression into a function, once, so that it can be called often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.xpath.lexer import BadExpression
from forms.xpath.scope import Compiled, Names, Scope
from forms.xpath.steps import Predicates, compile_step
from forms.xpath.syntax import Binary, Call, Filter, Literal, Negative, Number, Part, Path, Step
from forms.xpath.tree import Node, in_order
from forms.xpath.values import compare, divide, modulo, to_boolean, to_number

Arithmetic = Callable[[float, float], float]
_ARITHMETIC: dict[str, Arithmetic] = {
    "+": lambda left, right: left + right, "-": lambda left, right: left - right,
    "*": lambda left, right: left * right, "div": divide, "mod": modulo,
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function: what makes it from its compiled arguments, and how many it takes (`most` None: any number)."""

    build: Callable[..., Compiled]
    least: int
    most: int | None


class Compiler:
    """Compiles parts; what can't be called is kept in `faults` and fails when it is reached, not before."""

    def __init__(self, functions: Mapping[str, Function], names: Names) -> None:
        self._functions = functions
        self._names = names
        self.faults: list[str] = []

    def compile(self, part: Part) -> Compiled:
        """The function of `part`."""
        match part:
            case Number(value) | Literal(value):
                return lambda _scope: value
            case Negative(inner):
                return self._negative(self.compile(inner))
            case Binary(sign, left, right):
                return self._binary(sign, self.compile(left), self.compile(right))
            case Call(name, arguments):
                return self._call(name, arguments)
            case Filter(inner, predicates):
                return self._filter(self.compile(inner), self._predicates(predicates))
            case Path():
                return self._path(part)

    @staticmethod
    def _negative(part: Compiled) -> Compiled:
        return lambda scope: -to_number(part(scope), scope.run.zone)

    def _binary(self, sign: str, left: Compiled, right: Compiled) -> Compiled:
        if sign == "or":
            return lambda scope: to_boolean(left(scope)) or to_boolean(right(scope))
        if sign == "and":
            return lambda scope: to_boolean(left(scope)) and to_boolean(right(scope))
        if sign == "|":
            return lambda scope: in_order([*nodes(left(scope)), *nodes(right(scope))])
        if sign in _ARITHMETIC:
            return self._arithmetic(_ARITHMETIC[sign], left, right)
        return lambda scope: compare(sign, left(scope), right(scope), scope.run.zone)

    @staticmethod
    def _arithmetic(operation: Arithmetic, left: Compiled, right: Compiled) -> Compiled:
        def evaluate(scope: Scope) -> float:
            zone = scope.run.zone
            return operation(to_number(left(scope), zone), to_number(right(scope), zone))

        return evaluate

    def _call(self, name: str, arguments: tuple[Part, ...]) -> Compiled:
        function = self._functions.get(name)
        if function is None:
            return self._fault(f"there is no function {name}()")
        if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
            return self._fault(f"{name}() does not take {len(arguments)} arguments")
        compiled: Compiled = function.build(*(self.compile(argument) for argument in arguments))
        return compiled

    def _fault(self, text: str) -> Compiled:
        self.faults.append(text)

        def fail(_scope: Scope) -> Any:
            raise BadExpression(text)

        return fail

    def _predicates(self, predicates: tuple[Part, ...]) -> Predicates:
        return Predicates(tuple((part, self.compile(part)) for part in predicates))

    @staticmethod
    def _filter(part: Compiled, predicates: Predicates) -> Compiled:
        return lambda scope: predicates.kept(nodes(part(scope)), scope.run)

    def _path(self, path: Path) -> Compiled:
        steps = [self._step(step) for step in path.steps]
        start = self._start(path)

        def evaluate(scope: Scope) -> list[Node]:
            found = start(scope)
            for step in steps:
                found = step(found, scope)
            return found

        return evaluate

    def _start(self, path: Path) -> Callable[[Scope], list[Node]]:
        if path.absolute:
            return lambda scope: [scope.run.root]
        if path.start is None:
            return lambda scope: [scope.node]
        start = self.compile(path.start)
        return lambda scope: nodes(start(scope))

    def _step(self, step: Step) -> Callable[[list[Node], Scope], list[Node]]:
        return compile_step(step, self._predicates(step.predicates), self._names)


def nodes(value: Any) -> list[Node]:
    """The value, which has to be a node-set.

    Raises:
        BadExpression: it is none.
    """
    if not isinstance(value, list):
        raise BadExpression("nodes are expected, not a value")
    return value
