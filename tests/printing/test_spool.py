"""Every paper is a row before it is paper; what may have printed asks a person."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from printing import escpos, spool
from printing.document import Document, Text
from printing.printers import Done, FilePrinter, NotStarted, Printer, Result, Tell, Uncertain, tell_nobody, whole
from printing.profiles import CLONE_58, Profile
from printing.schema import MIGRATIONS
from printing.spool import CameOut, Kind
from printing.spooler import Spooler
from printing.worker import PrintWorkers

PAPER = Document("K1-000001", "নমুনা", (Text("নমুনা রশিদ"),))


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    with connection:
        yield connection


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(tmp_path / "spool.db")
    for _name, script in MIGRATIONS:
        made.executescript(script)
    yield made
    made.close()


class Scripted:
    """A printer that answers what the test says."""

    profile = CLONE_58

    def __init__(self, *results: Result) -> None:
        self.results = list(results)
        self.jobs: list[str] = []

    def send(self, job: bytes | Iterable[bytes], name: str, *_told: Any, **_set: Any) -> Result:
        assert b"".join(whole(job)).startswith(b"\x1b@")
        self.jobs.append(name)
        return self.results.pop(0)

    def trouble(self) -> str:
        return self.results[0].reason if isinstance(self.results[0], NotStarted) else ""

    def open_drawer(self) -> Result:
        self.jobs.append("drawer")
        return self.results.pop(0)


def mark(count: int) -> str:
    return f"অনুলিপি {count}"


def states(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(job.state, job.reason) for job in spool.jobs(connection)]


def test_what_surely_did_not_start_is_printed_when_it_can_be(connection: sqlite3.Connection) -> None:
    printer = Scripted(NotStarted("paper_out"), Done(told=True))
    spool.add(connection, PAPER, printer="p", width_dots=384)
    spooler = Spooler(connection, {"p": printer}, writing)
    assert not spooler.step()
    assert states(connection) == [("queued", "paper_out")]
    assert spooler.step()
    assert states(connection) == [("done", "")]
    assert not spooler.step()


def test_what_may_have_printed_waits_for_a_persons_word(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)
    spooler = Spooler(connection, {"p": Scripted(Uncertain("cut_off"), Done(told=True))}, writing)
    spooler.step()
    assert states(connection) == [("uncertain", "cut_off")]
    assert not spooler.step()
    spool.answer(connection, 1, CameOut.WHOLE, mark)
    assert states(connection) == [("done", "confirmed:cut_off")]
    assert not spooler.step()


def test_what_nobody_saw_come_out_is_printed_again_as_a_copy(connection: sqlite3.Connection) -> None:
    """For the printer may still hold what it took: two papers without a mark must never be about."""
    spool.add(connection, PAPER, printer="p", width_dots=384)
    printer = Scripted(Uncertain("cut_off"), Done(told=True))
    spooler = Spooler(connection, {"p": printer}, writing)
    spooler.step()
    spool.answer(connection, 1, CameOut.NOTHING, mark)
    assert spooler.step()
    assert printer.jobs == ["K1-000001", "K1-000001-copy1"]
    assert states(connection) == [("cancelled", "copy:1"), ("done", "")]


def test_a_paper_of_which_no_printer_told_waits_for_a_persons_word(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)
    spooler = Spooler(connection, {"p": Scripted(Done(told=False))}, writing)
    assert spooler.step()
    assert [(job.state, job.reason) for job in spool.troubled(connection)] == [("uncertain", "not_told")]
    assert spool.trouble_count(connection) == (1, "")
    spool.answer(connection, 1, CameOut.WHOLE, mark)
    assert states(connection) == [("done", "confirmed")]
    assert spool.trouble_count(connection) == (0, "")


def test_a_power_cut_while_printing_leaves_it_uncertain_and_not_printed_twice(connection: sqlite3.Connection) -> None:
    class PowerCut(BaseException):
        pass

    def cut(point: str) -> None:
        if point == "printed":
            raise PowerCut

    printer = Scripted(Done(told=True))
    spool.add(connection, PAPER, printer="p", width_dots=384)
    with pytest.raises(PowerCut):
        Spooler(connection, {"p": printer}, writing, cut).step()
    again = Spooler(connection, {"p": printer}, writing)
    assert again.recover() == 1
    assert not again.step()
    assert printer.jobs == ["K1-000001"]


def test_the_same_copy_is_queued_once(connection: sqlite3.Connection) -> None:
    for _twice in range(2):
        spool.add(connection, PAPER, printer="p", width_dots=384)
    assert len(spool.jobs(connection)) == 1


def test_a_file_printer_writes_whole_jobs_and_tells_of_a_full_disc(tmp_path: Path) -> None:
    assert FilePrinter(tmp_path / "paper").send(b"job", "K1") == Done(told=True)
    assert (tmp_path / "paper" / "K1.escpos").read_bytes() == b"job"
    (tmp_path / "taken").write_text("a file where the folder should be")
    assert FilePrinter(tmp_path / "taken").send(b"job", "K1") == NotStarted("disc")


def names(connection: sqlite3.Connection, state: str) -> list[str]:
    return [job.name for job in spool.jobs(connection, state)]


def test_a_printer_that_is_still_without_paper_costs_no_write(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)
    printer = Scripted(*[NotStarted("paper_out")] * 2)
    spooler = Spooler(connection, {"p": printer}, writing)
    assert not spooler.step()
    before = connection.total_changes
    for _second in range(3):
        assert not spooler.step()
    assert connection.total_changes == before
    printer.results = [Done(told=True)]
    assert spooler.step()
    assert states(connection) == [("done", "")]


def test_a_drawer_opens_once_ahead_of_papers_and_never_later(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)
    for cause in ("K1-000001", "K1-000002", "K1-000003"):
        spool.add_drawer(connection, cause, printer="p")
    printer = Scripted(Done(told=False), NotStarted("no_printer"), Uncertain("cut_off"), Done(told=True))
    spooler = Spooler(connection, {"p": printer}, writing)
    while spooler.step() or spool.next_job(connection, "p"):
        pass
    assert printer.jobs == ["drawer", "drawer", "drawer", "K1-000001"]
    assert states(connection) == [("done", ""), ("done", ""), ("cancelled", "no_printer"), ("cancelled", "cut_off")]
    assert spool.reprint(connection, "K1-000001", mark) == 1
    printer.results = [Done(told=True)]
    assert spooler.step()
    assert printer.jobs[4:] == ["K1-000001-copy1"]
    spool.add_drawer(connection, "K1-000004", printer="p")
    assert spooler.recover() == 0
    assert names(connection, "cancelled")[-1] == "K1-000004-drawer"


def test_a_test_page_that_is_cut_off_is_not_asked_about(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384, kind=Kind.TEST)
    Spooler(connection, {"p": Scripted(Uncertain("cut_off"))}, writing).step()
    assert states(connection) == [("cancelled", "cut_off")]


def test_what_did_not_start_can_go_to_another_printer(connection: sqlite3.Connection) -> None:
    for number in range(2):
        spool.add(connection, Document(f"K1-{number}", "নমুনা", ()), printer="a", width_dots=384)
    without_paper, sound = Scripted(NotStarted("paper_out"), Uncertain("stalled")), Scripted(Done(told=True))
    spooler = Spooler(connection, {"a": without_paper, "b": sound}, writing)
    spooler.step("a")
    assert spool.move(connection, 1, printer="b", width_dots=576)
    spooler.step("a")
    assert not spool.move(connection, 2, printer="b", width_dots=576)  # a part of it may be on paper
    assert spooler.step("b")
    assert [(job.printer, job.width_dots, job.state) for job in spool.jobs(connection)] == [
        ("b", 576, "done"), ("a", 384, "uncertain"),
    ]


def test_why_a_printer_stands_still_is_known_while_it_does(connection: sqlite3.Connection) -> None:
    seen: list[tuple[str, str]] = []

    class Standing(Scripted):
        def send(
            self, job: bytes | Iterable[bytes], name: str, tell: Tell = tell_nobody, **_set: Any
        ) -> Result:
            tell("paper_out")
            tell("")
            return super().send(job, name)

    spool.add(connection, PAPER, printer="p", width_dots=384)
    printers = {"p": Standing(Done(told=True))}
    Spooler(connection, printers, writing, changed=lambda: seen.extend(states(connection))).step()
    assert seen == [("printing", "paper_out"), ("printing", ""), ("done", "")]


def test_each_printer_has_its_own_queue_in_its_own_order(connection: sqlite3.Connection) -> None:
    for number in range(4):
        paper = Document(f"K1-{number}", "নমুনা", ())
        spool.add(connection, paper, printer="ab"[number % 2], width_dots=384)
    without_paper = Scripted(*[NotStarted("paper_out")] * 2)
    sound = Scripted(Done(told=True), Done(told=True))
    spooler = Spooler(connection, {"a": without_paper, "b": sound}, writing)
    assert spooler.step()
    assert spooler.step()
    assert not spooler.step()
    assert sound.jobs == ["K1-1", "K1-3"]
    assert without_paper.jobs == ["K1-0"]
    assert [job.name for job in spool.troubled(connection)] == ["K1-0"]


def test_a_worker_of_one_printer_leaves_the_others_jobs_alone(connection: sqlite3.Connection) -> None:
    for name in ("a", "b", "sold"):
        spool.add(connection, PAPER, printer=name, width_dots=384)
    connection.execute("UPDATE print_jobs SET state = 'printing'")
    printers = {"a": Scripted(), "b": Scripted()}
    assert Spooler(connection, printers, writing).recover("a") == 2
    assert [job.printer for job in spool.jobs(connection, "printing")] == ["b"]


def test_a_cancelled_job_never_prints_and_one_that_is_printing_cannot_be_cancelled(
    connection: sqlite3.Connection,
) -> None:
    for number in range(3):
        spool.add(connection, Document(f"K1-{number}", "নমুনা", ()), printer="p", width_dots=384)
    assert spool.cancel(connection, 1)
    refused = []
    printer = Scripted(Uncertain("stalled", 2), Done(told=True))
    spooler = Spooler(connection, {"p": printer}, writing, lambda _point: refused.append(spool.cancel(connection, 2)))
    spooler.step()
    assert refused[0] is False
    assert spool.cancel(connection, 2) is False  # at "ended" it was uncertain, and given up
    assert names(connection, "cancelled") == ["K1-0", "K1-1"]
    assert spooler.step()
    assert printer.jobs == ["K1-1", "K1-2"]


def test_a_job_cancelled_between_reading_and_claiming_is_not_printed(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)

    @contextmanager
    def cancelled_first(link: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        spool.cancel(link, 1)
        with link:
            yield link

    printer = Scripted(Done(told=True))
    assert not Spooler(connection, {"p": printer}, cancelled_first).step()
    assert printer.jobs == []


def test_what_came_out_in_part_is_printed_again_as_a_copy_that_says_so(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)
    printer = Scripted(Uncertain("paper_out", 3), Uncertain("stalled", 1), Done(told=True))
    spooler = Spooler(connection, {"p": printer}, writing)
    spooler.step()
    assert [(job.reason, job.fragment) for job in spool.troubled(connection)] == [("paper_out", 3)]
    spool.answer(connection, 1, CameOut.PART, mark)
    spooler.step()
    spool.answer(connection, 2, CameOut.PART, mark)
    spooler.step()
    assert printer.jobs == ["K1-000001", "K1-000001-copy1", "K1-000001-copy2"]
    assert [job.document.strings() for job in spool.jobs(connection)] == [
        ["নমুনা রশিদ"], ["অনুলিপি 1", "নমুনা রশিদ"], ["অনুলিপি 2", "নমুনা রশিদ"],
    ]
    assert states(connection) == [("cancelled", "copy:1"), ("cancelled", "copy:2"), ("done", "")]


def test_only_what_is_uncertain_can_be_answered_for(connection: sqlite3.Connection) -> None:
    spool.add(connection, PAPER, printer="p", width_dots=384)
    Spooler(connection, {"p": Scripted(Done(told=True))}, writing).step()
    assert spool.answer(connection, 1, CameOut.PART, mark) is None
    assert states(connection) == [("done", "")]


def test_a_paper_that_cannot_be_drawn_asks_and_stops_nothing_else(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = escpos.stream

    def stream(document: Document, width_dots: int, profile: Profile) -> Iterator[bytes]:
        if document.id == "K1-1":
            raise ZeroDivisionError
        return drawn(document, width_dots, profile)

    monkeypatch.setattr(escpos, "stream", stream)
    spool.add(connection, Document("K1-1", "", ()), printer="p", width_dots=384)
    spool.add(connection, PAPER, printer="p", width_dots=384)
    spooler = Spooler(connection, {"p": Scripted(Done(told=True))}, writing)
    assert spooler.step()
    assert spooler.step()
    assert states(connection) == [("uncertain", "cannot_draw:ZeroDivisionError"), ("done", "")]


def test_workers_print_beside_each_other_and_stop(tmp_path: Path, connection: sqlite3.Connection) -> None:
    """The printer `a` waits inside its first job until `b` has printed all of its own."""
    done = threading.Event()
    papers = [Document(f"K1-{number}", "নমুনা", ()) for number in range(3)]
    with connection:
        for paper in papers:
            spool.add(connection, paper, printer="a", width_dots=384)
            spool.add(connection, paper, printer="b", width_dots=384)
    workers = PrintWorkers(lambda: opened(tmp_path, {"a": Waiting(done), "b": Scripted(*[Done(told=True)] * 3)}, done))
    workers.serve(["a", "b"])
    try:
        wait_until(lambda: len(names(connection, "done")) == 6)
    finally:
        done.set()
        workers.stop()


class Waiting(Scripted):
    """A slow printer: its job ends when the test says so."""

    def __init__(self, until: threading.Event) -> None:
        super().__init__(*[Done(told=True)] * 3)
        self.until = until

    def send(self, job: bytes | Iterable[bytes], name: str, *_told: Any, **_set: Any) -> Result:
        self.until.wait(60)
        return super().send(job, name)


def opened(
    folder: Path, printers: dict[str, Printer], done: threading.Event
) -> tuple[Spooler, Callable[[], None]]:
    """On a connection of its own; `done` is set when three papers are out."""
    made = sqlite3.connect(folder / "spool.db")
    return Spooler(
        made, printers, writing, changed=lambda: done.set() if len(names(made, "done")) >= 3 else None
    ), made.close


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for a worker; the test's own time limit ends it when it never comes."""
    while not true():
        time.sleep(0.02)
