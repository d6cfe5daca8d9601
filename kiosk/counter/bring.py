"""What to bring for a service, on paper: for whoever asks at the counter and comes back with it."""

from __future__ import annotations

from kiosk.counter import centre, slips
from kiosk.counter.context import Counter
from printing import spool
from printing.document import Document


def check_list(counter: Counter, service_id: str) -> Document:
    """The service's papers, time and price as they are today."""
    service = counter.catalogue.service(service_id)
    return slips.check_list(counter.device, service, centre.fees(counter, service_id), counter.now())


def print_check_list(counter: Counter, service_id: str) -> Document:
    """Queue it."""
    document = check_list(counter, service_id)
    with counter.store.transaction() as connection:
        spool.add(connection, document, printer=counter.printing.printer, width_dots=counter.printing.width_dots)
    return document
