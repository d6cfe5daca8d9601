"""What is pulled from the portals and what it changes here. Each page is applied inside one write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kiosk import times
from kiosk.counter import lines, operations, outcomes, postings
from kiosk.counter.context import Counter
from kiosk.counter.records import Line, LineState
from kiosk.ledger import accounts, journal
from kiosk.store.engine import Connection, row
from sync import outbox

_GRANTED, _CANCELLED, _DELIVERED = "approved", "cancel", "delivered"
_REASONS = {_CANCELLED: "office_refused", "paper_missing": outcomes.PAPER_MISSING}
_UNFINISHED = (LineState.WAITING, LineState.UNKNOWN, LineState.DECIDE, LineState.REFUND_DUE)  # a reason of our own
Item = Mapping[str, Any]


def statuses(counter: Counter, connection: Connection, items: Sequence[Item]) -> None:
    """The office's word on applications: the line's timeline, and the issued document is asked for when granted."""
    for item in items:
        line = _line_of(connection, item["application_key"])
        if line is None:
            continue
        lines.move(
            connection, line, _state(item["status"], line.state), at=times.moment(item["at"]),
            text_bn=": ".join(filter(None, (item["status_bn"], item.get("note_bn")))),
            reason=_REASONS.get(item["status"], line.reason if line.state in _UNFINISHED else ""),
            facts={"status": item["status"], "note": item.get("note_bn", "")},
        )
        if item.get("document_url"):
            outbox.add(connection, operations.fetch_document(
                line.portal, line.id, item["application_key"], item["document_url"], counter.now()))


def order_statuses(counter: Counter, connection: Connection, items: Sequence[Item]) -> None:
    """The parcel's way; an order is done when every seller's part of it is delivered."""
    for item in items:
        line = _line_of(connection, item["order_key"])
        if line is None:
            continue
        lines.move(
            connection, line, line.state, at=counter.now(), text_bn=item["status_bn"],
            facts={"status": item["status"], "reference": item["code"]},
        )
        if item["status"] == _DELIVERED and _all_delivered(connection, line.id, line.facts):
            lines.move(connection, line, LineState.CONFIRMED, at=counter.now())


def holdings(counter: Counter, connection: Connection, items: Sequence[Item]) -> None:
    """Holdings and what they owe, as the municipality knows them."""
    for item in items:
        connection.execute(
            "INSERT OR REPLACE INTO holdings (municipality_id, holding_no, body, seen_at_utc) VALUES (?, ?, ?, ?)",
            (item["municipality_id"], item["holding_no"], lines.compact(item), times.text(counter.now())),
        )


def float_seen(counter: Counter, connection: Connection, name: str, amount_poisha: int) -> None:
    """A portal's word on a float. The first one opens the account, also after bills that waited for the first line were
    paid out of it; later ones stand beside it for comparison."""
    account = accounts.float_of(name)
    at = counter.now()
    if not _is_open(connection, account):
        entries = postings.topped_up(account, amount_poisha - journal.balance(connection, account))
        journal.post(connection, entries, cause="float_opened", cause_id=account, at=at, operator_id="")
    connection.execute(
        "INSERT OR REPLACE INTO floats (account, amount_poisha, seen_at_utc) VALUES (?, ?, ?)",
        (account, amount_poisha, times.text(at)),
    )


def knows_float(connection: Connection, account: str) -> bool:
    """Whether a portal or the centre's owner ever said what is in it."""
    told = connection.execute("SELECT 1 FROM floats WHERE account = ?", (account,)).fetchone()
    return told is not None or _is_open(connection, account)


def _is_open(connection: Connection, account: str) -> bool:
    return any(journal.was_posted(connection, account, cause) for cause in ("float_opened", "moved"))


def billers_seen(counter: Counter, connection: Connection, portal: str, listed: Collection[str]) -> None:
    """Whose bills the portal says that it takes, in the place of what it said before."""
    connection.execute("DELETE FROM listed_billers WHERE portal = ?", (portal,))
    connection.executemany(
        "INSERT INTO listed_billers (portal, biller_id, seen_at_utc) VALUES (?, ?, ?)",
        [(portal, biller, times.text(counter.now())) for biller in sorted(listed)],
    )


def _line_of(connection: Connection, key: str) -> Line | None:
    tied = row(connection, "SELECT line_id FROM line_operations WHERE operation_key = ?", (key,))
    return lines.line(connection, tied["line_id"]) if tied else None


def _state(status: str, before: LineState) -> LineState:
    if before not in (LineState.ACCEPTED, LineState.CONFIRMED):
        return before  # its own payment is not through yet; the office's word must not hide that
    return LineState.OFFICE_REFUSED if status == _CANCELLED else before


def _all_delivered(connection: Connection, line_id: str, facts: Item) -> bool:
    sql = """SELECT count(DISTINCT json_extract(facts, '$.reference')) FROM line_events
             WHERE line_id = ? AND json_extract(facts, '$.status') = 'delivered'"""
    sellers = len({item["seller"] for item in facts["items"]})
    return int(connection.execute(sql, (line_id,)).fetchone()[0]) >= sellers
