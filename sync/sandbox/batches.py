"""Several requests in one, and bodies that go compressed either way."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, jsonify, request

from sync.sandbox.books import Books
from sync.sandbox.journals import BATCHED
from sync.sandbox.serving import LARGEST

_WORTH_PACKING = 400  # bytes


def routes(app: Flask, bases: list[str], books: Books) -> None:
    """POST <base>/batch at each portal: every item has the effect and the answer of a POST of its own. Where books have
    one writer at a time, batches take their turns: side by side they would only wait for each other at every item."""
    for base in bases:
        app.add_url_rule(f"{base}/batch", f"{base} batch", _batch(app, base, books), methods=["POST"])


def _batch(app: Flask, base: str, books: Books) -> Callable[[], Any]:
    def answer() -> Any:
        items = request.get_json()["items"]
        with books.turn:
            told = [_one(app, base + item["path"], json.dumps(item["body"]).encode()) for item in items]
        refused = next((one for one in told if one.status_code == 401), None)
        return refused or jsonify(items=[
            {"status": one.status_code, "body": one.get_json(force=True, silent=True)} for one in told  # a page is none
        ])

    return answer


def _one(app: Flask, path: str, body: bytes) -> Response:
    """An item as a request of its own, with the head of the batch that it came in."""
    began: list[Any] = []

    def start(*said: Any) -> Callable[[bytes], object]:
        began.extend(said)
        return began.append

    environ = {name: value for name, value in request.environ.items() if name != "HTTP_ACCEPT_ENCODING"}
    told = app.wsgi_app(
        {**environ, "PATH_INFO": unquote(path, "latin-1"), "QUERY_STRING": "", "CONTENT_TYPE": "application/json",
         "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), BATCHED: True}, start,
    )
    return Response(b"".join(told), *began[:2])


def unzipped(wsgi: Callable[..., Any]) -> Callable[..., Any]:
    """Bodies that come as gzip are unpacked before the routes see them, up to a bound."""

    def call(environ: dict[str, Any], start: Any) -> Any:
        coding = environ.pop("HTTP_CONTENT_ENCODING", "identity")
        if coding != "identity":
            told = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            plain = _plain(told) if coding == "gzip" else None
            if plain is None:
                said = json.dumps({"error": "bad_request", "why": "Content-Encoding"})
                return Response(said, 400, mimetype="application/json")(environ, start)
            environ |= {"wsgi.input": io.BytesIO(plain), "CONTENT_LENGTH": str(len(plain))}
        return wsgi(environ, start)

    return call


def _plain(packed: bytes) -> bytes | None:
    """None when this is no gzip, or not a whole one, or too much."""
    unzip = zlib.decompressobj(31)
    try:
        plain = unzip.decompress(packed, LARGEST)
    except zlib.error:
        return None
    return plain if unzip.eof else None


def packed(response: Response) -> Response:
    """An answer as gzip, for whoever takes that."""
    worth = response.mimetype == "application/json" and (response.content_length or 0) > _WORTH_PACKING
    if worth and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
