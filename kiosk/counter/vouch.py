"""What a receipt's QR says of it: the same facts as the paper, short enough to be signed and scanned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from kiosk import times
from kiosk.counter.context import Device
from kiosk.counter.records import Kind, Line, LineState
from kiosk.proof import statement
from kiosk.proof.statement import End, Item, Statement
from kiosk.speech import Speech
from printing.document import QR

_ENDS = {
    LineState.ACCEPTED: End.TAKEN, LineState.CONFIRMED: End.DONE, LineState.OFFICE_REFUSED: End.OFFICE_REFUSED,
    LineState.REFUND_DUE: End.OWED, LineState.REFUNDED: End.PAID_BACK,
}
_TAIL = 4  # letters of a bill's account or a holding's number: enough to tell one from another, too few to know it


def code(
    device: Device, kind: statement.Kind, number: str, at: datetime, total_poisha: int, lines: Sequence[Line],
    ask_after: date | None = None,
) -> QR:
    """The QR of a receipt, signed by the device."""
    ended = kind is not statement.Kind.PROVISIONAL
    said = Statement(
        kind, int(number.rpartition("-")[2]), at, total_poisha, tuple(item(line, ended=ended) for line in lines),
        ask_after,
    )
    return QR(device.prove(said), Speech(device.look.lang).digits(number))


def ask_after(device: Device, at: datetime) -> date:
    """The day after which the final receipt of what was taken at `at` should be there to ask for."""
    return at.astimezone(times.DHAKA).date() + timedelta(days=device.look.ask_after_days)


def item(line: Line, *, ended: bool) -> Item:
    """A line as the QR names it."""
    end = _ENDS.get(line.state, End.OPEN) if ended else End.OPEN
    return Item(what(line), line.official_poisha, line.charge_poisha, end, _tail(line))


def what(line: Line) -> str:
    """The line's id in the catalogue: a service with its variant, a biller; its kind where it has none."""
    if line.kind is Kind.APPLICATION:
        return line.fee_version.partition("@")[0] or str(line.facts["service_id"])
    return str(line.facts["biller_id"]) if line.kind is Kind.BILL else str(line.kind)


def _tail(line: Line) -> str:
    shown = line.facts.get("shown", [])
    return str(shown[0][2])[-_TAIL:] if shown and line.kind in (Kind.BILL, Kind.DUE) else ""
