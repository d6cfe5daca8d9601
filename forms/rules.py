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

# Of all rules of a form together: places looked at, characters.
MOST_VISITS, MOST_LETTERS = 5_000_000, 1_000_000
_UP = Step("parent", ANY_NODE)
_CURRENT = Call("current", ())
# Of these arguments it matters which nodes there are, not what stands in them: by place, or all.
_NODES_ONLY = {"count": {0}, "position": {0}, "boolean": {0}, "not": {0}, "if": {0}, "name": {0}, "local-name": {0},
               "namespace-uri": {0}, "current": set[int](), "randomize": {0}}


class Rules:
    """Makes rules of one form."""

    def __init__(self, names: Names, shape: Node) -> None:
        self._names = names
        self._shape = shape
        self._effort, self._letters = Effort(MOST_VISITS), Effort(MOST_LETTERS)

    def rule(
        self, text: str, here: Place, what: str, among: Iterable[Node] | None = None, *, read: bool = False
    ) -> Rule:
        """The rule in `text` for the nodes of `here`; `among` are the shapes it starts from, if others.

        Of one that is `read`, what it finds is a text: what stands below a group counts.

        Raises:
            BadExpression: it is none, or calls what does not exist.
        """
        try:
            self._letters.spend(len(text))
            part = parse(text) if among is not None else contextual(parse(text), here)
            compiler = Compiler(ODK, self._names)
            expression = Expression(text, part, compiler.compile(part), tuple(compiler.faults))
        except (BadExpression, RecursionError) as error:
            raise BadExpression(f"{what}: {text[:200]}: {error}") from error
        if compiler.faults:
            raise BadExpression(f"{what}: {text[:200]}: {compiler.faults[0]}")
        current = [here.shape] if here.shape is not None else []
        start = current if among is None else list(among)
        references = _References(self._shape, current, self._effort)
        try:
            return Rule(expression, tuple(references.places(part, start, read=read)))
        except BadExpression as error:
            raise BadExpression(f"{what}: {text[:200]}: {error}") from error

    def reached(self, rule: Rule, here: Place) -> list[Node]:
        """The shapes of the nodes that a rule finds."""
        current = [here.shape] if here.shape is not None else []
        return _References(self._shape, current, self._effort).reach(rule.expression.part, current)


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


class Effort:
    """What all rules of one form may take to be read."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, much: int) -> None:
        """Raises: BadExpression: it was too much."""
        self._left -= much
        if self._left < 0:
            raise BadExpression("the form's rules are more than can be looked through")


class _References:
    """Walks an expression over the form's shape and notes every place that it looks at."""

    def __init__(self, top: Node, current: list[Node], effort: Effort) -> None:
        self._top = top
        self._current = current
        self._effort = effort
        self._seen: dict[Place, None] = {}

    def places(self, part: Part, start: list[Node], *, read: bool) -> list[Place]:
        """What the value of `part` at `start` depends on."""
        (self._read if read else self.reach)(part, start)
        return list(self._seen)

    def _read(self, part: Part, start: list[Node]) -> list[Node]:
        """The shapes that `part` finds, where their texts are wanted: those of groups come from what is in them.

        Who asks does not wait for itself (XForms 1.0, "Details on creating the master dependency directed graph").
        """
        found = self.reach(part, start)
        for node in found:
            if node.children:
                below = list(node.descendants())
                self._effort.spend(len(below))
                self._note(other for other in below if other not in self._current)
        return found

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
                look = self.reach if sign in {"|", "and", "or"} else self._read
                found = [*look(left, start), *look(right, start)]
                return found if sign == "|" else []
            case Negative(inner):
                self._read(inner, start)
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
        if name == "once":
            self._note(self._current)
        bare = range(len(arguments)) if name == "indexed-repeat" else _NODES_ONLY.get(name, ())
        found = [(self.reach if at in bare else self._read)(item, start) for at, item in enumerate(arguments)]
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
            found = [child for node in nodes for child in _children(node, name)]
            self._each(step.predicates, found)
            return found
        found = list(dict.fromkeys(other for node in nodes for other in self._along(step, node, kind)))
        self._each(step.predicates, found)
        return found

    def _along(self, step: Step, node: Node, kind: int) -> list[Node]:
        reached = [*AXIS[step.axis](node, self._top), *_other_rows(step.axis, node)]
        self._effort.spend(len(reached))
        return [other for other in reached if _fits(step.test, other, kind)]

    def _note(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node.about, Place):
                self._seen.setdefault(node.about)


def _children(node: Node, name: str) -> list[Node]:
    """The shapes below that have the name; a place knows its own."""
    if isinstance(node.about, Place):
        known = node.about.children.get(name)
        return [known.shape] if known is not None and known.shape is not None else []
    return [child for child in node.children if child.name == name]


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

