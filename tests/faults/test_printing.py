"""Printing to its ends: the spooler killed at every step, and every fault at every fragment of every model."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from PIL import Image

from printing import escpos, raster, sending, spool
from printing.profiles import PROFILES, Profile
from printing.results import Done, NotStarted, Uncertain
from printing.schema import MIGRATIONS
from printing.sending import Patience
from printing.spool import CameOut, Job
from tests.faults.printing import opened
from tests.printing.fake_printer import Cable, FakePrinter, Fault, on_loopback
from tests.printing.papers import RECEIPT
from tests.printing.test_spool import mark

_STEPS = 400  # more than a receipt has


def spooler(file: Path, port: int, profile: str, step: int) -> int:
    asked = [sys.executable, "-m", "tests.faults.printing", str(file), str(port), profile, str(step)]
    return subprocess.run(asked, check=False, timeout=120).returncode


def times_on(paper: Image.Image, document_picture: Image.Image) -> int:
    """How often all of a picture lies on a paper, one row under the other."""
    wanted, on = document_picture.tobytes(), paper.tobytes()
    return on.count(wanted)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["xprinter58", "clone58"])
def test_a_spooler_killed_at_any_step_prints_no_paper_twice_and_forgets_none(tmp_path: Path, name: str) -> None:
    """Every third step of the many; all of those around a change of state come first."""
    picture = raster.render(RECEIPT, 384)
    ended = set()
    for step in [*range(1, 24), *range(24, _STEPS, 3)]:
        file = tmp_path / f"{name}-{step}.db"
        with closing(opened(file)) as connection, connection:
            for _name, script in MIGRATIONS:
                connection.executescript(script)
            spool.add(connection, RECEIPT, printer="p", width_dots=384)
        machine = FakePrinter(Fault(silent=name == "clone58"))
        with on_loopback(machine) as port:
            died = spooler(file, port, name, step) != 0
            [after_the_cut] = jobs(file)
            assert spooler(file, port, name, 0) == 0
            [job] = jobs(file)
            whole = times_on(machine.paper.picture(), picture)
            assert whole <= 1
            assert job.state in ("done", "uncertain")
            assert job.state == "uncertain" or whole == 1
            assert after_the_cut.state != "done" or job.state == "done"
            if job.state == "uncertain":
                copy = answered(file, job)
                assert spooler(file, port, name, 0) == 0
                assert times_on(machine.paper.picture(), raster.render(copy.document, 384)) == 1
        ended.add((after_the_cut.state, job.state))
        if not died:
            break
    else:
        pytest.fail("the work has more steps than were tried")
    told = "done" if name == "xprinter58" else "uncertain"
    assert {("queued", told), ("printing", "uncertain"), (told, told)} <= ended


def jobs(file: Path) -> list[Job]:
    with closing(opened(file)) as connection:
        return spool.jobs(connection)


def answered(file: Path, job: Job) -> Job:
    """Somebody says that it came out in part; the copy."""
    with closing(opened(file)) as connection, connection:
        spool.answer(connection, job.id, CameOut.PART, mark)
        return spool.jobs(connection)[-1]


def faults(rows: list[int], ends: list[int], number: int) -> Iterator[Fault]:
    """Everything that may happen within fragment `number`: at its beginning, in it, at its last byte."""
    for at in {ends[number - 1] + 1, (ends[number - 1] + ends[number]) // 2, ends[number] - 1}:
        yield Fault(resets_after=at)
        yield Fault(hangs_after=at)
        yield Fault(hangs_after=at, silent=True)
        yield Fault(resets_after=at, silent=True, buffer=64)
        yield Fault(resets_after=at, bytes_per_second=1920, buffer=512)
        yield Fault(hangs_after=at, bytes_per_second=1920, answers_after=0.4)
    for row in {rows[number - 1], (rows[number - 1] + rows[number]) // 2, rows[number] - 1}:
        yield Fault(paper_rows=max(row, 0))
        yield Fault(paper_rows=max(row, 0), refill_after=30.0)
        yield Fault(paper_rows=max(row, 0), fences=False)
        yield Fault(paper_rows=max(row, 0), bytes_per_second=1920)
        yield Fault(paper_rows=max(row, 0), answers_after=0.9, buffer=4096)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", PROFILES)
def test_every_fault_at_every_fragment_of_every_model_is_told_truly(name: str) -> None:
    """Never said to be printed and not whole; never said not to have started and dots on paper; never a row twice."""
    for ahead in (0, 1, 3):
        profile = replace(PROFILES[name], ahead=ahead, fragment_bytes=1024)
        job = list(escpos.stream(RECEIPT, profile.width_dots, profile))
        picture = raster.render(RECEIPT, profile.width_dots)
        for fault in all_faults(profile, job):
            machine = FakePrinter(replace(fault), profile.width_dots)
            result = sending.send(Cable(machine), job, profile, Patience(), lambda _reason: None)
            printed = machine.paper.picture()
            assert printed.tobytes() == picture.crop((0, 0, picture.width, printed.height)).tobytes(), fault
            match result:
                case Done(told=True):
                    assert printed.height == picture.height, fault
                case NotStarted():
                    assert not printed.height, fault
                case Uncertain() | Done(told=False):
                    pass


def all_faults(profile: Profile, job: list[bytes]) -> list[Fault]:
    from tests.printing.escpos_reader import read

    fragments = list(sending.fragments(job, profile.fragment_bytes))
    ends = list(accumulate((len(fragment) + 3 for fragment in fragments), initial=9))
    rows = list(accumulate((read(fragment, profile.width_dots)[0].height for fragment in fragments), initial=0))
    return [fault for number in range(1, len(fragments) + 1) for fault in faults(rows, ends, number)]


def test_the_spools_file_is_whole_after_any_of_it(tmp_path: Path) -> None:
    """A kill leaves no half written row: SQLite's own check."""
    file = tmp_path / "spool.db"
    with closing(opened(file)) as connection, connection:
        for _name, script in MIGRATIONS:
            connection.executescript(script)
        spool.add(connection, RECEIPT, printer="p", width_dots=384)
    with on_loopback(FakePrinter()) as port:
        for step in (2, 5, 9):
            spooler(file, port, "xprinter58", step)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
