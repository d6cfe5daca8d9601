"""A form being filled in: questions as they stand now, answers, repeats, errors, draft and submission."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from forms.definition import Bind, Control, Definition, Section
from forms.expressions import Expression, at_time

_ASCII = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2 (Char)
_KINDS = {"select1": "select1", "select": "select", "upload": "attachment", "trigger": "acknowledge"}
_MOST_ROWS = 200
_SAYS = {
    "required": {"bn": "এটি পূরণ করতে হবে।", "en": "This must be filled in."},
    "constraint": {"bn": "উত্তরটি গ্রহণযোগ্য নয়।", "en": "This answer is not allowed."},
    "int": {"bn": "একটি পূর্ণ সংখ্যা লিখুন।", "en": "Write a whole number."},
    "decimal": {"bn": "একটি সংখ্যা লিখুন।", "en": "Write a number."},
    "date": {"bn": "তারিখ লিখুন, যেমন ২০২৬-১১-২৩।", "en": "Write a date, such as 2026-11-23."},
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it stands. `ref` names its node, with positions inside repeats."""

    ref: str
    kind: str  # text | int | decimal | date | select1 | select | note | attachment | acknowledge
    label: str
    hint: str
    relevant: bool
    readonly: bool
    required: bool
    value: str
    choices: tuple[tuple[str, str], ...]
    error: str
    appearance: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeat as it stands: each row is its questions."""

    ref: str
    label: str
    rows: tuple[tuple[Question, ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A group's label, before its questions."""

    label: str


