"""The spooler: takes what is queued for a printer, in order, to a known end or to a question for a person.

A job's state is on disk before its first byte leaves, and its end before the next job is looked at.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from printing import escpos, spool, testpage
from printing.printers import Printer
from printing.results import Done, NotStarted, Result, Uncertain
from printing.spool import Job, Kind


class Spooler:
    """Prints on one connection. Printers have queues of their own, so that one without paper holds up no other."""

    def __init__(
        self, connection: sqlite3.Connection, printers: Mapping[str, Printer],
        writing: Callable[[sqlite3.Connection], AbstractContextManager[object]],
        at: Callable[[str], None] = lambda _point: None, changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`at` is called between the steps, so that a test can cut the power there; `changed` after each write."""
        self._connection = connection
        self._printers = printers
        self._writing = writing
        self._at = at
        self._changed = changed
        self._broken = spool.broken_printers(connection)

    def recover(self, printer: str | None = None) -> int:
        """After a start: what was printing when the power went may be on paper. How many there were.

        With a name only that printer's jobs, and those of printers that are no more: others have workers of their own.
        A drawer that was to open then stays shut.
        """
        mine = "(:printer IS NULL OR printer = :printer OR printer NOT IN (SELECT value FROM json_each(:known)))"
        values = {"printer": printer, "known": json.dumps(list(self._printers))}
        with self._writing(self._connection):
            self._connection.execute(
                f"""UPDATE print_jobs SET state = 'cancelled', reason = 'cut_off' WHERE {mine} AND
                    (kind = 'drawer' AND state IN ('queued', 'printing') OR kind = 'test' AND state = 'printing')""",
                values,
            )
            cursor = self._connection.execute(
                f"UPDATE print_jobs SET state = 'uncertain', reason = 'cut_off' WHERE state = 'printing' AND {mine}",
                values,
            )
        self._broken |= spool.broken_printers(self._connection)
        if cursor.rowcount:
            self._changed()
        return cursor.rowcount

    def step(self, printer: str | None = None) -> bool:
        """Print the oldest job queued for `printer`, or for any; False when there is none that could start."""
        names = [printer] if printer else spool.printers_waited_for(self._connection)
        return any(self._print_next(name) for name in names)

    def _print_next(self, printer: str) -> bool:
        job = spool.next_job(self._connection, printer)
        if job is None or self._still_in_trouble(job) or not self._claim(job):
            return False
        self._at("printing")
        result = self._done(job)
        self._at("printed")
        match result:
            case Done(told=told):
                asks = job.kind is Kind.PAPER and not told
                self._end(job, *(("uncertain", "not_told") if asks else ("done", "")))
            case NotStarted(reason=reason):
                self._end(job, "cancelled" if job.kind is Kind.DRAWER else "queued", reason)
            case Uncertain(reason=reason, fragment=fragment):
                self._broken.add(printer)
                self._end(job, "uncertain" if job.kind is Kind.PAPER else "cancelled", reason, fragment)
        self._at("ended")
        return not isinstance(result, NotStarted)

    def _still_in_trouble(self, job: Job) -> bool:
        """Whether a job that could not start can't now either: asked without a write, for it may take all night."""
        printer = self._printers.get(job.printer)
        return bool(job.reason) and (printer is None or printer.trouble() == job.reason)

    def _claim(self, job: Job) -> bool:
        """Make it this spooler's; False when it was cancelled or taken since it was read."""
        with self._writing(self._connection):
            cursor = self._connection.execute(
                """UPDATE print_jobs SET state = 'printing', reason = '', tries = tries + 1
                   WHERE id = ? AND state = 'queued'""", (job.id,)
            )
        return cursor.rowcount == 1

    def _done(self, job: Job) -> Result:
        printer = self._printers.get(job.printer)
        if printer is None:
            return NotStarted("no_printer")
        try:
            if job.kind is Kind.DRAWER:
                return printer.open_drawer()
            return self._sent(job, printer)
        except Exception as error:
            return Uncertain(f"cannot_draw:{type(error).__name__}")

    def _sent(self, job: Job, printer: Printer) -> Result:
        commands = (
            testpage.stream(job.document, printer.profile) if job.kind is Kind.TEST
            else escpos.stream(job.document, job.width_dots, printer.profile)
        )
        result = printer.send(
            commands, job.name, lambda reason: self._stands(job, reason), after_a_break=job.printer in self._broken
        )
        if not isinstance(result, NotStarted):
            self._broken.discard(job.printer)
        return result

    def _stands(self, job: Job, reason: str) -> None:
        """The printer stands still in the middle, or ("") goes on: whoever can help should know while it can."""
        self._write("UPDATE print_jobs SET reason = ? WHERE id = ? AND state = 'printing'", reason, job.id)

    def _end(self, job: Job, state: str, reason: str, fragment: int = 0) -> None:
        self._write(
            "UPDATE print_jobs SET state = ?, reason = ?, fragment = ? WHERE id = ?", state, reason, fragment, job.id
        )

    def _write(self, sql: str, *values: object) -> None:
        with self._writing(self._connection):
            self._connection.execute(sql, values)
        self._changed()
