"""A portal that takes applications: submit one, pay its fee, send its files, bring home what was issued."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from sync.contract import attachments
from sync.contract.answers import ask_by_key, post_many, post_once
from sync.http import Http
from sync.line import LineError
from sync.operations import Confirmed, Later, NotKnownThere, Operation, Outcome
from sync.portals import Capabilities


class Applications:
    """Applications are accepted and worked on; fees, files and documents are complete at once."""

    capabilities = Capabilities(
        batch={"application.submit": 25, "fee.pay": 100}, resumable_upload=True, compression=True,
        feeds={"statuses": "/statuses"}, packs=True,
    )

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        if operation.kind.endswith(".document.fetch"):
            return _fetch(operation, http)
        if operation.kind.endswith(".attachment.put"):
            return attachments.put(operation, http, resumable=self.capabilities.resumable_upload)
        return post_once(http, _path(operation), operation, operation.payload, done=_is_done_at_once(operation))

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        several = [(one, _path(one)) for one in operations]
        return post_many(http, several, done=_is_done_at_once(operations[0]))

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        if operation.kind.endswith(".document.fetch"):
            return NotKnownThere()  # reading has no effect and may be repeated
        return ask_by_key(http, operation, done=_is_done_at_once(operation))


def _path(operation: Operation) -> str:
    if operation.kind.endswith(".fee.pay"):
        return f"/applications/{operation.payload['application_key']}/fee"
    return "/applications"


def _is_done_at_once(operation: Operation) -> bool:
    return not operation.kind.endswith(".application.submit")


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
