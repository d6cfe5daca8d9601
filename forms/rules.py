"""Reads the form's expressions: what an absolute path means inside a repeat, and which places a value depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forms.definition import Place, Rule
from forms.xpath import Names
from forms.xpath.axes import AXIS, PRINCIPAL
from forms.xpath.compiler import Compiler
from forms.xpath.expression import Expression
from forms.xpath.lexer import BadExpression
from forms.xpath.library import ODK
from forms.xpath.parser import ANY_NODE, parse
from forms.xpath.patterns import compile_pattern
from forms.xpath.syntax import Binary, Call, Filter, Literal, Negative, Part, Path, Step, Test
from forms.xpath.tree import ELEMENT, Node

_MOST_VISITS = 500_000
_UP = Step("parent", ANY_NODE)
_CURRENT = Call("current", ())


class Rules:
    """Makes rules of one form."""

    def __init__(self, names: Names, shape: Node) -> None:
        self._names = names
        self._shape = shape

    def rule(self, text: str, here: Place, what: str, among: Iterable[Node] | None = None) -> Rule:
        """The rule in `text` for the nodes of `here`; `among` are the shapes it starts from, if others.

        Raises:
            BadExpression: it is none, or calls what does not exist.
        """
        try:
            part = parse(text) if among is not None else contextual(parse(text), here)
            compiler = Compiler(ODK, self._names)
            expression = Expression(text, part, compiler.compile(part), tuple(compiler.faults))
        except (BadExpression, RecursionError) as error:
            raise BadExpression(f"{what}: {text[:200]}: {error}") from error
        if compiler.faults:
            raise BadExpression(f"{what}: {text[:200]}: {compiler.faults[0]}")
        current = [here.shape] if here.shape is not None else []
        start = current if among is None else list(among)
        try:
            return Rule(expression, tuple(_References(self._shape, current).places(part, start)))
        except BadExpression as error:
            raise BadExpression(f"{what}: {text[:200]}: {error}") from error

    def reached(self, rule: Rule, here: Place) -> list[Node]:
        """The shapes of the nodes that a rule finds."""
        current = [here.shape] if here.shape is not None else []
        return _References(self._shape, current).reach(rule.expression.part, current)


def contextual(part: Part, here: Place) -> Part:
    """`part` with absolute paths into a repeat around `here` made relative to the same repeat instance.

    ODK XForms, "XPath paths": inside a repeat, an absolute path to a node of it means the one of this instance.
    """
    match part:
        case Path():
            return _contextual_path(part, here)
        case Binary(sign, left, right):
            return Binary(sign, contextual(left, here), contextual(right, here))
        case Negative(inner):
            return Negative(contextual(inner, here))
        case Call(name, arguments):
            return Call(name, tuple(_argument(name, at, item, here) for at, item in enumerate(arguments)))
        case Filter(inner, predicates):
            return Filter(contextual(inner, here), tuple(contextual(item, here) for item in predicates))
    return part


def _argument(name: str, at: int, item: Part, here: Place) -> Part:
    """indexed-repeat() is told itself which instances are meant."""
    return item if name == "indexed-repeat" and (at == 0 or at % 2) else contextual(item, here)


def _contextual_path(path: Path, here: Place) -> Path:
    steps = tuple(
        replace(step, predicates=tuple(contextual(item, here) for item in step.predicates)) for step in path.steps
    )
    start = contextual(path.start, here) if path.start is not None else None
    names = _plain_names(steps) if path.absolute else []
    for place in here.up():
        depth = place.path.count("/")
        if place.repeats and len(names) >= depth and "/" + "/".join(names[:depth]) == place.path and len(steps) > depth:
            up = (_UP,) * (here.path.count("/") - depth)
            return Path(False, (*up, *steps[depth:]), _CURRENT)
    return Path(path.absolute, steps, start)


def _plain_names(steps: tuple[Step, ...]) -> list[str]:
    names = []
    for step in steps:
        if step.axis != "child" or step.test.kind != "name" or step.predicates:
            break
        names.append(step.test.name)
    return names


class _References:
    """Walks an expression over the form's shape and notes every place that it looks at."""

    def __init__(self, top: Node, current: list[Node]) -> None:
        self._top = top
        self._current = current
        self._seen: dict[Place, None] = {}
        self._visits = 0

    def places(self, part: Part, start: list[Node]) -> list[Place]:
        """What the value of `part` at `start` depends on."""
        self.reach(part, start)
        return list(self._seen)

    def reach(self, part: Part, start: list[Node]) -> list[Node]:
        """The shapes that `part` finds; notes what it looks at."""
        match part:
            case Path():
                return self._path(part, start)
            case Filter(inner, predicates):
                found = self.reach(inner, start)
                self._each(predicates, found)
                return found
            case Call(name, arguments):
                return self._call(name, arguments, start)
            case Binary(sign, left, right):
                found = [*self.reach(left, start), *self.reach(right, start)]
                return found if sign == "|" else []
            case Negative(inner):
                self.reach(inner, start)
        return []

    def _each(self, parts: Iterable[Part], start: list[Node]) -> None:
        for part in parts:
            self.reach(part, start)

    def _call(self, name: str, arguments: tuple[Part, ...], start: list[Node]) -> list[Node]:
        if name == "current":
            return self._current
        if name == "jr:choice-name":
            self._named(arguments[-1], start)
        if name == "regex" and isinstance(arguments[-1], Literal):
            compile_pattern(arguments[-1].value)
        found = [self.reach(argument, start) for argument in arguments]
        return found[0] if name in {"randomize", "indexed-repeat"} and found else []

    def _named(self, part: Part, start: list[Node]) -> None:
        """The question that jr:choice-name() names in a string."""
        if isinstance(part, Literal):
            self.reach(parse(part.value.strip()), start)
        else:
            self._note(self._top.descendants())

    def _path(self, path: Path, start: list[Node]) -> list[Node]:
        found = [self._top] if path.absolute else start
        if path.start is not None:
            found = self.reach(path.start, start)
        for step in path.steps:
            found = self._step(step, found)
        if path.steps or path.start is not None:
            self._note(found)
        return found

    def _step(self, step: Step, nodes: list[Node]) -> list[Node]:
        kind, name = PRINCIPAL.get(step.axis, ELEMENT), step.test.name
        if step.axis == "child" and step.test.kind == "name" and name != "*":
            found = [child for node in nodes for child in node.children if child.name == name]
            self._each(step.predicates, found)
            return found
        found = list(dict.fromkeys(other for node in nodes for other in self._along(step, node, kind)))
        self._each(step.predicates, found)
        return found

    def _along(self, step: Step, node: Node, kind: int) -> list[Node]:
        reached = [*AXIS[step.axis](node, self._top), *_other_rows(step.axis, node)]
        self._visits += len(reached)
        if self._visits > _MOST_VISITS:
            raise BadExpression("looks at too many places")
        return [other for other in reached if _fits(step.test, other, kind)]

    def _note(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node.about, Place):
                self._seen.setdefault(node.about)


