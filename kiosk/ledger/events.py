"""Who did what: a row for every action that leaves no line and no money behind it, sealed like these."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from kiosk import times
from kiosk.store.engine import Connection, insert


def record(connection: Connection, kind: str, operator_id: str, at: datetime, **facts: Any) -> None:
    """Write down that an operator did `kind` (unlocked, operator_added, day_closed, ...)."""
    insert(connection, "events", {
        "at_utc": times.text(at), "kind": kind, "operator_id": operator_id,
        "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str),
    })
