"""Lines and visits as rows, and back. Changing a line's state always leaves an event behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from uuid6 import uuid7

from kiosk import times
from kiosk.counter.records import Citizen, CounterError, Kind, Line, LineState, Tender, TenderKind, Visit
from kiosk.store.engine import Connection, Row, insert, row, rows


@dataclass(frozen=True, slots=True)
class Consent:
    """That the citizen agreed to their answers being kept and sent: when, before whom; a guardian when under 18."""

    consent_at_utc: str
    consent_operator_id: str
    consent_by: str = ""  # the guardian's name; empty: the citizen


def compact(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def new_line(kind: Kind, portal: str, title_bn: str, title_en: str, facts: Mapping[str, Any], **prices: Any) -> Line:
    """A line for the basket, with an id of its own."""
    return Line(str(uuid7()), kind, portal, title_bn, title_en, facts, state=LineState.DRAFT, **prices)


def line_of(found: Row) -> Line:
    return Line(
        found["id"], Kind(found["kind"]), found["portal"], found["title_bn"], found["title_en"],
        json.loads(found["facts"]), found["official_poisha"], found["charge_poisha"], LineState(found["state"]),
        found["reason"], found["reference"], found["fee_version"], found["warning"], found["vat_poisha"],
    )


def line(connection: Connection, line_id: str) -> Line:
    """The line with this id.

    Raises:
        CounterError: `no_such_line`.
    """
    found = row(connection, "SELECT * FROM lines WHERE id = ?", (line_id,))
    if found is None:
        raise CounterError("no_such_line")
    return line_of(found)


def visit_id_of(connection: Connection, line_id: str) -> str:
    found = connection.execute("SELECT visit_id FROM lines WHERE id = ?", (line_id,)).fetchone()
    return str(found[0])


def visit(connection: Connection, visit_id: str) -> Visit:
    """The visit with its lines, in the order in which they were added.

    Raises:
        CounterError: `no_such_visit`.
    """
    found = row(connection, "SELECT * FROM visits WHERE id = ?", (visit_id,))
    if found is None:
        raise CounterError("no_such_visit")
    citizen = row(connection, "SELECT id, name, mobile, nid FROM citizens WHERE id = ?", (found["citizen_id"],))
    lines = rows(connection, "SELECT * FROM lines WHERE visit_id = ? ORDER BY position", (visit_id,))
    tenders = rows(connection, "SELECT * FROM tenders WHERE visit_id = ? ORDER BY id", (visit_id,))
    return Visit(
        found["id"], found["state"], times.moment(found["opened_at_utc"]), Citizen(**citizen) if citizen else None,
        tuple(line_of(item) for item in lines),
        tuple(Tender(TenderKind(item["kind"]), item["amount_poisha"], item["reference"]) for item in tenders),
        found["label"],
    )


def open_visit_or_refuse(connection: Connection, visit_id: str) -> Visit:
    """The visit, when its basket may still be changed.

    Raises:
        CounterError: `visit_not_open`.
    """
    found = visit(connection, visit_id)
    if found.state != "open":
        raise CounterError("visit_not_open")
    return found


def put(connection: Connection, visit_id: str, added: Line, *, consent: Consent | None = None) -> None:
    """Append `added` to the basket."""
    sql = "SELECT coalesce(max(position), 0) + 1 FROM lines WHERE visit_id = ?"
    position = connection.execute(sql, (visit_id,)).fetchone()[0]
    insert(connection, "lines", {
        "id": added.id, "visit_id": visit_id, "position": position, "kind": added.kind, "portal": added.portal,
        "title_bn": added.title_bn, "title_en": added.title_en, "facts": compact(added.facts),
        "official_poisha": added.official_poisha, "charge_poisha": added.charge_poisha, "state": added.state,
        "fee_version": added.fee_version, "warning": added.warning, "vat_poisha": added.vat_poisha,
        **(asdict(consent) if consent else {}),
    })


def reprice(connection: Connection, changed: Line) -> None:
    """Write a draft line's facts and prices again (an order that grew)."""
    connection.execute(
        """UPDATE lines SET facts = ?, official_poisha = ?, charge_poisha = ?, vat_poisha = ?, title_bn = ?,
           title_en = ? WHERE id = ?""",
        (compact(changed.facts), changed.official_poisha, changed.charge_poisha, changed.vat_poisha, changed.title_bn,
         changed.title_en, changed.id),
    )


def move(
    connection: Connection, moved: Line, state: LineState, *, at: datetime, reason: str = "", reference: str = "",
    facts: Mapping[str, Any] | None = None, text_bn: str = "", operator_id: str = "",
) -> Line:
    """Bring a line to `state` and write the event; an empty `reference` keeps the one it has."""
    reference = reference or moved.reference
    connection.execute(
        "UPDATE lines SET state = ?, reason = ?, reference = ? WHERE id = ?", (state, reason, reference, moved.id)
    )
    insert(connection, "line_events", {
        "line_id": moved.id, "at_utc": times.text(at), "state": state, "reason": reason, "text_bn": text_bn,
        "facts": compact(facts or {}), "operator_id": operator_id,
    })
    return replace(moved, state=state, reason=reason, reference=reference)
