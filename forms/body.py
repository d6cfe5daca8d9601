"""Reads the body: questions, groups, repeats and the choices they offer (ODK XForms, "Body")."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from forms.bad import BadForm
from forms.definition import Choice, Control, Itemset, Place, Rule, Section, Words
from forms.rules import Rules, resolved
from forms.words import JR, NS, label_of
from forms.xpath.tree import Node

_CONTROLS = {"input", "select1", "select", "upload", "trigger", "range", "rank", "secret"}
_FIXED = f"{{{JR}}}noAddRemove"
_INSTANCE = re.compile(r"""(?:randomize\(\s*)?instance\(\s*["']([^"']+)""")  # how an itemset names its list


class Body:
    """Reads elements of the body; what asks for a place that the instance has not is left out."""

    def __init__(self, rules: Rules, places: Mapping[str, Place], root: Place, binds: Mapping[str, str]) -> None:
        self._rules = rules
        self._places = places
        self._root = root
        self._binds = binds  # the paths of binds that have a name

    def parts(self, element: etree._Element, around: Place | None = None) -> tuple[Control | Section, ...]:
        """What is in `element`, in order."""
        here = around or self._root
        return tuple(
            part for child in element if isinstance(child.tag, str)
            for part in self._part(child, etree.QName(child).localname, here)
        )

    def _part(self, element: etree._Element, tag: str, here: Place) -> list[Control | Section]:
        if tag == "group":
            return self._group(element, here)
        if tag == "repeat":
            return self._repeat(element, here, element)
        if tag in _CONTROLS:
            return self._question(element, tag, here)
        return []

    def _place(self, element: etree._Element, here: Place) -> Place | None:
        ref = element.get("nodeset") or element.get("ref") or self._binds.get(element.get("bind") or "")
        return self._places.get(resolved(ref, here.path)) if ref else None

    def _group(self, element: etree._Element, here: Place) -> list[Control | Section]:
        place = self._place(element, here)
        repeat = element.find("f:repeat", NS)
        if repeat is not None and (place is None or place is self._place(repeat, place or here)):
            return self._repeat(repeat, place or here, element)
        words = label_of(element, "label", self._rules, place or here)
        if place is not None:
            place.label = words
        inner = self.parts(element, place or here)
        return [Section(place, words, False, inner, element.get("appearance", ""))]

    def _repeat(self, element: etree._Element, here: Place, labelled: etree._Element) -> list[Control | Section]:
        place = self._place(element, here)
        if place is None or not place.repeats:
            raise BadForm(f"there is no {element.get('nodeset') or element.get('ref')} to repeat")
        count = element.get(f"{{{JR}}}count")
        if count:
            place.count = self._rules.rule(count, place, f"{place.path}: jr:count")
        place.fixed = element.get(_FIXED, "").strip() in {"true", "true()"}
        place.label = words = label_of(labelled, "label", self._rules, place)
        return [Section(place, words, True, self.parts(element, place), element.get("appearance", ""))]

    def _question(self, element: etree._Element, tag: str, here: Place) -> list[Control | Section]:
        place = self._place(element, here)
        if place is None:
            return []
        control = Control(
            place, tag, label_of(element, "label", self._rules, place), label_of(element, "hint", self._rules, place),
            self._choices(element, place), self._itemset(element, place), element.get("appearance", ""),
            _bounds(element), element.get("mediatype", ""),
        )
        place.control = place.control or control
        return [control]

    def _choices(self, element: etree._Element, place: Place) -> tuple[Choice, ...]:
        return tuple(self._choice(item, place) for item in element.iterfind(".//f:item", NS))

    def _choice(self, item: etree._Element, place: Place) -> Choice:
        """One without a label shows its value."""
        value = item.findtext("f:value", "", NS).strip()
        named = item.find("f:label", NS) is not None
        return Choice(value, label_of(item, "label", self._rules, place) if named else Words((value,)))

    def _itemset(self, element: etree._Element, place: Place) -> Itemset | None:
        found = element.find("f:itemset", NS)
        if found is None:
            return None
        rule = self._rules.rule(found.get("nodeset", ""), place, f"{place.path}: itemset")
        among = self._rules.reached(rule, place)
        value, label = found.find("f:value", NS), found.find("f:label", NS)
        if value is None:
            raise BadForm(f"{place.path}: the itemset has no value")
        named = self._rules.rule(value.get("ref", ""), place, f"{place.path}: itemset value", among)
        list_ = _INSTANCE.match(found.get("nodeset", "").strip())
        return Itemset(rule, named, self._item_label(label, place, among), list_[1] if list_ else "")

    def _item_label(self, label: etree._Element | None, place: Place, among: list[Node]) -> Rule | None:
        ref = label.get("ref", "") if label is not None else ""
        return self._rules.rule(ref, place, f"{place.path}: itemset label", among) if ref else None


def _bounds(element: etree._Element) -> tuple[float, float, float] | None:
    """Of a range: lowest, highest, step.

    Raises:
        BadForm: they are no numbers.
    """
    if etree.QName(element).localname != "range":
        return None
    try:
        start, end, step = (float(element.get(name, "")) for name in ("start", "end", "step"))
    except ValueError as error:
        raise BadForm(f"range {element.get('ref')}: start, end and step have to be numbers") from error
    if not step:
        raise BadForm(f"range {element.get('ref')}: the step is 0")
    return min(start, end), max(start, end), abs(step)
