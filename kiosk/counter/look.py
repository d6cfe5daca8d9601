"""How the centre's papers look: its name and address above, a logo, its own words below; tried out before it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from kiosk import bangla
from kiosk.counter import centre, papers
from kiosk.counter.context import Counter, Device, Look
from kiosk.counter.records import CounterError, Kind, Line, LineState, Tender, TenderKind, Visit
from kiosk.words import words
from printing import pictures
from printing.document import Document

_LONGEST = {"centre_bn": 80, "centre_en": 80, "address_bn": 120, "foot": 200}
_MOST_DAYS = 60


def tried(counter: Counter, names: Mapping[str, str], look: Look) -> Document:
    """A sample receipt as it would look. Its code proves nothing: it is not signed by this device."""
    device = _device(counter, names, look)
    say = words(look.lang)
    line = Line(
        "", Kind.BILL, counter.catalogue.billers()[0].portal, say("paper.sample"), say("paper.sample"),
        {"biller_id": "sample", "shown": [[words("bn")("paper.number"), words("en")("paper.number"), "0123456789"]]},
        650_00, 10_00, LineState.WAITING,
    )
    visit = Visit("", "settled", counter.now(), None, (line,), (Tender(TenderKind.CASH, 700_00),))
    return papers.provisional(
        replace(device, signing_key=bytes(32)), counter.operator.name, visit, f"{device.code}-000000", 40_00,
        counter.now(),
    )


def put(counter: Counter, names: Mapping[str, str], look: Look) -> None:
    """From today papers look like this.

    Raises:
        CounterError: `supervisor_needed`, `name_missing`, `too_long`, `bad_count`.
    """
    kept = {name: bangla.clean(text) for name, text in {**names, "foot": look.foot}.items()}
    if not kept["centre_bn"]:
        raise CounterError("name_missing")
    for name, text in kept.items():
        if len(text) > _LONGEST[name]:
            raise CounterError("too_long", most=_LONGEST[name])
    if not 1 <= look.ask_after_days <= _MOST_DAYS:
        raise CounterError("bad_count")
    foot = kept.pop("foot")
    centre.put(counter, "centre", kept)
    centre.put(counter, "look", asdict(replace(look, foot=foot)))


def logo(body: bytes) -> tuple[int, int, str]:
    """A logo from a picture's file: one bit deep, as large as a receipt's head has room for.

    Raises:
        CounterError: `bad_picture`.
    """
    try:
        made = pictures.from_file(body)
    except pictures.BadPicture as error:
        raise CounterError("bad_picture") from error
    return made.width, made.height, made.bits


def _device(counter: Counter, names: Mapping[str, str], look: Look) -> Device:
    bn, en, address = (bangla.clean(names[name]) for name in centre.NAMES)
    return replace(
        counter.device, centre_bn=bn, centre_en=en, address_bn=address, look=replace(look, foot=bangla.clean(look.foot))
    )
