"""What each receipt says: pure functions from records to documents. How it looks is printing's affair.

Bangla digits on paper, ASCII in the QR. The official fee and the operator's charge stand apart on every line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk import bangla
from kiosk.counter import vouch
from kiosk.counter.context import Device
from kiosk.counter.frame import foot, head, speech
from kiosk.counter.records import Citizen, Kind, Line, LineState, Tender, Visit
from kiosk.proof import statement
from kiosk.speech import Speech
from printing.document import Block, Document, Row, Rule, Signature, Space, Stamp, Text


def provisional(
    device: Device, operator: str, visit: Visit, number: str, change_poisha: int, at: datetime
) -> Document:
    """Received, payment pending (promise 3): what was taken, and what happens if a portal refuses."""
    say, ask_after = speech(device), vouch.ask_after(device, at)
    title = say.say("paper.provisional_title")
    proof = vouch.code(
        device, statement.Kind.PROVISIONAL, number, at, visit.total_poisha, visit.lines, ask_after
    )
    blocks = [
        *_head(device, title, number, at, visit.citizen),
        Stamp(say.say("paper.provisional_stamp")),
        *_lines(say, visit, outcome=False),
        *_total(say, visit.total_poisha),
        *_tenders(say, visit.tenders, change_poisha),
        Rule(dashed=True),
        Text(say.say("paper.provisional_notice")),
        Text(say.say("paper.ask_after", date=say.day(ask_after)), bold=True),
        *foot(device, operator, [proof]),
    ]
    return Document(number, f"{title} {number}", tuple(blocks))


def final(device: Device, operator: str, visit: Visit, number: str, provisional_number: str, at: datetime) -> Document:
    """What became of every line, with the portals' own references; what was refused is owed back and says so."""
    say = speech(device)
    owed = sum(line.total_poisha for line in visit.lines if line.state is LineState.REFUND_DUE)
    done = visit.total_poisha - sum(line.total_poisha for line in visit.lines if _is_refused(line))
    blocks = [
        *_head(device, say.say("paper.final_title"), number, at, visit.citizen),
        Row(say.say("paper.provisional_number"), say.digits(provisional_number)),
        *_lines(say, visit, outcome=True),
        *_total(say, done),
        *_owed(say, owed),
        *foot(device, operator, [vouch.code(device, statement.Kind.FINAL, number, at, done, visit.lines)]),
    ]
    return Document(number, f"{say.say('paper.final_title')} {number}", tuple(blocks))


def refund(
    device: Device, operator: str, line: Line, citizen: Citizen | None, number: str, about: str,
    amount_poisha: int, at: datetime,
) -> Document:
    """The slip for money paid back, signed by who took it."""
    say = speech(device)
    proof = vouch.code(device, statement.Kind.REFUND, number, at, amount_poisha, [line])
    blocks = [
        *_head(device, say.say("paper.refund_title"), number, at, citizen),
        *_about(say, line, about),
        Text(say.say("paper.reason", reason=say.reason(line.reason))),
        *_total(say, amount_poisha, "paper.returned"),
        Space(2),
        Signature(say.say("paper.receiver_signature")),
        *foot(device, operator, [proof]),
    ]
    return Document(number, f"{say.say('paper.refund_title')} {number}", tuple(blocks))


def difference(
    device: Device, operator: str, line: Line, citizen: Citizen | None, number: str, about: str,
    difference_poisha: int, at: datetime,
) -> Document:
    """The slip for a bill that turned out dearer (collected) or cheaper (returned, negative)."""
    say, said = speech(device), "paper.collected" if difference_poisha > 0 else "paper.returned"
    proof = vouch.code(device, statement.Kind.COLLECTION, number, at, difference_poisha, [line])
    blocks = [
        *_head(device, say.say("paper.difference_title"), number, at, citizen),
        *_about(say, line, about),
        Row(say.say("paper.new_official"), say.taka(line.official_poisha)),
        *_total(say, abs(difference_poisha), said),
        *foot(device, operator, [proof]),
    ]
    return Document(number, f"{say.say('paper.difference_title')} {number}", tuple(blocks))


