"""What an operator does about papers and printers: answers what came out, gives up, sends elsewhere, tries, opens."""

from __future__ import annotations

from kiosk import bangla, times
from kiosk.counter import authority
from kiosk.counter.context import Counter
from kiosk.counter.reprint import mark_of_copy
from kiosk.ledger import events
from kiosk.store.engine import Connection
from kiosk.words import words
from printing import spool
from printing.document import Align, Document, Heading, Row, Rule, Text
from printing.spool import CameOut, Job, Kind


def asked(counter: Counter) -> list[Job]:
    """The papers that somebody should look at, oldest first."""
    return spool.troubled(counter.store.connection())


def trouble(counter: Counter) -> tuple[int, str]:
    """How many papers ask or wait, and why the first that waits does (for the head of the window)."""
    return spool.trouble_count(counter.store.connection())


def asks_about(counter: Counter, document_id: str) -> Job | None:
    """The job of a paper's first print, when nobody knows whether it came out."""
    found = spool.job(counter.store.connection(), document_id)
    return found if found is not None and found.state == "uncertain" else None


def answer(counter: Counter, job_id: int, came_out: CameOut) -> None:
    """Write down what came out. Unless it is whole, a copy that says that it is one is queued."""
    with counter.store.transaction() as connection:
        job = spool.answer(connection, job_id, came_out, mark_of_copy)
        if job is not None:
            _write_down(counter, connection, "print_answered", job, came_out=str(came_out), reason=job.reason)


def give_up(counter: Counter, job_id: int) -> None:
    """Nobody needs this paper any more."""
    with counter.store.transaction() as connection:
        job = next((one for one in spool.troubled(connection) if one.id == job_id), None)
        if job is not None and spool.cancel(connection, job_id):
            _write_down(counter, connection, "print_given_up", job, reason=job.reason)


def send_here(counter: Counter, job_id: int) -> bool:
    """Print a paper that waits for another printer at the chosen one; False when it can't be any more."""
    with counter.store.transaction() as connection:
        return spool.move(
            connection, job_id, printer=counter.printing.printer, width_dots=counter.printing.width_dots
        )


def open_drawer(counter: Counter) -> None:
    """Kick the drawer without a sale; it is written down who did."""
    at = times.text(counter.now())
    with counter.store.transaction() as connection:
        events.record(connection, "drawer_opened", counter.operator.id, counter.now())
        spool.add_drawer(connection, f"{counter.device.code}-{at}", printer=counter.printing.printer)


def print_test_page(counter: Counter, title: str) -> None:
    """Queue a page that shows the chosen printer's width, edges and shades; `title` is what its profile is called.

    Raises:
        CounterError: `supervisor_needed`.
    """
    authority.require(counter, "printer")
    document = test_page(counter, title)
    with counter.store.transaction() as connection:
        spool.add(connection, document, printer=counter.printing.printer, width_dots=counter.printing.width_dots,
                  kind=Kind.TEST)


def test_page(counter: Counter, title: str) -> Document:
    """What stands under the ruler."""
    say, at = words("bn"), counter.now()
    return Document(f"{counter.device.code}-T{at:%Y%m%d%H%M%S}", say("paper.test_title"), (
        Heading(say("paper.test_title"), level=2),
        Text(say("paper.test_ruler"), bold=True),
        Text(say("paper.test_edges")),
        Text(say("paper.test_shades")),
        Rule(),
        Text(say("paper.test_letters"), small=True),
        Row(say("paper.test_digits"), bangla.taka(1_23_45_678_90), bold=True),
        Row(say("paper.date"), f"{bangla.date_bn(at)} {bangla.time_bn(at)}"),
        Rule(),
        Text(title),
        Text(counter.printing.printer),
        Text(say("paper.test_cut"), align=Align.CENTRE),
        Rule(dashed=True),
    ))


def _write_down(counter: Counter, connection: Connection, kind: str, job: Job, **facts: str) -> None:
    events.record(
        connection, kind, counter.operator.id, counter.now(), paper=job.name, printer=job.printer, **facts,
    )
