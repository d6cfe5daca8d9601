"""A form being filled in: questions as they stand now, answers, repeats, errors, draft and submission."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo

from forms.actions import follow, identify, load_events, preload, stamp_end, supersede
from forms.bad import BadForm, parsed
from forms.definition import Control, Definition, Place, Section
from forms.engine import Engine, value_of
from forms.instance import State, new_instance, restored_instance, state_of
from forms.media import NONE, Media
from forms.refs import find, one, ref_of, rows_ref
from forms.shown import Heading, Part, Question, Repeat, Seen, kind_of_question, says
from forms.wording import guidance_of, media_of, worded
from forms.writing import drafted, sent, xml
from forms.xpath import BadExpression
from forms.xpath.tree import Node, from_lxml

DHAKA = timezone(timedelta(hours=6), "Asia/Dhaka")
_ASCII = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2 (Char)
_MOST_BY_HAND = 200  # rows


class Filling:
    """Answers go in by `ref`; everything that depends on them is worked out again at once."""

    def __init__(
        self, form: Definition, saved: Node | None, today: date, now: datetime, zone: tzinfo = DHAKA,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        local = now.astimezone(zone)
        self._now = local.replace(year=today.year, month=today.month, day=today.day)
        self._form = form
        top = new_instance(form) if saved is None else restored_instance(form, saved)
        self._engine = Engine(form, top, self._now, zone, properties or {})
        self._open(properties or {}, first=saved is None)

    def _open(self, properties: Mapping[str, str], *, first: bool) -> None:
        """Work everything out for the first time.

        Raises:
            BadForm: an expression of a fresh form fails.
        """
        self._engine.strict = first
        try:
            if first:
                preload(self._engine, self._now, properties)
            self._engine.work_out_all()
            load_events(self._engine, first=first)
        except BadExpression as error:
            raise BadForm(str(error)) from error
        finally:
            self._engine.strict, self._engine.opened = False, True

    @property
    def _root(self) -> Node:
        return self._engine.root

    def set_language(self, lang: str) -> None:
        """The language of translations that calculations ask for.

        Raises:
            BadForm: the form's rules can't be worked out.
        """
        self._engine.begin()
        self._engine.language = lang
        self._follow(anew=True)

    def questions(self, lang: str = "bn") -> list[Part]:
        """What is to be asked now, in order; what is not relevant is left out."""
        self._engine.begin()
        return list(self._shown(self._form.body, lang, self._root))

    def answer(self, ref: str, value: str) -> None:
        """Write an answer; Bangla digits are kept as ASCII, text as NFC.

        Raises:
            KeyError: there is no such question.
            BadForm: an action of the form can't be carried out.
        """
        self._engine.begin()
        node = one(self._engine.top, ref)
        if not isinstance(node.about, State):
            raise KeyError(ref)
        text = unicodedata.normalize("NFC", _NOT_XML.sub("", value))
        is_text = state_of(node).place.bind.kind == "string"
        self._engine.assign(node, text if is_text and not _is_number_like(text) else text.translate(_ASCII), typed=True)
        self._follow()

    def _follow(self, *, anew: bool = False) -> None:
        try:
            if anew:
                self._engine.work_out_all()
            follow(self._engine)
        except BadExpression as error:
            raise BadForm(str(error)) from error

    def add_repeat(self, ref: str) -> None:
        """One more row, as the form says that a new one is.

        Raises:
            KeyError: there is no such repeat.
            ValueError: there are as many rows as there may be.
        """
        self._engine.begin()
        parent, place = self._repeat(ref)
        if len(self._rows(parent, place)) >= _MOST_BY_HAND:
            raise ValueError(f"more than {_MOST_BY_HAND} rows")
        self._engine.add_row(parent, place)
        self._follow()

    def remove_repeat(self, ref: str, place: int) -> None:
        """Take row `place` (from 0) away; the last one is emptied instead.

        Raises:
            KeyError: there is no such row.
        """
        parent, repeat = self._repeat(ref)
        if len(self._rows(parent, repeat)) == 1 and place == 0:
            self._engine.add_row(parent, repeat)
        self.take_row(f"{ref}[{place + 1}]")

    def take_row(self, ref: str) -> None:
        """Take the row away that `ref` names, even the last.

        Raises:
            KeyError: there is no such row.
        """
        self._engine.begin()
        row = one(self._engine.top, ref)
        if row.parent is None or not isinstance(row.about, State) or not state_of(row).place.repeats:
            raise KeyError(ref)
        self._engine.take_row(row)
        self._follow()

    def _repeat(self, ref: str) -> tuple[Node, Place]:
        above, _slash, name = ref.rpartition("/")
        parent = one(self._engine.top, above) if above else self._root
        place = state_of(parent).place.children.get(re.sub(r"\[\d+\]$", "", name)) if parent.about else None
        if place is None or not place.repeats:
            raise KeyError(ref)
        return parent, place

    @staticmethod
    def _rows(parent: Node, place: Place) -> list[Node]:
        return [row for row in parent.elements() if row.name == place.name]

    def errors(self, lang: str = "bn") -> list[tuple[str, str]]:
        """What is still wrong: (ref, what to say), in the order of the questions."""
        self._engine.begin()
        found = []
        for control, node in self._asked(self._form.body, self._root):
            wrong = "type" if state_of(node).typed else self._engine.wrong(node)
            if wrong:
                found.append((ref_of(node), self._message(wrong, control.place, node, lang)))
        return found

    def violations(self) -> list[tuple[str, str]]:
        """Every node that breaks a rule, asked or not: (ref, `required` or `constraint`)."""
        self._engine.begin()
        leaves = [node for node in self._root.descendants() if isinstance(node.about, State) and not node.elements()]
        return [(ref_of(node), wrong) for node in leaves if (wrong := self._engine.wrong(node))]

    def look(self, ref: str, lang: str | None = None) -> Seen:
        """A node as it stands.

        Raises:
            KeyError: there is none.
        """
        self._engine.begin()
        node, engine = self._node(ref), self._engine
        if not isinstance(node.about, State):
            return Seen(value_of(node), True, False, False, "", "", ())
        state = state_of(node)
        control, lang = state.place.control, engine.language if lang is None else lang
        return Seen(
            value_of(node) if not node.elements() else "", state.relevant, engine.readonly(node),
            engine.required(node), engine.wrong(node),
            worded(engine, control.label if control else state.place.label, node, lang),
            self._choices(control, node, lang),
        )

    def _node(self, ref: str) -> Node:
        """The node of `ref`; of a repeat its first row, or a row as it would be where there is none."""
        found = find(self._engine.top, ref)
        if len(found) != 1:
            parent, place = self._repeat(ref)
            return found[0] if found else self._engine.row_to_be(parent, place)
        return found[0]

    def count(self, ref: str) -> int:
        """The rows of a repeat."""
        return len(find(self._engine.top, ref))

    def draft(self) -> bytes:
        """Everything so far, to go on later."""
        return xml(drafted(self._root))

    def submission(self, instance_id: str | None = None) -> bytes:
        """The finished form as OpenRosa XML: what is not relevant is left out, `instance_id` is in its meta block."""
        self._engine.begin()
        stamp_end(self._engine, self._now)
        root = sent(self._root)
        identify(root, instance_id)
        return xml(root)

    def supersede(self, instance_id: str | None) -> None:
        """This is an edit of what was sent before: name it anew, keep the old name as deprecated."""
        supersede(self._root, instance_id)

    def values(self) -> Mapping[str, str]:
        """Every relevant answer by ref (for a summary)."""
        return {
            ref_of(node): value_of(node) for node in self._root.descendants()
            if isinstance(node.about, State) and not node.elements() and value_of(node)
        }

    def _shown(self, parts: tuple[Control | Section, ...], lang: str, within: Node) -> Iterator[Part]:
        for part in parts:
            if isinstance(part, Control):
                for node in self._relevant(part.place, within)[:1]:
                    yield self._question(part, node, lang)
            elif part.repeats:
                yield from self._table(part, lang, within)
            else:
                yield from self._group(part, lang, within)

    def _group(self, part: Section, lang: str, within: Node) -> Iterator[Part]:
        nodes = [within] if part.place is None else self._relevant(part.place, within)
        label = worded(self._engine, part.label, nodes[0], lang).strip() if nodes else ""
        files = media_of(self._engine, part.label, nodes[0], lang) if nodes else NONE
        if label or files:
            yield Heading(label, files)
        if nodes:
            yield from self._shown(part.parts, lang, within)

    def _table(self, part: Section, lang: str, within: Node) -> Iterator[Part]:
        place = part.place
        assert place is not None
        for parent in self._relevant(place.parent, within) if place.parent is not None else ():
            rows = [row for row in self._rows(parent, place) if state_of(row).relevant]
            if not rows and self._rows(parent, place):
                continue
            parts = tuple(tuple(self._shown(part.parts, lang, row)) for row in rows)
            first = rows[0] if rows else parent
            yield Repeat(
                rows_ref(parent, place.name), worded(self._engine, part.label, first, lang).strip(),
                tuple(tuple(item for item in row if isinstance(item, Question)) for row in parts), parts,
                place.count is not None or place.fixed, media_of(self._engine, part.label, first, lang),
            )

    def _relevant(self, place: Place, within: Node) -> list[Node]:
        """The relevant nodes of a place that lie inside `within`."""
        return [node for node in self._inside(place, within) if state_of(node).relevant]

    def _inside(self, place: Place, within: Node) -> list[Node]:
        """Down from `within` where it lies above the place: a row need not look at all rows."""
        around, above = state_of(within).place, place.up()
        if around not in above or not any(item.several for item in above):
            return self._engine.nodes(place)
        steps = [item.name for item in above[:above.index(around)]]
        found = [within]
        for name in reversed(steps):
            found = [child for node in found for child in node.elements() if child.name == name]
        return found

    def _asked(self, parts: tuple[Control | Section, ...], within: Node) -> Iterator[tuple[Control, Node]]:
        for part in parts:
            if isinstance(part, Control):
                yield from ((part, node) for node in self._relevant(part.place, within)[:1])
            elif part.repeats and part.place is not None:
                for row in self._relevant(part.place, within):
                    yield from self._asked(part.parts, row)
            elif part.place is None or self._relevant(part.place, within):
                yield from self._asked(part.parts, within)

    def _question(self, control: Control, node: Node, lang: str) -> Question:
        engine, place, state = self._engine, control.place, state_of(node)
        readonly, value = engine.readonly(node), state.typed or value_of(node)
        wrong = "type" if state.typed else engine.wrong(node)
        return Question(
            ref_of(node), kind_of_question(control, noted=readonly and place.bind.calculate is None and not value),
            worded(engine, control.label, node, lang).strip(), worded(engine, control.hint, node, lang).strip(), True,
            readonly,
            engine.required(node), value, self._choices(control, node, lang),
            self._message(wrong, place, node, lang) if wrong not in {"", "required"} else "", control.appearance,
            control.media_type, control.bounds,
            media_of(engine, control.label, node, lang) or media_of(engine, control.hint, node, lang),
            self._choice_files(control, node, lang), guidance_of(engine, control.hint, node, lang),
        )

    def _choices(self, control: Control | None, node: Node, lang: str) -> tuple[tuple[str, str], ...]:
        if control is None:
            return ()
        engine = self._engine
        return tuple((value, worded(engine, label, node, lang)) for value, label in engine.offered(control, node))

    def _choice_files(self, control: Control, node: Node, lang: str) -> tuple[Media, ...]:
        if not control.offers:
            return ()
        engine = self._engine
        found = tuple(media_of(engine, label, node, lang) for _value, label in engine.offered(control, node))
        return found if any(found) else ()

    def _message(self, wrong: str, place: Place, node: Node, lang: str) -> str:
        words = {"required": place.bind.required_message, "constraint": place.bind.constraint_message}.get(wrong)
        return (worded(self._engine, words, node, lang) if words else "") or says(wrong, place.bind.kind, lang)


def saved_instance(saved: bytes, form: Definition) -> Node | None:
    """The instance in a draft; None for one that is not of this form and version."""
    try:
        root = from_lxml(parsed(saved, "the draft"))
    except BadForm:
        return None
    return root if root.name == form.primary.name and (root.attribute("version") or "") == form.version else None


def _is_number_like(text: str) -> bool:
    return bool(text) and all(letter in "০১২৩৪৫৬৭৮৯0123456789 -+./" for letter in text)
