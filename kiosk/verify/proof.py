"""Checks of what proves itself: the hash chain over every sealed row, the signatures of the receipts, the witnesses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.ledger import chain, signature
from kiosk.ledger.chain import Head, Sealed
from kiosk.store.engine import Connection
from kiosk.verify.finding import Finding

_PROMISE = "the journal is whole"
UNREADABLE_WITNESS = Finding(_PROMISE, "witness.json", "is not as this machine wrote it, so nothing tells the end")


def _chain_holds(connection: Connection) -> Iterator[Finding]:
    """The first entry that was altered, removed or swapped. Those after it prove nothing and are not named."""
    before, expected = chain.START, 1
    sql = "SELECT seq, at_utc, source, row_id, digest, private_digest, head FROM journal ORDER BY seq"
    for *entry, head in connection.execute(sql):
        if entry[0] != expected:
            yield Finding(_PROMISE, f"journal {expected}", "was removed")
            return
        if chain.entry_hash(before, entry) != head:
            yield Finding(_PROMISE, f"journal {expected}", "was altered, or what stood before it")
            return
        before, expected = head, expected + 1


def _rows_are_as_sealed(connection: Connection) -> Iterator[Finding]:
    for kind in chain.SEALED:
        sql = "SELECT row_id, digest, private_digest FROM journal WHERE source = ?"
        sealed = {row_id: digests for row_id, *digests in connection.execute(sql, (kind.table,))}
        purged = _purged(connection, kind)
        for row_id, digest, private in chain.digests(connection, kind):
            said = _difference(sealed.pop(row_id, None), digest, private, row_id in purged)
            if said:
                yield Finding(_PROMISE, f"{kind.table} {row_id}", said)
        for row_id in sealed:
            yield Finding(_PROMISE, f"{kind.table} {row_id}", "was removed")


def _difference(sealed: list[str] | None, digest: str, private: str, purged: bool) -> str:
    if sealed is None:
        return "was never sealed"
    if sealed[0] != digest:
        return "was altered"
    if sealed[1] == private:
        return ""
    if private:
        return "was altered"
    return "" if purged else "was emptied without a purge"


_VISIT_OF = {
    "tenders": "SELECT id FROM tenders WHERE visit_id IN ({})",
    "receipts": "SELECT number FROM receipts WHERE visit_id IN ({})",
    "line_events": "SELECT line_events.id FROM line_events JOIN lines ON lines.id = line_id WHERE visit_id IN ({})",
}
_PURGES = "SELECT value FROM events, json_each(facts, '$.visits') WHERE kind = 'purged'"


def _purged(connection: Connection, kind: Sealed) -> frozenset[int]:
    """The rows whose private text a recorded purge has emptied."""
    sql = _VISIT_OF.get(kind.table)
    return frozenset(row_id for (row_id,) in connection.execute(sql.format(_PURGES))) if sql else frozenset()


def _receipts_are_signed(connection: Connection) -> Iterator[Finding]:
    found = connection.execute("SELECT signing_key FROM device").fetchone()
    if found is None:
        return
    key = Ed25519PrivateKey.from_private_bytes(found[0]).public_key()
    sql = "SELECT number, kind, visit_id, issued_at_utc, document, signature FROM receipts WHERE document <> '{}'"
    for number, kind, visit_id, at, document, signed in connection.execute(sql):
        if not signature.is_signed(key, signed, signature.statement(number, kind, visit_id, at, document)):
            yield Finding("the receipt tells the truth", f"receipt {number}", "is not what this device signed")


def _times_go_forward(connection: Connection) -> Iterator[Finding]:
    sql = """SELECT number, issued_at_utc, lag(issued_at_utc) OVER (ORDER BY number) AS before FROM receipts"""
    for number, at, before in connection.execute(sql):
        if before is not None and at < before:
            yield Finding("the receipt tells the truth", f"receipt {number}", f"is dated before {number - 1}")


def reaches(connection: Connection, witness: Head) -> Iterator[Finding]:
    """Whether the chain still holds the head that somebody outside the file has seen."""
    here = chain.head_at(connection, witness.seq)
    if here is None:
        last = chain.head(connection).seq
        yield Finding(_PROMISE, f"journal {last + 1}", f"was cut off or rolled back: {witness.seq} entries were seen")
    elif here != witness.hash:
        yield Finding(_PROMISE, f"journal {witness.seq}", "is not the one that was seen outside: rolled back")


def _closes_add_up(connection: Connection) -> Iterator[Finding]:
    """A closed day's expected cash is the drawer's balance before its own count; the closes follow on each other."""
    next_first = 1
    sql = "SELECT number, first_transaction, last_transaction, expected_poisha, counted_poisha, counted FROM day_closes"
    for number, first, last, expected, counted, notes in connection.execute(f"{sql} ORDER BY number").fetchall():
        if first != next_first or last < first - 1:
            yield Finding("money balances", f"day close {number}", f"begins at {first}, not at {next_first}")
        next_first = last + 1
        held = connection.execute(
            """SELECT coalesce(sum(amount_poisha), 0) FROM postings
               JOIN transactions ON transactions.id = transaction_id WHERE account = 'cash:drawer'
               AND transaction_id <= ? AND NOT (cause = 'count' AND cause_id = ?)""",
            (last, str(number)),
        ).fetchone()[0]
        if held != expected:
            yield Finding("money balances", f"day close {number}", f"expected {expected}, the drawer says {held}")
        told = sum(int(value) * count * 100 for value, count in json.loads(notes).items())
        if told != counted:
            yield Finding("money balances", f"day close {number}", f"counted {counted}, its notes say {told}")


CHECKS: tuple[Callable[[Connection], Iterator[Finding]], ...] = (
    _chain_holds, _rows_are_as_sealed, _receipts_are_signed, _times_go_forward, _closes_add_up,
)
