"""A device with a certificate of the sandbox's authority, and receipts of it to tamper with."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

from kiosk.proof import authorities, base45, certificate, statement
from kiosk.proof.authorities import Known
from kiosk.proof.statement import End, Item, Kind, Statement

DEVICE = "TEST"
KEY = hashlib.sha256(b"a device of the tests").digest()
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ITEMS = (
    Item("nationality", 50_00, 20_00, End.TAKEN), Item("breb", 650_00, 5_00, End.DONE, "0123"),
    Item("order", 1_250_00, 30_00, End.OWED),
)
FINAL = Statement(Kind.FINAL, 42, AT, 725_00, ITEMS)
PROVISIONAL = Statement(
    Kind.PROVISIONAL, 41, AT, 2_005_00, tuple(replace(one, end=End.OPEN) for one in ITEMS), date(2026, 11, 27),
)


def certified(device: str = DEVICE, key: bytes = KEY, authority: bytes = authorities.SANDBOX_KEY) -> bytes:
    asks = certificate.read_request(certificate.request(device, "Sample", key))
    return certificate.certify(asks, "নমুনা", date(2028, 12, 31), authority)


def proved(said: Statement = FINAL, certificate_: bytes | None = None) -> str:
    return statement.prove(said, DEVICE, KEY, certified() if certificate_ is None else certificate_)


def known(revoked: bool = False) -> Known:
    told = authorities.read()
    withdrawn = {certificate.key_id(certificate.public_of(KEY)): date(2026, 11, 20)} if revoked else {}
    return Known(told.authorities, withdrawn, told.as_of)


def every_flip(text: str) -> list[str]:
    """The text with every single bit of its statement changed."""
    body = base45.decode(text.removeprefix(statement.MARK))
    flipped = []
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        flipped.append(statement.MARK + base45.encode(bytes(changed)))
    return flipped
