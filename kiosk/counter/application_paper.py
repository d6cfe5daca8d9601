"""An application on paper, for the applicant to sign: laid out as applications are written in Bangladesh.

তারিখ, বরাবর, মাধ্যম, বিষয়, জনাব, what is asked, a table of facts, the papers that go with it, the signature, room for the
office. Numbers stand in full: the paper is the citizen's own, and the office needs them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import forms
from kiosk import bangla, marked
from kiosk.catalogue.catalogue import Service
from kiosk.counter import apply, lines, written
from kiosk.counter.context import Counter, Device
from kiosk.counter.records import Kind, Line
from kiosk.words import words
from printing.document import Align, Block, Document, Grid, Room, Signature, Space, Text
from resources import path

_say = words("bn")
_PEOPLE = ("applicant", "owner")
_FIGURES = re.compile(r"[-+ 0-9./]+")
_SHORT_LABEL, _SHORT = 24, 26  # letters that fit into a line of half a page
Part = forms.Question | forms.Repeat | forms.Heading


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who signs."""

    name: str
    mobile: str = ""
    guardian: str = ""


def of_filling(counter: Counter, service_id: str, filling: forms.Filling, guardian: str = "") -> Document:
    """The application as it stands on the screen."""
    service, parts = counter.catalogue.service(service_id), filling.questions("bn")
    return paper(counter.device, service, parts, applicant(parts, guardian), counter.now())


def of_visit(counter: Counter, visit_id: str, number: str = "") -> list[Document]:
    """Every application of a visit, as it was handed in; those whose answers were purged are left out.

    `number` is the receipt's.
    """
    found = lines.visit(counter.store.connection(), visit_id).lines
    return [_of_line(counter, line, number) for line in found
            if line.kind is Kind.APPLICATION and line.facts.get("answers") is not None]


def _of_line(counter: Counter, line: Line, number: str) -> Document:
    service = counter.catalogue.service(line.facts["service_id"])
    parts = _parts_of(counter, line)
    sql = "SELECT consent_by FROM lines WHERE id = ?"
    kept = counter.store.row(sql, line.id)
    guardian = str(kept["consent_by"]) if kept else ""
    return paper(counter.device, service, parts, applicant(parts, guardian), counter.now(), number)


def _parts_of(counter: Counter, line: Line) -> Sequence[Part]:
    """What was answered; by its names alone where the form has become another since."""
    form, sent = apply.form(counter, line.facts["service_id"]), line.facts.get("submission_xml", "")
    if form is not None and sent:
        try:
            return form.restore(sent.encode(), today=counter.today(), now=counter.now()).questions("bn")
        except forms.BadForm:
            pass
    named = ((_say("ui.note") if ref == "note" else ref, value) for ref, value in line.facts["answers"].items())
    return [forms.Question(name, "text", name, "", True, True, False, value, (), "", "") for name, value in named]


def applicant(parts: Sequence[Part], guardian: str = "") -> Applicant:
    """Who applies, by the form's own answers."""
    told = {part.ref.split("/", 2)[-1]: part.value for part in parts if isinstance(part, forms.Question)}
    who = next((who for who in _PEOPLE if told.get(f"{who}/name")), "")
    return Applicant(told.get(f"{who}/name", ""), told.get(f"{who}/mobile", ""), guardian)


def paper(
    centre: Device, service: Service, parts: Sequence[Part], signs: Applicant, at: datetime, number: str = ""
) -> Document:
    """The application as a document for A4."""
    blocks: list[Block] = [
        *_head(centre, service, at),
        *_facts(parts),
        *_papers(service.papers),
        Space(),
        Text(_say("paper.app.please")),
        *_signed(signs),
        *_office(),
        Space(),
        Text(_foot(centre, at, number), align=Align.CENTRE, small=True),
    ]
    title = _say("paper.app.title", service=service.name_bn)
    return Document(f"{number}-{service.id}".lstrip("-"), title, tuple(blocks))


def _head(centre: Device, service: Service, at: datetime) -> list[Block]:
    recipient, here = _recipient(service.office)
    lines_to = [*recipient, *([centre.address_bn] if here else [])]
    through: list[Block] = [] if here else [Space(), Text(_say("paper.app.through", centre=centre.centre_bn))]
    return [
        Text(_say("paper.app.date", date=bangla.date_bn(at))),
        Space(),
        Text(_say("paper.app.to")),
        *(Text(f"{line},") for line in lines_to[:-1]), Text(f"{lines_to[-1]}।"),
        *through,
        Space(),
        Text(_say("paper.app.subject", service=service.name_bn), bold=True),
        Space(),
        Text(_say("paper.app.sir")),
        Text(_say("paper.app.body")),
        Space(),
    ]


@cache
def _recipients() -> dict[str, tuple[tuple[str, ...], bool]]:
    rows = json.loads(path("recipients.json").read_text(encoding="utf-8"))
    return {bangla.normalise(row["office"]): (tuple(row["lines"]), bool(row["here"])) for row in rows}


def _recipient(office: str) -> tuple[tuple[str, ...], bool]:
    """Whom an office's applications are written to, and whether it sits where the centre is."""
    known = _recipients().get(bangla.normalise(office))
    return known or ((_say("paper.app.officer"), office), False)


