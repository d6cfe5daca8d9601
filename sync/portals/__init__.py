"""Portal adapters: one file each. An adapter translates an operation into requests and an answer into an outcome;
retrying, waiting and remembering belong to the engine."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from sync.operations import NotKnownThere, Operation, Outcome

if TYPE_CHECKING:
    from sync.http import Http  # slow to import: who reads settings needs the names only

_NONE: Mapping[str, Any] = {
    "batch": {}, "query_by_key": False, "resumable_upload": False, "compression": False, "feeds": {}, "packs": False,
}

CAPABILITIES = frozenset(_NONE)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a portal can do. Kinds are named without the portal: `bill.pay`.

    `batch`: how many operations of a kind may go in one request (a kind that isn't named: 1). Without `query_by_key`
    an operation whose answer was lost is never sent again: a person has to say what became of it; only what `reads`
    (has no effect) or is `repeatable` (leaves the same behind however often it is done) may go again. `compression`:
    request bodies may be gzip. `feeds`: what it has for us, by the feed's name, at which path. `packs`: it publishes
    files.
    """

    batch: Mapping[str, int] = field(default_factory=dict)
    reads: frozenset[str] = frozenset({"document.fetch"})
    query_by_key: bool = True
    resumable_upload: bool = False
    compression: bool = False
    feeds: Mapping[str, str] = field(default_factory=dict)
    packs: bool = False
    repeatable: frozenset[str] = frozenset({"attachment.put"})

    def may_go_again(self, operation: Operation) -> bool:
        """Whether it may be sent again although nobody knows what became of it."""
        return kind_of(operation) in self.reads | self.repeatable

    def less(self, lacking: Sequence[str]) -> Capabilities:
        """These without some.

        Raises:
            KeyError: there is no such capability.
        """
        return replace(self, **{name: _NONE[name] for name in lacking})


class Portal(Protocol):
    """What the engine needs of a portal."""

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


@runtime_checkable
class FloatPortal(Protocol):
    """A portal that tells what our prefunded floats hold."""

    def floats(self, http: Http) -> Mapping[str, int]:
        """Poisha by the float's name. Raises: LineError."""
        ...


@runtime_checkable
class BillersPortal(Protocol):
    """A portal that tells whose bills it takes today."""

    def billers(self, http: Http) -> frozenset[str]:
        """The billers' ids, one at least. Raises: LineError."""
        ...


def names() -> set[str]:
    """The adapters that there are: the files of this folder, each with its class as PORTAL."""
    return {found.name for found in pkgutil.iter_modules(__path__)}


def adapter(name: str, lacking: Sequence[str] = ()) -> Portal:
    """The adapter in the file `name` of this folder, for a portal that lacks some of its capabilities.

    Raises:
        KeyError: there is no such adapter or capability.
    """
    if name not in names():
        raise KeyError(name)
    fitted = importlib.import_module(f"{__name__}.{name}").PORTAL()
    fitted.capabilities = fitted.capabilities.less(lacking)
    return fitted  # type: ignore[no-any-return]


def kind_of(operation: Operation) -> str:
    """The operation's kind without its portal: "bill.pay" of "ekpay.bill.pay"."""
    return operation.kind.partition(".")[2]
