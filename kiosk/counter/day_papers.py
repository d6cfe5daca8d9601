"""The centre's own papers: the day report (Z), the month's statement, the price list. Pure functions to documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk import bangla, times
from kiosk.catalogue.catalogue import Fee, Service
from kiosk.counter.figures import Figures
from kiosk.counter.papers import Centre
from kiosk.words import words
from printing.document import Align, Bars, Block, Document, Heading, Row, Rule, Signature, Space, Stamp, Table, Text

_say = words("bn")


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """One day's takings for the statement."""

    on: date
    visits: int
    taken_poisha: int
    charge_poisha: int


def day_report(
    centre: Centre, operator: str, number: int, at: datetime, told: Figures, counted: Mapping[int, int]
) -> Document:
    """The Z report: what the books expect in the drawer, what was counted, and everything that is still open."""
    held = sum(note * count * 100 for note, count in counted.items())
    shown = f"{centre.code}-Z{number:04d}"
    title = _say("paper.day_title")
    blocks: list[Block] = [
        *_head(centre, title, at),
        Row(_say("paper.report_number"), bangla.digits(shown), bold=True),
        *([Row(_say("paper.day_since"), _moment(told.since))] if told.since else []),
        *_notes(counted, held),
        *_drawer(told, held),
        *_sums(told),
        *_still_open(told),
        Space(2),
        Signature(_say("paper.counted_by", name=operator)),
    ]
    return Document(shown, f"{title} {shown}", tuple(blocks))


def month_statement(
    centre: Centre, month: date, at: datetime, told: Figures, days: Sequence[DayOfMonth]
) -> Document:
    """A month's sums, with a bar for each day."""
    title = _say("paper.month_title", month=bangla.month_bn(month))
    most = max((day.taken_poisha for day in days), default=0) or 1
    bars = tuple(
        (bangla.digits(str(day.on.day)), bangla.taka(day.taken_poisha), round(1000 * day.taken_poisha / most))
        for day in days
    )
    blocks: list[Block] = [
        *_head(centre, title, at),
        Row(_say("paper.visits"), bangla.grouped(told.visits)),
        *_sums(told),
        *_still_open(told),
        Rule(),
        Heading(_say("paper.by_day"), level=3),
        Bars(bars),
    ]
    return Document(f"{centre.code}-M{month:%Y%m}", title, tuple(blocks))


def price_list(
    centre: Centre, on: date, services: Iterable[tuple[Service, Sequence[Fee]]],
    charges: Iterable[tuple[str, int]],
) -> Document:
    """The list for the wall: official fee and operator's charge apart, from the very rows that receipts use."""
    lines: list[tuple[str, ...]] = []
    samples = False
    for service, fees in services:
        for fee in fees:
            samples = samples or fee.sample or fee.belief
            mark = "*" if fee.sample or fee.belief else ""
            name = service.name_bn + (f" ({fee.label_bn})" if fee.label_bn else "")
            official = _say("paper.assessed") if fee.assessed else bangla.taka(fee.official_poisha)
            lines.append((f"{name}{mark}", official, bangla.taka(fee.charge_poisha)))
    header = (_say("paper.service"), _say("paper.official.application"), _say("paper.charge"))
    aligns = (Align.LEFT, Align.RIGHT, Align.RIGHT)
    bills = tuple((name, bangla.taka(charge)) for name, charge in charges)
    blocks: list[Block] = [
        Heading(centre.centre_bn, level=2),
        Text(centre.address_bn, align=Align.CENTRE, small=True),
        Heading(_say("paper.price_list"), level=1),
        Text(_say("paper.price_list_from", date=bangla.date_bn(on)), align=Align.CENTRE),
        Stamp(_say("paper.price_list_notice")),
        Table(header, tuple(lines), (5, 2, 2), aligns),
        Rule(),
        Table((_say("paper.bill_of"), _say("paper.charge")), bills, (7, 2), (Align.LEFT, Align.RIGHT)),
        *([Text(_say("paper.price_list_sample"), small=True)] if samples else []),
    ]
    return Document(f"{centre.code}-P{on:%Y%m%d}", _say("paper.price_list"), tuple(blocks))


