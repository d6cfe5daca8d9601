"""The journal: every row that may not change is sealed into a hash chain in the commit that writes it.

Each entry holds two digests of its row, of what must stay for ever and of what is private, so that a purge of private
text leaves the chain provable. `head` hashes the entry with the head before it: to change, remove or swap a row one
must write every later head anew, and the last one is known elsewhere (`kiosk/ledger/witness.py`, the portals).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk import times
from kiosk.store.engine import Connection

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table whose rows are sealed: its number, what stays, what a purge may empty (and to what)."""

    table: str
    number: str
    public: tuple[str, ...]
    private: tuple[tuple[str, str], ...] = ()


SEALED = (
    Sealed("transactions", "id", ("at_utc", "cause", "cause_id", "operator_id")),
    Sealed("postings", "id", ("transaction_id", "account", "amount_poisha")),
    Sealed("tenders", "id", ("visit_id", "kind", "amount_poisha"), (("reference", ""),)),
    Sealed("line_events", "id", ("line_id", "at_utc", "state", "reason", "operator_id"),
           (("facts", "{}"), ("text_bn", ""))),
    Sealed("receipts", "number", ("shown", "kind", "visit_id", "line_id", "issued_at_utc", "operator_id", "signature"),
           (("document", "{}"),)),
    Sealed("events", "id", ("at_utc", "kind", "operator_id", "facts")),
    Sealed("centre_rows", "id", ("subject", "since_on", "body", "operator_id", "at_utc")),
    Sealed("day_closes", "number", ("closed_at_utc", "operator_id", "first_transaction", "last_transaction", "counted",
                                    "expected_poisha", "counted_poisha", "figures", "document")),
)
_COLUMNS = "seq, at_utc, source, row_id, digest, private_digest, head"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: how many entries, and the hash of them all."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def head(connection: Connection) -> Head:
    found = connection.execute("SELECT seq, head FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(*found) if found else Head(0, START)


def head_at(connection: Connection, seq: int) -> str | None:
    """The head as it was after entry `seq`; None when the chain does not reach so far."""
    if seq == 0:
        return START
    found = connection.execute("SELECT head FROM journal WHERE seq = ?", (seq,)).fetchone()
    return str(found[0]) if found else None


def seal(connection: Connection, clock: times.Clock) -> None:
    """Chain every row that is not in the journal yet; called inside each write, before it commits."""
    last, at, entries = head(connection), "", []
    for kind in SEALED:
        for row_id, digest, private in _unsealed(connection, kind):
            at = at or times.text(clock())
            last = Head(last.seq + 1, entry_hash(last.hash, (last.seq + 1, at, kind.table, row_id, digest, private)))
            entries.append((last.seq, at, kind.table, row_id, digest, private, last.hash))
    connection.executemany(f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", entries)


def _unsealed(connection: Connection, kind: Sealed) -> Iterator[tuple[int, str, str]]:
    sql = f"""{_select(kind)} WHERE {kind.number} >
              (SELECT coalesce(max(row_id), 0) FROM journal WHERE source = ?) ORDER BY {kind.number}"""
    return _digested(kind, connection.execute(sql, (kind.table,)).fetchall())


def digests(connection: Connection, kind: Sealed) -> Iterator[tuple[int, str, str]]:
    """Every row of a sealed table as (number, digest, private digest), computed now."""
    return _digested(kind, connection.execute(f"{_select(kind)} ORDER BY {kind.number}"))


def _select(kind: Sealed) -> str:
    names = ", ".join((kind.number, *kind.public, *(name for name, _empty in kind.private)))
    return f"SELECT {names} FROM {kind.table}"


def _digested(kind: Sealed, found: Any) -> Iterator[tuple[int, str, str]]:
    """A row's digests; the private one is empty for what holds nothing private (any more)."""
    stays = 1 + len(kind.public)
    emptied = [empty for _name, empty in kind.private]
    for values in found:
        kept, private = values[:stays], list(values[stays:])
        yield values[0], _digest(kept), "" if private == emptied else _digest(private)


def _digest(values: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def entry_hash(before: str, entry: Sequence[Any]) -> str:
    """The head after `entry` (seq, at_utc, source, row_id, digest, private_digest)."""
    return _digest((before, *entry))
