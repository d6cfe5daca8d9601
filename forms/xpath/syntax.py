"""What an expression is made of, once read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    value: str


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Part
    right: Part


@dataclass(frozen=True, slots=True)
class Negative:
    part: Part


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A node test: a kind (`node`, `text`, `comment`, `processing-instruction`) or, with kind `name`, a name."""

    kind: str
    name: str = ""
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    axis: str
    test: Test
    predicates: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (`absolute`), from the nodes of `start`, or from the context node."""

    absolute: bool
    steps: tuple[Step, ...]
    start: Part | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    part: Part
    predicates: tuple[Part, ...]


Part = Number | Literal | Binary | Negative | Call | Path | Filter
