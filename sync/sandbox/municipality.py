"""The digital municipality: holdings, what they owe, and its payment (domain.md 5). The contract is ours."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection, select, update

from sync.sandbox import schema
from sync.sandbox.books import Books, Refused, spend
from sync.sandbox.faults import Faults


def blueprint(books: Books, faults: Faults) -> Blueprint:
    """The portal's routes."""
    portal = Blueprint("municipality", __name__)

    @portal.get("/holdings")
    def _holdings() -> Response:
        return jsonify(books.page("holdings", request.args.get("cursor", ""), request.args.get("limit", 200, type=int)))

    @portal.post("/dues/<due_id>/payments")
    def _pay(due_id: str) -> Any:
        body = request.get_json()

        def act(connection: Connection) -> tuple[int, str, dict[str, Any]]:
            fault = faults.take("municipality.pay", "refuse")
            if fault:
                raise Refused(fault.reason or "refused")
            _settle(connection, due_id, body["amount_poisha"])
            reference = f"HT{secrets.randbelow(10**9):09d}"
            return body["amount_poisha"], reference, {"key": body["key"], "reference": reference}

        try:
            return jsonify(books.once(body["key"], "municipality", "municipality.due.pay", act))
        except Refused as refused:
            return jsonify(error=refused.reason, **refused.facts), 409

    @portal.get("/operations/<key>")
    def _operation(key: str) -> Response:
        answer = books.known(key, "municipality")
        return jsonify(known=answer is not None, **(answer or {}))

    return portal


def _settle(connection: Connection, due_id: str, amount_poisha: int) -> None:
    table = schema.dues
    due = connection.execute(select(table).where(table.c.due_id == due_id)).first()
    if due is None:
        raise Refused("refused")
    if due.paid:
        raise Refused("already_paid")
    if due.amount_poisha != amount_poisha:
        raise Refused("amount_changed", old_poisha=amount_poisha, new_poisha=due.amount_poisha)
    unpaid = table.c.due_id == due_id, table.c.paid.is_(False)
    if not connection.execute(update(table).where(*unpaid).values(paid=True)).rowcount:
        raise Refused("already_paid")  # by another, a moment ago
    spend(connection, "municipality", amount_poisha)
