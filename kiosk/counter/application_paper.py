"""An application on paper, for the applicant to sign: laid out as applications are written in Bangladesh.

তারিখ, বরাবর, মাধ্যম, বিষয়, জনাব, the photo at the right, what is asked, tables of facts, the prayer, the papers that go
with it beside the signature, room for the office. Numbers stand in full: the paper is the citizen's own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import forms
from kiosk import bangla
from kiosk.catalogue.catalogue import Service
from kiosk.counter import apply, attach, facts_on_paper, lines
from kiosk.counter.context import Counter, Device
from kiosk.counter.facts_on_paper import Part
from kiosk.counter.records import Kind, Line
from kiosk.words import words
from printing import photos
from printing.document import Align, Beside, Block, Document, Grid, Photo, Signature, Space, Text, Together
from printing.pictures import BadPicture
from resources import path

_say = words("bn")
_PEOPLE = ("applicant", "owner")
_PLACES = ("where", "address")  # the land's place comes before the applicant's
Files = Mapping[str, bytes]  # what the answers name, by the questions' refs


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who signs."""

    name: str
    mobile: str = ""
    guardian: str = ""


def of_filling(
    counter: Counter, service_id: str, filling: forms.Filling, guardian: str = "", visit_id: str = ""
) -> Document:
    """The application as it stands on the screen, with the pictures that the visit keeps for it."""
    service, parts = counter.catalogue.service(service_id), filling.questions("bn")
    files = attach.all_kept(counter, visit_id, service_id) if visit_id else {}
    signs = applicant(parts, guardian or apply.guardian_said(filling.values()))
    return paper(counter.device, service, parts, signs, counter.now(), files=files)


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
    signs = applicant(parts, guardian)
    return paper(counter.device, service, parts, signs, counter.now(), number, _files_of(line, parts))


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


def _files_of(line: Line, parts: Sequence[Part]) -> Files:
    sent = {file["name"]: file["body"] for file in line.facts.get("attachments", ())}
    return {asked.ref: base64.b64decode(sent[asked.value]) for asked in parts
            if isinstance(asked, forms.Question) and asked.kind == "attachment" and asked.value in sent}


def applicant(parts: Sequence[Part], guardian: str = "") -> Applicant:
    """Who applies, by the form's own answers."""
    told = {part.ref.split("/", 2)[-1]: part.value for part in parts if isinstance(part, forms.Question)}
    who = next((who for who in _PEOPLE if told.get(f"{who}/name")), "")
    return Applicant(told.get(f"{who}/name", ""), told.get(f"{who}/mobile", ""), guardian)


def paper(
    centre: Device, service: Service, parts: Sequence[Part], signs: Applicant, at: datetime, number: str = "",
    files: Files | None = None,
) -> Document:
    """The application as a document for A4."""
    pictures = files or {}
    *facts, last = facts_on_paper.sections(parts) or [Space(0)]
    ends = Beside(tuple(_enclosures(service, parts)), tuple(_signed(signs, parts, pictures)), (1, 1))
    blocks: list[Block] = [
        *_head(centre, service, parts, at, pictures),
        *facts,
        Together((last, Text(_say("paper.app.please")), Space(), ends)),
        Space(),
        _office(_foot(centre, at, number)),
    ]
    title = _say("paper.app.title", service=service.name_bn)
    return Document(f"{number}-{service.id}".lstrip("-"), title, tuple(blocks))


def _head(centre: Device, service: Service, parts: Sequence[Part], at: datetime, files: Files) -> list[Block]:
    recipient, here = _recipient(service.office, parts)
    lines_to = [*recipient, *([centre.address_bn] if here and centre.address_bn else [])]
    through: list[Block] = [] if here else [Space(), Text(_say("paper.app.through", centre=centre.centre_bn))]
    beside: list[Block] = [
        Text(_say("paper.app.date", date=bangla.date_bn(at))),
        Space(),
        Text(_say("paper.app.to")),
        *(Text(f"{line},") for line in lines_to[:-1]), Text(f"{lines_to[-1]}।"),
        *through,
        Space(),
        Text(_say("paper.app.subject", service=service.name_bn), bold=True),
    ]
    return [*_with_photo(beside, parts, files), Text(_say("paper.app.sir")), Text(_say("paper.app.body")), Space()]


