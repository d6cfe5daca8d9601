"""Portal adapters: one file each. An adapter translates an operation into requests and an answer into an outcome;
retrying, waiting and remembering belong to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from sync.http import Http
from sync.operations import NotKnownThere, Operation, Outcome


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a portal can do. `batch`: how many operations of a kind may go in one request (a kind that isn't named: 1).

    Without `query_by_key` an operation whose answer was lost is never sent again: a person has to say what became of
    it. `reads`: kinds that have no effect. `compression`: request bodies may be gzip.
    """

    batch: Mapping[str, int] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    query_by_key: bool = True
    resumable_upload: bool = False
    compression: bool = False


class Portal(Protocol):
    """What the engine needs of a portal."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        """Send `operation`. Never raises for what a portal or a line does; that is an outcome."""
        ...

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        """What became of `operation`, asked by its key, with no effect at the portal."""
        ...


@runtime_checkable
class BatchPortal(Protocol):
    """A portal that takes several operations of one kind in one request."""

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        """Send them; an outcome for each key that the portal answered. What it did not name may have been done."""
        ...
