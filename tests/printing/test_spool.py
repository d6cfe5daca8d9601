"""Every paper is a row before it is paper; what may have printed asks a person."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from printing import spool
from printing.document import Document, Text
from printing.printers import Done, FilePrinter, NetworkPrinter, NotStarted, Result, Uncertain
from printing.schema import MIGRATIONS
from printing.spool import Spooler

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

    cuts = False

    def __init__(self, *results: Result) -> None:
        self.results = list(results)
        self.jobs: list[str] = []

    def send(self, job: bytes, name: str) -> Result:
        assert job.startswith(b"\x1b@")
        self.jobs.append(name)
        return self.results.pop(0)


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
    spool.answer_uncertain(connection, 1, printed=False)
    assert spooler.step()
    assert states(connection) == [("done", "")]


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


@contextmanager
def printer_on_loopback(behave: Callable[[socket.socket], None]) -> Iterator[NetworkPrinter]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _address = listener.accept()
        with line:
            behave(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield NetworkPrinter("127.0.0.1", listener.getsockname()[1], timeout=1.0)
    thread.join(5)
    listener.close()


def talk(cover: bytes, paper: bytes, fence: bytes) -> Callable[[socket.socket], None]:
    """A printer that answers its state with these bytes; an empty fence hangs up in the middle of the job."""

    def behave(line: socket.socket) -> None:
        line.recv(3)
        line.sendall(cover)
        if cover == b"\x12":
            line.recv(3)
            line.sendall(paper)
        if (cover, paper) != (b"\x12", b"\x12"):
            return
        got = b""
        while not got.endswith(b"\x1dr\x01"):
            got += line.recv(65536)
        if fence:
            line.sendall(fence)

    return behave


@pytest.mark.parametrize(("cover", "paper", "fence", "result"), [
    (b"\x12", b"\x12", b"\x00", Done(told=True)),
    (b"\x16", b"", b"", NotStarted("cover_open")),
    (b"\x12", b"\x72", b"", NotStarted("paper_out")),
    (b"\x12", b"\x12", b"\x0c", Uncertain("paper_out")),
    (b"\x12", b"\x12", b"", Uncertain("no_answer")),
])
def test_a_network_printer_says_what_became_of_the_job(
    cover: bytes, paper: bytes, fence: bytes, result: Result
) -> None:
    with printer_on_loopback(talk(cover, paper, fence)) as printer:
        assert printer.send(b"\x1b@" + b"x" * 9000, "K1") == result


def test_a_printer_that_answers_nothing_is_printed_on_blindly_and_says_so() -> None:
    def mute(line: socket.socket) -> None:
        while line.recv(65536):
            pass

    with printer_on_loopback(mute) as printer:
        assert printer.send(b"x" * 9000, "K1") == Done(told=False)


def test_no_printer_at_all_is_told_before_anything_is_sent() -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    assert NetworkPrinter("127.0.0.1", port, timeout=1.0).send(b"x", "K1") == NotStarted("no_printer")
