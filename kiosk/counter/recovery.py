"""The recovery code on paper: what opens the store when every PIN is forgotten or the machine is gone."""

from __future__ import annotations

from kiosk.counter import authority, day_papers
from kiosk.counter.context import Counter
from kiosk.ledger import events
from printing import spool


def print_code(counter: Counter, code: str) -> None:
    """Queue the paper with the code.

    Raises:
        CounterError: `supervisor_needed`.
    """
    authority.require(counter, "operators")
    document = day_papers.recovery(counter.device, code, counter.now())
    with counter.store.transaction() as connection:
        events.record(connection, "recovery_printed", counter.operator.id, counter.now())
        spool.add(connection, document, printer=counter.printing.printer, width_dots=counter.printing.width_dots)
