"""What the counter itself wants of a person, in the same list as the lines that do."""

from __future__ import annotations

import json
from typing import Any

from kiosk import times
from kiosk.counter.context import Counter
from kiosk.counter.records import Notice
from kiosk.store.engine import Connection


def notices(counter: Counter) -> list[Notice]:
    """All of them, oldest first."""
    found = counter.store.rows("SELECT * FROM notices ORDER BY at_utc, subject")
    return [
        Notice(item["subject"], item["reason"], json.loads(item["facts"]), times.moment(item["at_utc"]))
        for item in found
    ]


def put(counter: Counter, connection: Connection, subject: str, reason: str, **facts: Any) -> None:
    """One more, or the same subject again with what is true now."""
    connection.execute(
        "INSERT OR REPLACE INTO notices (subject, reason, facts, at_utc) VALUES (?, ?, ?, ?)",
        (subject, reason, json.dumps(facts, ensure_ascii=False), times.text(counter.now())),
    )


def clear(connection: Connection, subject: str) -> None:
    """It is seen to."""
    connection.execute("DELETE FROM notices WHERE subject = ?", (subject,))
