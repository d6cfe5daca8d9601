"""Questions over what a form shows: which stand in it, where sections begin, how far they are, which row is which."""

from __future__ import annotations

from collections.abc import Sequence

import forms

Part = forms.Question | forms.Repeat | forms.Heading


def row_of(ref: str, repeat: str) -> int:
    """The row of a repeat (from 1) that a question stands in; 0 when it stands elsewhere. An only row has no number."""
    if not ref.startswith((f"{repeat}[", f"{repeat}/")):
        return 0
    rest = ref[len(repeat):]
    return int(rest[1: rest.index("]")]) if rest[0] == "[" else 1


def section_starts(parts: Sequence[Part]) -> list[str]:
    """The first question after each heading, and of each repeat."""
    found, waits = [], True
    for part in parts:
        if isinstance(part, forms.Heading):
            waits = True
        elif isinstance(part, forms.Repeat):
            found += [asked.ref for row in part.rows[:1] for asked in row[:1]]
            waits = True
        elif waits and part.kind != "note":
            found.append(part.ref)
            waits = False
    return found


def every(parts: Sequence[Part]) -> list[forms.Question]:
    """The questions, also those in repeats, in order."""
    found: list[forms.Question] = []
    for part in parts:
        if isinstance(part, forms.Question):
            found.append(part)
        elif isinstance(part, forms.Repeat):
            found += [asked for row in part.parts for asked in every(row)]
    return found


def repeats(parts: Sequence[Part]) -> list[forms.Repeat]:
    found: list[forms.Repeat] = []
    for part in parts:
        if isinstance(part, forms.Repeat):
            found += [part, *(inner for row in part.parts for inner in repeats(row))]
    return found


def count(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Answered and asked after each heading."""
    found: list[list[forms.Question]] = []
    for part in parts:
        if isinstance(part, forms.Heading):
            found.append([])
        elif found and isinstance(part, forms.Question):
            found[-1] += answerable([part])
    return [(sum(bool(one.value) for one in section), len(section)) for section in found]


def answerable(parts: Sequence[Part]) -> list[forms.Question]:
    """The questions that a person answers."""
    found: list[forms.Question] = []
    for part in parts:
        if isinstance(part, forms.Repeat):
            found += [one for row in part.parts for one in answerable(row)]
        elif isinstance(part, forms.Question) and part.kind != "note" and not part.readonly:
            found.append(part)
    return found
