"""New packs are put on the shelf: the power goes, or the disc is full, at each file that is touched (docs/faults.md,
`applying`)."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.catalogue import packs, shelf
from tests.faults import published
from tests.faults.fixtures import certificates, like
from tests.faults.judge import wrongs
from tests.faults.site import Site, in_a_process, on_a_bad_line
from tests.faults.works import WORKS, bill

__all__ = ["certificates", "like"]
_EDITIONS = 25  # of one home: its float pays for no more bills
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills and full discs are Linux's here")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("how", "step"), [("kill-applying", 1), ("full-applying", 3)])
def test_the_catalogue_is_the_old_one_or_the_new_one_and_payments_go_on(
    how: str, step: int, like: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    place, went = 1 - step, True
    while went:
        site = Site(like, tmp_path / f"home-{place}")
        with on_a_bad_line(monkeypatch, site, None):
            for _edition in range(_EDITIONS):
                went = went and _came_through(site, how, place := place + step)
        site.close()
    assert 20 < place < 200, "hardly a file was touched, or there was no end"


def _came_through(site: Site, how: str, place: int) -> bool:
    """The next edition meets the fault at the n-th file. False when there are not so many."""
    site.clock.forward(days=1)
    WORKS["packs"](site)
    status = in_a_process(site, f"{how}:{place}")
    assert status in (0, 3, -signal.SIGKILL), f"{how} at file {place}: the program ended with {status}"
    held = published.on_the_shelf(site.home)
    assert held in (site.editions - 1, site.editions)
    assert published.in_use(site.app.catalogue) == held
    packs.read(shelf.newest(site.home))
    bill(site)
    site.live(1)
    assert not site.is_open(), "a payment waited for the packs"
    site.live()
    assert wrongs(site, ("done",), "asking") == [], f"{how} at file {place}"
    return status != 0
