"""What a form is, once read: plain records, the same for every time it is filled in.

Specification: ODK XForms, https://getodk.github.io/xforms-spec/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from forms.xpath import Expression
from forms.xpath.tree import Node


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """An expression of the form, and the places of the instance that its value depends on."""

    expression: Expression
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """An `output` of a translation: its rule depends on where the translation is shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words for a person: pieces of text with values between, or a rule that names a translation."""

    pieces: tuple[str | Rule | Output, ...] = ()
    itext: Rule | None = None

    def __bool__(self) -> bool:
        return bool(self.pieces) or self.itext is not None


@dataclass(frozen=True, slots=True)
class Bind:
    """What holds of a node, wherever it stands."""

    kind: str = "string"
    relevant: Rule | None = None
    required: Rule | None = None
    readonly: Rule | None = None
    constraint: Rule | None = None
    calculate: Rule | None = None
    constraint_message: Words = Words()
    required_message: Words = Words()
    preload: tuple[str, str] = ("", "")
    max_pixels: int = 0  # the longest edge of a picture; 0 where the form says nothing


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices that a rule finds; value and label are evaluated at each of its nodes."""

    nodes: Rule
    value: Rule
    label: Rule | None
    among: str = ""  # the secondary instance that they are in


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A question of the body. `tag` is its element: input, select1, select, rank, range, upload, trigger."""

    place: Place
    tag: str
    label: Words
    hint: Words
    choices: tuple[Choice, ...] = ()
    itemset: Itemset | None = None
    appearance: str = ""
    bounds: tuple[float, float, float] | None = None  # of a range: lowest, highest, step
    media_type: str = ""

    @property
    def offers(self) -> bool:
        """Whether its value is one or more of its choices."""
        return self.tag in {"select", "select1", "rank"} and (bool(self.choices) or self.itemset is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A group or, with `repeats`, a repeat; what is in it in order. `place` is None for a group of the body only."""

    place: Place | None
    label: Words
    repeats: bool
    parts: tuple[Control | Section, ...]
    appearance: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """A setvalue: at which events, from which place, what is set to what."""

    events: frozenset[str]
    source: Place | None
    target: Expression
    value: Rule | None
    text: str


@dataclass(slots=True, eq=False)
class Place:
    """A node of the instance, whatever its position in repeats: `/data/heir/name`. Attributes end in `/@name`."""

    path: str
    parent: Place | None
    repeats: bool = False
    several: bool = False  # nodes of one parent, for whatever reason
    bind: Bind = field(default_factory=Bind)
    control: Control | None = None
    label: Words = Words()  # of a group or repeat
    count: Rule | None = None
    fixed: bool = False  # jr:noAddRemove
    children: dict[str, Place] = field(default_factory=dict)
    shape: Node | None = None
    template: Node | None = None  # of a new repeat instance

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def up(self) -> list[Place]:
        """The place and those above it, nearest first."""
        return [self, *self.parent.up()] if self.parent is not None else [self]

    def below(self) -> list[Place]:
        """The place and those below it, in order."""
        return [self, *(place for child in self.children.values() for place in child.below())]


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    title: str
    id: str
    version: str
    languages: tuple[str, ...]
    default_language: str
    root: Place
    places: Mapping[str, Place]
    primary: Node
    texts: Mapping[str, Mapping[str, Words]]
    pictured: frozenset[str]  # the translations that files go with (media.py)
    lists: Mapping[str, Node]
    absent: Mapping[str, str]  # of those lists that did not come along: their files
    body: tuple[Control | Section, ...]
    actions: tuple[Action, ...]
    order: Mapping[Place, int]
    followers: Mapping[Place, tuple[Place, ...]]
    compile: Callable[[str, Place], Rule]  # an output, where it is shown
