"""Every word that a person reads, by its id, in Bangla and English. The words live in resources/words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from kiosk import bangla
from resources import path

Say = Callable[..., str]
LANGUAGES = ("bn", "en")
_FIGURES = frozenset({"opens", "closes", "span", "year", "born", "keys", "clock"})  # facts that are text made of digits


@cache
def words(lang: str) -> Say:
    """`say(id, **facts)` for a language: facts ending in `_poisha` are written as taka, numbers in its digits.

    Raises (when called):
        KeyError: there is no such id, or a fact is missing.
    """
    table = every(lang)

    def say(word: str, /, **facts: Any) -> str:
        return table[word].format(**{name: _fact(name, value, lang) for name, value in facts.items()})

    return say


@cache
def every(lang: str) -> Mapping[str, str]:
    """All words of a language by their ids, as they are written down."""
    table: dict[str, str] = json.loads(path(f"words/{lang}.json").read_text(encoding="utf-8"))
    return table


def reason(lang: str, word: str) -> str:
    """Why something is as it is, from a word of the contract; one not known yet is shown as it came."""
    return _first(lang, f"reason.{word.partition(':')[0]}", word=word)


def portal(lang: str, name: str) -> str:
    """What people call a portal; one that nobody has named here goes by its own name."""
    try:
        return words(lang)(f"portal.{name}")
    except KeyError:
        return name


def float_name(lang: str, name: str) -> str:
    """What people call a float (accounts.float_of); of a portal without words of its own: its portal's."""
    try:
        return words(lang)(f"float.{name}")
    except KeyError:
        return words(lang)("float.other", portal=portal(lang, name))


def trouble(lang: str, word: str, **facts: Any) -> str:
    """What an error or a rule says to the operator: what happened, what it means, what to do. A rule without words of
    its own says what its `test` says."""
    say = words(lang)
    for known in (f"error.{word}", f"rule.{word}", f"reason.{word}", f"rule.{facts.get('test')}"):
        try:
            return say(known, **facts)
        except KeyError:
            continue
    return say("reason.other", word=word)


def print_words(lang: str, word: str) -> tuple[str, str]:
    """What is wrong with a printer or a print, and what to do."""
    say, kind = words(lang), word.partition(":")[0]
    try:
        return say(f"print.{kind}"), say(f"print.{kind}.do")
    except KeyError:
        return say("print.other", word=word), say("print.other.do")


def _first(lang: str, word_id: str, *, word: str) -> str:
    try:
        return words(lang)(word_id)
    except KeyError:
        return words(lang)("reason.other", word=word)


def _fact(name: str, value: Any, lang: str) -> Any:
    if name == "portal":
        return portal(lang, value)
    if name.endswith("_poisha") and isinstance(value, int):
        return bangla.taka(value, lang=lang)
    if isinstance(value, int):
        return bangla.grouped(value, lang)
    if isinstance(value, date):
        return bangla.date_bn(value, lang)
    in_bangla = lang == "bn" and isinstance(value, str) and name in _FIGURES
    return bangla.digits(value) if in_bangla else value
