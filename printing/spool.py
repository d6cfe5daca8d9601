"""The spool: every paper is a row before it is paper. Added in the caller's transaction, printed by one worker.

Its state is on disk before the first byte leaves: after a crash, what was printing is uncertain and asks a person.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from printing import escpos, raster
from printing.document import Document, Stamp
from printing.printers import Done, NotStarted, Printer, Result, Uncertain

_COLUMNS = "id, document_id, copy, printer, width_dots, document, state, reason, tries"


@dataclass(frozen=True, slots=True)
class Job:
    """One paper for one printer. `copy` 0 is the first print."""

    id: int
    document_id: str
    copy: int
    printer: str
    width_dots: int
    document: Document
    state: str
    reason: str
    tries: int

    @property
    def name(self) -> str:
        """The job's name among files: the document's id, and which copy."""
        return f"{self.document_id}-copy{self.copy}" if self.copy else self.document_id


def add(
    connection: sqlite3.Connection, document: Document, *, printer: str, width_dots: int, copy: int = 0
) -> None:
    """Queue a document. The same copy of it for the same printer is queued once."""
    connection.execute(
        """INSERT INTO print_jobs (document_id, copy, printer, width_dots, document, state)
           VALUES (?, ?, ?, ?, ?, 'queued') ON CONFLICT DO NOTHING""",
        (document.id, copy, printer, width_dots, document.to_json()),
    )


def reprint(connection: sqlite3.Connection, document_id: str, mark: Callable[[int], str]) -> int:
    """Queue another copy, stamped with `mark` of its count; the count.

    Raises:
        KeyError: there is no such document.
    """
    found = connection.execute(
        "SELECT document, printer, width_dots FROM print_jobs WHERE document_id = ? AND copy = 0", (document_id,)
    ).fetchone()
    if found is None:
        raise KeyError(document_id)
    text, printer, width_dots = found
    sql = "SELECT max(copy) + 1 FROM print_jobs WHERE document_id = ?"
    copy = int(connection.execute(sql, (document_id,)).fetchone()[0])
    document = Document.from_json(text)
    marked = replace(document, blocks=(Stamp(mark(copy)), *document.blocks))
    add(connection, marked, printer=printer, width_dots=width_dots, copy=copy)
    return copy


def jobs(connection: sqlite3.Connection, state: str | None = None) -> list[Job]:
    """Every job, or those in one state, oldest first."""
    where, values = ("WHERE state = ?", (state,)) if state else ("", ())
    found = connection.execute(f"SELECT {_COLUMNS} FROM print_jobs {where} ORDER BY id", values).fetchall()
    return [
        Job(number, document_id, copy, printer, width_dots, Document.from_json(text), kept, reason, tries)
        for number, document_id, copy, printer, width_dots, text, kept, reason, tries in found
    ]


def answer_uncertain(connection: sqlite3.Connection, job_id: int, *, printed: bool) -> None:
    """A person says whether an uncertain job came out; when not, it is queued again."""
    connection.execute(
        "UPDATE print_jobs SET state = ?, reason = '' WHERE id = ? AND state = 'uncertain'",
        ("done" if printed else "queued", job_id),
    )


class Spooler:
    """Prints what is queued, one job after the other, in one thread on one connection."""

    def __init__(
        self, connection: sqlite3.Connection, printers: Mapping[str, Printer],
        writing: Callable[[sqlite3.Connection], AbstractContextManager[object]],
        at: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """`at` is called between the steps, so that a test can cut the power there."""
        self._connection = connection
        self._printers = printers
        self._writing = writing
        self._at = at

    def recover(self) -> int:
        """After a start: what was printing when the power went may be on paper. How many there were."""
        with self._writing(self._connection):
            cursor = self._connection.execute(
                "UPDATE print_jobs SET state = 'uncertain', reason = 'cut_off' WHERE state = 'printing'"
            )
        return cursor.rowcount

    def step(self) -> bool:
        """Print the oldest queued job; False when there is none or its printer can't start."""
        found = jobs(self._connection, "queued")
        if not found:
            return False
        job = found[0]
        self._set(job, "printing", "")
        self._at("printing")
        result = self._print(job)
        self._at("printed")
        match result:
            case Done():
                self._set(job, "done", "" if result.told else "not_told")
            case NotStarted():
                self._set(job, "queued", result.reason)
            case Uncertain():
                self._set(job, "uncertain", result.reason)
        return not isinstance(result, NotStarted)

    def _print(self, job: Job) -> Result:
        printer = self._printers.get(job.printer)
        if printer is None:
            return NotStarted("no_printer")
        try:
            drawn = escpos.encode(raster.render(job.document, job.width_dots), cut=printer.cuts)
        except Exception as error:
            return Uncertain(f"cannot_draw:{type(error).__name__}")
        return printer.send(drawn, job.name)

    def _set(self, job: Job, state: str, reason: str) -> None:
        tried = 1 if state == "printing" else 0
        with self._writing(self._connection):
            self._connection.execute(
                "UPDATE print_jobs SET state = ?, reason = ?, tries = tries + ? WHERE id = ?",
                (state, reason, tried, job.id),
            )
