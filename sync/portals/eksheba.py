"""ekSheba: submit an application, pay its fee, bring home what was issued. The contract is ours (docs/portals.md)."""

from __future__ import annotations

import base64

from sync.http import Http, LineError
from sync.operations import Confirmed, Later, NotKnownThere, Operation, Outcome
from sync.portals.answers import ask_by_key, post_once

_FETCH = "eksheba.document.fetch"


class EkSheba:
    """Applications are accepted and worked on; fees and documents are complete at once."""

    name = "eksheba"

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        if operation.kind == _FETCH:
            return _fetch(operation, http)
        if operation.kind == "eksheba.fee.pay":
            path = f"/applications/{operation.payload['application_key']}/fee"
            return post_once(http, path, operation, operation.payload, done=True)
        return post_once(http, "/applications", operation, operation.payload, done=False)

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        if operation.kind == _FETCH:
            return NotKnownThere()  # reading has no effect and may be repeated
        return ask_by_key(http, operation, done=operation.kind == "eksheba.fee.pay")


def _fetch(operation: Operation, http: Http) -> Outcome:
    address = str(operation.payload["document_url"])
    try:
        raw = http.get_bytes(address).raw
    except LineError as error:
        return Later(error.reason, error.retry_after)
    if not raw.startswith(b"%PDF"):
        return Later("bad_answer")
    name = address.rsplit("/", 1)[-1].removesuffix(".pdf")
    return Confirmed(name, {"body": base64.b64encode(raw).decode()})
