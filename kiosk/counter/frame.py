"""What every paper of a centre begins and ends with: its logo, name and address; its own words at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk.counter.context import Device
from kiosk.speech import Speech
from printing.document import QR, Align, Block, Heading, Picture, Row, Rule, Text


def speech(device: Device) -> Speech:
    """The language that the centre's papers speak."""
    return Speech(device.look.lang)


def letterhead(device: Device) -> list[Block]:
    """Logo, name, address."""
    say, logo = speech(device), device.look.logo
    return [
        *([Picture(*logo)] if logo else []),
        Heading(say.side(device, "centre"), level=2),
        *([Text(device.address_bn, align=Align.CENTRE, small=True)] if device.address_bn else []),
    ]


def head(device: Device, title: str, at: datetime) -> list[Block]:
    """The letterhead, what kind of paper this is, and when it was made."""
    say = speech(device)
    return [*letterhead(device), Rule(), Heading(title, level=1), Row(say.say("paper.date"), say.moment(at))]


def foot(device: Device, operator: str, proof: Sequence[QR] = ()) -> list[Block]:
    """The code that proves the paper where there is one, who served, the centre's own words."""
    say = speech(device)
    uncertified = [Text(say.say("paper.uncertified"), align=Align.CENTRE, small=True)]
    return [
        Rule(),
        *proof,
        *(uncertified if proof and not device.certificate else []),
        *([Text(say.say("paper.operator", name=operator), align=Align.CENTRE, small=True)] if operator else []),
        *([Text(device.look.foot, align=Align.CENTRE, small=True)] if device.look.foot else []),
    ]
