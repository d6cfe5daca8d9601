"""Reads the words of a form: labels, hints, messages, their translations and the values put into them."""

from __future__ import annotations

import re

from lxml import etree

from forms.definition import Output, Place, Rule, Words
from forms.media import KINDS
from forms.rules import Rules

XF = "http://www.w3.org/2002/xforms"
JR = "http://openrosa.org/javarosa"
NS = {"f": XF, "h": "http://www.w3.org/1999/xhtml", "jr": JR}
_ITEXT = re.compile(r"\s*jr:itext\((.*)\)\s*", re.DOTALL)
Texts = dict[str, dict[str, Words]]  # by id, then by language; `id;form` where a value has a form of its own


def languages_of(model: etree._Element) -> tuple[tuple[str, ...], str]:
    """The languages in order, and the one to begin with."""
    named, first = [], ""
    for translation in model.findall("f:itext/f:translation", NS):
        named.append(translation.get("lang", ""))
        if translation.get("default") is not None and not first:
            first = named[-1]
    return tuple(named), first or (named[0] if named else "")


def texts_of(model: etree._Element, rules: Rules, root: Place) -> Texts:
    """All translations."""
    texts: Texts = {}
    for translation in model.findall("f:itext/f:translation", NS):
        lang = translation.get("lang", "")
        for text in translation.findall("f:text", NS):
            named = text.get("id", "")
            values = {value.get("form", ""): _translated(value, rules, root) for value in text.findall("f:value", NS)}
            plain = values.pop("long", None) or values.pop("", None) or values.get("short")
            values.pop("", None)
            if plain is not None:
                texts.setdefault(named, {})[lang] = plain
            for form, words in values.items():
                texts.setdefault(f"{named};{form}", {})[lang] = words
    return texts


def pictured(texts: Texts) -> frozenset[str]:
    """The translations that files go with."""
    return frozenset(name.rpartition(";")[0] for name in texts if name.rpartition(";")[2] in KINDS)


def _translated(value: etree._Element, rules: Rules, root: Place) -> Words:
    """What its outputs mean depends on where it is shown: they are kept as text, and only checked here."""
    words = pieces_of(value, rules, root)
    return Words(tuple(
        Output(piece.expression.text) if isinstance(piece, Rule) else piece for piece in words.pieces
    ))


def pieces_of(element: etree._Element, rules: Rules, here: Place) -> Words:
    """The text of an element, with what its `output`s give."""
    found: list[str | Rule] = []
    text = element.text or ""
    for child in element:
        value = child.get("value") or child.get("ref") if isinstance(child.tag, str) else None
        if value and etree.QName(child).localname == "output":
            found += [text, rules.rule(value, here, f"output in {here.path}")]
            text = child.tail or ""
        else:
            text += (text_in(child) if isinstance(child.tag, str) else "") + (child.tail or "")
    return Words(tuple(piece for piece in (*found, text) if piece))


def text_in(element: etree._Element) -> str:
    """All text below an element."""
    return "".join(str(part) for part in element.itertext())


def words_of(text: str, rules: Rules, here: Place) -> Words:
    """A message: `jr:itext(...)` or the words themselves."""
    match = _ITEXT.fullmatch(text)
    if match:
        return Words(itext=rules.rule(match[1], here, f"itext in {here.path}"))
    return Words((text,)) if text else Words()


def label_of(element: etree._Element, name: str, rules: Rules, here: Place) -> Words:
    """The label or hint that stands in an element of the body."""
    found = element.find(f"f:{name}", NS)
    if found is None:
        return Words()
    ref = found.get("ref")
    if ref is None:
        return pieces_of(found, rules, here)
    if _ITEXT.fullmatch(ref):
        return words_of(ref, rules, here)
    return Words((rules.rule(ref, here, f"{name} of {here.path}"),))
