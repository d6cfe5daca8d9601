"""What waits: for the line, for a person, for a citizen to fetch money or a paper. Reading only."""

from __future__ import annotations

from datetime import timedelta

from kiosk import times
from kiosk.counter import issue, timing
from kiosk.counter.context import Counter
from kiosk.counter.lines import line_of
from kiosk.counter.records import CounterError, IssuedDocument, Receipt, RefundDue, WaitingLine
from kiosk.store.engine import Row

_PAPERS_WAIT = timedelta(days=7)  # how long a paper that came stays in the list

_LINES = """
SELECT lines.*, visits.settled_at_utc, coalesce(citizens.name, '') AS citizen,
    (SELECT shown FROM receipts WHERE receipts.visit_id = lines.visit_id AND kind = 'provisional') AS shown,
    (SELECT count(*) FROM attempts JOIN line_operations AS tied USING (operation_key) WHERE tied.line_id = lines.id)
        AS attempts,
    (SELECT min(next_try_at_utc) FROM operations JOIN line_operations AS tied ON tied.operation_key = operations.key
        WHERE tied.line_id = lines.id AND operations.state IN ('ready', 'unknown')) AS next_try,
    CASE WHEN EXISTS (SELECT 1 FROM carried JOIN line_operations AS tied USING (operation_key)
        WHERE tied.line_id = lines.id) THEN 'carried'
    ELSE (SELECT attempts.reason FROM attempts JOIN line_operations AS tied USING (operation_key)
        WHERE tied.line_id = lines.id ORDER BY attempts.id DESC LIMIT 1) END AS last_reason,
    EXISTS (SELECT 1 FROM documents WHERE line_id = lines.id) AS has_document
FROM lines JOIN visits ON visits.id = lines.visit_id LEFT JOIN citizens ON citizens.id = visits.citizen_id
WHERE visits.state = 'settled'
"""

_RUNNING = """(lines.state IN ('waiting', 'unknown', 'accepted', 'decide', 'refund_due')
    OR (lines.state = 'office_refused' AND lines.reason = 'office_refused')
    OR lines.id IN (SELECT line_id FROM documents WHERE arrived_at_utc > ?))"""

_BY_NEED = """ORDER BY CASE
    WHEN lines.state IN ('decide', 'office_refused') OR lines.reason IN ('ask_there', 'portal_forgot', 'paper_missing')
    THEN 0
    WHEN lines.state = 'refund_due' THEN 1 WHEN lines.state = 'confirmed' THEN 2 WHEN lines.state = 'unknown' THEN 3
    WHEN lines.state = 'waiting' THEN 4 ELSE 5 END, visits.settled_at_utc, lines.position
"""

# As WaitingLine.wants says it; held together by a test.
_WANTING = """
SELECT (SELECT count(*) FROM notices) + (SELECT count(*) FROM lines WHERE state IN ('decide', 'refund_due')
    OR (state = 'unknown' AND reason IN ('ask_there', 'portal_forgot'))
    OR (state IN ('accepted', 'waiting') AND reason = 'paper_missing')
    OR (state = 'office_refused' AND reason = 'office_refused')) AS things
"""


def waiting(counter: Counter) -> list[WaitingLine]:
    """What wants a person first, then papers that came, then what waits for the line, then for an office."""
    found = counter.store.rows(f"{_LINES} AND {_RUNNING} {_BY_NEED}", _since(counter))
    return [_waiting(counter, item) for item in found]


def of_visit(counter: Counter, visit_id: str) -> list[WaitingLine]:
    """How each line of a settled visit stands, in the order in which they were taken."""
    found = counter.store.rows(f"{_LINES} AND visits.id = ? ORDER BY position", visit_id)
    return [_waiting(counter, item) for item in found]


def of_citizen(counter: Counter, citizen_id: str, most: int = 20) -> list[WaitingLine]:
    """What a citizen has running, then what has ended; the latest first."""
    sql = f"{_LINES} AND visits.citizen_id = ? ORDER BY {_RUNNING} DESC, visits.settled_at_utc DESC, position LIMIT ?"
    return [_waiting(counter, found) for found in counter.store.rows(sql, citizen_id, _since(counter), most)]