def _other_rows(axis: str, node: Node) -> list[Node]:
    """Rows beside a row have one shape: it stands for those before and after it, and for all that is in them."""
    if axis in {"preceding-sibling", "following-sibling"}:
        return [node] if isinstance(node.about, Place) and node.about.several else []
    found: list[Node] = []
    at: Node | None = node if axis in {"preceding", "following"} else None
    while at is not None and isinstance(at.about, Place):
        if at.about.several:
            found += [at, *at.descendants()]
        at = at.parent
    return found


def _fits(test: Test, node: Node, kind: int) -> bool:
    if test.kind == "node":
        return True
    return test.kind == "name" and node.kind == kind and test.name in {"*", node.name}


def resolved(ref: str, base: str) -> str:
    """The path that a `ref` or `nodeset` of the body names, without predicates, from the one around it."""
    text = ref.strip().removeprefix("current()/")
    if text.startswith("/"):
        return _without_predicates(text)
    pieces = [piece for piece in base.split("/") if piece]
    for piece in _without_predicates(text).split("/"):
        if piece == "..":
            pieces = pieces[:-1]
        elif piece not in {"", "."}:
            pieces.append(piece)
    return "/" + "/".join(pieces)


def _without_predicates(text: str) -> str:
    """Names only: no predicates, prefixes or spaces."""
    kept, depth = "", 0
    for letter in text:
        depth += letter == "["
        kept += letter if not depth else ""
        depth -= letter == "]"
    return "/".join(_local(piece.strip()) for piece in kept.split("/"))


def _local(name: str) -> str:
    mark = "@" if name.startswith("@") else ""
    return mark + name.removeprefix("@").rpartition(":")[2]

