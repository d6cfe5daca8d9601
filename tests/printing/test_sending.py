"""Whatever fails, at every fragment of a job: its end is told truly, and nothing is printed a second time by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import accumulate

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from printing import escpos, raster, sending, spool
from printing.document import Document
from printing.printers import Tell, tell_nobody, whole
from printing.profiles import PROFILES, XPRINTER_58, Answers, Profile
from printing.results import Done, NotStarted, Result, Uncertain
from printing.schema import MIGRATIONS
from printing.sending import Patience
from printing.spooler import Spooler
from tests.printing.escpos_reader import read
from tests.printing.fake_printer import Cable, FakePrinter, Fault
from tests.printing.papers import RECEIPT
from tests.printing.test_spool import writing

FENCED = replace(XPRINTER_58, fragment_bytes=1024)
STRICT = replace(FENCED, answers=Answers.ALWAYS)
MUTE = replace(FENCED, answers=Answers.NEVER)
FRAGMENTS = list(sending.fragments(escpos.stream(RECEIPT, 384, FENCED), FENCED.fragment_bytes))
PICTURE = raster.render(RECEIPT, 384)
# Where the job's fragments lie among the bytes that a fenced printer takes, and among the paper's rows.
QUESTIONS = 3 + 3 + 3  # two DLE EOT and the fence before the first byte
ENDS = list(accumulate((len(fragment) + 3 for fragment in FRAGMENTS), initial=QUESTIONS))
ROWS = list(accumulate((read(fragment, 384)[0].height for fragment in FRAGMENTS), initial=0))
EVERY = range(1, len(FRAGMENTS) + 1)
WITH_ROWS = [number for number in EVERY if ROWS[number] > ROWS[number - 1]]


@dataclass
class Wired:
    """A printer at a `Cable`."""

    machine: FakePrinter
    profile: Profile = FENCED

    def send(
        self, job: bytes | Iterable[bytes], name: str, tell: Tell = tell_nobody, *, after_a_break: bool = False
    ) -> Result:
        assert name
        clears = escpos.end_what_was_begun(self.profile) if after_a_break else b""
        return sending.send(Cable(self.machine), whole(job), self.profile, Patience(), tell, clears)

    def trouble(self) -> str:
        return sending.trouble(Cable(self.machine), self.profile, Patience())

    def open_drawer(self) -> Result:
        return NotStarted("no_drawer")


def send(fault: Fault, profile: Profile = FENCED, document: Document = RECEIPT) -> tuple[Result, FakePrinter]:
    machine = FakePrinter(fault, profile.width_dots)
    job = escpos.stream(document, profile.width_dots, profile)
    return Wired(machine, profile).send(job, document.id), machine


def is_whole(machine: FakePrinter) -> bool:
    """Whether the paper shows the preview, dot for dot and once."""
    return machine.paper.picture().tobytes() == PICTURE.tobytes()


def is_a_beginning(machine: FakePrinter) -> bool:
    """Whether the paper shows the first rows of the preview and nothing else."""
    printed = machine.paper.picture()
    return printed.tobytes() == PICTURE.crop((0, 0, 384, printed.height)).tobytes()


def test_the_receipt_goes_out_in_enough_fragments_to_tell_them_apart() -> None:
    assert len(FRAGMENTS) >= 6


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_a_sound_printer_of_every_profile_prints_the_preview(profile: Profile) -> None:
    result, machine = send(Fault(), profile)
    assert result == Done(told=profile.answers is not Answers.NEVER)
    assert machine.paper.picture().tobytes() == raster.render(RECEIPT, profile.width_dots).tobytes()
    assert any(command.startswith(b"\x1dV") for command in machine.paper.commands) == bool(profile.cut)


@pytest.mark.parametrize(("fault", "result"), [
    (Fault(paper_rows=0), NotStarted("paper_out")),
    (Fault(cover_open=True), NotStarted("cover_open")),
    (Fault(silent=True), NotStarted("no_answer")),
    (Fault(hangs_after=0), NotStarted("no_printer")),
    (Fault(resets_after=0), NotStarted("no_printer")),
    (Fault(resets_after=5), NotStarted("no_printer")),
    (Fault(fences=False), NotStarted("busy")),
])
def test_what_cannot_start_puts_no_dot_on_paper(fault: Fault, result: NotStarted) -> None:
    told, machine = send(fault, STRICT)
    assert told == result
    assert not machine.paper.rows
    assert machine.taken <= QUESTIONS


@pytest.mark.parametrize("number", WITH_ROWS)
def test_paper_that_ends_within_a_fragment_is_told_with_the_fragment(number: int) -> None:
    result, machine = send(Fault(paper_rows=ROWS[number] - 1))
    assert result == Uncertain("paper_out", number)
    assert is_a_beginning(machine)


@pytest.mark.parametrize("number", WITH_ROWS)
def test_a_printer_that_gets_new_paper_goes_on_by_itself_and_prints_everything_once(number: int) -> None:
    result, machine = send(Fault(paper_rows=ROWS[number] - 1, refill_after=25.0))
    assert result == Done(told=True)
    assert is_whole(machine)


@pytest.mark.parametrize("number", EVERY)
def test_a_printer_that_hangs_within_a_fragment_is_uncertain_from_there(number: int) -> None:
    result, machine = send(Fault(hangs_after=ENDS[number] - 4))
    assert isinstance(result, Uncertain)
    assert result.reason in ("no_answer", "stalled")
    assert max(1, number - FENCED.ahead) <= result.fragment <= number
    assert is_a_beginning(machine)


@pytest.mark.parametrize("number", EVERY)
def test_a_line_that_breaks_within_a_fragment_is_uncertain_from_the_last_word_on(number: int) -> None:
    result, machine = send(Fault(resets_after=ENDS[number] - 4))
    assert isinstance(result, Uncertain)
    assert result.reason == "cut_off"
    assert max(1, number - FENCED.ahead) <= result.fragment <= number
    assert is_a_beginning(machine)


@pytest.mark.parametrize("number", EVERY)
@pytest.mark.parametrize("profile", [MUTE, replace(FENCED)], ids=["never asked", "asked"])
def test_a_silent_printer_that_is_cut_off_is_uncertain_too(number: int, profile: Profile) -> None:
    at = sum(map(len, FRAGMENTS[:number])) - 1
    result, machine = send(Fault(silent=True, resets_after=at), profile)
    assert isinstance(result, Uncertain)
    assert result.reason == "cut_off"
    assert is_a_beginning(machine)


@pytest.mark.parametrize("buffer", [256, 4096, 1 << 20])
def test_a_slow_printer_is_not_given_up(buffer: int) -> None:
    result, machine = send(Fault(bytes_per_second=1920, buffer=buffer))
    assert result == Done(told=True)
    assert is_whole(machine)


def test_slow_answers_are_waited_for() -> None:
    result, machine = send(Fault(answers_after=0.8))
    assert result == Done(told=True)
    assert is_whole(machine)


@pytest.mark.parametrize("profile", [MUTE, FENCED], ids=["never asked", "asked"])
def test_a_printer_that_never_answers_is_printed_on_and_the_answer_says_that_nobody_told(profile: Profile) -> None:
    result, machine = send(Fault(silent=True), profile)
    assert result == Done(told=False)
    assert is_whole(machine)


def test_a_printer_without_fences_is_asked_between_the_fragments() -> None:
    assert send(Fault(fences=False))[0] == Done(told=False)
    result, machine = send(Fault(fences=False, paper_rows=ROWS[3]))
    assert isinstance(result, Uncertain)
    assert result.reason == "paper_out"
    assert is_a_beginning(machine)


def test_a_printer_that_stands_says_why_and_when_it_goes_on() -> None:
    told: list[str] = []
    machine = FakePrinter(Fault(paper_rows=ROWS[3] - 1, refill_after=25.0))
    sending.send(Cable(machine), escpos.stream(RECEIPT, 384, FENCED), FENCED, Patience(), told.append)
    assert told == ["paper_out", ""]


@pytest.mark.parametrize("missing", [1, 2, 3, 400])
@pytest.mark.parametrize("profile", [FENCED, MUTE], ids=["asked", "never asked"])
@pytest.mark.parametrize("number", WITH_ROWS[1:])
def test_the_paper_after_one_that_was_cut_off_in_the_middle_of_a_picture_is_whole(
    number: int, profile: Profile, missing: int
) -> None:
    """A printer at a cable without calls (USB, serial) still waits for the rest, and would print commands as dots."""
    taken = ENDS[number] - 3 if profile is FENCED else sum(map(len, FRAGMENTS[:number]))
    machine = FakePrinter(Fault(resets_after=taken - missing, silent=profile is MUTE))
    with closing(sqlite3.connect(":memory:")) as connection:
        for _name, script in MIGRATIONS:
            connection.executescript(script)
        for paper in range(2):
            spool.add(connection, replace(RECEIPT, id=f"K1-{paper}"), printer="p", width_dots=384)
        spooler = Spooler(connection, {"p": Wired(machine, profile)}, writing)
        spooler.step("p")
        broken = len(machine.paper.rows)
        spooler.step("p")
        states = [job.state for job in spool.jobs(connection)]
    assert states == ["uncertain", "uncertain" if profile is MUTE else "done"]
    ended = len(machine.paper.rows) - PICTURE.height
    assert 0 <= ended - broken <= 128
    assert machine.paper.picture().crop((0, ended, 384, ended + PICTURE.height)).tobytes() == PICTURE.tobytes()


def test_a_fence_that_comes_late_from_a_job_given_up_does_not_vouch_for_the_next() -> None:
    machine = FakePrinter(Fault(paper_rows=ROWS[2] + 1))
    printer = Wired(machine)
    assert printer.send(escpos.stream(RECEIPT, 384, FENCED), "1") == Uncertain("paper_out", 3)
    machine.refill()
    machine.fault = Fault(paper_rows=len(machine.paper.rows) + ROWS[2] + 1)
    assert printer.send(escpos.stream(RECEIPT, 384, FENCED), "2") == Uncertain("paper_out", 3)


FAULTS = st.one_of(
    st.integers(0, ENDS[-1] + 9).map(lambda at: Fault(hangs_after=at)),
    st.integers(0, ENDS[-1] + 9).map(lambda at: Fault(resets_after=at)),
    st.integers(0, ROWS[-1] + 9).map(lambda at: Fault(paper_rows=at)),
    st.tuples(st.integers(0, ROWS[-1]), st.floats(0, 200)).map(lambda at: Fault(paper_rows=at[0], refill_after=at[1])),
    st.builds(Fault, bytes_per_second=st.integers(900, 20000), answers_after=st.floats(0, 2), fences=st.booleans(),
              silent=st.booleans(), buffer=st.integers(16, 9000), hangs_after=st.none() | st.integers(0, 9000)),
)


@settings(max_examples=150, deadline=None)
@example(Fault(resets_after=7), FENCED)  # in the middle of the first command that is not a question
@given(FAULTS, st.sampled_from([FENCED, STRICT, MUTE, replace(FENCED, ahead=0), replace(FENCED, ahead=3)]))
def test_whatever_fails_wherever_the_spool_prints_it_at_most_once_by_itself(fault: Fault, profile: Profile) -> None:
    """And `done` that was told is on paper whole, and `queued` has not marked it."""
    machine = FakePrinter(fault)
    with closing(sqlite3.connect(":memory:")) as connection:
        for _name, script in MIGRATIONS:
            connection.executescript(script)
        spool.add(connection, RECEIPT, printer="p", width_dots=384)
        spooler = Spooler(connection, {"p": Wired(machine, profile)}, writing)
        spooler.step("p")
        (job,) = spool.jobs(connection)
        assert is_a_beginning(machine)
        if job.state == "queued":
            assert not machine.paper.rows
            machine.switch_off_and_on()
            spooler.step("p")
            assert is_whole(machine)
        elif job.state == "done" and job.reason == "":
            assert is_whole(machine)
        rows = len(machine.paper.rows)
        machine.fault = replace(machine.fault, resets_after=None)
        assert not spooler.step("p")
        assert len(machine.paper.rows) == rows
