"""What each device said of its journal: the heads that it sent with its requests, and what it did after which."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import insert, select

from sync.sandbox import schema
from sync.sandbox.books import Books, caller

BATCHED = "sandbox.batched"  # in the environment of a batch's items
_HEADER = "X-Journal-Head"  # "CODE 12:ab34...": the device's code, how many entries, the hash of them all


def note(books: Books) -> None:
    """Remember the head that came with this request; the items of a batch have its caller, and it was noted with it."""
    if BATCHED in request.environ:
        return
    code, _, told = request.headers.get(_HEADER, "").partition(" ")
    seq, _, head = told.partition(":")
    if not (code and seq.isascii() and seq.isdigit()):
        caller.set(("", 0))
        return
    device = code.partition(".")[0]
    caller.set((device, int(seq)))
    table = schema.heads

    def act(connection: Any) -> None:
        known = select(table.c.head).where(table.c.device == device, table.c.seq == int(seq))
        if connection.execute(known).first() is None:
            connection.execute(insert(table).values(device=device, seq=int(seq), head=head))

    books.write(act)


def routes(app: Flask, books: Books, bases: list[str]) -> None:
    """GET <base>/journal?device=CODE, and GET <base>/journal/operations?device=CODE&after=SEQ."""
    for base in bases:
        app.add_url_rule(f"{base}/journal", f"{base} journal", lambda: _last(books))
        app.add_url_rule(f"{base}/journal/operations", f"{base} operations", lambda: _after(books))


def _last(books: Books) -> Response:
    table = schema.heads
    asked = select(table.c.seq, table.c.head).where(table.c.device == _device()).order_by(table.c.seq.desc()).limit(1)
    found = books.read(lambda connection: connection.execute(asked).first())
    return jsonify(seq=found.seq if found else 0, head=found.head if found else "")


def _after(books: Books) -> Response:
    table = schema.effects
    after = request.args.get("after", "0")
    asked = select(table.c.key, table.c.portal, table.c.kind, table.c.amount_poisha, table.c.reference).where(
        table.c.device == _device(), table.c.journal_seq > (int(after) if after.isdigit() else 0),
        table.c.portal == _portal(),
    ).order_by(table.c.journal_seq, table.c.key).limit(500)
    found = books.read(lambda connection: connection.execute(asked).all())
    return jsonify(items=[dict(row._mapping) for row in found])


def _device() -> str:
    return request.args.get("device", "").partition(".")[0]


def _portal() -> str:
    return request.path.split("/")[1]
