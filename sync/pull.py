"""Feeds: what the portals have for us, page by page, each applied with its cursor in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.engine import Writing
from sync.http import Http, LineError
from sync.outbox import stamp

_PAGE = 200  # rows: a page must not hold the store from the counter


@dataclass(frozen=True, slots=True)
class Feed:
    """`path` answers {"items": [...], "cursor": "...", "more": bool}; `apply` joins the page's transaction."""

    name: str
    portal: str
    path: str
    apply: Callable[[sqlite3.Connection, Sequence[Mapping[str, Any]]], None]


def pull_page(
    connection: sqlite3.Connection, feed: Feed, line: Http, writing: Writing, clock: Callable[[], datetime]
) -> bool:
    """Take one page of `feed`; whether there is more.

    Raises:
        LineError: no usable page came; the cursor stays where it was.
    """
    found = connection.execute("SELECT cursor FROM cursors WHERE feed = ?", (feed.name,)).fetchone()
    cursor = found[0] if found else ""
    body = line.get(feed.path, {"cursor": cursor, "limit": str(_PAGE)}).body
    items, after = body.get("items"), body.get("cursor")
    if not isinstance(items, list) or not isinstance(after, str):
        raise LineError("bad_answer", sent=True)
    if not items and after == cursor:
        return False
    try:
        with writing(connection):
            feed.apply(connection, items)
            connection.execute(
                "INSERT OR REPLACE INTO cursors (feed, cursor, pulled_at_utc) VALUES (?, ?, ?)",
                (feed.name, after, stamp(clock())),
            )
    except (KeyError, TypeError, ValueError) as error:
        raise LineError("bad_answer", sent=True) from error
    return bool(body.get("more")) and after != cursor
