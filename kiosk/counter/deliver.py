"""Handing over a parcel that came to the centre, against a signature."""

from __future__ import annotations

from kiosk.counter import copies, issue, lines, slips
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Kind, Line
from kiosk.counter.slips import Parcel
from kiosk.store.engine import Connection
from kiosk.words import words
from printing.document import Document

_ARRIVED, _COLLECTED = "delivered", "collected"


def ready(counter: Counter, visit_id: str) -> list[Parcel]:
    """What arrived for a visit and nobody has fetched yet. What goes to an address is not fetched here."""
    return _ready(counter.store.connection(), visit_id)


def hand_over(counter: Counter, visit_id: str) -> Document:
    """Write down that what is there was fetched, and queue the slip for the citizen and, to be signed, the office.

    Raises:
        CounterError: `no_parcel`.
    """
    at = counter.now()
    with counter.store.transaction() as connection:
        parcels = _ready(connection, visit_id)
        if not parcels:
            raise CounterError("no_parcel")
        visit = lines.visit(connection, visit_id)
        for parcel in parcels:
            line = lines.line(connection, parcel.line_id)
            lines.move(
                connection, line, line.state, at=at, reason=line.reason, text_bn=words("bn")("line.collected"),
                facts={"status": _COLLECTED, "reference": parcel.code}, operator_id=counter.operator.id,
            )
        document = copies.for_citizen(slips.delivery(
            counter.device, counter.operator.name, visit.citizen, issue.shown_of(connection, visit_id), parcels, at
        ), counter.device.look.lang)
        copies.queue(counter, connection, document, office=True)
    return document


def _ready(connection: Connection, visit_id: str) -> list[Parcel]:
    visit = lines.visit(connection, visit_id)
    return [
        parcel for line in visit.lines if line.kind is Kind.ORDER and not line.facts.get("address")
        for parcel in _parcels(line) if _last_known(connection, parcel) == {_ARRIVED}
    ]


def _parcels(line: Line) -> list[Parcel]:
    return [
        Parcel(line.id, str(order["code"]), str(order["seller"]), tuple(
            (str(item["name_bn"]), int(item["quantity"]))
            for item in line.facts["items"] if item["seller"] == order["seller"]
        ))
        for order in line.facts.get("orders", [])
    ]


def _last_known(connection: Connection, parcel: Parcel) -> set[str]:
    """Which of `delivered` and `collected` were ever said of a parcel."""
    sql = """SELECT json_extract(facts, '$.status') FROM line_events
             WHERE line_id = ? AND json_extract(facts, '$.reference') = ?
             AND json_extract(facts, '$.status') IN (?, ?)"""
    found = connection.execute(sql, (parcel.line_id, parcel.code, _ARRIVED, _COLLECTED)).fetchall()
    return {str(status) for (status,) in found}
