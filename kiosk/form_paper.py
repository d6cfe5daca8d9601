"""A form's questions on paper: for whoever writes forms, or to take to a house without a device."""

from __future__ import annotations

from collections.abc import Iterator

import forms
from printing.document import Block, Document, Heading, Rule, Space, Text

_LINE = "_" * 60
_BLANK_ROWS = 1


def paper(form: forms.Form, filling: forms.Filling, lang: str) -> Document:
    """All questions that are asked, with their choices and room to write; no answers."""
    title = form.title or form.id
    return Document(f"form-{form.id}", title, (Heading(title), Rule(), *_blocks(filling.questions(lang))))


def _blocks(parts: list[forms.shown.Part]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, forms.Heading):
            yield Heading(part.label, 2)
        elif isinstance(part, forms.Question):
            yield from _question(part)
        else:
            yield Heading(part.label, 2)
            for row in part.parts[:_BLANK_ROWS]:
                yield from _blocks(list(row))
            yield Rule(dashed=True)


def _question(asked: forms.Question) -> Iterator[Block]:
    if asked.kind == "note":
        yield Text(asked.label, small=True)
        return
    yield Text(f"{asked.label}{' *' if asked.required else ''}", bold=True)
    if asked.hint:
        yield Text(asked.hint, small=True)
    if asked.guidance:
        yield Text(asked.guidance, small=True)
    if asked.choices:
        yield Text("    ".join(f"[   ] {label}" for _value, label in asked.choices))
    else:
        yield Text(_LINE)
    yield Space()
