"""A thousand operations as a counter takes them: 700 bills, 200 applications with their fees, 100 orders."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.app import App
from kiosk.counter import apply, order, pay_bill, visit
from kiosk.counter.context import Counter
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.people import Cost
from kiosk.sync_once import sync_once
from sync.sandbox import Sandbox
from tests.conftest import PIN, TestClock

BILLS, APPLICATIONS, ORDERS = 700, 200, 100
_VISITS_A_DAY = 40
_NAMES = ("রহিম", "করিম", "আয়েশা", "ফাতেমা", "জসিম", "রোকেয়া", "হাসান", "সালমা", "কামাল", "নাসরিন")
_AFTER = ("উদ্দিন", "বেগম", "মিয়া", "খাতুন", "হোসেন", "আক্তার")


def a_home_with_work(folder: Path) -> Path:
    """A home where all of it waits for a line. Names and numbers are made up, and all different."""
    sandbox = Sandbox()
    sandbox.start()
    for name in ("ekpay", "ekpay:prepaid", "eksheba", "ekshop"):
        sandbox.set_float(name, 2_000_000_000)
    clock, rng = TestClock(), random.Random(1)
    clock.now = datetime.now(UTC) - timedelta(days=40)
    app = App(folder / "home", portals=sandbox.portals(), clock=clock)
    counter = app.counter(app.create_first("নমুনা অপারেটর", PIN, Cost(1024, 1, 1)))
    sync_once(app, 1)
    sandbox.stop()
    app.store.connection().execute("PRAGMA synchronous=OFF")  # making it is not what is measured
    works = [_bill] * BILLS + [_application] * APPLICATIONS + [_order] * ORDERS
    rng.shuffle(works)
    for place, work in enumerate(works):
        if place % _VISITS_A_DAY == 0:
            clock.forward(days=1)
        opened = visit.open_visit(counter).id
        name = f"নমুনা {rng.choice(_NAMES)} {rng.choice(_AFTER)}"
        visit.set_citizen(counter, opened, name, f"017{rng.randrange(10**8):08d}")
        work(counter, opened, name, rng)
        settle(counter, opened, [Tender(TenderKind.CASH, visit.get(counter, opened).total_poisha)])
    app.stop()
    return folder / "home"


def _bill(counter: Counter, opened: str, _name: str, rng: random.Random) -> None:
    account, mobile = f"{rng.randrange(10**13):013d}", f"017{rng.randrange(10**8):08d}"
    answers = {"account_no": account, "bill_period": "2026-10", "mobile": mobile}
    pay_bill.add(counter, opened, "breb", answers, rng.randrange(100_00, 2_500_00))


def _application(counter: Counter, opened: str, name: str, rng: random.Random) -> None:
    form = apply.form(counter, "nationality")
    assert form is not None
    filling = form.fill(today=counter.today(), now=counter.now())
    answers = {
        "/data/applicant/name": name, "/data/applicant/father": f"নমুনা {rng.choice(_NAMES)}",
        "/data/applicant/mother": f"নমুনা {rng.choice(_NAMES)}", "/data/applicant/identity": "nid",
        "/data/address/village": f"নমুনা গ্রাম {rng.randrange(60)}", "/data/address/ward": str(rng.randrange(1, 10)),
    }
    for ref, value in answers.items():
        filling.answer(ref, value)
    filling.answer("/data/applicant/nid", f"{rng.randrange(10**9, 10**10)}")
    submission = filling.submission(f"uuid:{rng.randrange(2**64):016x}")
    apply.add(counter, opened, "nationality", filling.values(), submission, consent=True)


def _order(counter: Counter, opened: str, _name: str, rng: random.Random) -> None:
    for product in rng.sample(range(1, 200), rng.choice((1, 1, 2, 3))):
        order.add(counter, opened, f"p{product:04d}", 1)
