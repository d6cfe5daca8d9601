"""A token for the queue: the day's next number, printed."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk import times
from kiosk.counter import slips
from kiosk.counter.context import Counter
from kiosk.ledger import events
from printing import spool


def give(counter: Counter) -> int:
    """Queue a token with the next number of today; the number."""
    at = counter.now()
    with counter.store.transaction() as connection:
        sql = "SELECT count(*) + 1 FROM events WHERE kind = 'token' AND at_utc >= ?"
        number = int(connection.execute(sql, (times.text(_midnight(at)),)).fetchone()[0])
        events.record(connection, "token", counter.operator.id, at, number=number)
        spool.add(connection, slips.token(counter.device, number, at.astimezone(times.DHAKA)),
                  printer=counter.printing.printer, width_dots=counter.printing.width_dots)
    return number


def _midnight(at: datetime) -> datetime:
    here = at.astimezone(times.DHAKA)
    return here - timedelta(hours=here.hour, minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
