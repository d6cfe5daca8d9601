"""The work store's tables. Rows that tell of money or paper are append-only, held by triggers.

Amounts are integer poisha, times UTC ISO text, facts JSON with ASCII digits. A script that has landed is never edited;
a change is a new script at the end.
"""

from __future__ import annotations

from printing.schema import MIGRATIONS as PRINTING
from sync.schema import MIGRATIONS as SYNC

_COUNTER = """
CREATE TABLE device (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    code TEXT NOT NULL,
    centre_bn TEXT NOT NULL,
    centre_en TEXT NOT NULL,
    address_bn TEXT NOT NULL,
    made_at_utc TEXT NOT NULL
) STRICT;
CREATE TABLE operators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('operator', 'supervisor', 'field')),
    pin TEXT NOT NULL,
    wrong_tries INTEGER NOT NULL DEFAULT 0,
    wait_until_utc TEXT NOT NULL DEFAULT '',
    made_at_utc TEXT NOT NULL
) STRICT;
CREATE TABLE citizens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    mobile TEXT NOT NULL,
    nid TEXT NOT NULL,
    made_at_utc TEXT NOT NULL
) STRICT;
CREATE INDEX citizens_by_mobile ON citizens (mobile);
CREATE INDEX citizens_by_nid ON citizens (nid);
CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('open', 'parked', 'settled')),
    operator_id TEXT NOT NULL REFERENCES operators (id),
    citizen_id TEXT REFERENCES citizens (id),
    label TEXT NOT NULL DEFAULT '',
    opened_at_utc TEXT NOT NULL,
    settled_at_utc TEXT
) STRICT;
CREATE INDEX visits_by_state ON visits (state, operator_id);
CREATE TABLE lines (
    id TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visits (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'bill', 'order', 'due')),
    portal TEXT NOT NULL,
    title_bn TEXT NOT NULL,
    title_en TEXT NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    official_poisha INTEGER NOT NULL CHECK (official_poisha >= 0),
    charge_poisha INTEGER NOT NULL CHECK (charge_poisha >= 0),
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT '',
    fee_version TEXT NOT NULL DEFAULT '',
    warning TEXT NOT NULL DEFAULT '',
    consent_at_utc TEXT NOT NULL DEFAULT '',
    UNIQUE (visit_id, position)
) STRICT;
CREATE INDEX lines_by_state ON lines (state);
CREATE TABLE line_operations (
    operation_key TEXT PRIMARY KEY,
    line_id TEXT NOT NULL REFERENCES lines (id),
    official_poisha INTEGER NOT NULL CHECK (official_poisha >= 0)
) STRICT;
CREATE INDEX line_operations_by_line ON line_operations (line_id);
CREATE TABLE line_events (
    id INTEGER PRIMARY KEY,
    line_id TEXT NOT NULL REFERENCES lines (id),
    at_utc TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    text_bn TEXT NOT NULL DEFAULT '',
    facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
    operator_id TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX line_events_by_line ON line_events (line_id);
CREATE TABLE drafts (
    visit_id TEXT NOT NULL REFERENCES visits (id),
    service_id TEXT NOT NULL,
    draft BLOB NOT NULL,
    saved_at_utc TEXT NOT NULL,
    PRIMARY KEY (visit_id, service_id)
) STRICT;
CREATE TABLE tenders (
    id INTEGER PRIMARY KEY,
    visit_id TEXT NOT NULL REFERENCES visits (id),
    kind TEXT NOT NULL CHECK (kind IN ('cash', 'mfs', 'card', 'wallet')),
    amount_poisha INTEGER NOT NULL CHECK (amount_poisha > 0),
    reference TEXT NOT NULL
) STRICT;
CREATE TABLE receipts (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('provisional', 'final', 'refund', 'collection')),
    visit_id TEXT NOT NULL REFERENCES visits (id),
    line_id TEXT REFERENCES lines (id),
    issued_at_utc TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE UNIQUE INDEX one_receipt_of_a_kind ON receipts (visit_id, kind) WHERE kind IN ('provisional', 'final');
CREATE INDEX receipts_by_visit ON receipts (visit_id);
CREATE TABLE transactions (
    id INTEGER PRIMARY KEY,
    at_utc TEXT NOT NULL,
    cause TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    UNIQUE (cause, cause_id)
) STRICT;
CREATE TABLE postings (
    id INTEGER PRIMARY KEY,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id),
    account TEXT NOT NULL,
    amount_poisha INTEGER NOT NULL CHECK (amount_poisha <> 0)
) STRICT;
CREATE INDEX postings_by_account ON postings (account, amount_poisha);
CREATE INDEX postings_by_transaction ON postings (transaction_id);
CREATE TABLE refunds (
    line_id TEXT PRIMARY KEY REFERENCES lines (id),
    amount_poisha INTEGER NOT NULL CHECK (amount_poisha > 0),
    reason TEXT NOT NULL,
    due_at_utc TEXT NOT NULL,
    paid_at_utc TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE documents (
    line_id TEXT PRIMARY KEY REFERENCES lines (id),
    file_name TEXT NOT NULL,
    body BLOB NOT NULL,
    arrived_at_utc TEXT NOT NULL
) STRICT;
CREATE TABLE holdings (
    municipality_id TEXT NOT NULL,
    holding_no TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    seen_at_utc TEXT NOT NULL,
    PRIMARY KEY (municipality_id, holding_no)
) STRICT;
CREATE TABLE floats (
    account TEXT PRIMARY KEY,
    amount_poisha INTEGER NOT NULL,
    seen_at_utc TEXT NOT NULL
) STRICT;
"""

