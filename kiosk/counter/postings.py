"""What each event does to the accounts: pure functions from records to postings that sum to zero."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.counter.records import Line, Tender, TenderKind, Visit
from kiosk.ledger import accounts
from kiosk.ledger.journal import Posting


def float_account(line: Line) -> str:
    """The prefunded account that the portal will take this line's official part from."""
    return accounts.float_of(str(line.facts.get("float", line.portal)))


def taken(tenders: Sequence[Tender], change_poisha: int) -> list[Posting]:
    """Money that came over the counter; the change goes back out of the drawer."""
    postings = [Posting(_place(tender.kind), tender.amount_poisha) for tender in tenders]
    return [*postings, Posting(accounts.CASH, -change_poisha)]


def for_visit(visit: Visit, tenders: Sequence[Tender], change_poisha: int) -> list[Posting]:
    """Official parts are owed on to the portals; charges are the operator's, but for the VAT in them."""
    owed = [Posting(accounts.payable(line.portal), -line.official_poisha) for line in visit.lines]
    charges = [posting for line in visit.lines for posting in _charge(line, -1)]
    return taken(tenders, change_poisha) + owed + charges


def _charge(line: Line, sign: int) -> list[Posting]:
    return [
        Posting(accounts.CHARGE, sign * (line.charge_poisha - line.vat_poisha)),
        Posting(accounts.VAT, sign * line.vat_poisha),
    ]


def passed_on(line: Line, official_poisha: int) -> list[Posting]:
    """The portal took the official part out of its float."""
    return [
        Posting(accounts.payable(line.portal), official_poisha),
        Posting(float_account(line), -official_poisha),
    ]


def refused(line: Line) -> list[Posting]:
    """The portal refused: what was taken, charge included, is owed back to the citizen."""
    return [
        Posting(accounts.payable(line.portal), line.official_poisha),
        *_charge(line, 1),
        Posting(accounts.REFUND_DUE, -line.total_poisha),
    ]


def paid_back(amount_poisha: int) -> list[Posting]:
    """Cash out of the drawer for a refund due."""
    return [Posting(accounts.REFUND_DUE, amount_poisha), Posting(accounts.CASH, -amount_poisha)]


def collected(line: Line, difference_poisha: int, tenders: Sequence[Tender], change_poisha: int) -> list[Posting]:
    """A dearer bill's difference came over the counter and is owed on to the portal."""
    return [*taken(tenders, change_poisha), Posting(accounts.payable(line.portal), -difference_poisha)]


def returned(line: Line, difference_poisha: int) -> list[Posting]:
    """A cheaper bill's difference goes back over the counter."""
    return [Posting(accounts.payable(line.portal), difference_poisha), Posting(accounts.CASH, -difference_poisha)]


def topped_up(float_account_name: str, amount_poisha: int) -> list[Posting]:
    """The centre's owner put money into a float, or the portal said what was there when the counter was new."""
    return [Posting(float_account_name, amount_poisha), Posting(accounts.OWNER, -amount_poisha)]


def moved(source: str, to: str, amount_poisha: int) -> list[Posting]:
    """Money went from one account to another."""
    return [Posting(to, amount_poisha), Posting(source, -amount_poisha)]


def counted(over_poisha: int) -> list[Posting]:
    """The drawer holds more (positive) or less than the books say."""
    return [Posting(accounts.CASH, over_poisha), Posting(accounts.OVER_SHORT, -over_poisha)]


def _place(kind: TenderKind) -> str:
    return accounts.CASH if kind is TenderKind.CASH else accounts.clearing(kind)
