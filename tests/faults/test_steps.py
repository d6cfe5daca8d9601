"""What makes the catalogue worth its name: no kind of request is forgotten, no fault leaves an exchange as it was."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults import tricks
from tests.faults.catalogue import STEPS, Fault, Step, faults
from tests.faults.fixtures import like
from tests.faults.http_parts import Asked, Told
from tests.faults.pack_tricks import PACK_TRICKS
from tests.faults.proxy import Exchange, Seen, Trick
from tests.faults.site import Site, on_a_bad_line
from tests.faults.tricks import TRICKS
from tests.faults.works import WORKS

__all__ = ["like"]
_LONG = {"trickle", "oversized", "gzip-bomb", "answer-late"}  # whose harm is how long they take
Exchanges = dict[tuple[str, str], Seen]  # by work and request
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="as the catalogue")


class Played(Exchange):
    """An exchange of a good line once more, without a wire; what a trick does to it is written down."""

    def __init__(self, seen: Seen) -> None:
        nowhere: Any = None
        super().__init__(nowhere, seen, nowhere)
        played: Any = self
        self.proxy = played
        self.said = b""
        self.asked_for: list[Asked] = []
        self.held: list[Asked] = []

    def ask_portal(self, asked: Asked) -> Told:
        self.asked_for.append(asked)
        assert self.seen.told is not None
        return self.seen.told

    def say(self, told: Told | bytes) -> None:
        self.said += told if isinstance(told, bytes) else told.wire()

    def hang_up(self) -> None:
        self.open = False

    def reset(self) -> None:
        self.open = False

    def later(self, work: Callable[[], None]) -> None:
        """It happens when nobody listens any more."""


@pytest.fixture(scope="module")
def exchanges(like: Path, tmp_path_factory: pytest.TempPathFactory) -> Exchanges:
    """The first one of each kind of request of each work, after the work was done at the counter."""
    found: Exchanges = {}
    patch = pytest.MonkeyPatch()
    for work, after, so in sorted({(step.work, step.after, step.so) for step in STEPS}):
        site = Site(like, tmp_path_factory.mktemp("site") / "home")
        with on_a_bad_line(patch, site, None):
            WORKS[work](site)
            site.proxy.seen.clear()
            if after:
                site.proxy.plan(after, TRICKS[so])
            site.live()
        for one in site.proxy.seen:
            if one.told is not None:
                found.setdefault((work, one.step), one)
        site.close()
    return found


def test_every_kind_of_request_that_is_made_is_a_step(exchanges: Exchanges) -> None:
    """Portals of one contract (Nagorik Sheba's, and each one's journal) are asked in one way: one stands for all."""
    made = {step.partition(".")[2] for _work, step in exchanges}
    assert made == {step.request.partition(".")[2] for step in STEPS}
    assert {(step.work, step.request) for step in STEPS} <= exchanges.keys()


def _untouched(fault: Fault, step: Step, seen: Seen) -> bool:
    """Whether the portal got this request alone and its answer came as it was."""
    trick: Trick = TRICKS.get(fault.name) or PACK_TRICKS[fault.name]
    assert seen.told is not None
    played = Played(seen)
    trick(played)
    return played.open and played.asked_for == [seen.asked] and played.said == seen.told.wire()


def test_every_fault_changes_what_happens_at_every_step(exchanges: Exchanges, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that finds nothing to spoil would hold without having been tried."""
    monkeypatch.setattr(tricks, "LATE_SECONDS", 0.0)
    tried = [(fault, step) for fault in faults() for step in STEPS
             if fault.name in TRICKS.keys() | PACK_TRICKS.keys() and fault.name not in _LONG and step.fits(fault)]
    assert len(tried) > 1_000
    assert [f"{fault.name}@{step.name}" for fault, step in tried
            if _untouched(fault, step, exchanges[step.work, step.request])] == []
