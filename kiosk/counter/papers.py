"""What each paper says: pure functions from records to documents. How it looks is printing's affair.

Bangla digits on paper, ASCII in the QR. The official fee and the operator's charge stand apart on every line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kiosk import bangla
from kiosk.counter.records import Citizen, Kind, Line, LineState, Tender, Visit
from kiosk.words import reason, words
from printing.document import QR, Align, Block, Document, Heading, Row, Rule, Signature, Space, Stamp, Text

_say = words("bn")


class Centre(Protocol):
    """What a paper's head says of the counter."""

    @property
    def code(self) -> str: ...
    @property
    def centre_bn(self) -> str: ...
    @property
    def address_bn(self) -> str: ...


def provisional(
    centre: Centre, operator: str, visit: Visit, number: str, change_poisha: int, at: datetime
) -> Document:
    """Received, payment pending (promise 3): what was taken, and what happens if a portal refuses."""
    blocks = [
        *_head(centre, _say("paper.provisional_title"), number, at, visit.citizen),
        Stamp(_say("paper.provisional_stamp")),
        *_lines(visit, outcome=False),
        *_total(visit.total_poisha),
        *_tenders(visit.tenders, change_poisha),
        Rule(dashed=True),
        Text(_say("paper.provisional_notice")),
        *_foot(number, operator),
    ]
    return Document(number, f"{_say('paper.provisional_title')} {number}", tuple(blocks))


def final(centre: Centre, operator: str, visit: Visit, number: str, provisional_number: str, at: datetime) -> Document:
    """What became of every line, with the portals' own references; what was refused is owed back and says so."""
    owed = sum(line.total_poisha for line in visit.lines if line.state is LineState.REFUND_DUE)
    done = visit.total_poisha - sum(line.total_poisha for line in visit.lines if _is_refused(line))
    blocks = [
        *_head(centre, _say("paper.final_title"), number, at, visit.citizen),
        Row(_say("paper.provisional_number"), bangla.digits(provisional_number)),
        *_lines(visit, outcome=True),
        *_total(done),
        *_owed(owed),
        *_foot(number, operator),
    ]
    return Document(number, f"{_say('paper.final_title')} {number}", tuple(blocks))


def refund(
    centre: Centre, operator: str, line: Line, citizen: Citizen | None, number: str, about: str,
    amount_poisha: int, at: datetime,
) -> Document:
    """The slip for money paid back, signed by who took it."""
    blocks = [
        *_head(centre, _say("paper.refund_title"), number, at, citizen),
        Row(_say("paper.about_number"), bangla.digits(about)),
        Rule(),
        Text(line.title_bn, bold=True),
        *_identity(line),
        Text(_say("paper.reason", reason=reason("bn", line.reason))),
        *_total(amount_poisha, _say("paper.returned")),
        Space(2),
        Signature(_say("paper.receiver_signature")),
        *_foot(number, operator),
    ]
    return Document(number, f"{_say('paper.refund_title')} {number}", tuple(blocks))


def difference(
    centre: Centre, operator: str, line: Line, citizen: Citizen | None, number: str, about: str,
    difference_poisha: int, at: datetime,
) -> Document:
    """The slip for a bill that turned out dearer (collected) or cheaper (returned, negative)."""
    said = "paper.collected" if difference_poisha > 0 else "paper.returned"
    blocks = [
        *_head(centre, _say("paper.difference_title"), number, at, citizen),
        Row(_say("paper.about_number"), bangla.digits(about)),
        Rule(),
        Text(line.title_bn, bold=True),
        *_identity(line),
        Row(_say("paper.new_official"), bangla.taka(line.official_poisha)),
        *_total(abs(difference_poisha), _say(said)),
        *_foot(number, operator),
    ]
    return Document(number, f"{_say('paper.difference_title')} {number}", tuple(blocks))


