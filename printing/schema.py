"""The spool's table, applied by whoever owns the database. A script that has landed is never edited."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, str], ...] = (("printing 1", """
CREATE TABLE print_jobs (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL,
    copy INTEGER NOT NULL CHECK (copy >= 0),
    printer TEXT NOT NULL,
    width_dots INTEGER NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    state TEXT NOT NULL CHECK (state IN ('queued', 'printing', 'done', 'uncertain', 'cancelled')),
    reason TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    UNIQUE (document_id, copy, printer)
) STRICT;
CREATE INDEX print_jobs_by_state ON print_jobs (state);
"""), ("printing 2", """
ALTER TABLE print_jobs ADD COLUMN fragment INTEGER NOT NULL DEFAULT 0;
CREATE INDEX print_jobs_by_printer ON print_jobs (printer, state, id);
"""), ("printing 3", """
ALTER TABLE print_jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'paper' CHECK (kind IN ('paper', 'test', 'drawer'));
"""))