def _with_photo(beside: list[Block], parts: Sequence[Part], files: Files) -> list[Block]:
    """A frame for the photo where the form asks for one, with the photo in it where one was taken."""
    asked = facts_on_paper.photo_asked(parts)
    if asked is None:
        return [*beside, Space()]
    body, unread = _picture(asked, files, photos.photograph)
    photo = Photo(body, _say("paper.app.photo_unread" if unread else "paper.app.photo"))
    return [Beside(tuple(beside), (photo,), (3, 1)), Space()]


def _picture(asked: forms.Question | None, files: Files, made: Callable[[bytes], str]) -> tuple[str, bool]:
    """The picture that was answered, if it is still there; and whether its file can't be read."""
    kept = files.get(asked.ref, b"") if asked and asked.value else b""
    try:
        return (made(kept), False) if kept else ("", False)
    except BadPicture:
        return "", True


@cache
def _recipients() -> dict[str, tuple[tuple[str, ...], bool, tuple[str, ...]]]:
    rows = json.loads(path("recipients.json").read_text(encoding="utf-8"))
    return {bangla.normalise(row["office"]): (tuple(row["lines"]), bool(row["here"]), tuple(row.get("of", ())))
            for row in rows}


def _recipient(office: str, parts: Sequence[Part]) -> tuple[tuple[str, ...], bool]:
    """Whom an office's applications are written to, and whether it sits where the centre is."""
    known = _recipients().get(bangla.normalise(office))
    if known is None:
        return (_say("paper.app.officer"), office), False
    titles, here, of = known
    sits = ", ".join(place for level in of if (place := _place(parts, level)))
    return ((*titles, sits) if sits else titles), here


def _place(parts: Sequence[Part], level: str) -> str:
    """The upazila or district that is applied in."""
    told = {part.ref: part for part in parts if isinstance(part, forms.Question) and part.value}
    refs = (f"/data/{group}/{level}" for group in _PLACES)
    return next((facts_on_paper.answer(told[ref]) for ref in refs if ref in told), "")


def _signed(signs: Applicant, parts: Sequence[Part], files: Files) -> list[Block]:
    body, unread = _picture(facts_on_paper.signature_asked(parts), files, photos.signed)
    caption = _say("paper.app.signature_guardian" if signs.guardian else "paper.app.signature")
    told = [Text(_say("paper.app.signature_unread"), align=Align.RIGHT, small=True)] if unread else []
    name = [Text(signs.guardian or signs.name, align=Align.RIGHT, bold=True)] if signs.guardian or signs.name else []
    behalf = [Text(_say("paper.app.on_behalf", name=signs.name), align=Align.RIGHT)] if signs.guardian else []
    mobile = [Text(bangla.digits(signs.mobile), align=Align.RIGHT)] if signs.mobile else []
    return [
        Text(_say("paper.app.humbly"), align=Align.RIGHT), Space(),
        Signature(caption, body), *told, *name, *behalf, *mobile,
    ]


def _enclosures(service: Service, parts: Sequence[Part]) -> list[Block]:
    """The papers that were handed in, those that are still missing, the files that go along."""
    there, missing = facts_on_paper.papers(parts) or (service.papers, ())
    numbered = (f"{bangla.digits(str(place))}। {paper}" for place, paper in enumerate(there, start=1))
    said: list[Block] = [Text(_say("paper.app.papers"), bold=True), *map(Text, numbered)] if there else []
    for word, names in (("missing", missing), ("files", facts_on_paper.files(parts))):
        if names:
            said.append(Text(_say(f"paper.app.{word}", papers=", ".join(names))))
    return said


def _office(foot: str) -> Block:
    words_of = ("received", "checked", "decided", "signed")
    room = Grid(tuple(_say(f"paper.app.office_{word}") for word in words_of), (("",) * 4,), (1, 1, 1, 1), tall=3)
    told = Text(foot, align=Align.CENTRE, small=True)
    return Together((Text(_say("paper.app.office"), bold=True), room, Space(), told))


def _foot(centre: Device, at: datetime, number: str) -> str:
    receipt = _say("paper.app.receipt", number=bangla.digits(number)) if number else ""
    moment = f"{bangla.date_bn(at)} {bangla.time_bn(at)}"
    return _say("paper.app.foot", centre=centre.centre_bn, at=moment, number=receipt)
