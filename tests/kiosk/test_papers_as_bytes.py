"""Every paper that a counter makes, as a printer gets it: both widths, both languages, dot for dot the preview."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.counter import at_printer, close_day, recovery, statement, waiting
from kiosk.counter.refund import pay_back
from kiosk.counter.reprint import reprint
from printing import escpos, raster, spool
from printing.document import Document
from printing.profiles import PROFILES
from tests.conftest import Room
from tests.kiosk import stories
from tests.kiosk.test_outcomes import WIRE
from tests.printing.escpos_reader import read

LONG_NAME = "মোছাম্মৎ জান্নাতুল ফেরদৌস বিনতে নমুনা আব্দুল্লাহ আল মামুন চৌধুরী " * 2


def every_paper(room: Room, lang: str) -> list[Document]:
    """A day in one language: a visit of every kind, its outcomes, a refund, a copy, the close, the lists."""
    counter = room.counter
    room.counter = replace(counter, device=replace(
        counter.device, centre_bn=LONG_NAME, address_bn="", look=replace(counter.device.look, lang=lang)
    ))
    opened = stories.begin(room)
    for take in (stories.take_application, stories.take_bill, stories.take_order, stories.take_due):
        take(room, opened)
    settled = stories.pay(room, opened, 100_000_00)
    room.sandbox.bill("breb", WIRE, 650_00, paid=True)
    room.sync()
    pay_back(room.counter, stories.line(room, opened, 1).id)
    reprint(room.counter, settled.receipt.number)
    close_day.close(room.counter, {1000: 1})
    recovery.print_code(room.counter, "ABCDE-FGHJK-MNPQR")
    queued = [job.document for job in spool.jobs(room.app.store.connection())]
    return [
        *queued, statement.month(room.counter, room.counter.today()), statement.price_list(room.counter),
        at_printer.test_page(room.counter, "নমুনা"),
    ]


@pytest.mark.parametrize("lang", ["bn", "en"])
def test_every_paper_of_a_day_is_its_preview_dot_for_dot(room: Room, lang: str) -> None:
    papers = every_paper(room, lang)
    assert len(papers) >= 9
    for profile in (PROFILES["clone58"], PROFILES["epson80"]):
        for paper in papers:
            printed, cut = read(b"".join(escpos.stream(paper, profile.width_dots, profile)), profile.width_dots)
            assert printed.tobytes() == raster.render(paper, profile.width_dots).tobytes(), paper.title
            assert cut == bool(profile.cut)


def test_a_receipt_on_58_mm_is_at_most_72_percent_of_its_raster(room: Room) -> None:
    papers = every_paper(room, "bn")
    numbers = {receipt.shown_number for receipt in waiting.recent_receipts(room.counter)}
    receipts = [paper for paper in papers if paper.id in numbers]
    assert len(receipts) >= 4
    for paper in receipts:
        body = b"".join(escpos.stream(paper, 384, PROFILES["clone58"]))
        assert len(body) <= 0.72 * 48 * raster.render(paper, 384).height, paper.title
