"""The centre's own papers: the day report (Z), the month's statement, the price list. Pure functions to documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk import times
from kiosk.catalogue.catalogue import Fee, Service
from kiosk.counter.context import Device
from kiosk.counter.figures import Figures
from kiosk.counter.frame import head, letterhead, speech
from kiosk.ledger import accounts
from kiosk.speech import Speech
from printing.document import Align, Bars, Block, Document, Heading, Row, Rule, Signature, Space, Stamp, Table, Text


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """One day's takings for the statement."""

    on: date
    visits: int
    taken_poisha: int
    charge_poisha: int


def day_report(
    device: Device, operator: str, number: int, at: datetime, told: Figures, counted: Mapping[int, int]
) -> Document:
    """The Z report: what the books expect in the drawer, what was counted, and everything that is still open."""
    held = sum(note * count * 100 for note, count in counted.items())
    shown = f"{device.code}-Z{number:04d}"
    say = speech(device)
    title = say.say("paper.day_title")
    blocks: list[Block] = [
        *head(device, title, at),
        Row(say.say("paper.report_number"), say.digits(shown), bold=True),
        *([Row(say.say("paper.day_since"), say.moment(times.moment(told.since)))] if told.since else []),
        *_notes(say, counted, held),
        *_drawer(say, told, held),
        *_sums(say, told),
        *_still_open(say, told),
        Space(2),
        Signature(say.say("paper.counted_by", name=operator)),
    ]
    return Document(shown, f"{title} {shown}", tuple(blocks))


def month_statement(
    device: Device, month: date, at: datetime, told: Figures, days: Sequence[DayOfMonth]
) -> Document:
    """A month's sums, with a bar for each day."""
    say = speech(device)
    title = say.say("paper.month_title", month=say.month(month))
    most = max((day.taken_poisha for day in days), default=0) or 1
    bars = tuple(
        (say.digits(str(day.on.day)), say.taka(day.taken_poisha), round(1000 * day.taken_poisha / most))
        for day in days
    )
    blocks: list[Block] = [
        *head(device, title, at),
        Row(say.say("paper.visits"), say.count(told.visits)),
        *_sums(say, told),
        *_still_open(say, told),
        Rule(),
        Heading(say.say("paper.by_day"), level=3),
        Bars(bars),
    ]
    return Document(f"{device.code}-M{month:%Y%m}", title, tuple(blocks))


def price_list(
    device: Device, on: date, services: Iterable[tuple[Service, Sequence[Fee]]],
    charges: Iterable[tuple[str, int]],
) -> Document:
    """The list for the wall: official fee and operator's charge apart, from the very rows that receipts use."""
    say = speech(device)
    lines: list[tuple[str, ...]] = []
    samples = False
    for service, fees in services:
        for fee in fees:
            samples = samples or fee.sample or fee.belief
            mark = "*" if fee.sample or fee.belief else ""
            label = say.side(fee, "label")
            name = say.side(service, "name") + (f" ({label})" if label else "")
            official = say.say("paper.assessed") if fee.assessed else say.taka(fee.official_poisha)
            lines.append((f"{name}{mark}", official, say.taka(fee.charge_poisha)))
    header = (say.say("paper.service"), say.say("paper.official.application"), say.say("paper.charge"))
    aligns = (Align.LEFT, Align.RIGHT, Align.RIGHT)
    bills = tuple((name, say.taka(charge)) for name, charge in charges)
    blocks: list[Block] = [
        *letterhead(device),
        Heading(say.say("paper.price_list"), level=1),
        Text(say.say("paper.price_list_from", date=say.day(on)), align=Align.CENTRE),
        Stamp(say.say("paper.price_list_notice")),
        Table(header, tuple(lines), (5, 2, 2), aligns),
        Rule(),
        Table((say.say("paper.bill_of"), say.say("paper.charge")), bills, (7, 2), (Align.LEFT, Align.RIGHT)),
        *([Text(say.say("paper.price_list_sample"), small=True)] if samples else []),
    ]
    return Document(f"{device.code}-P{on:%Y%m%d}", say.say("paper.price_list"), tuple(blocks))


