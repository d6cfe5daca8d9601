"""Checks of the rows against each other: money, lines, operations and papers tell the same story."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.ledger import accounts
from kiosk.store.engine import Connection
from kiosk.verify.finding import Finding, each, gaps


def _file_is_whole(connection: Connection) -> Iterator[Finding]:
    for (said,) in connection.execute("PRAGMA integrity_check").fetchall():
        if said != "ok":
            yield Finding("the file is whole", "file", said)
    for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield Finding("the file is whole", f"{table} {rowid}", f"points to a missing row of {parent}")


def _books_balance(connection: Connection) -> Iterator[Finding]:
    promise = "money balances"
    yield from each(connection, promise, """
        SELECT 'transaction ' || transaction_id, sum(amount_poisha) || ' poisha off' FROM postings
        GROUP BY transaction_id HAVING sum(amount_poisha) <> 0""")
    yield from each(connection, promise, """
        SELECT 'transaction ' || id, 'has no postings' FROM transactions
        WHERE id NOT IN (SELECT transaction_id FROM postings)""")
    yield from gaps(connection, promise, "transactions", "id")


def _causes_exist(connection: Connection) -> Iterator[Finding]:
    promise = "every posting is tied to its cause"
    known = {
        "visit": "SELECT id FROM visits WHERE state = 'settled'",
        "outcome": """SELECT key FROM operations WHERE state IN ('accepted', 'confirmed', 'rejected')
                      UNION SELECT 'give_back:' || id FROM lines WHERE state IN ('refund_due', 'refunded')""",
        "refund": "SELECT line_id FROM refunds WHERE paid_at_utc <> ''",
        "difference": "SELECT operation_key FROM line_operations",
        "float_opened": "SELECT account FROM floats",
        "moved": "SELECT CAST(id AS TEXT) FROM events WHERE kind IN ('topped_up', 'deposited', 'put_in', 'arrived')",
        "count": "SELECT CAST(number AS TEXT) FROM day_closes",
    }
    names = ", ".join(f"'{cause}'" for cause in known)
    yield from each(
        connection, promise, f"SELECT 'transaction ' || id, cause FROM transactions WHERE cause NOT IN ({names})"
    )
    for cause, sql in known.items():
        yield from each(connection, promise, f"""
            SELECT 'transaction ' || id, cause || ' ' || cause_id || ' is not there' FROM transactions
            WHERE cause = '{cause}' AND cause_id NOT IN ({sql})""")


def _payables_are_explained(connection: Connection) -> Iterator[Finding]:
    """What is owed on to a portal is what its unfinished lines hold, to the poisha: their official amounts without
    what went on already (the fee of an application whose papers are still under way)."""
    for portal, expected in connection.execute("""
            SELECT portal, sum(CASE WHEN state IN ('waiting', 'unknown', 'decide') THEN official_poisha - (
                SELECT coalesce(sum(tied.official_poisha), 0) FROM line_operations AS tied
                JOIN operations ON operations.key = tied.operation_key
                WHERE tied.line_id = lines.id AND operations.state IN ('accepted', 'confirmed')) ELSE 0 END)
            FROM lines WHERE state <> 'draft' GROUP BY portal""").fetchall():
        held = -_balance(connection, accounts.payable(portal))
        if held != expected:
            yield Finding("money balances", accounts.payable(portal), f"holds {held}, its lines say {expected}")


def _refunds_are_explained(connection: Connection) -> Iterator[Finding]:
    sql = "SELECT coalesce(sum(amount_poisha), 0) FROM refunds WHERE paid_at_utc = ''"
    expected = int(connection.execute(sql).fetchone()[0])
    held = -_balance(connection, accounts.REFUND_DUE)
    if held != expected:
        yield Finding("money balances", accounts.REFUND_DUE, f"holds {held}, the refunds say {expected}")
    yield from each(connection, "money balances", """
        SELECT 'line ' || lines.id, state || ' without a matching refund' FROM lines
        LEFT JOIN refunds ON refunds.line_id = lines.id
        WHERE (state = 'refund_due' AND coalesce(paid_at_utc, 'x') <> '')
        OR (state = 'refunded' AND official_poisha + charge_poisha > 0 AND coalesce(paid_at_utc, '') = '')
        OR (state NOT IN ('refund_due', 'refunded') AND refunds.line_id IS NOT NULL)""")


def _balance(connection: Connection, account: str) -> int:
    sql = "SELECT coalesce(sum(amount_poisha), 0) FROM postings WHERE account = ?"
    return int(connection.execute(sql, (account,)).fetchone()[0])


def _receipts_are_true(connection: Connection) -> Iterator[Finding]:
    promise = "the receipt tells the truth"
    yield from gaps(connection, promise, "receipts", "number")
    yield from each(connection, promise, """
        SELECT 'visit ' || id, 'settled without a provisional receipt' FROM visits WHERE state = 'settled'
        AND id NOT IN (SELECT visit_id FROM receipts WHERE kind = 'provisional')""")
    yield from each(connection, promise, """
        SELECT 'receipt ' || number, 'for a visit that is not settled' FROM receipts
        WHERE visit_id NOT IN (SELECT id FROM visits WHERE state = 'settled')""")
    yield from each(connection, promise, """
        SELECT 'visit ' || visits.id, 'its lines have ended and it has no final receipt' FROM visits
        WHERE state = 'settled' AND id NOT IN (SELECT visit_id FROM receipts WHERE kind = 'final')
        AND NOT EXISTS (SELECT 1 FROM lines
            WHERE visit_id = visits.id AND state IN ('waiting', 'unknown', 'decide'))""")
    yield from each(connection, promise, """
        SELECT 'receipt ' || number, 'was never given to a printer' FROM receipts
        WHERE document <> '{}'
        AND NOT EXISTS (SELECT 1 FROM print_jobs WHERE document_id = receipts.shown AND copy = 0)""")


def _operations_are_tied(connection: Connection) -> Iterator[Finding]:
    promise = "at most one effect, always a known end"
    yield from each(connection, promise, """
        SELECT 'line ' || lines.id, 'settled without an operation' FROM lines JOIN visits ON visits.id = visit_id
        WHERE visits.state = 'settled' AND lines.id NOT IN (SELECT line_id FROM line_operations)""")
    yield from each(connection, promise, """
        SELECT 'operation ' || operation_key, 'is not in the outbox' FROM line_operations
        WHERE operation_key NOT IN (SELECT key FROM operations)""")
    yield from each(connection, promise, """
        SELECT 'line ' || lines.id, 'is ' || lines.state || ' and an operation of it is ' || operations.state
        FROM lines JOIN line_operations AS tied ON tied.line_id = lines.id
        JOIN operations ON operations.key = tied.operation_key
        WHERE lines.state = 'draft' OR (lines.state IN ('accepted', 'confirmed')
            AND operations.state IN ('waiting', 'ready', 'sending', 'unknown'))""")
    yield from each(connection, promise, """
        SELECT 'line ' || lines.id, 'is ' || lines.state || ' and nothing of it is under way' FROM lines
        WHERE lines.state IN ('waiting', 'unknown') AND NOT EXISTS (
            SELECT 1 FROM line_operations AS tied JOIN operations ON operations.key = tied.operation_key
            WHERE tied.line_id = lines.id AND operations.state IN ('waiting', 'ready', 'sending', 'unknown'))""")


def _visits_are_paid(connection: Connection) -> Iterator[Finding]:
    """What came over the counter for a visit, less change, is what its lines were priced at when it was settled."""
    yield from each(connection, "money balances", """
        SELECT 'visit ' || visits.id, 'is not settled and money was taken for it' FROM visits
        WHERE state <> 'settled' AND (EXISTS (SELECT 1 FROM tenders WHERE visit_id = visits.id)
        OR EXISTS (SELECT 1 FROM transactions WHERE cause = 'visit' AND cause_id = visits.id))""")
    yield from each(connection, "money balances", """
        SELECT 'visit ' || visits.id, 'was settled and never posted' FROM visits WHERE state = 'settled'
        AND EXISTS (SELECT 1 FROM tenders WHERE visit_id = visits.id)
        AND NOT EXISTS (SELECT 1 FROM transactions WHERE cause = 'visit' AND cause_id = visits.id)""")


CHECKS: tuple[Callable[[Connection], Iterator[Finding]], ...] = (
    _file_is_whole, _books_balance, _causes_exist, _payables_are_explained, _refunds_are_explained,
    _receipts_are_true, _operations_are_tied, _visits_are_paid,
)

