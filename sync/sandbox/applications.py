"""Portals that take applications (ekSheba, Nagorik Sheba): they are submitted, paid for, worked on by an office in its
Bangla words, and end in a document.

No public contract exists (domain.md 8); this one is ours. Tracking numbers are opaque.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection, insert, select, update

from sync.sandbox import attachments, certificate, schema
from sync.sandbox.books import Books, Refused, announce, spend
from sync.sandbox.faults import Faults

STATUSES = {  # domain.md 3.1
    "submitted": "আবেদন জমা হয়েছে",
    "paid": "পেমেন্ট সম্পন্ন হয়েছে",
    "secretary": "আপনার সনদ টি এখন সেক্রেটারির কাছে প্রক্রিয়াধীন আছে",
    "chairman": "আপনার সনদ টি এখন চেয়ারম্যান এর কাছে প্রক্রিয়াধীন আছে",
    "approved": "অনুমোদিত",
    "cancel": "বাতিল",
    "paper_missing": "কাগজ কম আছে",
}


def blueprint(name: str, letters: str, books: Books, faults: Faults) -> Blueprint:
    """The routes of the portal `name`, whose tracking numbers begin with `letters`."""
    portal = Blueprint(name, __name__)
    own = schema.applications.c.portal == name

    @portal.post("/applications")
    def _submit() -> Any:
        body = request.get_json()

        def act(connection: Connection) -> tuple[int, str, dict[str, Any]]:
            fault = faults.take(f"{name}.submit", "refuse")
            if fault:
                raise Refused(fault.reason or "refused")
            advance = schema.advances.c
            paid = select(advance.portal).where(advance.application_key == body["key"], advance.portal == name)
            tracking = f"{letters}{secrets.randbelow(10**9):09d}"
            connection.execute(insert(schema.applications).values(
                key=body["key"], portal=name, tracking=tracking, service_id=body["service_id"],
                applicant=body["applicant"]["name"], status="paid" if connection.execute(paid).first() else "submitted",
            ))
            return 0, tracking, {"key": body["key"], "reference": tracking}

        return _once(books, body["key"], name, "application.submit", act)

    @portal.post("/applications/<application_key>/fee")
    def _fee(application_key: str) -> Any:
        body = request.get_json()

        def act(connection: Connection) -> tuple[int, str, dict[str, Any]]:
            table = schema.applications
            found = connection.execute(select(table.c.tracking).where(own, table.c.key == application_key)).scalar()
            fault = faults.take(f"{name}.pay", "refuse")
            if fault or (found is None and "service_id" not in body):
                raise Refused(fault.reason if fault and fault.reason else "refused")
            if found is None:
                connection.execute(insert(schema.advances).values(application_key=application_key, portal=name))
            spend(connection, name, body["amount_poisha"])
            waits = own, table.c.key == application_key, table.c.status == "submitted"  # an office may be further
            connection.execute(update(table).where(*waits).values(status="paid"))
            reference = f"{letters}F{secrets.randbelow(10**9):09d}"
            return body["amount_poisha"], reference, {"key": body["key"], "reference": reference}

        return _once(books, body["key"], name, "fee.pay", act)

    @portal.get("/operations/<key>")
    def _operation(key: str) -> Response:
        answer = books.known(key, name)
        return jsonify(known=answer is not None, **(answer or {}))

    attachments.routes(portal, books, faults)

    @portal.get("/statuses")
    def _statuses() -> Response:
        asked = request.args
        return jsonify(books.page(f"{name}.statuses", asked.get("cursor", ""), asked.get("limit", 200, type=int)))

    @portal.get("/documents/<tracking>.pdf")
    def _document(tracking: str) -> Any:
        asked = select(schema.applications).where(own, schema.applications.c.tracking == tracking)
        found = books.read(lambda connection: connection.execute(asked).first())
        if found is None or found.status != "approved":
            return jsonify(error="no_such_document"), 404
        return Response(certificate.draw(tracking, found.applicant), mimetype="application/pdf")

    return portal


def advance(books: Books, key: str, status: str, note_bn: str = "") -> None:
    """The office works on an application (`key` is the submission's key); `note_bn` says which paper, or why not."""

    def act(connection: Connection) -> None:
        table = schema.applications
        connection.execute(update(table).where(table.c.key == key).values(status=status))
        found = connection.execute(select(table.c.portal, table.c.tracking).where(table.c.key == key)).one()
        announce(connection, f"{found.portal}.statuses", {
            "application_key": key, "tracking": found.tracking, "status": status, "status_bn": STATUSES[status],
            "at": datetime.now(UTC).isoformat(), "note_bn": note_bn,
            "document_url": f"/documents/{found.tracking}.pdf" if status == "approved" else "",
        })

    books.write(act)


def _once(books: Books, key: str, portal: str, kind: str, act: Any) -> Any:
    try:
        return jsonify(books.once(key, portal, f"{portal}.{kind}", act))
    except Refused as refused:
        return jsonify(error=refused.reason, **refused.facts), 409
