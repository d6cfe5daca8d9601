"""The outbox's tables, applied by whoever owns the database; times are UTC ISO text that sorts as it reads."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, str], ...] = (("sync 1", """
CREATE TABLE operations (
    key TEXT PRIMARY KEY,
    portal TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    priority INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('waiting', 'ready', 'sending', 'unknown', 'accepted', 'confirmed', 'rejected', 'cancelled')),
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at_utc TEXT NOT NULL,
    made_at_utc TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX operations_due ON operations (state, priority, next_try_at_utc);
CREATE TABLE dependencies (
    child TEXT NOT NULL REFERENCES operations (key),
    parent TEXT NOT NULL REFERENCES operations (key),
    PRIMARY KEY (child, parent)
) STRICT;
CREATE INDEX dependencies_by_parent ON dependencies (parent);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    operation_key TEXT NOT NULL REFERENCES operations (key),
    what TEXT NOT NULL CHECK (what IN ('send', 'ask')),
    begun_at_utc TEXT NOT NULL,
    ended_at_utc TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    bytes_sent INTEGER NOT NULL DEFAULT 0,
    bytes_received INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX attempts_by_operation ON attempts (operation_key);
CREATE TABLE cursors (
    feed TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    pulled_at_utc TEXT NOT NULL
) STRICT;
"""),)