def _head(centre: Centre, title: str, number: str, at: datetime, citizen: Citizen | None) -> list[Block]:
    return [
        Heading(centre.centre_bn, level=2),
        Text(centre.address_bn, align=Align.CENTRE, small=True),
        Rule(),
        Heading(title, level=1),
        Row(_say("paper.number"), bangla.digits(number), bold=True),
        Row(_say("paper.date"), f"{bangla.date_bn(at)} {bangla.time_bn(at)}"),
        *_citizen(citizen),
    ]


def _citizen(citizen: Citizen | None) -> list[Block]:
    if citizen is None:
        return []
    known: list[Block] = [Row(_say("paper.citizen"), citizen.name)]
    if citizen.mobile:
        known.append(Row(_say("paper.mobile"), bangla.digits(bangla.mask(citizen.mobile))))
    if citizen.nid:
        known.append(Row(_say("paper.nid"), bangla.digits(bangla.mask(citizen.nid))))
    return known


def _lines(visit: Visit, *, outcome: bool) -> list[Block]:
    blocks: list[Block] = []
    for place, line in enumerate(visit.lines, start=1):
        blocks += [Rule(), Text(f"{bangla.digits(str(place))}. {line.title_bn}", bold=True), *_identity(line)]
        blocks.append(Row(_say(f"paper.official.{line.kind}"), bangla.taka(line.official_poisha), indent=1))
        if line.charge_poisha:
            blocks.append(Row(_say("paper.charge"), bangla.taka(line.charge_poisha), indent=1))
        if line.vat_poisha:
            blocks.append(Row(_say("paper.vat_within"), bangla.taka(line.vat_poisha), indent=2))
        if outcome:
            blocks += _outcome(line)
    return blocks


def _owed(owed_poisha: int) -> list[Block]:
    if not owed_poisha:
        return []
    return [Row(_say("paper.to_return"), bangla.taka(owed_poisha), bold=True), Text(_say("paper.return_notice"))]


def _identity(line: Line) -> list[Block]:
    """What the line is about, so that the citizen can check the number that was typed."""
    if line.kind is Kind.ORDER:
        return [
            Row(_say("paper.item", name=item["name_bn"], quantity=item["quantity"]),
                bangla.taka(item["unit_price_poisha"] * item["quantity"]), indent=1)
            for item in line.facts["items"]
        ]
    shown = line.facts.get("shown", [])
    return [Row(label, bangla.digits(value), indent=1) for label, _english, value in shown]


def _outcome(line: Line) -> list[Block]:
    said: list[Block] = [Row(_say("paper.state"), _say(f"paper.state.{line.state}"), bold=True, indent=1)]
    if line.reference and not line.facts.get("orders"):
        said.append(Row(_say("paper.reference"), line.reference, indent=1))
    for order in line.facts.get("orders", []):  # one for each seller
        said += [Text(order["seller"], small=True), Row("", order["code"])]
    if _is_refused(line):
        said.append(Text(_say("paper.reason", reason=reason("bn", line.reason))))
    return said


def _is_refused(line: Line) -> bool:
    return line.state in (LineState.REFUND_DUE, LineState.REFUNDED)


def _total(amount_poisha: int, label: str | None = None) -> list[Block]:
    return [
        Rule(),
        Row(label or _say("paper.total"), bangla.taka(amount_poisha), bold=True),
        Text(_say("paper.in_words", amount=bangla.in_words(amount_poisha))),
    ]


def _tenders(tenders: Sequence[Tender], change_poisha: int) -> list[Block]:
    paid: list[Block] = []
    for tender in tenders:
        label = _say(f"paper.tender.{tender.kind}")
        paid.append(Row(f"{label} {tender.reference}".strip(), bangla.taka(tender.amount_poisha)))
    if change_poisha:
        paid.append(Row(_say("paper.change"), bangla.taka(change_poisha)))
    return paid


def _foot(number: str, operator: str) -> list[Block]:
    return [
        Rule(),
        QR(f"UDC:{number}", bangla.digits(number)),
        Text(_say("paper.operator", name=operator), align=Align.CENTRE, small=True),
    ]
