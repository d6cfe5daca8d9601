"""The spool: every paper is a row before it is paper. Added in the caller's transaction, printed by a worker.

A job is queued, printing, done, uncertain or cancelled. Its state is on disk before the first byte leaves; what may
have printed never goes back into the queue by itself: a person says what came out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from printing import escpos
from printing.document import Document, Stamp
from printing.printers import Printer
from printing.results import Done, NotStarted, Result, Uncertain

_COLUMNS = "id, document_id, copy, printer, width_dots, document, state, reason, tries, fragment"


@dataclass(frozen=True, slots=True)
class Job:
    """One paper for one printer. `copy` 0 is the first print; `fragment` is where an uncertain one stopped (or 0)."""

    id: int
    document_id: str
    copy: int
    printer: str
    width_dots: int
    document: Document
    state: str
    reason: str
    tries: int
    fragment: int

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
    return _add_copy(connection, Document.from_json(text), printer, width_dots, mark)


def _add_copy(
    connection: sqlite3.Connection, document: Document, printer: str, width_dots: int, mark: Callable[[int], str]
) -> int:
    sql = "SELECT max(copy) + 1 FROM print_jobs WHERE document_id = ?"
    copy = int(connection.execute(sql, (document.id,)).fetchone()[0])
    marked = replace(document, blocks=(Stamp(mark(copy)), *document.blocks))
    add(connection, marked, printer=printer, width_dots=width_dots, copy=copy)
    return copy


def jobs(connection: sqlite3.Connection, state: str | None = None) -> list[Job]:
    """Every job, or those in one state, oldest first."""
    return _jobs(connection, "WHERE state = ?", (state,)) if state else _jobs(connection, "", ())


def troubled(connection: sqlite3.Connection) -> list[Job]:
    """What a person should know of, oldest first: the uncertain ones, and the queued ones that could not start."""
    return _jobs(connection, "WHERE state = 'uncertain' OR (state = 'queued' AND reason <> '')", ())


def next_job(connection: sqlite3.Connection, printer: str) -> Job | None:
    """The oldest job that is queued for `printer`."""
    found = _jobs(connection, "WHERE printer = ? AND state = 'queued'", (printer,), limit=1)
    return found[0] if found else None


def _jobs(connection: sqlite3.Connection, where: str, values: Sequence[str], limit: int = -1) -> list[Job]:
    sql = f"SELECT {_COLUMNS} FROM print_jobs {where} ORDER BY id LIMIT ?"
    return [
        Job(number, document_id, copy, printer, width_dots, Document.from_json(text), *rest)
        for number, document_id, copy, printer, width_dots, text, *rest in connection.execute(sql, (*values, limit))
    ]


def cancel(connection: sqlite3.Connection, job_id: int) -> bool:
    """Give up a job that waits, or one that nobody knows the end of; False when it is printing, done or unknown."""
    cursor = connection.execute(
        "UPDATE print_jobs SET state = 'cancelled' WHERE id = ? AND state IN ('queued', 'uncertain')", (job_id,)
    )
    return cursor.rowcount == 1


def answer_uncertain(
    connection: sqlite3.Connection, job_id: int, *, printed: bool, mark: Callable[[int], str] | None = None
) -> None:
    """A person says whether an uncertain job came out.

    When not, and a part of it may lie there: give `mark`, and the job is cancelled for a copy that says what it is.
    Without a mark the same paper is queued again: for when surely nothing came out.
    """
    found = _jobs(connection, "WHERE id = ? AND state = 'uncertain'", (str(job_id),))
    if not found:
        return
    state, reason = ("done" if printed else "queued"), ""
    if not printed and mark is not None:
        job = found[0]
        clean = Document.from_json(_first_print(connection, job))
        state, reason = "cancelled", f"copy:{_add_copy(connection, clean, job.printer, job.width_dots, mark)}"
    connection.execute(
        "UPDATE print_jobs SET state = ?, reason = ?, fragment = 0 WHERE id = ? AND state = 'uncertain'",
        (state, reason, job_id),
    )


def _first_print(connection: sqlite3.Connection, job: Job) -> str:
    """The document as it was first queued, without any copy's stamp."""
    sql = "SELECT document FROM print_jobs WHERE document_id = ? ORDER BY copy LIMIT 1"
    return str(connection.execute(sql, (job.document_id,)).fetchone()[0])


class Spooler:
    """Prints what is queued on one connection, for each printer in the order in which it was queued.

    Printers have queues of their own, so that one without paper holds up no other.
    """

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

    def recover(self, printer: str | None = None) -> int:
        """After a start: what was printing when the power went may be on paper. How many there were.

        With a name only that printer's jobs, and those of printers that are no more: others have workers of their own.
        """
        with self._writing(self._connection):
            cursor = self._connection.execute(
                """UPDATE print_jobs SET state = 'uncertain', reason = 'cut_off' WHERE state = 'printing' AND
                   (:printer IS NULL OR printer = :printer OR printer NOT IN (SELECT value FROM json_each(:known)))""",
                {"printer": printer, "known": json.dumps(list(self._printers))},
            )
        return cursor.rowcount

    def step(self, printer: str | None = None) -> bool:
        """Print the oldest job queued for `printer`, or for any; False when there is none that could start."""
        return any(self._print_next(name) for name in ([printer] if printer else self._waited_for()))

    def _waited_for(self) -> list[str]:
        """The printers that have jobs, the longest waiting first."""
        sql = "SELECT printer FROM print_jobs WHERE state = 'queued' GROUP BY printer ORDER BY min(id)"
        return [name for (name,) in self._connection.execute(sql).fetchall()]

    def _print_next(self, printer: str) -> bool:
        job = next_job(self._connection, printer)
        if job is None or not self._claim(job):
            return False
        self._at("printing")
        result = self._print(job)
        self._at("printed")
        match result:
            case Done():
                self._end(job, "done", "" if result.told else "not_told")
            case NotStarted():
                self._end(job, "queued", result.reason)
            case Uncertain():
                self._end(job, "uncertain", result.reason, result.fragment)
        self._at("ended")
        return not isinstance(result, NotStarted)

    def _claim(self, job: Job) -> bool:
        """Make it this spooler's; False when it was cancelled or taken since it was read."""
        with self._writing(self._connection):
            cursor = self._connection.execute(
                """UPDATE print_jobs SET state = 'printing', reason = '', tries = tries + 1
                   WHERE id = ? AND state = 'queued'""", (job.id,)
            )
        return cursor.rowcount == 1

    def _print(self, job: Job) -> Result:
        printer = self._printers.get(job.printer)
        if printer is None:
            return NotStarted("no_printer")
        try:
            return printer.send(escpos.stream(job.document, job.width_dots, printer.profile), job.name)
        except Exception as error:
            return Uncertain(f"cannot_draw:{type(error).__name__}")

    def _end(self, job: Job, state: str, reason: str, fragment: int = 0) -> None:
        with self._writing(self._connection):
            self._connection.execute(
                "UPDATE print_jobs SET state = ?, reason = ?, fragment = ? WHERE id = ?",
                (state, reason, fragment, job.id),
            )
