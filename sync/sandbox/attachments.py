"""Files that go with an application, a piece at a time: GET says how much is here, PATCH adds, `done` counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection, delete, insert, select, update

from sync.sandbox import schema
from sync.sandbox.books import Books, Refused
from sync.sandbox.faults import Faults

LARGEST = 5_000_000
_TABLE = schema.attachments


def routes(portal: Blueprint, books: Books, faults: Faults) -> None:
    """The three routes, at a portal that takes applications."""

    @portal.get("/attachments/<key>")
    def _received(key: str) -> Response:
        return jsonify(received=books.read(lambda connection: _length(connection, key)))

    @portal.patch("/attachments/<key>")
    def _add(key: str) -> Any:
        offset, piece = int(request.args["offset"]), request.get_data()
        if faults.take(f"{portal.name}.attachment", "refuse"):
            return jsonify(error="refused"), 409
        if offset + len(piece) > LARGEST:
            return jsonify(error="too_large"), 413
        received, added = books.write(lambda connection: _append(connection, key, offset, piece))
        return jsonify(received=received, **({} if added else {"error": "offset"})), 200 if added else 409

    @portal.post("/attachments/<key>/done")
    def _done(key: str) -> Any:
        body, name = request.get_json(), portal.name
        try:
            return jsonify(books.once(
                body["key"], name, f"{name}.attachment.put", lambda within: _complete(within, name, key, body)))
        except Refused as refused:
            if refused.reason == "hash_differs":
                books.write(lambda connection: connection.execute(delete(_TABLE).where(_TABLE.c.key == key)))
            return jsonify(error=refused.reason, **refused.facts), 409


def _length(connection: Connection, key: str) -> int:
    found = connection.execute(select(_TABLE.c.body).where(_TABLE.c.key == key)).scalar()
    return len(found) if found is not None else 0


def _append(connection: Connection, key: str, offset: int, piece: bytes) -> tuple[int, bool]:
    """How much is here now, and whether the piece went on where it ended."""
    known = connection.execute(select(_TABLE.c.body).where(_TABLE.c.key == key)).scalar()
    if offset != len(known or b""):
        return len(known or b""), False
    body = (known or b"") + piece
    if known is None:
        connection.execute(insert(_TABLE).values(key=key, body=body, name="", application_key=""))
    else:
        connection.execute(update(_TABLE).where(_TABLE.c.key == key).values(body=body))
    return len(body), True


def _complete(
    connection: Connection, portal: str, key: str, told: Mapping[str, Any]
) -> tuple[int, str, dict[str, Any]]:
    body = connection.execute(select(_TABLE.c.body).where(_TABLE.c.key == key)).scalar() or b""
    if len(body) != told["size"] or hashlib.sha256(body).hexdigest() != told["sha256"]:
        raise Refused("hash_differs")
    known = schema.applications.c
    application = known.portal == portal, known.key == told["application_key"]
    if connection.execute(select(known.key).where(*application)).scalar() is None:
        raise Refused("refused")
    connection.execute(update(_TABLE).where(_TABLE.c.key == key).values(
        name=told["name"], application_key=told["application_key"]))
    return 0, key, {"key": told["key"], "reference": key}
