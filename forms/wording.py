"""Words as they read now: translations in the language that is asked for, with the values put into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from forms.choices import Label, Named
from forms.definition import Definition, Output, Rule, Words
from forms.instance import state_of
from forms.media import KINDS, NONE, Media, Pictured, file_name
from forms.xpath import Run
from forms.xpath.tree import Node

_LONGEST = 100_000  # characters


class Speaks(Protocol):
    """What words need of the engine."""

    form: Definition

    def run(self, node: Node) -> Run: ...
    def tried(self, work: Callable[[], str], otherwise: str) -> str: ...


def translated(form: Definition, name: str, language: str) -> Words:
    """A translation, in any language before none at all ("bn" finds "বাংলা (bn)")."""
    known = form.texts.get(name, {})
    exact = (words for lang, words in known.items() if lang == language or lang.endswith(f"({language})"))
    return next(exact, None) or known.get(form.default_language) or next(iter(known.values()), Words())


def worded(engine: Speaks, words: Label, node: Node, language: str) -> str:
    """Words as they read at `node`."""
    if isinstance(words, str):
        return words
    if isinstance(words, Pictured):
        return words.text
    if isinstance(words, Named) or words.itext is not None:
        words = translated(engine.form, _named(engine, words, node), language)
    return text_of(engine, words, node)


def media_of(engine: Speaks, words: Label, node: Node, language: str) -> Media:
    """The files that go with words at `node`."""
    if isinstance(words, Pictured):
        return words.media
    form = engine.form
    if not form.pictured or isinstance(words, str):
        return NONE
    name = _named(engine, words, node)
    if name not in form.pictured:
        return NONE
    found = (text_of(engine, translated(form, f"{name};{kind}", language), node) for kind in KINDS)
    return Media(*(file_name(text) if text.strip() != "-" else "" for text in found))


def guidance_of(engine: Speaks, hint: Words, node: Node, language: str) -> str:
    """What a hint says besides (XLSForm, `guidance_hint`)."""
    if hint.itext is None:
        return ""
    found = text_of(engine, translated(engine.form, f"{_named(engine, hint, node)};guidance", language), node).strip()
    return "" if found == "-" else found


def _named(engine: Speaks, words: Words | Named, node: Node) -> str:
    """The translation that is meant; empty for words that stand there themselves."""
    if isinstance(words, Named):
        return words.itext
    if words.itext is None:
        return ""
    name = words.itext.expression
    return engine.tried(lambda: name.string(engine.run(node)), "")


def text_of(engine: Speaks, words: Words, node: Node) -> str:
    """Pieces put together; nobody reads a label that is longer."""
    pieces, room = list[str](), _LONGEST
    for piece in words.pieces:
        pieces.append((piece if isinstance(piece, str) else _piece(engine, piece, node))[:room])
        room -= len(pieces[-1])
    return "".join(pieces)


def _piece(engine: Speaks, piece: Rule | Output, node: Node) -> str:
    rule = engine.form.compile(piece.text, state_of(node).place) if isinstance(piece, Output) else piece
    return engine.tried(lambda: rule.expression.string(engine.run(node)), "")