_PROOF = """
DROP TRIGGER receipts_never_updated;
ALTER TABLE operators DROP COLUMN pin;
ALTER TABLE operators DROP COLUMN wrong_tries;
ALTER TABLE operators DROP COLUMN wait_until_utc;
ALTER TABLE operators ADD COLUMN left_at_utc TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN signature TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN shown TEXT NOT NULL DEFAULT '';
UPDATE receipts SET shown = json_extract(document, '$.id');
ALTER TABLE lines ADD COLUMN consent_by TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN consent_operator_id TEXT NOT NULL DEFAULT '';
ALTER TABLE lines ADD COLUMN vat_poisha INTEGER NOT NULL DEFAULT 0 CHECK (vat_poisha >= 0);
ALTER TABLE citizens ADD COLUMN purged_at_utc TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN signing_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE device ADD COLUMN recovery_code TEXT NOT NULL DEFAULT '';
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at_utc TEXT NOT NULL,
    kind TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts))
) STRICT;
CREATE TABLE centre_rows (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    since_on TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    operator_id TEXT NOT NULL,
    at_utc TEXT NOT NULL
) STRICT;
CREATE INDEX centre_rows_by_subject ON centre_rows (subject, since_on, id);
CREATE TABLE day_closes (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    closed_at_utc TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    first_transaction INTEGER NOT NULL,
    last_transaction INTEGER NOT NULL,
    counted TEXT NOT NULL CHECK (json_valid(counted)),
    expected_poisha INTEGER NOT NULL,
    counted_poisha INTEGER NOT NULL CHECK (counted_poisha >= 0),
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    at_utc TEXT NOT NULL,
    source TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    private_digest TEXT NOT NULL,
    head TEXT NOT NULL,
    UNIQUE (source, row_id)
) STRICT;
CREATE TABLE attachments (
    visit_id TEXT NOT NULL REFERENCES visits (id),
    service_id TEXT NOT NULL,
    ref TEXT NOT NULL,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (visit_id, service_id, ref)
) STRICT;
CREATE INDEX visits_by_opening ON visits (opened_at_utc);
CREATE INDEX visits_by_settling ON visits (settled_at_utc) WHERE settled_at_utc IS NOT NULL;
DROP TRIGGER line_events_never_updated;
"""

_PURGEABLE = """
CREATE TRIGGER receipts_only_purged BEFORE UPDATE ON receipts
WHEN NOT (NEW.document = '{}' AND NEW.number IS OLD.number AND NEW.kind IS OLD.kind AND NEW.visit_id IS OLD.visit_id
    AND NEW.line_id IS OLD.line_id AND NEW.issued_at_utc IS OLD.issued_at_utc AND NEW.operator_id IS OLD.operator_id
    AND NEW.signature IS OLD.signature AND NEW.shown IS OLD.shown)
BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END;
CREATE TRIGGER line_events_only_purged BEFORE UPDATE ON line_events
WHEN NOT (NEW.facts = '{}' AND NEW.text_bn = '' AND NEW.id IS OLD.id AND NEW.line_id IS OLD.line_id
    AND NEW.at_utc IS OLD.at_utc AND NEW.state IS OLD.state AND NEW.reason IS OLD.reason
    AND NEW.operator_id IS OLD.operator_id)
BEGIN SELECT RAISE(ABORT, 'line_events are append-only'); END;
CREATE TRIGGER tenders_only_purged BEFORE UPDATE ON tenders
WHEN NOT (NEW.reference = '' AND NEW.id IS OLD.id AND NEW.visit_id IS OLD.visit_id AND NEW.kind IS OLD.kind
    AND NEW.amount_poisha IS OLD.amount_poisha)
BEGIN SELECT RAISE(ABORT, 'tenders are append-only'); END;
"""


def _append_only(*tables: str, verbs: tuple[str, ...] = ("UPDATE", "DELETE")) -> str:
    return "".join(
        f"""
CREATE TRIGGER {table}_never_{verb.lower()}d BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
        for table in tables
        for verb in verbs
    )


_FIRST = _COUNTER + _append_only("transactions", "postings", "receipts", "line_events")
_SECOND = (
    _PROOF + _PURGEABLE + _append_only("events", "centre_rows", "day_closes", "journal")
    + _append_only("tenders", verbs=("DELETE",))
)

_NOTICES = """
CREATE TABLE notices (
    subject TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    at_utc TEXT NOT NULL
) STRICT;
"""

_LISTED = """
CREATE TABLE listed_billers (
    portal TEXT NOT NULL,
    biller_id TEXT NOT NULL,
    seen_at_utc TEXT NOT NULL,
    PRIMARY KEY (portal, biller_id)
) STRICT;
"""

_FOUND_AGAIN = """
CREATE INDEX visits_by_citizen ON visits (citizen_id);
CREATE INDEX documents_by_arrival ON documents (arrived_at_utc, line_id);
"""  # without the second, what arrived lately is found by walking through every document's pages

SCRIPTS: tuple[tuple[str, str], ...] = (
    ("counter 1", _FIRST), *SYNC[:3], *PRINTING, ("counter 2", _SECOND), ("counter 3", _NOTICES),
    ("counter 4", _LISTED),
    ("counter 5", "CREATE INDEX lines_by_reference ON lines (reference COLLATE NOCASE) WHERE reference <> '';\n"),
    ("counter 6", _FOUND_AGAIN), *SYNC[3:],
)
VERSION = len(SCRIPTS)