def recovery(centre: Centre, code: str, at: datetime) -> Document:
    """The recovery code, to be kept under lock: it opens the store without PIN and without this machine."""
    title = _say("paper.recovery_title")
    blocks: list[Block] = [
        *_head(centre, title, at),
        *(Stamp(part) for part in code.split("-")),
        Text(_say("paper.recovery_notice")),
    ]
    return Document(f"{centre.code}-R{at:%Y%m%d%H%M%S}", title, tuple(blocks))


def _head(centre: Centre, title: str, at: datetime) -> list[Block]:
    return [
        Heading(centre.centre_bn, level=2),
        Rule(),
        Heading(title, level=1),
        Row(_say("paper.date"), f"{bangla.date_bn(at)} {bangla.time_bn(at)}"),
    ]


def _notes(counted: Mapping[int, int], held: int) -> list[Block]:
    lines = tuple(
        (bangla.taka(note * 100), bangla.grouped(count), bangla.taka(note * count * 100))
        for note, count in counted.items() if count
    )
    header = (_say("paper.note"), _say("paper.count"), _say("paper.amount"))
    aligns = (Align.LEFT, Align.RIGHT, Align.RIGHT)
    return [Rule(), Table(header, lines, (3, 2, 4), aligns), Row(_say("paper.counted"), bangla.taka(held), bold=True)]


def _drawer(told: Figures, held: int) -> list[Block]:
    over = held - told.expected_poisha
    said = "paper.even" if not over else "paper.over" if over > 0 else "paper.short"
    return [
        Rule(),
        Row(_say("paper.opening"), bangla.taka(told.opening_poisha)),
        Row(_say("paper.cash_taken"), bangla.taka(told.cash_taken_poisha)),
        Row(_say("paper.cash_given_back"), bangla.taka(-told.cash_given_back_poisha)),
        Row(_say("paper.cash_moved"), bangla.taka(told.cash_moved_poisha)),
        Row(_say("paper.expected"), bangla.taka(told.expected_poisha), bold=True),
        Stamp(f"{_say(said)} {bangla.taka(abs(over))}" if over else _say(said)),
    ]


def _sums(told: Figures) -> list[Block]:
    blocks: list[Block] = [Rule(), Heading(_say("paper.by_tender"), level=3)]
    blocks += [Row(_say(f"paper.tender.{name}"), bangla.taka(amount)) for name, amount in told.tenders.items()]
    blocks += [Rule(dashed=True), Heading(_say("paper.by_portal"), level=3)]
    for portal in told.portals:
        blocks.append(Row(_say(f"portal.{portal.portal}"), bangla.taka(portal.taken_poisha), bold=True))
        blocks.append(Row(_say("paper.passed_on"), bangla.taka(portal.passed_on_poisha), indent=1))
        if portal.given_back_poisha:
            blocks.append(Row(_say("paper.given_back"), bangla.taka(portal.given_back_poisha), indent=1))
    blocks += [Rule(dashed=True), Heading(_say("paper.by_operator"), level=3)]
    for one in told.operators:
        label = _say("paper.operator_visits", name=one.name, visits=one.visits)
        blocks.append(Row(label, bangla.taka(one.taken_poisha)))
        blocks.append(Row(_say("paper.charge"), bangla.taka(one.charge_poisha), indent=1))
    blocks += [Rule(dashed=True), Row(_say("paper.charge_income"), bangla.taka(told.charge_poisha), bold=True)]
    if told.vat_poisha:
        blocks.append(Row(_say("paper.vat_collected"), bangla.taka(told.vat_poisha)))
    return blocks


def _still_open(told: Figures) -> list[Block]:
    open_lines = _say("paper.provisional_open", count=told.provisional_lines)
    due = _say("paper.refunds_due", count=told.refunds_due)
    floats = [Row(_say(f"float.{name.partition(':')[2]}"), bangla.taka(held)) for name, held in told.floats.items()]
    return [
        Rule(dashed=True),
        Row(open_lines, bangla.taka(told.provisional_poisha)),
        Row(due, bangla.taka(told.refunds_due_poisha)),
        *floats,
    ]


def _moment(stored: str) -> str:
    at = times.moment(stored)
    return f"{bangla.date_bn(at)} {bangla.time_bn(at)}"
