"""Closing the day: the drawer is counted by its notes, what is more or less is posted, and the figures are fixed.

A close takes in every transaction since the one before it, so that nothing falls between two days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from kiosk import times
from kiosk.counter import authority, day_papers, postings
from kiosk.counter import figures as figures_of
from kiosk.counter.context import Counter
from kiosk.counter.figures import Figures
from kiosk.counter.records import CounterError
from kiosk.ledger import events, journal, periods
from kiosk.store.engine import Connection, Row, insert, row
from printing import spool
from printing.document import Document

NOTES = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)  # taka notes and coins in use


@dataclass(frozen=True, slots=True)
class DayClose:
    number: int
    closed_at: datetime
    operator_id: str
    counted: Mapping[int, int]
    counted_poisha: int
    expected_poisha: int
    figures: Figures
    document: Document

    @property
    def over_poisha(self) -> int:
        return self.counted_poisha - self.expected_poisha


def figures(counter: Counter) -> Figures:
    """The day so far, since the last close."""
    connection = counter.store.connection()
    return _figures(connection, _first(connection), periods.last_transaction(connection), times.text(counter.now()))


def close(counter: Counter, counted: Mapping[int, int]) -> DayClose:
    """Close the day with the drawer's notes, `counted` as note in taka to how many, and print the report.

    Raises:
        CounterError: `not_in_the_field`, `bad_count`, `nothing_to_close`.
    """
    authority.require(counter, "close_day")
    if any(note not in NOTES or count < 0 for note, count in counted.items()):
        raise CounterError("bad_count")
    held = sum(note * count * 100 for note, count in counted.items())
    at = counter.now()
    with counter.store.transaction() as connection:
        first, last = _first(connection), periods.last_transaction(connection)
        if last < first:
            raise CounterError("nothing_to_close")
        told = _figures(connection, first, last, times.text(at))
        number = int(connection.execute("SELECT coalesce(max(number), 0) + 1 FROM day_closes").fetchone()[0])
        journal.post(
            connection, postings.counted(held - told.expected_poisha), cause="count", cause_id=str(number), at=at,
            operator_id=counter.operator.id,
        )
        document = day_papers.day_report(
            counter.device, counter.operator.name, number, at, told, {note: counted.get(note, 0) for note in NOTES}
        )
        insert(connection, "day_closes", {
            "number": number, "closed_at_utc": times.text(at), "operator_id": counter.operator.id,
            "first_transaction": first, "last_transaction": periods.last_transaction(connection),
            "counted": json.dumps({str(note): count for note, count in counted.items() if count}),
            "expected_poisha": told.expected_poisha, "counted_poisha": held,
            "figures": json.dumps(asdict(told), ensure_ascii=False), "document": document.to_json(),
        })
        events.record(connection, "day_closed", counter.operator.id, at, number=number)
        spool.add(connection, document, printer=counter.printing.printer, width_dots=counter.printing.width_dots)
    return get(counter, number)


def get(counter: Counter, number: int) -> DayClose:
    """A closed day.

    Raises:
        CounterError: `no_such_day`.
    """
    found = counter.store.row("SELECT * FROM day_closes WHERE number = ?", number)
    if found is None:
        raise CounterError("no_such_day")
    return _close_of(found)


def closes(counter: Counter, most: int = 60) -> list[DayClose]:
    """The latest closed days, newest first."""
    return [_close_of(item) for item in
            counter.store.rows("SELECT * FROM day_closes ORDER BY number DESC LIMIT ?", most)]


def _close_of(found: Row) -> DayClose:
    counted = {int(note): count for note, count in json.loads(found["counted"]).items()}
    return DayClose(
        found["number"], times.moment(found["closed_at_utc"]), found["operator_id"], counted, found["counted_poisha"],
        found["expected_poisha"], figures_of.of_json(found["figures"]), Document.from_json(found["document"]),
    )


def _first(connection: Connection) -> int:
    sql = "SELECT coalesce(max(last_transaction), 0) + 1 FROM day_closes"
    return int(connection.execute(sql).fetchone()[0])


def _figures(connection: Connection, first: int, last: int, until: str) -> Figures:
    since = row(connection, "SELECT closed_at_utc FROM day_closes ORDER BY number DESC LIMIT 1")
    return figures_of.span(connection, first, last, since["closed_at_utc"] if since else "", until)