def _facts(parts: Sequence[Part]) -> list[Block]:
    """A table for each section, one with a row for each instance of a repeat; what was not answered is left out."""
    blocks: list[Block] = []
    rows: list[tuple[str, str]] = []
    heading = _say("paper.app.facts")
    for part in parts:
        if isinstance(part, forms.Question):
            if part.value and part.kind != "note":
                rows.append((_plain(part.label), answer(part)))
            continue
        blocks += _section(heading, rows)
        rows = []
        heading = _plain(part.label)
        if isinstance(part, forms.Repeat):
            blocks += _repeat(part)
            heading = ""
    return [*blocks, *_section(heading, rows)]


def _section(heading: str, rows: Sequence[tuple[str, str]]) -> list[Block]:
    if not rows:
        return []
    return [Room(3), *([Text(heading, bold=True)] if heading else []), _ruled(rows), Space()]


def _ruled(rows: Sequence[tuple[str, str]]) -> Grid:
    """Two facts beside each other where all are short."""
    if len(rows) < 2 or any(len(label) > _SHORT_LABEL or len(value) > _SHORT for label, value in rows):
        return Grid((), tuple(rows), (3, 5))
    pairs = [*rows, *([("", "")] if len(rows) % 2 else [])]
    return Grid((), tuple((*pairs[at], *pairs[at + 1]) for at in range(0, len(pairs), 2)), (4, 5, 4, 5))


def _repeat(repeat: forms.Repeat) -> list[Block]:
    """A table where the rows are alike and short, else a section for each row."""
    label = _plain(repeat.label)
    alike = all(isinstance(part, forms.Question) for row in repeat.parts for part in row)
    names = list(dict.fromkeys(_name(asked) for row in repeat.rows for asked in row if asked.value))
    if not names:
        return []
    if not alike or len(names) > 5:
        return [block for place, row in enumerate(repeat.parts, start=1)
                for block in [Text(f"{label} {bangla.digits(str(place))}", bold=True), *_facts_of(row)]]
    titles = {_name(asked): _plain(asked.label) for row in repeat.rows for asked in row}
    header = (_say("paper.app.number"), *(titles[name] for name in names))
    rows = []
    for place, row in enumerate(repeat.rows, start=1):
        told = {_name(asked): answer(asked) for asked in row}
        rows.append((bangla.digits(str(place)), *(told.get(name, "") for name in names)))
    return [Room(3), Text(label, bold=True), Grid(header, tuple(rows), (2, *(6 for _name in names))), Space()]


def _facts_of(row: Sequence[Part]) -> list[Block]:
    return [block for block in _facts(row) if block != Text(_say("paper.app.facts"), bold=True)]


def answer(asked: forms.Question) -> str:
    """An answer for a reader: choices by their words, days with the month's name, figures in Bangla digits."""
    words_of = {name: _plain(text) for name, text in asked.choices}
    if asked.kind == "select1":
        return words_of.get(asked.value, asked.value)
    if asked.kind in ("select", "rank"):
        joined = " › " if asked.kind == "rank" else ", "
        return joined.join(words_of.get(name, name) for name in asked.value.split())
    if asked.kind == "attachment":
        return _say("paper.app.attached")
    if asked.kind == "acknowledge":
        return _say("ui.print_yes").partition(",")[0]
    shown = written.shown(asked.value, asked.kind, asked.appearance, "bn")
    return bangla.digits(shown) if _FIGURES.fullmatch(shown) else shown


def _papers(papers: Sequence[str]) -> list[Block]:
    if not papers:
        return []
    numbered = (f"{bangla.digits(str(place))}। {paper}" for place, paper in enumerate(papers, start=1))
    return [Room(3), Text(_say("paper.app.papers"), bold=True), *(Text(line) for line in numbered)]


def _signed(signs: Applicant) -> list[Block]:
    by = [Text(_say("paper.app.guardian", name=signs.guardian), align=Align.RIGHT)] if signs.guardian else []
    mobile = [Text(bangla.digits(signs.mobile), align=Align.RIGHT)] if signs.mobile else []
    name = [Text(signs.name, align=Align.RIGHT, bold=True)] if signs.name else []
    return [
        Room(9), Space(), Text(_say("paper.app.humbly"), align=Align.RIGHT), Space(),
        Signature(_say("paper.app.signature")), *name, *mobile, *by, Space(),
    ]


def _office() -> list[Block]:
    received, checked, decided, signed = (
        _say(f"paper.app.office_{word}") for word in ("received", "checked", "decided", "signed"))
    rows = ((received, "", checked, ""), (decided, "", signed, ""))
    return [Room(8), Space(), Text(_say("paper.app.office"), bold=True), Grid((), rows, (4, 5, 4, 5), tall=3)]


def _foot(centre: Device, at: datetime, number: str) -> str:
    receipt = _say("paper.app.receipt", number=bangla.digits(number)) if number else ""
    moment = f"{bangla.date_bn(at)} {bangla.time_bn(at)}"
    return _say("paper.app.foot", centre=centre.centre_bn, at=moment, number=receipt)


def _name(asked: forms.Question) -> str:
    return asked.ref.rpartition("/")[2]


def _plain(text: str) -> str:
    return " ".join(marked.plain(text).split())
