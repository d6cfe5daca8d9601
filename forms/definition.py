"""Reads an ODK XForm into plain records: the instance's template, binds, questions, languages. Refuses what is unsafe.

Specification: ODK XForms, https://getodk.github.io/xforms-spec/ (binds, body elements, itext, repeats).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from forms.expressions import BadExpression, Expression, compile_expression, text_of

_XF = "http://www.w3.org/2002/xforms"
_JR = "http://openrosa.org/javarosa"
_NS = {"f": _XF, "h": "http://www.w3.org/1999/xhtml", "jr": _JR}
_LARGEST = 5_000_000  # bytes
_DEEPEST = 60  # elements
_CONTROLS = {"input", "select1", "select", "upload", "trigger", "range", "rank"}


class BadForm(Exception):
    """The definition can't be used; the text says what and where."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words for a person: inline, or by language."""

    inline: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The words in `lang` ("bn" finds "বাংলা (bn)"), or in any language before none at all."""
        named = (words for name, words in self.translations.items() if name == lang or name.endswith(f"({lang})"))
        return next(named, "") or next(iter(self.translations.values()), "") or self.inline


@dataclass(frozen=True, slots=True)
class Bind:
    """What holds of a node, wherever it stands."""

    kind: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    constraint_message: Label = Label()
    required_message: Label = Label()


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Label


@dataclass(frozen=True, slots=True)
class Control:
    """A question: `path` is its node's, without positions."""

    path: str
    tag: str
    label: Label
    hint: Label
    choices: tuple[Choice, ...]
    appearance: str


