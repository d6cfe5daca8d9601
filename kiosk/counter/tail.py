"""When a portal, or this machine, saw more of this journal than there is: the store was rolled back, or came from a
backup.

What the portal did for this device and this store does not know is listed, so that a person can take it up again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.counter.context import Counter
from kiosk.ledger import chain, events
from kiosk.ledger.chain import Head
from kiosk.store.engine import row

_MISMATCH = "journal_behind"


@dataclass(frozen=True, slots=True)
class LostOperation:
    """Something that a portal did for this device, of a visit that is no longer in the store."""

    portal: str
    kind: str
    amount_poisha: int
    reference: str


def is_known(counter: Counter, seen: Head) -> bool:
    """Whether the journal reaches what was seen, or it was already written down that it does not."""
    connection = counter.store.connection()
    if not seen.seq or chain.head_at(connection, seen.seq) == seen.hash:
        return True
    sql = "SELECT 1 FROM events WHERE kind = ? AND json_extract(facts, '$.head') = ?"
    return row(connection, sql, (_MISMATCH, seen.hash)) is not None


def last_certain(counter: Counter) -> int:
    """How far the journal reached in the backup that this store came from; 0 when it came from none."""
    sql = "SELECT json_extract(facts, '$.seq') AS seq FROM events WHERE kind = 'restored' ORDER BY id DESC LIMIT 1"
    found = counter.store.row(sql)
    return int(found["seq"]) if found else 0


def missing(counter: Counter, portal: str, seen: Head, done: Sequence[Mapping[str, Any]]) -> None:
    """Write down that a portal (this machine, where `portal` is empty) saw more, and what it did, unknown here."""
    with counter.store.transaction() as connection:
        unknown = [
            {name: item[name] for name in ("kind", "amount_poisha", "reference")} for item in done
            if row(connection, "SELECT 1 FROM operations WHERE key = ?", (item["key"],)) is None
        ]
        events.record(
            connection, _MISMATCH, counter.operator.id, counter.now(), portal=portal, seq=seen.seq, head=seen.hash,
            lost=unknown,
        )


def compare(counter: Counter, remembered: Head | None) -> None:
    """The same for what this machine remembers outside the store: it is written anew soon, and would forget."""
    if remembered is not None and not is_known(counter, remembered):
        missing(counter, "", remembered, [])


def lost_operations(counter: Counter) -> list[LostOperation]:
    """Everything that portals did for this device and this store does not know."""
    found = counter.store.rows("SELECT facts FROM events WHERE kind = ? ORDER BY id", _MISMATCH)
    told = (json.loads(item["facts"]) for item in found)
    return [LostOperation(one["portal"], **lost) for one in told for lost in one["lost"]]


def was_cut(counter: Counter) -> bool:
    """Whether a portal or this machine saw more of the journal than there is, and no restore explains it."""
    return bool(counter.store.rows("SELECT 1 FROM events WHERE kind = ?", _MISMATCH)) and not last_certain(counter)
