"""What is known of a citizen from before, to be offered where a form asks for it again.

The next in the queue is somebody else: nothing that one citizen said is offered to another (docs/decisions/0011). Who
left no number can't be told from a namesake, so of them nothing is known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from kiosk.counter.context import Counter
from kiosk.counter.records import Citizen, Visit
from kiosk.store.engine import Row

Facts = Mapping[str, str]
_PEOPLE = ("applicant", "owner")
PLACE = ("division", "district", "upazila", "union")


def facts(counter: Counter, visit: Visit) -> Mapping[str, str]:
    """Answers by the last two names of their place ("applicant/father"), the latest application's before older ones.

    Where somebody lives is offered as the counter was last told of anybody: most who come are from one union.
    """
    found = _last_place(counter)
    if visit.citizen is None:
        return found
    for item in _applications(counter, visit.citizen):
        answers = json.loads(item["facts"]).get("answers", {})
        found.update({_place(ref): value for ref, value in answers.items() if value})
    known = {"name": visit.citizen.name, "mobile": visit.citizen.mobile, "nid": visit.citizen.nid}
    return {**found, **{f"{who}/{name}": value for who in _PEOPLE for name, value in known.items() if value}}


def last_saved(counter: Counter, citizen: Citizen | None, service_id: str) -> bytes:
    """The submission of this citizen's application for the service before this one; empty when there is none."""
    told = [json.loads(item["facts"]) for item in _applications(counter, citizen)]
    sent = [str(one["submission_xml"]) for one in told if one.get("service_id") == service_id]
    return sent[-1].encode() if sent else b""


def _applications(counter: Counter, citizen: Citizen | None) -> list[Row]:
    """Of one who is surely the same person, oldest first."""
    if citizen is None or not (citizen.mobile or citizen.nid):
        return []
    return counter.store.rows(
        """SELECT lines.facts FROM lines JOIN visits ON visits.id = lines.visit_id
           WHERE citizen_id = ? AND kind = 'application' ORDER BY visits.opened_at_utc, position""", citizen.id,
    )


def _last_place(counter: Counter) -> dict[str, str]:
    last = counter.store.row(
        """SELECT facts FROM lines JOIN visits ON visits.id = lines.visit_id WHERE kind = 'application'
           ORDER BY visits.opened_at_utc DESC, position DESC LIMIT 1"""
    )
    answers = json.loads(last["facts"]).get("answers", {}) if last else {}
    told = {f"address/{name}": answers.get(f"/data/address/{name}", "") for name in PLACE}
    return told if all(told.values()) else {}


def offered(known: Mapping[str, str], ref: str) -> str:
    """What is known for the question at `ref`; nothing inside a repeat."""
    return "" if "[" in ref else known.get(_place(ref), "")


def _place(ref: str) -> str:
    return "/".join(ref.split("/")[-2:])
