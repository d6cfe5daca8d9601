"""The spool: every paper is a row before it is paper. Added in the caller's transaction, printed by the `spooler`.

A job is queued, printing, done, uncertain or cancelled. What may have printed never goes back into the queue by itself:
a person says what came out, and what is printed then is a copy that says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from printing.document import Document, Stamp

_COLUMNS = "id, document_id, copy, printer, width_dots, kind, document, state, reason, tries, fragment"
_ASKS = "state = 'uncertain' OR (state IN ('queued', 'printing') AND reason <> '')"


class Kind(StrEnum):
    """What a job is. Only papers are asked about; the others are done once, now or not at all."""

    PAPER = "paper"
    TEST = "test"
    DRAWER = "drawer"


class CameOut(StrEnum):
    """A person's answer about a paper of which nobody knows."""

    WHOLE = "whole"
    PART = "part"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Job:
    """One paper for one printer. `copy` 0 is the first print; `fragment` is where an uncertain one stopped (or 0)."""

    id: int
    document_id: str
    copy: int
    printer: str
    width_dots: int
    kind: Kind
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
    connection: sqlite3.Connection, document: Document, *, printer: str, width_dots: int, copy: int = 0,
    kind: Kind = Kind.PAPER,
) -> None:
    """Queue a document. The same copy of it for the same printer is queued once."""
    connection.execute(
        """INSERT INTO print_jobs (document_id, copy, printer, width_dots, document, state, kind)
           VALUES (?, ?, ?, ?, ?, 'queued', ?) ON CONFLICT DO NOTHING""",
        (document.id, copy, printer, width_dots, document.to_json(), kind),
    )


def add_drawer(connection: sqlite3.Connection, cause: str, *, printer: str) -> None:
    """Queue one kick of the cash drawer at `printer`. It belongs to no paper, so no reprint ever opens the drawer."""
    add(connection, Document(f"{cause}-drawer", "", ()), printer=printer, width_dots=0, kind=Kind.DRAWER)


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


def job(connection: sqlite3.Connection, document_id: str, copy: int = 0) -> Job | None:
    """The latest job of a paper's copy, or None."""
    found = _jobs(connection, "WHERE document_id = ? AND copy = ?", (document_id, copy))
    return found[-1] if found else None


def troubled(connection: sqlite3.Connection) -> list[Job]:
    """What a person should know of, oldest first: the uncertain ones, those that could not start, those that stand."""
    return _jobs(connection, f"WHERE {_ASKS}", ())


def trouble_count(connection: sqlite3.Connection) -> tuple[int, str]:
    """How many of them there are, and the reason of the first that stands or waits ("" when all only ask)."""
    sql = f"""SELECT count(*), coalesce((SELECT reason FROM print_jobs WHERE state IN ('queued', 'printing')
              AND reason <> '' ORDER BY id LIMIT 1), '') FROM print_jobs WHERE {_ASKS}"""
    count, reason = connection.execute(sql).fetchone()
    return int(count), str(reason)


def next_job(connection: sqlite3.Connection, printer: str) -> Job | None:
    """The oldest job that is queued for `printer`; a drawer waits for no paper."""
    where = "WHERE printer = ? AND state = 'queued'"
    found = (_jobs(connection, f"{where} AND kind = 'drawer'", (printer,), limit=1)
             or _jobs(connection, where, (printer,), limit=1))
    return found[0] if found else None


def printers_waited_for(connection: sqlite3.Connection) -> list[str]:
    """The printers that have jobs which are not at their end, the longest waiting first."""
    sql = "SELECT printer FROM print_jobs WHERE state IN ('queued', 'printing') GROUP BY printer ORDER BY min(id)"
    return [str(name) for (name,) in connection.execute(sql).fetchall()]


def broken_printers(connection: sqlite3.Connection) -> set[str]:
    """Those whose last job ended somewhere: they may wait for the rest of a picture, and take what comes for it."""
    whole = "state = 'done' AND reason IN ('', 'confirmed') OR state = 'uncertain' AND reason = 'not_told'"
    sql = f"""SELECT printer FROM print_jobs WHERE tries > 0 AND state NOT IN ('queued', 'printing') GROUP BY printer
              HAVING max(iif({whole}, 0, id)) > max(iif({whole}, id, 0))"""
    return {str(name) for (name,) in connection.execute(sql).fetchall()}


def _jobs(connection: sqlite3.Connection, where: str, values: Sequence[object], limit: int = -1) -> list[Job]:
    sql = f"SELECT {_COLUMNS} FROM print_jobs {where} ORDER BY id LIMIT ?"
    return [
        Job(number, document_id, copy, printer, width_dots, Kind(kind), Document.from_json(text), *rest)
        for number, document_id, copy, printer, width_dots, kind, text, *rest
        in connection.execute(sql, (*values, limit))
    ]


def cancel(connection: sqlite3.Connection, job_id: int) -> bool:
    """Give up a job that waits, or one that nobody knows the end of; False when it is printing, done or unknown."""
    cursor = connection.execute(
        "UPDATE print_jobs SET state = 'cancelled' WHERE id = ? AND state IN ('queued', 'uncertain')", (job_id,)
    )
    return cursor.rowcount == 1


def move(connection: sqlite3.Connection, job_id: int, *, printer: str, width_dots: int) -> bool:
    """Send a job that surely did not start to another printer; False when it is under way, ended, or there already."""
    cursor = connection.execute(
        """UPDATE OR IGNORE print_jobs SET printer = ?, width_dots = ?, reason = '' WHERE id = ? AND state = 'queued'
           AND kind = 'paper'""", (printer, width_dots, job_id),
    )
    return cursor.rowcount == 1


def answer(
    connection: sqlite3.Connection, job_id: int, came_out: CameOut, mark: Callable[[int], str]
) -> Job | None:
    """A person says what came out of an uncertain job; the job as it was, None when it is not uncertain any more.

    Unless all of it did, it is cancelled for a copy stamped with `mark` of its count. That holds for `NOTHING` too: a
    printer may still hold what it took, and two papers without a mark must never be about.
    """
    found = _jobs(connection, "WHERE id = ? AND state = 'uncertain'", (job_id,))
    if not found:
        return None
    asked = found[0]
    state, reason = "done", "confirmed" if asked.reason == "not_told" else f"confirmed:{asked.reason}"
    if came_out is not CameOut.WHOLE:
        clean = Document.from_json(_first_print(connection, asked))
        state, reason = "cancelled", f"copy:{_add_copy(connection, clean, asked.printer, asked.width_dots, mark)}"
    connection.execute(
        "UPDATE print_jobs SET state = ?, reason = ?, fragment = 0 WHERE id = ?", (state, reason, job_id)
    )
    return asked


def _first_print(connection: sqlite3.Connection, asked: Job) -> str:
    """The document as it was first queued, without any copy's stamp."""
    sql = "SELECT document FROM print_jobs WHERE document_id = ? ORDER BY copy LIMIT 1"
    return str(connection.execute(sql, (asked.document_id,)).fetchone()[0])
