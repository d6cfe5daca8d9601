"""What the small papers say: a queue token, what to bring for a service, a parcel that was handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.catalogue.catalogue import Fee, Service
from kiosk.counter.context import Device
from kiosk.counter.frame import foot, head, letterhead, speech
from kiosk.counter.papers import citizen_rows
from kiosk.counter.records import Citizen
from printing.document import Align, Block, Document, Heading, Row, Rule, Signature, Space, Text


@dataclass(frozen=True, slots=True)
class Parcel:
    """One seller's part of an order, arrived at the centre."""

    line_id: str
    code: str  # the portal's own
    seller: str
    items: tuple[tuple[str, int], ...]  # names and quantities


def token(device: Device, number: int, at: datetime) -> Document:
    """A number in the queue of a day."""
    say = speech(device)
    title = say.say("paper.token_title")
    blocks: list[Block] = [
        *letterhead(device),
        Rule(),
        Text(title, align=Align.CENTRE, bold=True),
        Heading(say.digits(str(number)), level=0),
        Text(say.moment(at), align=Align.CENTRE),
        Text(say.say("paper.token_notice"), align=Align.CENTRE, small=True),
    ]
    shown = f"{device.code}-T{at:%Y%m%d}-{number:03d}"
    return Document(shown, f"{title} {number}", tuple(blocks))


def check_list(device: Device, service: Service, fees: Sequence[Fee], at: datetime) -> Document:
    """What to bring for a service, where it is decided, how long it takes and what it costs, the two amounts apart."""
    say = speech(device)
    title = say.say("paper.check_list_title")
    bring = [Text(f"{say.digits(str(place))}. {paper}") for place, paper in enumerate(service.to_bring, start=1)]
    blocks: list[Block] = [
        *head(device, title, at),
        Rule(),
        Heading(say.side(service, "name"), level=2),
        *(bring or [Text(say.say("paper.bring_nothing"))]),
        Rule(dashed=True),
        *([Row(say.say("paper.office"), service.office)] if service.office else []),
        *([Row(say.say("paper.takes"), service.time_bn)] if service.time_bn else []),
        *(block for fee in fees for block in _price(device, fee)),
        Text(say.say("paper.price_list_notice"), bold=True),
        *([Text(say.say("paper.price_list_sample"), small=True)] if any(_is_unsure(fee) for fee in fees) else []),
        *foot(device, ""),
    ]
    return Document(f"{device.code}-L-{service.id}-{at:%Y%m%d%H%M%S}", f"{title}: {service.name_bn}", tuple(blocks))


def delivery(
    device: Device, operator: str, citizen: Citizen | None, about: str, parcels: Sequence[Parcel], at: datetime
) -> Document:
    """What was handed over, signed by who took it."""
    say = speech(device)
    title = say.say("paper.delivery_title")
    blocks: list[Block] = [
        *head(device, title, at), *citizen_rows(say, citizen), Row(say.say("paper.about_number"), say.digits(about)),
    ]
    for parcel in parcels:
        blocks += [
            Rule(), Text(parcel.seller, bold=True), Row(say.say("paper.parcel"), parcel.code),
            *(Text(f"  {say.say('paper.item', name=name, quantity=quantity)}") for name, quantity in parcel.items),
        ]
    blocks += [
        Rule(), Text(say.say("paper.delivery_notice")), Space(2), Signature(say.say("paper.receiver_signature")),
        *foot(device, operator),
    ]
    return Document(f"{parcels[0].code}-D", f"{title} {parcels[0].code}", tuple(blocks))


def _price(device: Device, fee: Fee) -> list[Block]:
    say = speech(device)
    label = say.side(fee, "label")
    official = say.say("paper.assessed") if fee.assessed else say.taka(fee.official_poisha)
    mark, indent = "*" if _is_unsure(fee) else "", int(bool(label))
    return [
        *([Text(label, bold=True)] if label else []),
        Row(say.say("paper.official.application") + mark, official, indent=indent),
        Row(say.say("paper.charge"), say.taka(fee.charge_poisha), indent=indent),
    ]


def _is_unsure(fee: Fee) -> bool:
    """Whether the amount has no source, or is another union's."""
    return fee.sample or fee.belief
