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
"""), ("sync 2", """
ALTER TABLE operations ADD COLUMN expires_at_utc TEXT NOT NULL DEFAULT '';
CREATE INDEX operations_expiring ON operations (expires_at_utc) WHERE expires_at_utc <> '';
ALTER TABLE cursors ADD COLUMN etag TEXT NOT NULL DEFAULT '';
CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    operation_key TEXT NOT NULL REFERENCES operations (key),
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    reference TEXT NOT NULL,
    answered_at_utc TEXT NOT NULL,
    after_attempt INTEGER NOT NULL,
    applied INTEGER NOT NULL DEFAULT 0 CHECK (applied IN (0, 1))
) STRICT;
CREATE INDEX answers_to_apply ON answers (id) WHERE applied = 0;
CREATE INDEX answers_by_operation ON answers (operation_key);
CREATE TABLE bodies (
    operation_key TEXT PRIMARY KEY REFERENCES operations (key),
    body BLOB NOT NULL
) STRICT;
CREATE TABLE traffic (
    day_utc TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT;
"""), ("sync carry 1", """
CREATE TABLE carries (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    digest TEXT NOT NULL,
    made_at_utc TEXT NOT NULL,
    send_until_utc TEXT NOT NULL
) STRICT;
CREATE TABLE carried (
    operation_key TEXT PRIMARY KEY REFERENCES operations (key),
    carry_id TEXT NOT NULL REFERENCES carries (id)
) STRICT;
CREATE INDEX carried_by_carry ON carried (carry_id);
"""), ("sync 3", """
ALTER TABLE attempts ADD COLUMN said TEXT NOT NULL DEFAULT '';
"""))
