"""Requests are held against the contract (sync/contract/openapi.yaml) before a route sees them, whichever route it is:
what isn't of it is answered with 400 and the reason. So is what a database can't keep: NUL, halves of letters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn

from flask import Flask, Request, Response, request
from flask.json.provider import DefaultJSONProvider
from jsonschema_rs import Draft202012Validator
from werkzeug.exceptions import BadRequest, HTTPException

from sync.contract import document

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; a bare one is no JSON
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_WORDS = {400: "bad_request", 404: "no_such_path", 405: "no_such_method", 413: "too_large", 416: "not_that_long"}


def hold(app: Flask) -> None:
    """Check every request of the contract from now on, and say every error in JSON."""
    checks = _checks()

    def check() -> None:
        method = "GET" if request.method == "HEAD" else request.method
        one = checks.get((method, document.written(str(request.url_rule))))
        if one is not None:
            one.run()

    app.json, app.request_class = _Json(app), _Asked
    app.before_request(check)
    app.register_error_handler(HTTPException, _told)


@cache
def _checks() -> dict[tuple[str, str], _Check]:
    """Of every operation, by method and path; made once, as that takes longer than all else of a sandbox."""
    return {(one.method, one.path): _Check(one) for one in document.operations()}


class _Check:
    """What one operation takes."""

    def __init__(self, operation: document.Operation) -> None:
        self._places = [_Place(operation, place) for place in ("path", "query", "header")]
        body = document.body_schema(operation)
        self._body = document.check(body) if body is not None else None
        self._may_be_empty = not document.followed(operation.said.get("requestBody", {})).get("required")

    def run(self) -> None:
        """Raises: BadRequest."""
        said: list[Mapping[str, str]] = [request.view_args or {}, request.args, request.headers]  # type: ignore[list-item]
        for place, here in zip(self._places, said, strict=True):
            place.run(here)
        if not request.get_data():
            if not self._may_be_empty:
                raise BadRequest("there is no body")
        elif self._body is not None:
            _fits(self._body, request.get_json())


class _Place:
    """The parameters of one place."""

    def __init__(self, operation: document.Operation, place: str) -> None:
        schema = document.parameters_schema(operation, place)
        self._schema = document.check(schema)
        self._is_number = {
            name: document.followed(one).get("type") == "integer" for name, one in schema["properties"].items()
        }

    def run(self, said: Mapping[str, str]) -> None:
        _fits(self._schema, {
            name: int(said[name]) if number and _WHOLE.fullmatch(said[name]) else said[name]
            for name, number in self._is_number.items() if name in said
        })


def _fits(schema: Draft202012Validator, said: Any) -> None:
    wrong = next(schema.iter_errors(said), None)
    if wrong is not None:
        where = "/".join(str(name) for name in wrong.instance_path)
        raise BadRequest(f"{where}: {wrong.message}" if where else wrong.message)


class _Asked(Request):
    """A request whose body is JSON, whatever it is said to be."""

    def get_json(self, *given: Any, **options: Any) -> Any:
        body = self.get_data()
        if _NUL.search(body):
            raise BadRequest("NUL in a text")
        said = super().get_json(*given, **options)
        if b"\\ud" in body.lower() and not _is_whole(said):
            raise BadRequest("half a letter")
        return said

    def on_json_loading_failure(self, e: ValueError | None) -> NoReturn:
        raise BadRequest(f"no JSON: {e}" if e else "not said to be JSON")


def _is_whole(said: Any) -> bool:
    """Whether its letters are: JSON can write one half of a pair alone."""
    try:
        json.dumps(said, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _Json(DefaultJSONProvider):
    """Without the words that Python adds to JSON, and without falling over what is nested too deep."""

    def loads(self, s: str | bytes, **options: Any) -> Any:
        try:
            return json.loads(s, parse_constant=_no_number, **options)
        except RecursionError:
            raise ValueError("nested too deep") from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _told(error: HTTPException) -> Response:
    """An error as the contract says it, with the headers that it has (Allow, Content-Range)."""
    said = {"error": _WORDS.get(error.code or 500, "failed")}
    answer = Response(headers=list(error.get_headers()), status=error.code)
    answer.data = json.dumps(said | ({"why": str(error.description)} if error.code == 400 else {})).encode()
    answer.mimetype = "application/json"
    return answer
