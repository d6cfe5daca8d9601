"""Cuts an expression into tokens (XPath 1.0, section 3.7)."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 100_000  # characters of one expression

_NAME = r"[^\W\d][\w.\-\u00b7]*"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    |(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<symbol>\.\.|::|//|<=|>=|!=|[()\[\].@,/|+\-=<>*])
    |(?P<variable>\${_NAME}(?::{_NAME})?)
    |(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)""",
    re.VERBOSE,
)
_OPERATOR = re.compile("and|or|div|mod")


class BadExpression(Exception):
    """The text is not an expression that this engine can evaluate, or its evaluation failed."""


class Token(NamedTuple):
    kind: str  # number, literal, symbol, name, operator, end
    text: str
    at: int


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, `end` last.

    Raises:
        BadExpression: something in it is no token.
    """
    if len(text) > LONGEST:
        raise BadExpression(f"longer than {LONGEST} characters")
    found: list[Token] = []
    at = 0
    while at < len(text):
        token = _next(text, at, found)
        at = token.at + len(token.text)
        if token.kind != "space":
            found.append(token)
    return [*found, Token("end", "", at)]


def _next(text: str, at: int, before: list[Token]) -> Token:
    if _operand_ended(before):
        operator = _OPERATOR.match(text, at)
        if operator:
            return Token("operator", operator[0], at)
        if text[at] == "*":
            return Token("operator", "*", at)
    match = _TOKEN.match(text, at)
    if match is None or match.lastgroup is None or match.lastgroup == "variable":
        raise BadExpression(f"not understood at character {at + 1}: {text[at:at + 20]}")
    return Token(match.lastgroup, match[0], at)


def _operand_ended(before: list[Token]) -> bool:
    """Whether a name or a star now is an operator: the rule of disambiguation in section 3.7."""
    if not before:
        return False
    last = before[-1]
    return last.kind not in {"symbol", "operator"} or last.text in {")", "]", ".", ".."} or last[:2] == ("symbol", "*")