def recovery(device: Device, code: str, at: datetime) -> Document:
    """The recovery code, to be kept under lock: it opens the store without PIN and without this machine."""
    say = speech(device)
    title = say.say("paper.recovery_title")
    blocks: list[Block] = [
        *head(device, title, at),
        *(Stamp(part) for part in code.split("-")),
        Text(say.say("paper.recovery_notice")),
    ]
    return Document(f"{device.code}-R{at:%Y%m%d%H%M%S}", title, tuple(blocks))


def _notes(say: Speech, counted: Mapping[int, int], held: int) -> list[Block]:
    lines = tuple(
        (say.taka(note * 100), say.count(count), say.taka(note * count * 100))
        for note, count in counted.items() if count
    )
    header = (say.say("paper.note"), say.say("paper.count"), say.say("paper.amount"))
    aligns = (Align.LEFT, Align.RIGHT, Align.RIGHT)
    return [Rule(), Table(header, lines, (3, 2, 4), aligns), Row(say.say("paper.counted"), say.taka(held), bold=True)]


def _drawer(say: Speech, told: Figures, held: int) -> list[Block]:
    over = held - told.expected_poisha
    said = "paper.even" if not over else "paper.over" if over > 0 else "paper.short"
    return [
        Rule(),
        Row(say.say("paper.opening"), say.taka(told.opening_poisha)),
        Row(say.say("paper.cash_taken"), say.taka(told.cash_taken_poisha)),
        Row(say.say("paper.cash_given_back"), say.taka(-told.cash_given_back_poisha)),
        Row(say.say("paper.cash_moved"), say.taka(told.cash_moved_poisha)),
        Row(say.say("paper.expected"), say.taka(told.expected_poisha), bold=True),
        Stamp(f"{say.say(said)} {say.taka(abs(over))}" if over else say.say(said)),
    ]


def _sums(say: Speech, told: Figures) -> list[Block]:
    blocks: list[Block] = [Rule(), Heading(say.say("paper.by_tender"), level=3)]
    blocks += [Row(say.say(f"paper.tender.{name}"), say.taka(amount)) for name, amount in told.tenders.items()]
    blocks += [Rule(dashed=True), Heading(say.say("paper.by_portal"), level=3)]
    for portal in told.portals:
        blocks.append(Row(say.portal(portal.portal), say.taka(portal.taken_poisha), bold=True))
        blocks.append(Row(say.say("paper.passed_on"), say.taka(portal.passed_on_poisha), indent=1))
        if portal.given_back_poisha:
            blocks.append(Row(say.say("paper.given_back"), say.taka(portal.given_back_poisha), indent=1))
    blocks += [Rule(dashed=True), Heading(say.say("paper.by_operator"), level=3)]
    for one in told.operators:
        label = say.say("paper.operator_visits", name=one.name, visits=one.visits)
        blocks.append(Row(label, say.taka(one.taken_poisha)))
        blocks.append(Row(say.say("paper.charge"), say.taka(one.charge_poisha), indent=1))
    blocks += [Rule(dashed=True), Row(say.say("paper.charge_income"), say.taka(told.charge_poisha), bold=True)]
    if told.vat_poisha:
        blocks.append(Row(say.say("paper.vat_collected"), say.taka(told.vat_poisha)))
    return blocks


def _still_open(say: Speech, told: Figures) -> list[Block]:
    open_lines = say.say("paper.provisional_open", count=told.provisional_lines)
    due = say.say("paper.refunds_due", count=told.refunds_due)
    floats = [Row(say.float_name(accounts.float_name(name)), say.taka(held)) for name, held in told.floats.items()]
    return [
        Rule(dashed=True),
        Row(open_lines, say.taka(told.provisional_poisha)),
        Row(due, say.taka(told.refunds_due_poisha)),
        *floats,
    ]
