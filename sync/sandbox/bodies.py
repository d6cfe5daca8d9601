"""Bodies that lack what a route needs are answered with 400, whichever route it is."""

from __future__ import annotations

import json
from typing import Any

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, BadRequestKeyError


class Told(dict[str, Any]):
    """An object that came over the wire: asking for what it lacks is the asker's fault, not the portal's."""

    def __missing__(self, name: str) -> Any:
        raise BadRequestKeyError(name)


class Json(DefaultJSONProvider):
    def loads(self, s: str | bytes, **options: Any) -> Any:
        return json.loads(s, object_hook=Told, **options)


class Asked(Request):
    """A request whose JSON is an object, as every request of the contract is."""

    def get_json(self, *given: Any, **options: Any) -> Any:
        body = super().get_json(*given, **options)
        if not isinstance(body, dict):
            raise BadRequest("the body is no JSON object")
        return body
