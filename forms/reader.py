"""Reads an ODK XForm into a `Definition`. Refuses what is unsafe or can't work, with the reason.

Specification: ODK XForms, https://getodk.github.io/xforms-spec/ (structure, binds, body, actions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from forms.bad import BadForm, parsed
from forms.body import Body
from forms.casting import kind_of
from forms.definition import Action, Bind, Definition, Place, Rule, Words
from forms.graph import followers, order, refuse_circles
from forms.lists import Files, is_absent, secondary
from forms.rules import Rules, resolved
from forms.shape import ORX, mark_repeats, name_it, places_of, settle
from forms.words import JR, NS, languages_of, pictured, text_in, texts_of, words_of
from forms.xpath import BadExpression, Names
from forms.xpath.scope import PREFIXES
from forms.xpath.tree import Node, from_lxml

_EV = "http://www.w3.org/2001/xml-events"
_EVENTS = {
    "odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed", "xforms-ready",
    "xforms-revalidate", "xforms-model-construct-done",
}
_METHODS = {"post", "form-data-post"}


def read(xml: bytes, files: Files | None = None) -> Definition:
    """The definition in `xml`, with its lists in `files`.

    Raises:
        BadForm: not an XForm that this engine can fill in, or not safe to read.
    """
    root = parsed(xml)
    try:
        return _Reader(root).definition(files or {})
    except BadExpression as error:
        raise BadForm(str(error)) from error


def _pixels(text: str) -> int:
    """XLSForm reference, "Image", `max-pixels`; what is no whole number bounds nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _one(within: etree._Element, path: str) -> etree._Element:
    found = within.find(path, NS)
    if found is None:
        raise BadForm(f"{path} is missing")
    return found


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._model = _one(root, "h:head/f:model")
        self._source = _one(self._model, "f:instance[1]/*")
        self._refuse_submission()
        self._primary = settle(from_lxml(self._source))
        self._unnamed = name_it(self._primary)
        self._place, self._shape = places_of(self._primary)
        self._places = {place.path: place for place in self._place.below()}
        self._names = Names({**PREFIXES, **{key: uri for key, uri in root.nsmap.items() if key}})
        self._rules = Rules(self._names, self._shape)
        self._named = {item.get("id", ""): item.get("nodeset", "") for item in self._model.findall("f:bind", NS)}

    def definition(self, files: Files) -> Definition:
        """Everything, in the order in which one part needs another."""
        self._mark_repeats()
        languages, first = languages_of(self._model)
        texts = texts_of(self._model, self._rules, self._place)
        self._read_binds()
        body = Body(self._rules, self._places, self._place, self._named).parts(_one(self._root, "h:body"))
        refuse_circles(self._places.values())
        attributes = self._source.attrib
        return Definition(
            self._title(), str(attributes.get("id", "")), self._version(), languages, first, self._place,
            self._places, self._primary, texts, pictured(texts), self._lists(files), self._absent(files), body,
            tuple(self._actions()), order(self._places.values()), followers(self._places.values()), self._compiler(),
        )

    def _title(self) -> str:
        return self._root.findtext("h:head/h:title", "", NS)

    def _version(self) -> str:
        attributes = self._source.attrib.items()
        return next((str(value) for name, value in attributes if etree.QName(name).localname == "version"), "")

    def _refuse_submission(self) -> None:
        submission = self._model.find("f:submission", NS)
        method = submission.get("method") if submission is not None else None
        if method is not None and method not in _METHODS:
            raise BadForm(f"submission by {method} is not supported")

    def _mark_repeats(self) -> None:
        bases: dict[etree._Element, str] = {}
        for element in _one(self._root, "h:body").iter("{*}group", "{*}repeat"):
            parent = element.getparent()
            base = bases.get(parent, self._place.path) if parent is not None else self._place.path
            ref = element.get("nodeset") or element.get("ref")
            bases[element] = resolved(ref, base) if ref else base
            if etree.QName(element).localname == "repeat" and bases[element] in self._places:
                self._places[bases[element]].repeats = True
        mark_repeats(self._primary, self._place)

    def _lists(self, files: Files) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for element in self._model.findall("f:instance", NS)[1:]:
            name = element.get("id", "")
            if name in found:
                raise BadForm(f"there are two instances {name}")
            found[name] = secondary(element, files)
        return found

    def _absent(self, files: Files) -> dict[str, str]:
        found = {element.get("id", ""): element.get("src", "") for element in self._model.findall("f:instance", NS)[1:]}
        return {name: source.rpartition("/")[2] for name, source in found.items() if is_absent(source, files)}

    def _read_binds(self) -> None:
        for element in self._model.findall("f:bind", NS):
            path = resolved(element.get("nodeset") or element.get("ref") or "/", self._place.path)
            place = self._places.get(path) or self._bound_attribute(path)
            if place is not None:
                place.bind = self._bind(element, place)
        name = self._places[f"{self._place.path}/meta/instanceID"]
        if self._unnamed and name.bind == Bind():
            name.bind = Bind(preload=("uid", ""))

    def _bound_attribute(self, path: str) -> Place | None:
        above, mark, name = path.rpartition("/@")
        owner = self._places.get(above)
        if not mark or owner is None or owner.shape is None:
            return None
        shape = next((item for item in owner.shape.attributes if item.name == name), None)
        if shape is None:
            return None
        place = Place(path, owner)
        owner.children[f"@{name}"] = place
        shape.about, place.shape = place, shape
        self._places[path] = place
        return place

    def _bind(self, element: etree._Element, place: Place) -> Bind:
        def rule(name: str) -> Rule | None:
            text = element.get(name)
            if not text or not text.strip():
                return None
            return self._rules.rule(text, place, f"{place.path}: {name}", read=name == "calculate")

        def words(name: str) -> Words:
            return words_of(element.get(f"{{{JR}}}{name}", ""), self._rules, place)

        bind = place.bind
        return replace(
            bind, kind=kind_of(element.get("type") or bind.kind), relevant=rule("relevant") or bind.relevant,
            required=rule("required") or bind.required, readonly=rule("readonly") or bind.readonly,
            constraint=rule("constraint") or bind.constraint, calculate=rule("calculate") or bind.calculate,
            constraint_message=words("constraintMsg") or bind.constraint_message,
            required_message=words("requiredMsg") or bind.required_message,
            preload=(element.get(f"{{{JR}}}preload", ""), element.get(f"{{{JR}}}preloadParams", "")),
            max_pixels=_pixels(element.get(f"{{{ORX}}}max-pixels", "")),
        )

    def _actions(self) -> Iterator[Action]:
        for element in self._root.iter("{*}setvalue"):
            if element.getparent() is not None:
                yield self._action(element)

    def _action(self, element: etree._Element) -> Action:
        events = frozenset((element.get("event") or element.get(f"{{{_EV}}}event") or "").split())
        unknown = events - _EVENTS
        if unknown or not events:
            raise BadForm(f"setvalue: there is no event {' '.join(sorted(unknown)) or 'named'}")
        source = self._around(element)
        if source is None and "odk-new-repeat" in events:
            raise BadForm("setvalue: odk-new-repeat belongs in a repeat")
        here = source or self._place
        ref = element.get("ref") or self._named.get(element.get("bind", ""), "")
        target = self._target(ref, here)
        value = element.get("value")
        rule = self._rules.rule(value, target, f"setvalue of {ref}") if value is not None and value.strip() else None
        found = self._rules.rule(ref if "[" in ref else target.path, here, f"setvalue of {ref}")
        return Action(events, source, found.expression, rule, text_in(element) if value is None else "")

    def _target(self, ref: str, here: Place) -> Place:
        """What an action at `here` sets; a name alone is looked for beside `here`, then in it."""
        beside = here.parent.path if here.parent is not None and not here.repeats else here.path
        paths = (resolved(ref, beside), resolved(ref, here.path)) if ref.strip() else ()
        target = next((self._places[path] for path in paths if path in self._places), None)
        if target is None:
            raise BadForm(f"setvalue: there is no {ref or 'ref'}")
        if any(not name.startswith("@") for name in target.children):
            raise BadForm(f"setvalue: {ref} is a group")
        return target

    def _around(self, element: etree._Element) -> Place | None:
        """The place of the nearest question, group or repeat around an action; None in the model."""
        steps = [item for item in reversed(list(element.iterancestors())) if item.get("ref") or item.get("nodeset")]
        path = self._place.path
        for item in steps:
            path = resolved(item.get("nodeset") or item.get("ref") or "", path)
        return self._places.get(path) if steps else None

    def _compiler(self) -> Callable[[str, Place], Rule]:
        @lru_cache(maxsize=2000)
        def compile_output(text: str, here: Place) -> Rule:
            return Rules(self._names, self._shape).rule(text, here, f"output in {here.path}")

        return compile_output
