"""kill -9 while a stick is packed, sent and brought home, at many steps: books agree, no effect twice, none lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import carrying
from kiosk.app import App
from kiosk.counter import order, pay_bill, visit
from kiosk.counter.records import LineState, Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.verify import verify
from sync.carry.home import Carry
from sync.sandbox import Sandbox
from tests.conftest import PIN
from tests.kiosk.test_power import first_morning, points

ROOT = Path(__file__).resolve().parents[2]
_CUTS = 8
pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="the power is cut with SIGKILL"),
              pytest.mark.timeout(900)]


class Trip:
    """A centre with bills and an order that wait, and a stick; copied for every cut."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.home, self.stick, self.sandbox, self.folder = folder / "home", folder / "stick", sandbox, folder
        self.stick.mkdir(parents=True)

    def serve(self) -> None:
        first_morning(self.home, self.sandbox)
        app = App(self.home, portals=self.sandbox.portals())
        counter = app.unlock(next(iter(app.home.envelopes.names())), PIN)
        opened = visit.open_visit(counter)
        visit.set_citizen(counter, opened.id, "নমুনা নাগরিক", "01712345678")
        for place in range(6):
            pay_bill.add(counter, opened.id, "b523", {"bill_no": f"90000000{place}"}, 100_00 + place)
        order.add(counter, opened.id, "p0001", 1)
        settle(counter, opened.id, [Tender(TenderKind.CASH, visit.get(counter, opened.id).total_poisha)])
        app.stop()

    def copy(self, name: str) -> Trip:
        made = Trip.__new__(Trip)
        made.folder, made.sandbox = self.folder.parent / name, self.sandbox
        shutil.copytree(self.folder, made.folder)
        made.home, made.stick = made.folder / "home", made.folder / "stick"
        return made

    def do(self, work: str, at: int = 0, code: str = "") -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-m", "tests.faults.carry_worker", work, str(self.home), str(self.stick),
                 json.dumps(self.sandbox.portals()), str(at), code]
        return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)

    def out(self) -> list[Carry]:
        app = App(self.home, portals=self.sandbox.portals())
        counter = app.unlock(next(iter(app.home.envelopes.names())), PIN)
        try:
            assert verify(app.store.connection()) == []
            return carrying.carries(app, counter)
        finally:
            app.stop()

    def ends_well(self) -> None:
        """Packed, sent and brought once more, whatever was cut off before: all ends, the books prove themselves."""
        if self.do("pack").returncode:
            assert self.out() == []
        for carry in self.out():
            for file in self.stick.glob("*"):
                if file.stem != Path(carry.name).stem:
                    file.unlink()  # a file of a pack that was cut off: nobody has its code
            assert self.do("send", code=carry.code).returncode == 0
            assert self.do("bring").returncode == 0
        app = App(self.home, portals=self.sandbox.portals())
        app.unlock(next(iter(app.home.envelopes.names())), PIN)
        try:
            assert verify(app.store.connection()) == []
            states = {row["state"] for row in app.store.rows("SELECT state FROM lines")}
            assert states == {LineState.CONFIRMED, LineState.ACCEPTED}
            known = {row["key"]: row["reference"] for row in app.store.rows("SELECT key, reference FROM operations")}
        finally:
            app.stop()
        effects = {str(one["key"]): one for one in self.sandbox.books.effects() if one["key"] in known}
        assert {key: effects[key]["reference"] for key in known} == known


def cut_everywhere(served: Trip, work: str, code: str = "") -> None:
    """Each time on a copy. How often an engine stops between its steps depends on which answer came first."""
    counted = served.copy(f"{work}-counted").do(work, 0, code)
    assert counted.returncode == 0, counted.stderr
    killed = 0
    for at in points(int(counted.stdout), _CUTS):
        trip = served.copy(f"{work}-{at}")
        told = trip.do(work, at, code).returncode
        assert told in (-9, 0)
        killed += told == -9
        trip.ends_well()
    assert killed >= _CUTS // 2


@pytest.fixture
def served(tmp_path: Path, sandbox: Sandbox) -> Trip:
    made = Trip(tmp_path / "served", sandbox)
    made.serve()
    return made


def test_packing_is_cut_off(served: Trip) -> None:
    cut_everywhere(served, "pack")


def test_sending_is_cut_off(served: Trip) -> None:
    """At portals that have not seen the operations: every cut has books of its own."""
    assert served.do("pack").returncode == 0
    code, killed = served.out()[0].code, 0
    for at in range(1, 2 * _CUTS, 2):
        fresh = Sandbox()
        fresh.start()
        try:
            trip = served.copy(f"send-{at}")
            trip.sandbox = fresh
            killed += trip.do("send", at, code).returncode == -9
            trip.ends_well()
            assert fresh.seen("ekpay")
        finally:
            fresh.stop()
    assert killed >= _CUTS // 2


def test_bringing_is_cut_off(served: Trip) -> None:
    assert served.do("pack").returncode == 0
    assert served.do("send", code=served.out()[0].code).returncode == 0
    cut_everywhere(served, "bring")


def test_the_money_at_the_portals_is_the_operations_money_once(served: Trip) -> None:
    """All the copies of one store share their keys: however many machines sent them, the floats gave once."""
    before = served.sandbox.books.float_left("ekpay")
    assert served.do("pack").returncode == 0
    code = served.out()[0].code
    other, third = served.copy("other"), served.copy("third")
    racing = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.carry_worker", "send", str(one.home), str(one.stick),
             json.dumps(served.sandbox.portals()), "0", code], cwd=ROOT, stdout=subprocess.DEVNULL)
        for one in (served, other, third)
    ]
    assert [one.wait() for one in racing] == [0, 0, 0]
    assert before - served.sandbox.books.float_left("ekpay") == sum(100_00 + place for place in range(6))
    for trip in (served, other, third):
        assert trip.do("bring").returncode == 0
        trip.ends_well()
