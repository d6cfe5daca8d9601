"""What every use case needs to know of the room it works in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk import times
from kiosk.catalogue.catalogue import Catalogue
from kiosk.people import Operator
from kiosk.proof import cose, statement
from kiosk.proof.statement import Statement
from kiosk.store.work import Store


@dataclass(frozen=True, slots=True)
class Look:
    """How the centre wants its papers: words at the foot, a logo (width, height, bits as printing's Picture has them),
    their language, when to ask for a final receipt, and whether the office keeps a copy of every receipt.
    """

    foot: str = ""
    logo: tuple[int, int, str] | None = None
    lang: str = "bn"
    ask_after_days: int = 3
    office_copy: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """This counter: its code stands before every receipt number, its key signs every receipt."""

    code: str
    centre_bn: str
    centre_en: str
    address_bn: str
    signing_key: bytes = field(repr=False)  # Ed25519, 32 raw bytes; never leaves the encrypted store
    certificate: bytes = b""  # an authority's word for the key; empty: nobody has vouched for this device yet
    look: Look = Look()

    def prove(self, said: Statement) -> str:
        """The text of the QR that proves a receipt."""
        return statement.prove(said, self.code, self.signing_key, self.certificate)

    def sign(self, statement: bytes) -> str:
        """The device's signature over `statement` (RFC 8032), in hex."""
        return cose.key_of(self.signing_key).sign(statement).hex()


@dataclass(frozen=True, slots=True)
class Printing:
    """Where receipts go: a printer, its paper in dots (384 is 58 mm, 576 is 80 mm), whether it opens a drawer."""

    printer: str = "file"
    width_dots: int = 384
    drawer: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """The store, the catalogue, the time and the operator who is at the counter; `portals`: those that have an address
    here."""

    store: Store
    catalogue: Catalogue
    clock: times.Clock
    device: Device
    operator: Operator
    printing: Printing
    line_is_up: Callable[[], bool]
    portals: Collection[str]

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The date on the wall in Dhaka."""
        return self.clock().astimezone(times.DHAKA).date()
