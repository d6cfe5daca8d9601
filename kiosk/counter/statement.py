"""Looking back: a month's statement with a bar for each day, and the price list as it holds today."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk import times
from kiosk.counter import centre, day_papers, figures, frame
from kiosk.counter.context import Counter
from kiosk.counter.day_papers import DayOfMonth
from kiosk.ledger import accounts, periods
from kiosk.store.engine import Connection
from printing.document import Document


def month(counter: Counter, of: date) -> Document:
    """The statement of the month that `of` lies in."""
    connection = counter.store.connection()
    begins, ends = of.replace(day=1), (of.replace(day=28) + timedelta(days=4)).replace(day=1)
    first, last = periods.between(connection, _midnight(begins), _midnight(ends))
    told = figures.span(connection, first, last, _midnight(begins), _midnight(ends))
    days = [_day(connection, begins + timedelta(days=place)) for place in range((ends - begins).days)]
    return day_papers.month_statement(
        counter.device, begins, counter.now(), told, [day for day in days if day.on <= counter.today()]
    )


def price_list(counter: Counter) -> Document:
    """What everything costs today, for the wall."""
    say = frame.speech(counter.device)
    services = [(service, centre.fees(counter, service.id)) for service in counter.catalogue.services()]
    charges = [(say.side(biller, "name"), biller.charge_poisha) for biller in counter.catalogue.billers()]
    return day_papers.price_list(counter.device, counter.today(), services, charges)


def _day(connection: Connection, on: date) -> DayOfMonth:
    first, last = periods.between(connection, _midnight(on), _midnight(on + timedelta(days=1)))
    moved = periods.moved(connection, first, last)
    visits = connection.execute(
        "SELECT count(*) FROM transactions WHERE cause = 'visit' AND id BETWEEN ? AND ?", (first, last)
    ).fetchone()[0]
    taken = sum(one.amount_poisha for one in moved if one.cause in figures.TAKEN and figures.is_tender(one.account))
    return DayOfMonth(on, int(visits), taken, -periods.total(moved, accounts.CHARGE))


def _midnight(on: date) -> str:
    """The beginning of a day in Dhaka, as the store writes it."""
    return times.text(datetime(on.year, on.month, on.day, tzinfo=times.DHAKA))
