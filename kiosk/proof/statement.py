"""What a receipt's QR says: which receipt, when, what was taken for each line, provisional or final.

As text it is "UDC1:" and base45, which a QR code packs as alphanumeric and a phone, a browser and a hand scanner give
back letter for letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from kiosk.proof import base45, certificate, cose
from kiosk.proof.certificate import Certificate, Identity

MARK = "UDC1:"
_IAT = 6
_SAID = -65537  # private use: [kind, number, total, ask after, lines]
_EPOCH = date(1970, 1, 1)
_MOST_LETTERS = 734  # of a QR code of version 17 at level M: 85 modules of four dots on 58 mm paper
REST = "+"  # what stands for the lines that found no room


class Kind(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"
    REFUND = "refund"
    COLLECTION = "collection"


class End(StrEnum):
    """What became of a line, as far as the paper says."""

    OPEN = "open"
    TAKEN = "accepted"
    DONE = "confirmed"
    OFFICE_REFUSED = "office_refused"
    OWED = "refund_due"
    PAID_BACK = "refunded"


_KINDS, _ENDS = tuple(Kind), tuple(End)  # their places are what is written: add at the end only


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the receipt: what by its id of the catalogue, which one by the last letters of its number."""

    what: str
    official_poisha: int
    charge_poisha: int
    end: End = End.OPEN
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """`total_poisha` as the paper's sum; of a collection what was taken, negative when it was given back."""

    kind: Kind
    number: int
    at: datetime
    total_poisha: int
    items: tuple[Item, ...]
    ask_after: date | None = None  # of a provisional one: the day after which the final one is there to ask for


@dataclass(frozen=True, slots=True)
class Read:
    """A statement as it came out of a QR, with who says that it is theirs; nothing is believed yet."""

    statement: Statement
    identity: Identity
    certificate: Certificate | None
    signed: cose.Signed

    @property
    def shown_number(self) -> str:
        return f"{self.identity.device}-{self.statement.number:06d}"


def prove(said: Statement, device: str, key: bytes, certified: bytes) -> str:
    """The text of the receipt's QR, signed by the device, with its certificate in it if it has one.

    What finds no room in a code that still reads from 58 mm paper is summed up in a last item.
    """
    header: Mapping[int, Any] = (
        {cose.KCWT: cose.embedded(certified)} if certified
        else {cose.KCCS: certificate.unsigned(Identity(device, certificate.public_of(key), ""))}
    )
    for kept in range(len(said.items), -1, -1):
        text = MARK + base45.encode(cose.sign(header, _claims(said, kept), key))
        if len(text) <= _MOST_LETTERS:
            break
    return text


def read(text: str) -> Read:
    """The statement in a QR's text.

    Raises:
        ValueError: there is none that this program could have written.
    """
    if not text.startswith(MARK):
        raise ValueError(f"does not begin with {MARK}")
    signed = cose.read(base45.decode(text.removeprefix(MARK)))
    said = _statement(signed.claims)
    if cose.KCWT in signed.header:
        vouched = certificate.opened(signed.header[cose.KCWT])
        return Read(said, vouched.identity, vouched, signed)
    return Read(said, certificate.said_by_itself(signed.header.get(cose.KCCS)), None, signed)


def _claims(said: Statement, kept: int) -> Mapping[int, Any]:
    items: list[list[Any]] = [_written(item) for item in said.items[:kept]]
    if left := said.items[kept:]:
        sums = Item(REST, sum(item.official_poisha for item in left), sum(item.charge_poisha for item in left),
                    tail=str(len(left)))
        items.append(_written(sums))
    ask_after = (said.ask_after - _EPOCH).days if said.ask_after else 0
    return {
        _IAT: int(said.at.timestamp()),
        _SAID: [_KINDS.index(said.kind), said.number, said.total_poisha, ask_after, items],
    }


def _written(item: Item) -> list[Any]:
    return [item.what, item.official_poisha, item.charge_poisha, _ENDS.index(item.end), item.tail]


def _statement(claims: Mapping[int, Any]) -> Statement:
    try:
        kind, number, total, ask_after, items = claims[_SAID]
        at = datetime.fromtimestamp(_whole(claims[_IAT]), UTC)
        return Statement(
            _KINDS[_whole(kind)], _whole(number), at, _number(total), tuple(_item(item) for item in items),
            _EPOCH + timedelta(days=_whole(ask_after)) if ask_after else None,
        )
    except (KeyError, IndexError, TypeError, OverflowError, OSError) as error:
        raise ValueError("not a statement") from error


def _item(written: Sequence[Any]) -> Item:
    what, official, charge, end, tail = written
    if not (isinstance(what, str) and isinstance(tail, str)):
        raise ValueError("not a line")
    return Item(what, _whole(official), _whole(charge), _ENDS[_whole(end)], tail)


def _whole(value: Any) -> int:
    if _number(value) < 0:
        raise ValueError("not a whole number")
    return int(value)


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("not a number")
    return value