def _head(device: Device, title: str, number: str, at: datetime, citizen: Citizen | None) -> list[Block]:
    say = speech(device)
    *above, date = head(device, title, at)
    return [*above, Row(say.say("paper.number"), say.digits(number), bold=True), date, *citizen_rows(say, citizen)]


def citizen_rows(say: Speech, citizen: Citizen | None) -> list[Block]:
    """Who it is for, with all but the last digits of their numbers hidden."""
    if citizen is None:
        return []
    known: list[Block] = [Row(say.say("paper.citizen"), citizen.name)]
    if citizen.mobile:
        known.append(Row(say.say("paper.mobile"), say.digits(bangla.mask(citizen.mobile))))
    if citizen.nid:
        known.append(Row(say.say("paper.nid"), say.digits(bangla.mask(citizen.nid))))
    return known


def _about(say: Speech, line: Line, about: str) -> list[Block]:
    return [
        Row(say.say("paper.about_number"), say.digits(about)), Rule(), Text(say.side(line, "title"), bold=True),
        *_identity(say, line), _through(say, line),
    ]


def _lines(say: Speech, visit: Visit, *, outcome: bool) -> list[Block]:
    blocks: list[Block] = []
    for place, line in enumerate(visit.lines, start=1):
        title = f"{say.digits(str(place))}. {say.side(line, 'title')}"
        blocks += [Rule(), Text(title, bold=True), *_identity(say, line), _through(say, line)]
        blocks.append(Row(say.say(f"paper.official.{line.kind}"), say.taka(line.official_poisha), indent=1))
        if line.charge_poisha:
            blocks.append(Row(say.say("paper.charge"), say.taka(line.charge_poisha), indent=1))
        if line.vat_poisha:
            blocks.append(Row(say.say("paper.vat_within"), say.taka(line.vat_poisha), indent=2))
        if outcome:
            blocks += _outcome(say, line)
    return blocks


def _owed(say: Speech, owed_poisha: int) -> list[Block]:
    if not owed_poisha:
        return []
    return [Row(say.say("paper.to_return"), say.taka(owed_poisha), bold=True), Text(say.say("paper.return_notice"))]


def _identity(say: Speech, line: Line) -> list[Block]:
    """What the line is about, so that the citizen can check the number that was typed."""
    if line.kind is Kind.ORDER:
        return [
            Row(say.say("paper.item", name=item[f"name_{say.lang}"] or item["name_bn"], quantity=item["quantity"]),
                say.taka(item["unit_price_poisha"] * item["quantity"]), indent=1)
            for item in line.facts["items"]
        ]
    shown = line.facts.get("shown", [])
    return [Row(label if say.lang == "bn" else english, say.digits(value), indent=1)
            for label, english, value in shown]


def _through(say: Speech, line: Line) -> Row:
    return Row(say.say("paper.portal"), say.portal(line.portal), indent=1)


def _outcome(say: Speech, line: Line) -> list[Block]:
    said: list[Block] = [Row(say.say("paper.state"), say.say(f"paper.state.{line.state}"), bold=True, indent=1)]
    if line.reference and not line.facts.get("orders"):
        said.append(Row(say.say("paper.reference"), line.reference, indent=1))
    for order in line.facts.get("orders", []):  # one for each seller
        said += [Text(order["seller"], small=True), Row("", order["code"])]
    if _is_refused(line):
        said.append(Text(say.say("paper.reason", reason=say.reason(line.reason))))
    return said


def _is_refused(line: Line) -> bool:
    return line.state in (LineState.REFUND_DUE, LineState.REFUNDED)


def _total(say: Speech, amount_poisha: int, label: str = "paper.total") -> list[Block]:
    return [
        Rule(),
        Row(say.say(label), say.taka(amount_poisha), bold=True),
        Text(say.say("paper.in_words", amount=say.in_words(amount_poisha))),
    ]


def _tenders(say: Speech, tenders: Sequence[Tender], change_poisha: int) -> list[Block]:
    paid: list[Block] = []
    for tender in tenders:
        label = say.say(f"paper.tender.{tender.kind}")
        paid.append(Row(f"{label} {tender.reference}".strip(), say.taka(tender.amount_poisha)))
    if change_poisha:
        paid.append(Row(say.say("paper.change"), say.taka(change_poisha)))
    return paid
