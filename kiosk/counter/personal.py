"""What is kept of a citizen: shown to them, deleted when they wish or when its time is over (domain.md 6.5).

A purge empties names, numbers, answers and papers of visits whose every line has ended. Money, lines' prices and the
journal stay: they are proved by digests that were made before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from kiosk import times
from kiosk.counter import authority, centre
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.ledger import events
from kiosk.store.engine import Connection, rows

_ANYBODY = "IS NOT ''"
_ENDED = "('confirmed', 'refunded', 'office_refused')"

def _ended(whose: str) -> str:
    """The settled visits of `whose` (a condition on citizen_id) in which nothing is open, unprinted or emptied yet."""
    return f"""
        SELECT id FROM visits WHERE state = 'settled' AND citizen_id {whose}
        AND NOT EXISTS (SELECT 1 FROM lines WHERE visit_id = visits.id AND state NOT IN {_ENDED})
        AND NOT EXISTS (SELECT 1 FROM print_jobs JOIN receipts ON receipts.shown = document_id
            WHERE receipts.visit_id = visits.id AND print_jobs.state NOT IN ('done', 'cancelled'))
        AND EXISTS (SELECT 1 FROM receipts WHERE visit_id = visits.id AND document <> '{{}}')"""


def export(counter: Counter, citizen_id: str) -> dict[str, Any]:
    """Everything that is kept of a citizen, for them to read; who asked for it is written down.

    Raises:
        CounterError: `no_such_citizen`.
    """
    connection = counter.store.connection()
    known = rows(connection, "SELECT name, mobile, nid, made_at_utc FROM citizens WHERE id = ?", (citizen_id,))
    if not known:
        raise CounterError("no_such_citizen")
    visits = rows(connection, "SELECT id, settled_at_utc FROM visits WHERE citizen_id = ? ORDER BY id", (citizen_id,))
    told = {"citizen": known[0], "visits": [_visit(connection, item["id"], item["settled_at_utc"]) for item in visits]}
    with counter.store.transaction() as writing:
        events.record(writing, "exported", counter.operator.id, counter.now(), citizen=citizen_id)
    return told


def forget(counter: Counter, citizen_id: str) -> int:
    """Delete what is kept of a citizen who asks for it; how many visits were emptied.

    Raises:
        CounterError: `supervisor_needed`; `still_open`: something of theirs has no end yet, or money is owed to them.
    """
    authority.require(counter, "personal")
    with counter.store.transaction() as connection:
        every = connection.execute("SELECT count(*) FROM visits WHERE citizen_id = ?", (citizen_id,)).fetchone()[0]
        emptied = connection.execute(
            """SELECT count(*) FROM visits WHERE citizen_id = ? AND id IN
               (SELECT visit_id FROM receipts WHERE document = '{}')""", (citizen_id,)
        ).fetchone()[0]
        ended = _ids(connection, _ended("= ?"), (citizen_id,))
        if len(ended) + emptied < every:
            raise CounterError("still_open")
        _empty(counter, connection, ended, "asked")
        _forget_person(connection, citizen_id, times.text(counter.now()))
    return len(ended)


def purge_old(counter: Counter) -> int:
    """Empty what ended longer ago than the centre keeps it; how many visits. Called once a day by the program."""
    days = centre.number(counter, "retention", "days")
    before = times.text(counter.now() - timedelta(days=days))
    with counter.store.transaction() as connection:
        sql = f"{_ended(_ANYBODY)} AND settled_at_utc < ? AND {_NOTHING_SINCE} LIMIT 200"
        ended = _ids(connection, sql, (before, before))
        _empty(counter, connection, ended, "retention")
        for (citizen_id,) in connection.execute(_NOBODYS, (before,)).fetchall():
            _forget_person(connection, citizen_id, times.text(counter.now()))
    return len(ended)


_NOTHING_SINCE = """NOT EXISTS (SELECT 1 FROM line_events JOIN lines ON lines.id = line_id
    WHERE lines.visit_id = visits.id AND at_utc >= ?)"""
_NOBODYS = """
SELECT id FROM citizens WHERE purged_at_utc = '' AND made_at_utc < ? AND NOT EXISTS (
    SELECT 1 FROM visits WHERE citizen_id = citizens.id AND (state <> 'settled'
        OR EXISTS (SELECT 1 FROM receipts WHERE visit_id = visits.id AND document <> '{}')))
"""


def _visit(connection: Connection, visit_id: str, settled_at: str | None) -> dict[str, Any]:
    lines = rows(
        connection, """SELECT title_bn, official_poisha, charge_poisha, state, reference, facts, consent_at_utc,
                       consent_by FROM lines WHERE visit_id = ? ORDER BY position""", (visit_id,),
    )
    papers = rows(connection, "SELECT shown, kind, issued_at_utc FROM receipts WHERE visit_id = ?", (visit_id,))
    return {
        "settled_at_utc": settled_at, "receipts": papers,
        "lines": [{**line, "facts": json.loads(line["facts"])} for line in lines],
    }


def _ids(connection: Connection, sql: str, values: tuple[object, ...]) -> list[str]:
    return [str(found) for (found,) in connection.execute(sql, values).fetchall()]


def _empty(counter: Counter, connection: Connection, visits: Sequence[str], why: str) -> None:
    """Take what is private out of these visits; the event that says so is what `verify` accepts an empty row by."""
    if not visits:
        return
    events.record(connection, "purged", counter.operator.id, counter.now(), visits=list(visits), why=why)
    for visit_id in visits:
        for sql in _EMPTYING:
            connection.execute(sql, {"visit": visit_id})


_LINES = "(SELECT id FROM lines WHERE visit_id = :visit)"
_OPERATIONS = f"(SELECT operation_key FROM line_operations WHERE line_id IN {_LINES})"
_EMPTYING = (
    "DELETE FROM print_jobs WHERE document_id IN (SELECT shown FROM receipts WHERE visit_id = :visit)",
    "UPDATE receipts SET document = '{}' WHERE visit_id = :visit AND document <> '{}'",
    f"UPDATE line_events SET facts = '{{}}', text_bn = '' WHERE line_id IN {_LINES}",
    "UPDATE tenders SET reference = '' WHERE visit_id = :visit",
    f"UPDATE operations SET payload = '{{}}' WHERE key IN {_OPERATIONS}",
    f"UPDATE attempts SET said = '' WHERE operation_key IN {_OPERATIONS}",
    f"""UPDATE operations SET payload = '{{}}' WHERE kind LIKE '%.document.fetch'
        AND json_extract(payload, '$.line_id') IN {_LINES}""",
    f"DELETE FROM documents WHERE line_id IN {_LINES}",
    "DELETE FROM drafts WHERE visit_id = :visit",
    "DELETE FROM attachments WHERE visit_id = :visit",
    "UPDATE lines SET facts = '{}', consent_by = '' WHERE visit_id = :visit",
    "UPDATE visits SET label = '' WHERE id = :visit",
)


def _forget_person(connection: Connection, citizen_id: str, at: str) -> None:
    connection.execute(
        "UPDATE citizens SET name = '', mobile = '', nid = '', purged_at_utc = ? WHERE id = ?", (at, citizen_id)
    )
