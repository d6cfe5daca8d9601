"""The operations that a settled line sends to its portal, with keys made once."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from uuid6 import uuid7

from kiosk.counter.records import Citizen, Kind, Line
from sync.operations import Operation

_PAYMENT, _APPLICATION, _ATTACHMENT = 1, 3, 7


@dataclass(frozen=True, slots=True)
class Terms:
    """How an application depends on its fee and on time: one that `pays_first` waits for its fee, other fees wait for
    their application; it is not sent from the moment `until` on."""

    pays_first: bool = False
    until: datetime | None = None


def for_line(
    line: Line, citizen: Citizen | None, at: datetime, terms: Terms = Terms()
) -> list[tuple[Operation, int]]:
    """Each operation with the official poisha that it moves when it succeeds."""
    match line.kind:
        case Kind.BILL:
            return [(pay_bill(line, at), line.official_poisha)]
        case Kind.DUE:
            return [(_pay_due(line, at), line.official_poisha)]
        case Kind.ORDER:
            return [(order(line, citizen, at), line.official_poisha)]
        case Kind.APPLICATION:
            return _application(line, citizen, at, terms)


def pay_bill(line: Line, at: datetime) -> Operation:
    """The payment of a bill at the amount that the line now holds."""
    payload = {
        "biller_id": line.facts["biller_id"], "inputs": line.facts["inputs"],
        "amount_poisha": line.official_poisha, "payer_mobile": line.facts.get("payer_mobile", ""),
    }
    return _operation(line, "bill.pay", payload, _PAYMENT, at)


def _pay_due(line: Line, at: datetime) -> Operation:
    names = ("municipality_id", "holding_no", "due_id")
    payload = {**{name: line.facts[name] for name in names}, "amount_poisha": line.official_poisha}
    return _operation(line, "due.pay", payload, _PAYMENT, at)


def order(line: Line, citizen: Citizen | None, at: datetime) -> Operation:
    address = {
        "name": citizen.name if citizen else "", "phone": citizen.mobile if citizen else "",
        "address": line.facts.get("address", ""),
    }
    names = ("product_id", "quantity", "unit_price_poisha")
    items = [{name: item[name] for name in names} for item in line.facts["items"]]
    return _operation(line, "order.place", {"items": items, "address": address}, _APPLICATION, at)


def _application(
    line: Line, citizen: Citizen | None, at: datetime, terms: Terms
) -> list[tuple[Operation, int]]:
    applicant = {
        "name": citizen.name if citizen else "", "mobile": citizen.mobile if citizen else "",
        "nid": citizen.nid if citizen else "",
    }
    facts, files = _without_files(line.facts)
    submit = _operation(line, "application.submit", {**facts, "applicant": applicant}, _APPLICATION, at)
    submit = replace(submit, expires_at=terms.until)
    every = [(submit, 0)]
    if line.official_poisha:
        payload = {"application_key": submit.key, "amount_poisha": line.official_poisha}
        if terms.pays_first:
            fee = _operation(line, "fee.pay", {**payload, "service_id": facts["service_id"]}, _PAYMENT, at)
            every = [(fee, line.official_poisha), (replace(submit, depends_on=(fee.key,)), 0)]
        else:
            every.append((_operation(line, "fee.pay", payload, _PAYMENT, at, (submit.key,)), line.official_poisha))
    return every + [(paper(line, submit.key, file["name"], base64.b64decode(file["body"]), at), 0) for file in files]


def _without_files(facts: Mapping[str, Any]) -> tuple[dict[str, Any], Sequence[Mapping[str, str]]]:
    """What an application says, with the names of its files only, without what is for the receipt; and the files."""
    files = facts.get("attachments", ())
    named = {"attachments": [file["name"] for file in files]} if files else {}
    return {name: value for name, value in facts.items() if name not in ("attachments", "shown")} | named, files


def paper(line: Line, application_key: str, name: str, body: bytes, at: datetime) -> Operation:
    """A file that goes after its application."""
    media_type = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
    payload: dict[str, object] = {"application_key": application_key, "name": name, "media_type": media_type}
    made = _operation(line, "attachment.put", payload, _ATTACHMENT, at, depends_on=(application_key,))
    return replace(made, body=body)


def fetch_document(portal: str, line_id: str, application_key: str, address: str, at: datetime) -> Operation:
    """Bring home what the portal issued for an application."""
    payload = {"application_key": application_key, "document_url": address, "line_id": line_id}
    return Operation(str(uuid7()), portal, f"{portal}.document.fetch", payload, (), _ATTACHMENT, at)


def _operation(
    line: Line, kind: str, payload: dict[str, object], priority: int, at: datetime, depends_on: tuple[str, ...] = ()
) -> Operation:
    return Operation(str(uuid7()), line.portal, f"{line.portal}.{kind}", payload, depends_on, priority, at)
