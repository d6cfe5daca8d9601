"""Reads tokens into an expression (XPath 1.0, sections 2 and 3)."""

from __future__ import annotations

from forms.xpath.lexer import BadExpression, Token, tokens
from forms.xpath.syntax import Binary, Call, Filter, Literal, Negative, Number, Part, Path, Step, Test

_DEEPEST = 60  # brackets in brackets; each costs some ten Python frames
AXES = {
    "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
    "following-sibling", "namespace", "parent", "preceding", "preceding-sibling", "self",
}
_NODE_TYPES = {"node", "text", "comment", "processing-instruction"}
_LEVEL = {
    "or": 0, "and": 1, "=": 2, "!=": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "*": 5, "div": 5, "mod": 5,
}
ANY_NODE = Test("node")
ANYWHERE_BELOW = Step("descendant-or-self", ANY_NODE)


def parse(text: str) -> Part:
    """The expression in `text`.

    Raises:
        BadExpression: it is none.
    """
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Part:
        part = self._expression()
        if self._now.kind != "end":
            raise self._unexpected()
        return part

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    @property
    def _after(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def _unexpected(self) -> BadExpression:
        return BadExpression(f"'{self._now.text or 'the end'}' at character {self._now.at + 1} is not expected")

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, *texts: str) -> bool:
        return self._now.kind in {"symbol", "operator"} and self._now.text in texts

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._unexpected()
        self._at += 1

    def _expression(self) -> Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadExpression(f"nested deeper than {_DEEPEST}")
        part = self._operation(0)
        self._depth -= 1
        return part

    def _operation(self, lowest: int) -> Part:
        """Operators of precedence `lowest` and above, left to right."""
        left = self._unary()
        while self._now.kind in {"symbol", "operator"} and _LEVEL.get(self._now.text, -1) >= lowest:
            operator = self._take().text
            left = Binary(operator, left, self._operation(_LEVEL[operator] + 1))
        return left

    def _unary(self) -> Part:
        minus = 0
        while self._is("-"):
            self._at += 1
            minus += 1
        part = self._path()
        while self._is("|"):
            self._at += 1
            part = Binary("|", part, self._path())
        if minus:
            part = Negative(part)
        return Negative(part) if minus > 1 and minus % 2 == 0 else part

    def _path(self) -> Part:
        if self._is("/"):
            self._at += 1
            return Path(True, tuple(self._steps()) if self._starts_step() else ())
        if self._is("//"):
            self._at += 1
            return Path(True, (ANYWHERE_BELOW, *self._steps()))
        if self._starts_step():
            return Path(False, tuple(self._steps()))
        return self._filtered()

    def _filtered(self) -> Part:
        part = self._primary()
        predicates = self._predicates()
        if predicates:
            part = Filter(part, predicates)
        if self._is("/"):
            self._at += 1
            return Path(False, tuple(self._steps()), part)
        if self._is("//"):
            self._at += 1
            return Path(False, (ANYWHERE_BELOW, *self._steps()), part)
        return part

    def _starts_step(self) -> bool:
        if self._is(".", "..", "@", "*"):
            return True
        if self._now.kind != "name":
            return False
        return self._after.text != "(" or self._now.text in _NODE_TYPES

    def _steps(self) -> list[Step]:
        steps = [self._step()]
        while self._is("/", "//"):
            if self._take().text == "//":
                steps.append(ANYWHERE_BELOW)
            steps.append(self._step())
        return steps

    def _step(self) -> Step:
        if self._is("."):
            self._at += 1
            return Step("self", ANY_NODE)
        if self._is(".."):
            self._at += 1
            return Step("parent", ANY_NODE)
        return Step(self._axis(), self._test(), self._predicates())

    def _axis(self) -> str:
        if self._is("@"):
            self._at += 1
            return "attribute"
        if self._after.text != "::":
            return "child"
        axis = self._take().text
        self._at += 1
        if axis not in AXES:
            raise BadExpression(f"there is no axis {axis}")
        return axis

    def _test(self) -> Test:
        if self._is("*"):
            self._at += 1
            return Test("name", "*")
        if self._now.kind != "name":
            raise self._unexpected()
        name = self._take().text
        if self._is("(") and name in _NODE_TYPES:
            return self._kind_test(name)
        prefix, colon, local = name.partition(":")
        return Test("name", local, prefix) if colon else Test("name", name)

    def _kind_test(self, kind: str) -> Test:
        self._at += 1
        name = ""
        if kind == "processing-instruction" and self._now.kind == "literal":
            name = self._take().text[1:-1]
        self._expect(")")
        return Test(kind, name)

    def _predicates(self) -> tuple[Part, ...]:
        found = []
        while self._is("["):
            self._at += 1
            found.append(self._expression())
            self._expect("]")
        return tuple(found)

    def _primary(self) -> Part:
        if self._is("("):
            self._at += 1
            part = self._expression()
            self._expect(")")
            return part
        if self._now.kind == "number":
            return Number(float(self._take().text))
        if self._now.kind == "literal":
            return Literal(self._take().text[1:-1])
        if self._now.kind == "name" and self._after.text == "(":
            return self._call()
        raise self._unexpected()

    def _call(self) -> Call:
        name = self._take().text
        self._at += 1
        arguments: list[Part] = []
        while not self._is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._expression())
        self._at += 1
        return Call(name, tuple(arguments))
