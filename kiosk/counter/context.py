"""What every use case needs to know of the room it works in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import times
from kiosk.catalogue.catalogue import Catalogue
from kiosk.people import Operator
from kiosk.store.work import Store


@dataclass(frozen=True, slots=True)
class Device:
    """This counter: its code stands before every receipt number, its key signs every receipt."""

    code: str
    centre_bn: str
    centre_en: str
    address_bn: str
    signing_key: bytes = field(repr=False)  # Ed25519, 32 raw bytes; never leaves the encrypted store

    def sign(self, statement: bytes) -> str:
        """The device's signature over `statement` (RFC 8032), in hex."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_key).sign(statement).hex()


@dataclass(frozen=True, slots=True)
class Printing:
    """Where receipts go: a printer, its paper in dots (384 is 58 mm, 576 is 80 mm), whether it opens a drawer."""

    printer: str = "file"
    width_dots: int = 384
    drawer: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """The store, the catalogue, the time and the operator who is at the counter."""

    store: Store
    catalogue: Catalogue
    clock: times.Clock
    device: Device
    operator: Operator
    printing: Printing
    line_is_up: Callable[[], bool]

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The date on the wall in Dhaka."""
        return self.clock().astimezone(times.DHAKA).date()