class Filling:
    """Answers go in by `ref`; everything that depends on them is worked out again at once."""

    def __init__(
        self, definition: Definition, draft: bytes | None, today: date, now: datetime
    ) -> None:
        self._form = definition
        self._today = today
        self._now = now
        self._root = copy.deepcopy(definition.template) if draft is None else _draft(draft, definition)
        self._relevant: dict[etree._Element, bool] = {}
        self._recompute()

    def questions(self, lang: str = "bn") -> list[Question | Repeat | Heading]:
        """What is to be asked now, in order; what is not relevant is left out."""
        return list(self._shown(self._form.body, lang, self._root))

    def answer(self, ref: str, value: str) -> None:
        """Write an answer; Bangla digits are kept as ASCII, text as NFC.

        Raises:
            KeyError: there is no such question.
        """
        node = self._node(ref)
        kind = self._bind(node).kind
        text = unicodedata.normalize("NFC", _NOT_XML.sub("", value)).strip()
        node.text = text if kind == "string" and not _is_number_like(text) else text.translate(_ASCII)
        self._recompute()

    def add_repeat(self, ref: str) -> None:
        """One more row, empty.

        Raises:
            KeyError: there is no such repeat.
            ValueError: there are as many rows as there may be.
        """
        rows = self._rows(ref)
        if len(rows) >= _MOST_ROWS:
            raise ValueError(f"more than {_MOST_ROWS} rows")
        template = self._form.template.getroottree().xpath(_pattern(ref))
        if not isinstance(template, list) or not isinstance(template[0], etree._Element):
            raise KeyError(ref)
        rows[-1].addnext(copy.deepcopy(template[0]))
        self._recompute()

    def remove_repeat(self, ref: str, place: int) -> None:
        """Take row `place` (from 0) away; the last one is emptied instead.

        Raises:
            KeyError: there is no such row.
        """
        rows = self._rows(ref)
        if not 0 <= place < len(rows):
            raise KeyError(f"{ref} {place}")
        if len(rows) == 1:
            self.add_repeat(ref)
        parent = rows[place].getparent()
        assert parent is not None
        parent.remove(rows[place])
        self._recompute()

    def errors(self, lang: str = "bn") -> list[tuple[str, str]]:
        """What is still wrong: (ref, what to say), in the order of the questions."""
        found = []
        for part in self.questions(lang):
            asked = [part] if isinstance(part, Question) else []
            if isinstance(part, Repeat):
                asked = [question for row in part.rows for question in row]
            for question in asked:
                said = self._error(question.ref, lang, complete=True)
                if said:
                    found.append((question.ref, said))
        return found

    def draft(self) -> bytes:
        """Everything so far, to go on later."""
        return etree.tostring(self._root, encoding="utf-8")

    def submission(self, instance_id: str) -> bytes:
        """The finished form as OpenRosa XML: what is not relevant is left out, `instance_id` is in its meta block."""
        root = copy.deepcopy(self._root)
        for node, kept in zip(self._root.iter(), list(root.iter()), strict=True):
            parent = kept.getparent()
            if parent is not None and not self._relevant.get(node, True):
                parent.remove(kept)
        root.set("id", self._form.id)
        root.set("version", self._form.version)
        meta = root.find("meta")
        if meta is None:
            meta = etree.SubElement(root, "meta")
        found = meta.find("instanceID")
        (etree.SubElement(meta, "instanceID") if found is None else found).text = instance_id
        return etree.tostring(root, encoding="utf-8")

    def values(self) -> Mapping[str, str]:
        """Every relevant answer by ref (for a summary)."""
        return {
            self._ref(node): node.text or "" for node in self._root.iter()
            if not len(node) and node.text and self._relevant.get(node, True)
        }

    def _shown(
        self, parts: tuple[Control | Section, ...], lang: str, within: etree._Element
    ) -> Iterator[Question | Repeat | Heading]:
        for part in parts:
            nodes = self._nodes(part.path, within)
            if not nodes or not self._relevant.get(nodes[0], True):
                continue
            if isinstance(part, Control):
                yield self._question(part, nodes[0], lang)
            elif part.repeats:
                rows = tuple(tuple(self._flat(part.parts, lang, row)) for row in nodes)
                yield Repeat(_pattern(self._ref(nodes[0])), part.label.text(lang), rows)
            else:
                if part.label.text(lang):
                    yield Heading(part.label.text(lang))
                yield from self._shown(part.parts, lang, within)

    def _flat(self, parts: tuple[Control | Section, ...], lang: str, row: etree._Element) -> Iterator[Question]:
        for shown in self._shown(parts, lang, row):
            if isinstance(shown, Question):
                yield shown

    def _question(self, control: Control, node: etree._Element, lang: str) -> Question:
        bind = self._bind(node)
        ref = self._ref(node)
        readonly = self._holds(bind.readonly, node)
        kind = _KINDS.get(control.tag) or {"int": "int", "decimal": "decimal", "date": "date"}.get(bind.kind, "text")
        if kind == "text" and readonly and bind.calculate is None and not node.text:
            kind = "note"
        return Question(
            ref, kind, control.label.text(lang), control.hint.text(lang), True, readonly,
            self._holds(bind.required, node), node.text or "",
            tuple((choice.value, choice.label.text(lang)) for choice in control.choices),
            self._error(ref, lang, complete=False), control.appearance,
        )

    def _error(self, ref: str, lang: str, *, complete: bool) -> str:
        """What is wrong with one answer; an empty one is only wrong when the form is to be complete."""
        node = self._node(ref)
        bind, value = self._bind(node), node.text or ""
        short = "en" if lang.lower().startswith("en") or "(en)" in lang else "bn"
        if not value:
            wrong = complete and self._holds(bind.required, node)
            return (bind.required_message.text(lang) or _SAYS["required"][short]) if wrong else ""
        if not _is_of_kind(value, bind.kind):
            return _SAYS[bind.kind][short]
        with at_time(self._today, self._now):
            if bind.constraint is not None and not bind.constraint.boolean(node):
                return bind.constraint_message.text(lang) or _SAYS["constraint"][short]
        return ""

    def _recompute(self) -> None:
        """Calculate until nothing changes, then say what is relevant; a form that never settles is cut short."""
        with at_time(self._today, self._now):
            for _round in range(len(self._form.binds) + 1):
                if not self._calculate():
                    break
            self._relevant = {}
            for node in self._root.iter():
                bind, parent = self._bind(node), node.getparent()
                inherited = parent is None or self._relevant[parent]
                self._relevant[node] = inherited and (bind.relevant is None or bind.relevant.boolean(node))

    def _calculate(self) -> bool:
        changed = False
        for node in self._root.iter():
            calculate = self._bind(node).calculate
            if calculate is not None and not len(node):
                value = calculate.string(node)
                changed = changed or value != (node.text or "")
                node.text = value
        return changed

    def _holds(self, expression: Expression | None, node: etree._Element) -> bool:
        if expression is None:
            return False
        with at_time(self._today, self._now):
            return expression.boolean(node)

    def _bind(self, node: etree._Element) -> Bind:
        return self._form.binds.get(_pattern(self._ref(node)), _NO_BIND)

    def _ref(self, node: etree._Element) -> str:
        return str(self._root.getroottree().getpath(node))

    def _node(self, ref: str) -> etree._Element:
        found = self._root.getroottree().xpath(ref) if ref.startswith("/") else []
        if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], etree._Element):
            raise KeyError(ref)
        return found[0]

    def _nodes(self, path: str, within: etree._Element) -> list[etree._Element]:
        """The nodes of `path` that lie inside `within`."""
        base = _pattern(self._ref(within))
        found = within.xpath("." + path[len(base):]) if path.startswith(base) else []
        return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []

    def _rows(self, ref: str) -> list[etree._Element]:
        found = self._root.getroottree().xpath(ref)
        if not isinstance(found, list) or not found:
            raise KeyError(ref)
        return [node for node in found if isinstance(node, etree._Element)]


_NO_BIND = Bind()


def _pattern(ref: str) -> str:
    """A ref without its positions: what binds and controls are written for."""
    return "".join(piece.split("]", 1)[-1] for piece in f"]{ref}".split("["))


def _is_number_like(text: str) -> bool:
    return bool(text) and all(letter in "০১২৩৪৫৬৭৮৯0123456789 -+./" for letter in text)


def _is_of_kind(value: str, kind: str) -> bool:
    try:
        if kind == "int":
            int(value)
        elif kind == "decimal":
            Decimal(value)
        elif kind == "date":
            date.fromisoformat(value)
    except (ValueError, InvalidOperation):
        return False
    return True


def _draft(draft: bytes, definition: Definition) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(draft, parser)
    except etree.XMLSyntaxError:
        return copy.deepcopy(definition.template)
    same_form = root.tag == definition.template.tag and root.get("version") == definition.template.get("version")
    return root if same_form else copy.deepcopy(definition.template)
