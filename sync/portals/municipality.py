"""The digital municipality: pay what a holding owes. The contract is ours (docs/portals.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.contract.answers import ask_by_key, post_many, post_once
from sync.http import Http
from sync.operations import NotKnownThere, Operation, Outcome
from sync.portals import Capabilities


class Municipality:
    """A due is paid at once or refused."""

    capabilities = Capabilities(batch={"due.pay": 100}, compression=True, feeds={"holdings": "/holdings"})

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        return post_once(http, _path(operation), operation, operation.payload, done=True)

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        return post_many(http, [(one, _path(one)) for one in operations], done=True)

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        return ask_by_key(http, operation, done=True)


PORTAL = Municipality


def _path(operation: Operation) -> str:
    return f"/dues/{operation.payload['due_id']}/payments"
