"""The digital municipality: pay what a holding owes. The contract is ours (docs/portals.md)."""

from __future__ import annotations

from sync.http import Http
from sync.operations import NotKnownThere, Operation, Outcome
from sync.portals.answers import ask_by_key, post_once


class Municipality:
    """A due is paid at once or refused."""

    name = "municipality"

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        path = f"/dues/{operation.payload['due_id']}/payments"
        return post_once(http, path, operation, operation.payload, done=True)

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        return ask_by_key(http, operation, done=True)
