"""The books for others to read: as CSV for a spreadsheet, and as a beancount file that `bean-check` judges."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from kiosk import times
from kiosk.ledger import journal
from kiosk.store.engine import Connection, Row, rows

_ROOTS = {
    "cash": "Assets:Cash", "clearing": "Assets:Clearing", "float": "Assets:Float", "bank": "Assets:Bank",
    "payable": "Liabilities:Payable", "refund_due": "Liabilities:RefundDue", "income": "Income",
    "owner": "Equity:Owner",
}
_POSTINGS = """
SELECT transactions.id, at_utc, cause, cause_id, coalesce(name, '') AS operator, account, amount_poisha FROM postings
JOIN transactions ON transactions.id = transaction_id LEFT JOIN operators ON operators.id = operator_id
WHERE at_utc >= ? AND at_utc < ? ORDER BY postings.id
"""


def as_csv(connection: Connection, since_utc: str = "", until_utc: str = "9999") -> str:
    """Every posting in a span of time: one line each, amounts in taka with two places, debits positive."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(["transaction", "at", "cause", "cause_id", "operator", "account", "taka"])
    for posting in rows(connection, _POSTINGS, (since_utc, until_utc)):
        at = times.moment(posting["at_utc"]).astimezone(times.DHAKA).isoformat(timespec="seconds")
        writer.writerow([
            posting["id"], at, posting["cause"], posting["cause_id"], _plain(posting["operator"]), posting["account"],
            _taka(posting["amount_poisha"]),
        ])
    return text.getvalue()


def as_beancount(connection: Connection) -> str:
    """The whole book. At its end every account's balance as this program knows it, for an independent judge."""
    found = rows(connection, _POSTINGS, ("", "9999"))
    if not found:
        return 'option "operating_currency" "BDT"\n'
    days = [_day(posting) for posting in found]
    return "\n".join([
        'option "operating_currency" "BDT"', "",
        *(f"{min(days)} open {beancount_name(account)} BDT" for account in sorted({item["account"] for item in found})),
        "", *_transactions(found), *_balances(connection, max(days) + timedelta(days=1)), "",
    ])


def _transactions(found: list[Row]) -> Iterator[str]:
    before = 0
    for posting in found:
        if posting["id"] != before:
            before = posting["id"]
            yield f'\n{_day(posting)} * "{posting["cause"]}" "{posting["cause_id"]}"'
            yield f'  number: {posting["id"]}'
        yield f"  {beancount_name(posting['account'])}  {_taka(posting['amount_poisha'])} BDT"


def _balances(connection: Connection, on: date) -> Iterator[str]:
    yield ""
    for account, held in journal.balances(connection).items():
        yield f"{on} balance {beancount_name(account)}  {_taka(held)} BDT"


def beancount_name(account: str) -> str:
    """`float:ekpay:prepaid` as `Assets:Float:Ekpay-Prepaid`: as a child, beancount would count it in its parent."""
    head, *rest = account.split(":")
    return f"{_ROOTS[head]}:{'-'.join(''.join(part.title() for part in name.split('_')) for name in rest)}"


def _day(posting: Row) -> date:
    return times.moment(posting["at_utc"]).astimezone(times.DHAKA).date()


def _taka(poisha: int) -> str:
    sign = "-" if poisha < 0 else ""
    return f"{sign}{abs(poisha) // 100}.{abs(poisha) % 100:02d}"


def _plain(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t") else name
