"""Regular expressions that can't be made to hang: a Thompson machine, its time bounded by pattern times text.

The common part of Java's and JavaScript's syntax, with looks ahead; not with looks behind or references back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forms.xpath.lexer import BadExpression

_MOST_STEPS = 5_000  # of one machine
_DIGIT, _WORD = re.compile("[0-9]"), re.compile("[A-Za-z0-9_]")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
Accept = Callable[[str], bool]
Work = Callable[[int], None]  # told how much is done; raises where it is too much
Piece = tuple[Any, ...]  # one (accept), at (mark), look (piece, wanted), all, any (pieces), times (piece, least, most)


@dataclass(frozen=True, slots=True)
class Machine:
    """Steps: one (accept), split (a, b), jump (a), at (mark), look (machine, wanted), done."""

    steps: tuple[Piece, ...]

    def search(self, text: str, work: Work) -> bool:
        """Whether the pattern is found anywhere in `text`; `work` is told how much is done."""
        return self.found(text, 0, work, anywhere=True)

    def found(self, text: str, start: int, work: Work, *, anywhere: bool = False) -> bool:
        """Whether it is found at `start`, or anywhere from there on."""
        states: set[int] = {0}
        for at in range(start, len(text) + 1):
            states = self._reached([*states, 0] if anywhere else list(states), text, at, work)
            if len(self.steps) - 1 in states:
                return True
            work(len(states) + 1)
            if at < len(text):
                states = {state + 1 for state in states if self._takes(state, text[at])}
        return False

    def _takes(self, state: int, letter: str) -> bool:
        step = self.steps[state]
        return step[0] == "one" and bool(step[1](letter))

    def _reached(self, waiting: list[int], text: str, at: int, work: Work) -> set[int]:
        found: set[int] = set()
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting += _onward(self.steps[state], state, text, at, work)
        return found


def _onward(step: Piece, state: int, text: str, at: int, work: Work) -> list[int]:
    if step[0] == "split":
        return [step[1], step[2]]
    if step[0] == "jump":
        return [step[1]]
    if step[0] == "at" and _stands(step[1], text, at):
        return [state + 1]
    if step[0] == "look" and step[1].found(text, at, work) is step[2]:
        return [state + 1]
    return []


def _stands(mark: str, text: str, at: int) -> bool:
    if mark == "^":
        return at == 0
    if mark == "$":
        return at == len(text)
    edge = _is_word(text, at - 1) != _is_word(text, at)
    return edge if mark == "b" else not edge


def _is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and _WORD.match(text[at]) is not None


def compile_pattern(text: str) -> Machine:
    """The pattern in `text`.

    Raises:
        BadExpression: it is none, or looks behind or refers back.
    """
    try:
        return _machine(_Reader(text).whole())
    except IndexError as error:
        raise BadExpression(f"the pattern {text} ends too early") from error


def _machine(piece: Piece) -> Machine:
    steps: list[Piece] = []
    _write(piece, steps)
    return Machine((*steps, ("done",)))


def _write(piece: Piece, steps: list[Piece]) -> None:
    if len(steps) > _MOST_STEPS:
        raise BadExpression("the pattern is too large")
    if piece[0] in {"one", "at"}:
        steps.append(piece)
    elif piece[0] == "look":
        steps.append(("look", _machine(piece[1]), piece[2]))
    elif piece[0] == "all":
        for part in piece[1]:
            _write(part, steps)
    elif piece[0] == "any":
        _write_any(list(piece[1]), steps)
    else:
        _write_times(piece[1], piece[2], piece[3], steps)


def _write_any(parts: list[Piece], steps: list[Piece]) -> None:
    jumps = []
    for part in parts[:-1]:
        split = len(steps)
        steps.append(("split",))
        _write(part, steps)
        jumps.append(len(steps))
        steps.append(("jump",))
        steps[split] = ("split", split + 1, len(steps))
    _write(parts[-1], steps)
    for jump in jumps:
        steps[jump] = ("jump", len(steps))


def _write_times(piece: Piece, least: int, most: int | None, steps: list[Piece]) -> None:
    for _ in range(least):
        _write(piece, steps)
    if most is None:
        split = len(steps)
        steps.append(("split",))
        _write(piece, steps)
        steps.append(("jump", split))
        steps[split] = ("split", split + 1, len(steps))
        return
    splits = []
    for _ in range(most - least):
        splits.append(len(steps))
        steps.append(("split",))
        _write(piece, steps)
    for split in splits:
        steps[split] = ("split", split + 1, len(steps))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> Piece:
        piece = self._choices()
        if self._at < len(self._text):
            raise BadExpression(f"the pattern {self._text} has a bracket too many")
        return piece

    def _next(self) -> str:
        return self._text[self._at:self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _choices(self) -> Piece:
        self._depth += 1
        if self._depth > 50:
            raise BadExpression("the pattern is nested too deep")
        parts = [self._row()]
        while self._next() == "|":
            self._at += 1
            parts.append(self._row())
        self._depth -= 1
        return ("any", parts) if len(parts) > 1 else parts[0]

    def _row(self) -> Piece:
        parts = []
        while self._next() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return ("all", parts)

    def _repeated(self, piece: Piece) -> Piece:
        found = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}|([*+?])").match(self._text, self._at)
        if found is None:
            return piece
        self._at = found.end()
        if self._next() in {"?", "+"}:  # how greedy does not matter to whether it is found
            self._at += 1
        if found[4]:
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[4]]
        else:
            least = int(found[1])
            most = (int(found[3]) if found[3] else None) if found[2] else least
        return ("times", piece, least, most)

    def _atom(self) -> Piece:
        letter = self._take()
        if letter == "(":
            return self._group()
        if letter == "[":
            return ("one", self._set())
        if letter == ".":
            return ("one", lambda other: other not in "\n\r")
        if letter in "^$":
            return ("at", letter)
        if letter == "\\":
            return self._escaped()
        if letter in "*+?":
            raise BadExpression(f"the pattern {self._text} repeats nothing")
        return ("one", lambda other: other == letter)

    def _group(self) -> Piece:
        kind = next((mark for mark in ("?:", "?=", "?!") if self._text.startswith(mark, self._at)), "")
        self._at += len(kind)
        if not kind and self._next() == "?":
            raise self._beyond()
        piece = self._choices()
        if self._take() != ")":
            raise BadExpression(f"the pattern {self._text} lacks a bracket")
        return ("look", piece, kind == "?=") if kind in {"?=", "?!"} else piece

    def _beyond(self) -> BadExpression:
        return BadExpression(f"the pattern {self._text} asks for more than is supported")

    def _escaped(self) -> Piece:
        if self._next() in {"b", "B"}:
            return ("at", self._take())
        if self._next() in set("123456789kAzZQ"):
            raise self._beyond()
        return ("one", self._class_escape())

    def _class_escape(self) -> Accept:
        letter = self._take()
        kinds: dict[str, Accept] = {
            "d": lambda other: _DIGIT.match(other) is not None, "w": lambda other: _WORD.match(other) is not None,
            "s": str.isspace,
        }
        if letter in "pP":
            kinds["p"] = self._category()
        if letter.lower() in kinds:
            kind = kinds[letter.lower()]
            return kind if letter.islower() else lambda other: not kind(other)
        plain = self._code(letter)
        return lambda other: other == plain

    def _category(self) -> Accept:
        """Unicode's general categories: `\\p{L}`, `\\p{Nd}`."""
        found = re.compile(r"\{([A-Z][a-z]?)\}").match(self._text, self._at)
        if found is None:
            raise self._beyond()
        self._at = found.end()
        return lambda other: unicodedata.category(other).startswith(found[1])

    def _code(self, letter: str) -> str:
        size = {"u": 4, "x": 2}.get(letter, 0)
        digits = self._text[self._at:self._at + size]
        if size and re.fullmatch(f"[0-9A-Fa-f]{{{size}}}", digits):
            self._at += size
            return chr(int(digits, 16))
        return _CONTROL.get(letter, letter)

    def _set(self) -> Accept:
        negated = self._next() == "^"
        self._at += negated
        accepts: list[Accept] = []
        while self._next() != "]" or not accepts:
            if not self._next():
                raise IndexError
            accepts.append(self._member())
        self._at += 1
        return lambda other: any(accept(other) for accept in accepts) is not negated

    def _member(self) -> Accept:
        start = self._take()
        if start == "[":
            raise self._beyond()  # Java's set in a set
        if start == "\\":
            if self._next() in set("dDwWsSpP"):
                return self._class_escape()
            start = self._code(self._take())
        if self._next() != "-" or self._text[self._at + 1:self._at + 2] in {"]", ""}:
            return lambda other: other == start
        self._at += 1
        end = self._take()
        end = self._code(self._take()) if end == "\\" else end
        return lambda other: start <= other <= end
