"""A few faults of docs/faults.md (all of them: ./run faults), and questions for a person."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kiosk.counter.records import LineState
from kiosk.verify import verify
from kiosk.words import reason
from sync import outbox
from sync.operations import FORGOT, State
from sync.outbox import Kept
from tests.faults.catalogue import STEPS, faults
from tests.faults.cell import forgets_first, tried
from tests.faults.certificates import Certificates
from tests.faults.fixtures import certificates, like
from tests.faults.site import Site, on_a_bad_line
from tests.faults.tricks import TRICKS
from tests.faults.works import bill, file

__all__ = ["certificates", "like"]
_SOME = (
    "no-name@ekpay.token", "tls-expired@eksheba.submit", "reset-before@ekpay.batch-pay", "answer-lost@ekpay.batch-pay",
    "cut-in-body@eksheba.batch-submit", "arrives-between@ekpay.pay", "arrives-late@ekshop.order",
    "500-after@municipality.batch-pay", "503-wait@ekpay.fetch", "captive-after@ekshop.batch-order",
    "foreign-key@ekpay.pay", "json-numbers@ekpay.ask", "batch-other-order@ekpay.batch-fetch",
    "batch-item-401@ekpay.batch-pay", "413@eksheba.batch-pay", "kill-done@eksheba.pay", "full-disc@ekpay.pay",
    "gzip-bomb@eksheba.statuses",
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="resets, kills and full discs are Linux's here")


@pytest.mark.parametrize("cell", _SOME)
def test_a_fault_at_a_step(
    cell: str, like: Path, tmp_path: Path, certificates: Certificates, monkeypatch: Any
) -> None:
    wanted, _, at = cell.partition("@")
    fault = next(one for one in faults() if one.name == wanted)
    step = next(one for one in STEPS if one.name == at)
    assert tried(fault, step, like, tmp_path, certificates, monkeypatch) == []


@pytest.fixture
def forgotten(like: Path, tmp_path: Path, monkeypatch: Any) -> Iterator[Site]:
    """A bill is paid; the next one is too, but its answer is lost, and the portal loses its memory."""
    site = Site(like, tmp_path / "home")
    with on_a_bad_line(monkeypatch, site, None):
        bill(site)
        site.live()
        bill(site)
        site.proxy.plan("ekpay.pay", TRICKS["answer-lost"])
        site.proxy.plan("ekpay.ask", partial(forgets_first, site))
        site.live()
        yield site
        assert verify(site.connection) == []
    site.close()


def _asked(site: Site) -> Kept:
    kit = site.app.sync_kit()
    kit.engine.close()
    (found,) = kit.engine.for_a_person()
    return found


def _line(site: Site, kept: Kept) -> LineState:
    sql = "SELECT state FROM lines JOIN line_operations ON line_id = id WHERE operation_key = ?"
    return LineState(site.connection.execute(sql, (kept.operation.key,)).fetchone()[0])


def test_a_portal_that_forgot_what_it_had_done_is_not_believed(forgotten: Site) -> None:
    kept = _asked(forgotten)
    assert (kept.state, kept.reason, _line(forgotten, kept)) == (State.UNKNOWN, FORGOT, LineState.UNKNOWN)
    assert [one.what for one in outbox.attempts(forgotten.connection, kept.operation.key)].count("send") == 1
    assert "office" in reason("en", FORGOT)


def test_a_person_says_that_it_was_done(forgotten: Site) -> None:
    kept = _asked(forgotten)
    with forgotten.app.store.transaction() as connection:
        assert outbox.answer_unknown(connection, kept.operation.key, True, "EKP0000000007", forgotten.clock())
    forgotten.live()
    assert _line(forgotten, kept) is LineState.CONFIRMED
    assert forgotten.sandbox.books.effects() == []


def test_a_person_says_that_it_was_not_done(forgotten: Site) -> None:
    kept = _asked(forgotten)
    with forgotten.app.store.transaction() as connection:
        assert outbox.answer_unknown(connection, kept.operation.key, False, at=forgotten.clock())
    forgotten.live()
    assert _line(forgotten, kept) is LineState.CONFIRMED
    assert [effect["key"] for effect in forgotten.sandbox.books.effects()] == [kept.operation.key]


def test_the_books_explain_a_fee_that_went_on_while_its_paper_is_still_under_way(
    like: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    site = Site(like, tmp_path / "home")
    with on_a_bad_line(monkeypatch, site, None):
        file(site)
        site.proxy.plan("eksheba.received", TRICKS["503"], 20)
        site.live(3)
        done = {kept.operation.kind: kept.state for kept in outbox.every(site.connection)}
        assert (done["eksheba.fee.pay"], done["eksheba.attachment.put"]) == (State.CONFIRMED, State.READY)
        assert verify(site.connection) == []
    site.close()