@dataclass(frozen=True, slots=True)
class Section:
    """A group or, with `repeats`, a repeat; what is in it in order."""

    path: str
    label: Label
    repeats: bool
    parts: tuple[Control | Section, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    title: str
    id: str
    version: str
    languages: tuple[str, ...]
    template: etree._Element
    binds: Mapping[str, Bind]
    body: tuple[Control | Section, ...]


def read(xml: bytes) -> Definition:
    """The definition in `xml`.

    Raises:
        BadForm: not an XForm that this engine can fill in, or not safe to read.
    """
    root = _parsed(xml)
    model = _one(root, "h:head/f:model")
    primary = _one(model, "f:instance[1]/*")
    languages, texts = _itext(model)
    try:
        return _Reader(texts).definition(root, model, primary, languages)
    except BadExpression as error:
        raise BadForm(str(error)) from error


def _parsed(xml: bytes) -> etree._Element:
    if len(xml) > _LARGEST:
        raise BadForm("the form is larger than 5 MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise BadForm(f"not XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadForm("a document type is not allowed in a form")
    if _depth(root) > _DEEPEST:
        raise BadForm(f"nested deeper than {_DEEPEST}")
    return root


def _depth(root: etree._Element) -> int:
    deepest, level = 0, 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _one(within: etree._Element, path: str) -> etree._Element:
    found = within.find(path, _NS)
    if found is None:
        raise BadForm(f"{path} is missing")
    return found


def _itext(model: etree._Element) -> tuple[tuple[str, ...], dict[str, dict[str, str]]]:
    texts: dict[str, dict[str, str]] = {}
    languages = []
    for translation in model.findall("f:itext/f:translation", _NS):
        lang = translation.get("lang", "")
        languages.append(lang)
        for text in translation.findall("f:text", _NS):
            value = next((item for item in text.findall("f:value", _NS) if item.get("form") is None), None)
            if value is not None:
                texts.setdefault(text.get("id", ""), {})[lang] = text_of(value)
    return tuple(languages), texts


def bare(element: etree._Element) -> etree._Element:
    """A copy without namespaces, so that expressions name nodes plainly."""
    copy = etree.Element(etree.QName(element).localname)
    copy.text = (element.text or "").strip()
    for name, value in element.attrib.items():
        if not str(name).startswith("{"):
            copy.set(str(name), value)
    copy.extend([bare(child) for child in element if isinstance(child.tag, str) and not _is_spare(child)])
    return copy


def _is_spare(element: etree._Element) -> bool:
    """A repeat's template beside a first row of its own: the row is enough."""
    parent = element.getparent()
    if element.get(f"{{{_JR}}}template") is None or parent is None:
        return False
    return any(other.get(f"{{{_JR}}}template") is None for other in parent.findall(str(element.tag)))


class _Reader:
    """Reads the parts that need the translations."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts
        self._instances: dict[str, list[etree._Element]] = {}

    def definition(
        self, root: etree._Element, model: etree._Element, primary: etree._Element, languages: tuple[str, ...]
    ) -> Definition:
        for instance in model.findall("f:instance", _NS)[1:]:
            self._instances[instance.get("id", "")] = [bare(item) for item in instance.iterfind("*/*")]
        title = _one(root, "h:head/h:title")
        binds = {item.get("nodeset", ""): self._bind(item) for item in model.findall("f:bind", _NS)}
        body = self._parts(_one(root, "h:body"), "")
        template = bare(primary)
        return Definition(
            title.text or "", primary.get("id", ""), primary.get("version", ""), languages, template, binds, body
        )

    def _bind(self, item: etree._Element) -> Bind:
        def expression(name: str) -> Expression | None:
            text = item.get(name)
            return compile_expression(text, f"{item.get('nodeset')}: {name}") if text else None

        return Bind(
            item.get("type", "string").rpartition(":")[2], expression("relevant"), expression("required"),
            expression("readonly"), expression("constraint"), expression("calculate"),
            self._words(item.get(f"{{{_JR}}}constraintMsg", "")), self._words(item.get(f"{{{_JR}}}requiredMsg", "")),
        )

    def _words(self, text: str) -> Label:
        if text.startswith("jr:itext("):
            return Label(translations=self._texts.get(text[9:-1].strip("'\""), {}))
        return Label(text)

    def _label(self, element: etree._Element, name: str) -> Label:
        found = element.find(f"f:{name}", _NS)
        if found is None:
            return Label()
        return self._words(found.get("ref") or text_of(found))

    def _parts(self, element: etree._Element, path: str) -> tuple[Control | Section, ...]:
        return tuple(part for child in element if isinstance(child.tag, str) for part in self._part(child, path))

    def _part(self, element: etree._Element, path: str) -> list[Control | Section]:
        tag = etree.QName(element).localname
        if tag == "group":
            repeat = element.find("f:repeat", _NS)
            at = element.get("ref", "")
            if repeat is not None:
                nodeset = repeat.get("nodeset", "")
                return [Section(nodeset, self._label(element, "label"), True, self._parts(repeat, nodeset))]
            return [Section(at or path, self._label(element, "label"), False, self._parts(element, at or path))]
        if tag in _CONTROLS:
            return [self._control(element, tag)]
        return []

    def _control(self, element: etree._Element, tag: str) -> Control:
        return Control(
            element.get("ref", ""), tag, self._label(element, "label"), self._label(element, "hint"),
            self._choices(element), element.get("appearance", ""),
        )

    def _choices(self, element: etree._Element) -> tuple[Choice, ...]:
        items = [
            Choice(item.findtext("f:value", "", _NS), self._label(item, "label"))
            for item in element.findall("f:item", _NS)
        ]
        itemset = element.find("f:itemset", _NS)
        if itemset is not None:
            items += self._itemset(itemset.get("nodeset", ""))
        return tuple(items)

    def _itemset(self, nodeset: str) -> list[Choice]:
        if not nodeset.startswith("instance('") or "[" in nodeset:
            raise BadForm(f"a filtered list of choices is not supported yet: {nodeset}")
        rows = self._instances.get(nodeset[len("instance('"):].partition("'")[0], [])
        return [
            Choice(row.findtext("name", ""),
                   Label(row.findtext("label") or "", self._texts.get(row.findtext("itextId") or "", {})))
            for row in rows
        ]
