"""Paying what a holding owes its municipality: dues were pulled while there was a line and are served from here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk import bangla
from kiosk.counter import lines
from kiosk.counter.context import Counter
from kiosk.counter.judged import warning
from kiosk.counter.records import CounterError, Kind, Visit
from kiosk.store.engine import Row
from kiosk.words import words


@dataclass(frozen=True, slots=True)
class Due:
    """One year's tax or one month's water of a holding."""

    id: str
    kind: str  # holding_tax | water
    period: str  # fiscal year, "2026-2027"
    amount_poisha: int
    paid: bool


@dataclass(frozen=True, slots=True)
class Holding:
    municipality_id: str
    number: str
    owner: str
    ward: str
    village: str
    dues: Sequence[Due]


def holdings(counter: Counter, text: str) -> list[Holding]:
    """Holdings whose number, owner or mobile begins with `text`."""
    wanted = bangla.normalise(text).strip()
    if not wanted:
        return []
    found = [_holding(item) for item in counter.store.rows("SELECT * FROM holdings ORDER BY holding_no")]
    return [holding for holding in found if _fits(holding, wanted)][:20]


def holding(counter: Counter, municipality_id: str, number: str) -> Holding:
    """One holding.

    Raises:
        CounterError: `no_such_holding`.
    """
    found = counter.store.row(
        "SELECT * FROM holdings WHERE municipality_id = ? AND holding_no = ?", municipality_id, number
    )
    if found is None:
        raise CounterError("no_such_holding")
    return _holding(found)


def add(counter: Counter, visit_id: str, municipality_id: str, holding_no: str, due_id: str) -> Visit:
    """Put one due into the basket.

    Raises:
        CounterError: `no_such_holding`, `due_paid`, `same_bill_in_basket`, the rule's id when it may not be taken now.
    """
    owing = holding(counter, municipality_id, holding_no)
    due = next((item for item in owing.dues if item.id == due_id), None)
    if due is None or due.paid:
        raise CounterError("due_paid")
    labels, municipality = words("bn"), counter.catalogue.municipality(municipality_id)
    facts = {
        "municipality_id": municipality_id, "holding_no": holding_no, "due_id": due_id,
        "shown": [
            [words("bn")(label), words("en")(label), value]
            for label, value in (("paper.holding", holding_no), ("paper.period", due.period))
        ],
    }
    line = lines.new_line(
        Kind.DUE, municipality.portal, labels(f"line.{due.kind}"), words("en")(f"line.{due.kind}"), facts,
        official_poisha=due.amount_poisha, charge_poisha=municipality.charge_poisha,
        warning=warning(counter, Kind.DUE, municipality.portal),
    )
    with counter.store.transaction() as connection:
        visit = lines.open_visit_or_refuse(connection, visit_id)
        if any(other.facts.get("due_id") == due_id for other in visit.lines):
            raise CounterError("same_bill_in_basket")
        lines.put(connection, visit_id, line)
    return lines.visit(counter.store.connection(), visit_id)


def _holding(found: Row) -> Holding:
    body = json.loads(found["body"])
    dues = tuple(
        Due(due["due_id"], due["kind"], due["fiscal_year"], due["amount_poisha"], due["state"] == "paid")
        for due in body.get("dues", [])
    )
    return Holding(
        found["municipality_id"], found["holding_no"], body.get("owner", ""), str(body.get("ward", "")),
        body.get("village", ""), dues,
    )


def _fits(candidate: Holding, wanted: str) -> bool:
    return any(bangla.normalise(text).startswith(wanted) for text in (candidate.number, candidate.owner))
