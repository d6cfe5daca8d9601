"""Portal adapters: one file each. An adapter translates an operation into requests and an answer into an outcome;
retrying, waiting and remembering belong to the engine."""

from __future__ import annotations

from typing import Protocol

from sync.http import Http
from sync.operations import NotKnownThere, Operation, Outcome


class Portal(Protocol):
    """What the engine needs of a portal."""

    name: str

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        """Send `operation`. Never raises for what a portal or a line does; that is an outcome."""
        ...

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        """What became of `operation`, asked by its key, with no effect at the portal."""
        ...
