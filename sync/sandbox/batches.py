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

_MOST = 100
_LARGEST = 20_000_000
_WORTH_PACKING = 400  # bytes


def routes(app: Flask, bases: list[str]) -> None:
    """POST <base>/batch at each portal: every item has the effect and the answer of a POST of its own."""
    for base in bases:
        app.add_url_rule(f"{base}/batch", f"{base} batch", _batch(app, base), methods=["POST"])


def _batch(app: Flask, base: str) -> Callable[[], Any]:
    def answer() -> Any:
        items = request.get_json()["items"]
        if not (isinstance(items, list) and all(isinstance(a, dict) and isinstance(a["path"], str) for a in items)):
            return jsonify(error="bad_request", why="items"), 400
        if len(items) > _MOST:
            return jsonify(error="too_many"), 413
        told = [_one(app, base + item["path"], json.dumps(item["body"]).encode()) for item in items]
        if any(status == 401 for status, _body in told):
            return Response("{}", 401, mimetype="application/json")
        return jsonify(items=[{"status": status, "body": body} for status, body in told])

    return answer


def _one(app: Flask, path: str, body: bytes) -> tuple[int, Any]:
    """An item as a request of its own, with the head of the batch that it came in."""
    began: list[Any] = []

    def start(*said: Any) -> Callable[[bytes], object]:
        began.extend(said)
        return began.append

    environ = {name: value for name, value in request.environ.items() if name != "HTTP_ACCEPT_ENCODING"}
    told = app.wsgi_app(
        {**environ, "PATH_INFO": unquote(path, "latin-1"), "QUERY_STRING": "", "CONTENT_TYPE": "application/json",
         "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}, start,
    )
    status = int(began[0].split(" ")[0])
    try:
        return status, json.loads(b"".join(told))
    except ValueError:  # a page, not JSON
        return status, None


def unzipped(wsgi: Callable[..., Any]) -> Callable[..., Any]:
    """Bodies that come as gzip are unpacked before the routes see them, up to a bound."""

    def call(environ: dict[str, Any], start: Any) -> Any:
        if environ.pop("HTTP_CONTENT_ENCODING", "") == "gzip":
            packed = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            plain = zlib.decompressobj(31).decompress(packed, _LARGEST)
            environ |= {"wsgi.input": io.BytesIO(plain), "CONTENT_LENGTH": str(len(plain))}
        return wsgi(environ, start)

    return call


def packed(response: Response) -> Response:
    """An answer as gzip, for whoever takes that."""
    worth = response.mimetype == "application/json" and (response.content_length or 0) > _WORTH_PACKING
    if worth and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
