"""Every paper of the counter, in either language, from sample records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kiosk.catalogue.catalogue import Fee, Service
from kiosk.counter import copies, day_papers, papers, slips
from kiosk.counter.context import Device, Look
from kiosk.counter.day_papers import DayOfMonth
from kiosk.counter.figures import Figures, OperatorDay, PortalDay
from kiosk.counter.records import Citizen, Kind, Line, LineState, Tender, TenderKind, Visit
from kiosk.counter.slips import Parcel
from printing.document import Document
from tests.kiosk import certified

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LONG = "মোছাম্মৎ জান্নাতুল ফেরদৌস বিনতে আব্দুল্লাহ আল মামুন চৌধুরী (নমুনা)"
CITIZEN = Citizen("1", LONG, "01712345678", "1234567890")
_SHOWN = [["হিসাব নম্বর", "Account no.", "1234567890123"], ["বিলের মাস", "Month", "2026-10"]]
LINES = (
    Line("1", Kind.APPLICATION, "eksheba", "নাগরিকত্ব সনদ", "Nationality certificate", {"service_id": "nationality"},
         50_00, 20_00, LineState.WAITING, fee_version="nationality@2026", vat_poisha=2_61),
    Line("2", Kind.BILL, "ekpay", "পল্লী বিদ্যুৎ বিল", "Palli Bidyut (BREB) bill",
         {"biller_id": "breb", "shown": _SHOWN}, 650_50, 5_00, LineState.WAITING),
    Line("3", Kind.ORDER, "ekshop", "একশপ অর্ডার", "ekShop order", {"items": [
        {"name_bn": "ধান বীজ ব্রি ৮৯", "name_en": "BRRI 89 seed", "quantity": 2, "unit_price_poisha": 600_00},
        {"name_bn": "নকশি কাঁথা", "name_en": "Quilt", "quantity": 1, "unit_price_poisha": 3_500_00},
    ]}, 4_700_00, 80_00, LineState.WAITING),
    Line("4", Kind.DUE, "municipality", "হোল্ডিং ট্যাক্স", "Holding tax",
         {"shown": [["হোল্ডিং নং", "Holding", "০০৩"], ["অর্থবছর", "Fiscal year", "2025-2026"]]}, 275_00, 0,
         LineState.WAITING),
)
ENDED = (
    replace(LINES[0], state=LineState.ACCEPTED, reference="ES944006126"),
    replace(LINES[1], state=LineState.REFUND_DUE, reason="already_paid"),
    replace(LINES[2], state=LineState.ACCEPTED, facts={**LINES[2].facts, "orders": [
        {"seller": "নমুনা বিক্রেতা এক", "code": "20261124-00310129"},
        {"seller": "নমুনা বিক্রেতা দুই", "code": "20261124-00310130"}]}),
    replace(LINES[3], state=LineState.CONFIRMED, reference="HT612392165"),
)
TENDERS = (Tender(TenderKind.CASH, 5_000_00), Tender(TenderKind.MFS, 1_000_00, "8N7A6D5EE7"))
VISIT = Visit("1", "settled", AT, CITIZEN, LINES, TENDERS)
_FEES = (
    Fee("n@2026", 50_00, 20_00, date(2026, 1, 1), "", belief=False),
    Fee("n.urgent@2026", 1_50_000_00, 20_00, date(2026, 1, 1), "", belief=True, variant="urgent", label_bn="জরুরি",
        label_en="Urgent"),
)
_SERVICE = Service("birth-5y", "জন্ম নিবন্ধন (৪৬ দিন-৫ বছর)", "Birth registration, 46 days to 5 years", "ইউনিয়ন পরিষদ",
                   ("ইপিআই কার্ড", "পিতা-মাতার অনলাইন জন্ম নিবন্ধন ও এনআইডি", "হোল্ডিং ট্যাক্স রশিদ"), "১৫ কর্মদিবস", "",
                   one_time_code=False, a_challan=False, belief=False, portal="eksheba")


def device(lang: str = "bn", look: Look | None = None) -> Device:
    chosen = replace(look or Look(foot="ধন্যবাদ। প্রতিদিন সকাল ৯টা থেকে বিকাল ৫টা।"), lang=lang)
    return Device(
        certified.DEVICE, "নমুনা ইউনিয়ন ডিজিটাল সেন্টার", "Sample Union Digital Centre", "ইউনিয়ন পরিষদ ভবন, নমুনা উপজেলা",
        certified.KEY, certified.certified(), chosen,
    )


def receipts(here: Device) -> dict[str, Document]:
    """The papers that carry a code which proves them."""
    ended, dearer = replace(VISIT, lines=ENDED), replace(LINES[1], official_poisha=700_50)
    return {
        "provisional": papers.provisional(here, "নমুনা অপারেটর", VISIT, "TEST-000041", 219_50, AT),
        "final": papers.final(here, "নমুনা অপারেটর", ended, "TEST-000042", "TEST-000041", AT),
        "refund": papers.refund(here, "নমুনা অপারেটর", ENDED[1], CITIZEN, "TEST-000043", "TEST-000041", 655_50, AT),
        "collected": papers.difference(here, "নমুনা অপারেটর", dearer, CITIZEN, "TEST-000044", "TEST-000041", 50_00, AT),
        "returned": papers.difference(here, "নমুনা অপারেটর", dearer, None, "TEST-000045", "TEST-000041", -50_00, AT),
    }


def every(here: Device) -> dict[str, Document]:
    """All of them by name."""
    told = Figures(
        "2026-11-23T12:00:00Z", "2026-11-24T12:30:00Z", 12, 1_000_00, 12_345_50, -655_50, -5_000_00, 7_690_00,
        {"cash": 12_345_50, "mfs": 1_000_00}, (PortalDay("ekpay", 655_50, 650_50, 0),),
        (OperatorDay("নমুনা অপারেটর", 12, 12_345_50, 240_00),), 240_00, 31_30, 3, 975_00, 1, 655_50,
        {"float:ekpay": 50_000_00},
    )
    days = [DayOfMonth(date(2026, 11, day), day, day * 1_234_50, day * 20_00) for day in range(1, 25)]
    parcels = [Parcel("3", "20261124-00310129", "নমুনা বিক্রেতা এক", (("ধান বীজ ব্রি ৮৯", 2), ("নকশি কাঁথা", 1)))]
    found = receipts(here)
    found |= {
        "office copy": copies.for_office(copies.for_citizen(found["refund"], here.look.lang), here.look.lang),
        "token": slips.token(here, 7, AT),
        "check-list": slips.check_list(here, _SERVICE, _FEES, AT),
        "delivery": slips.delivery(here, "নমুনা অপারেটর", CITIZEN, "TEST-000041", parcels, AT),
        "day": day_papers.day_report(here, "নমুনা অপারেটর", 3, AT, told, {1000: 7, 500: 1, 100: 1, 50: 1, 20: 2}),
        "month": day_papers.month_statement(here, date(2026, 11, 1), AT, told, days),
        "prices": day_papers.price_list(here, date(2026, 11, 24), [(_SERVICE, _FEES)], [("পল্লী বিদ্যুৎ বিল", 5_00)]),
        "recovery": day_papers.recovery(here, "ABCDE-FGHJK-MNPQR-STVWX", AT),
    }
    return found
