"""What the operator did before the line went wrong, one function for each kind of work."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.counter import attach, pay_bill, pay_due, visit
from sync import outbox
from sync.sandbox.books import announce
from tests.faults.published import AT_NAGORIK
from tests.faults.site import Site
from tests.kiosk.stories import begin, pay, take_application, take_order

NEW_HOLDING = {"municipality_id": "sample", "holding_no": "913", "owner": "নমুনা নতুন মালিক", "ward": "1", "dues": []}
_NUMBERS = iter(range(1_000_000_000, 9_999_999_999))


def bill(site: Site) -> None:
    opened = visit.open_visit(site.counter)
    visit.set_citizen(site.counter, opened.id, "নমুনা নাগরিক", "01712345678")
    pay_bill.add(site.counter, opened.id, "b523", {"bill_no": str(next(_NUMBERS))}, 650_00)
    pay(site, opened)


def application(site: Site) -> None:
    opened = begin(site)
    take_application(site, opened)
    pay(site, opened)


def elsewhere(site: Site) -> None:
    """An application that goes to Nagorik Sheba."""
    opened = begin(site)
    take_application(site, opened, service=AT_NAGORIK, also={"/data/details/convicted": "no"})
    pay(site, opened)


def file(site: Site) -> None:
    """An application with a paper of three pieces."""
    opened = begin(site)
    paper = attach.keep(site.counter, opened.id, "nationality", "/data/paper", "nid.pdf", b"%PDF-1.4 " + bytes(20_000))
    take_application(site, opened, {"/data/paper": paper})
    pay(site, opened)


def order(site: Site) -> None:
    opened = begin(site)
    take_order(site, opened)
    pay(site, opened)


def due(site: Site, number: str = "০০১") -> None:
    """The oldest due of a holding."""
    opened = begin(site)
    holding = pay_due.holdings(site.counter, number)[0]
    paid = {row["facts"] for row in site.app.store.rows("SELECT facts FROM lines WHERE kind = 'due'")}
    owed = next(one for one in holding.dues if not any(one.id in facts for facts in paid))
    pay_due.add(site.counter, opened.id, holding.municipality_id, holding.number, owed.id)
    pay(site, opened)


def other_due(site: Site) -> None:
    due(site, "০০২")


def levied(site: Site) -> None:
    """A due is paid; meanwhile the municipality has a new holding."""
    due(site)
    site.sandbox.books.write(lambda within: announce(within, "holdings", NEW_HOLDING))


def dues(site: Site) -> None:
    opened = begin(site)
    holding = pay_due.holdings(site.counter, "০০১")[0]
    for one in holding.dues:
        pay_due.add(site.counter, opened.id, holding.municipality_id, holding.number, one.id)
    pay(site, opened)


def document(site: Site) -> None:
    """An application that was granted, and is not known here to be."""
    application(site)
    site.live()
    for key in _done(site, "eksheba.application.submit"):
        site.sandbox.advance_application(key, "approved")


def news(site: Site) -> None:
    """An application and an order that an office and a seller have worked on."""
    application(site)
    order(site)
    site.live()
    for key in _done(site, "eksheba.application.submit"):
        site.sandbox.advance_application(key, "secretary")
    for key in _done(site, "ekshop.order.place"):
        site.sandbox.advance_order(key, "delivered")


def packs(site: Site) -> None:
    """New packs are out: a product costs a taka more than before. Meanwhile a bill is paid."""
    site.publish()
    bill(site)


def _done(site: Site, kind: str) -> list[str]:
    return [kept.operation.key for kept in outbox.every(site.connection) if kept.operation.kind == kind]


def _thrice(work: Callable[[Site], None]) -> Callable[[Site], None]:
    def three(site: Site) -> None:
        for _time in range(3):
            work(site)

    return three


WORKS: dict[str, Callable[[Site], None]] = {
    "bill": bill, "bills": _thrice(bill), "application": application, "applications": _thrice(application),
    "elsewhere": elsewhere,
    "file": file, "order": order, "orders": _thrice(order), "due": due, "dues": dues, "levied": levied,
    "document": document, "news": news, "packs": packs,
}