def tracked(counter: Counter, reference: str) -> list[WaitingLine]:
    """The lines that a portal knows under this number, in any case of letters."""
    sql = f"{_LINES} AND lines.reference <> '' AND lines.reference = ? COLLATE NOCASE"
    return [_waiting(counter, found) for found in counter.store.rows(sql, reference)]


def _since(counter: Counter) -> str:
    return times.text(counter.now() - _PAPERS_WAIT)


def _waiting(counter: Counter, found: Row) -> WaitingLine:
    next_try, line = found["next_try"], line_of(found)
    return WaitingLine(
        line, found["visit_id"], found["shown"], found["citizen"],
        times.moment(found["settled_at_utc"]), found["attempts"], times.moment(next_try) if next_try else None,
        found["reason"] or found["last_reason"] or "", bool(found["has_document"]), timing.of_line(counter, line),
    )


def waiting_count(counter: Counter) -> int:
    """How many lines wait for the line (for the banner)."""
    found = counter.store.row("SELECT count(*) AS lines FROM lines WHERE state IN ('waiting', 'unknown')")
    return int(found["lines"]) if found else 0


def wanting_count(counter: Counter) -> int:
    """How many things want a person (for the banner)."""
    found = counter.store.row(_WANTING)
    return int(found["things"]) if found else 0


def refunds_due(counter: Counter) -> list[RefundDue]:
    """Money owed to citizens, oldest first."""
    found = counter.store.rows(
        """SELECT refunds.*, lines.title_bn, lines.title_en, coalesce(citizens.name, '') AS citizen,
               (SELECT shown FROM receipts WHERE receipts.visit_id = lines.visit_id AND kind = 'provisional') AS shown
           FROM refunds JOIN lines ON lines.id = refunds.line_id JOIN visits ON visits.id = lines.visit_id
           LEFT JOIN citizens ON citizens.id = visits.citizen_id
           WHERE refunds.paid_at_utc = '' ORDER BY refunds.due_at_utc""",
    )
    return [
        RefundDue(item["line_id"], item["shown"], item["citizen"], item["title_bn"],
                  item["title_en"], item["amount_poisha"], item["reason"])
        for item in found
    ]


def documents(counter: Counter) -> list[IssuedDocument]:
    """What portals issued and has arrived, latest first."""
    found = counter.store.rows(
        """SELECT documents.line_id, file_name, arrived_at_utc, title_bn, title_en, coalesce(name, '') AS citizen
           FROM documents JOIN lines ON lines.id = documents.line_id JOIN visits ON visits.id = lines.visit_id
           LEFT JOIN citizens ON citizens.id = visits.citizen_id ORDER BY arrived_at_utc DESC LIMIT 100""",
    )
    return [
        IssuedDocument(item["line_id"], item["citizen"], item["title_bn"], item["title_en"], item["file_name"],
                       times.moment(item["arrived_at_utc"]))
        for item in found
    ]


def document_bytes(counter: Counter, line_id: str) -> bytes:
    """The issued document itself, a PDF.

    Raises:
        CounterError: `no_such_document`.
    """
    found = counter.store.row("SELECT body FROM documents WHERE line_id = ?", line_id)
    if found is None:
        raise CounterError("no_such_document")
    return bytes(found["body"])


def receipts(counter: Counter, visit_id: str) -> list[Receipt]:
    """Every paper of a visit, in order of number."""
    found = counter.store.rows("SELECT * FROM receipts WHERE visit_id = ? ORDER BY number", visit_id)
    return [issue.receipt_of(item) for item in found]


def recent_receipts(counter: Counter, most: int = 50) -> list[Receipt]:
    """The latest papers, newest first."""
    found = counter.store.rows("SELECT * FROM receipts ORDER BY number DESC LIMIT ?", most)
    return [issue.receipt_of(item) for item in found]


def receipt(counter: Counter, shown_number: str) -> Receipt:
    """The paper with the number that is printed on it; the device's code and leading zeros may be left out.

    Raises:
        CounterError: `no_such_receipt`.
    """
    code, _, digits = shown_number.upper().rpartition("-")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0
    found = counter.store.row("SELECT * FROM receipts WHERE number = ?", number)
    if found is None or (code and code != found["shown"].rpartition("-")[0]):
        raise CounterError("no_such_receipt")
    return issue.receipt_of(found)
