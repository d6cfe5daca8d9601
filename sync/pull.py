"""Feeds: what the portals have for us, page by page, each applied with its cursor in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.http import Http
from sync.line import LineError
from sync.outbox import stamp
from sync.record import Writing

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
    """Take one page of `feed`; whether there is more. What has not changed since costs two heads and no body.

    Raises:
        LineError: no usable page came; the cursor stays where it was.
    """
    cursor, etag = _where(connection, feed)
    answer = line.get(feed.path, {"cursor": cursor, "limit": str(_PAGE)}, etag)
    if answer.status == 304:
        return False
    items, after = answer.body.get("items"), answer.body.get("cursor")
    if not isinstance(items, list) or not isinstance(after, str):
        raise LineError("bad_answer", sent=True)
    if not items and after == cursor and answer.etag == etag:
        return False
    try:
        with writing(connection):
            if items:
                feed.apply(connection, items)
            connection.execute(
                "INSERT OR REPLACE INTO cursors (feed, cursor, etag, pulled_at_utc) VALUES (?, ?, ?, ?)",
                (feed.name, after, answer.etag if after == cursor else "", stamp(clock())),
            )
    except (KeyError, TypeError, ValueError) as error:
        raise LineError("bad_answer", sent=True) from error
    return bool(answer.body.get("more")) and after != cursor


def _where(connection: sqlite3.Connection, feed: Feed) -> tuple[str, str]:
    """The cursor, and the tag of the answer that had nothing after it."""
    found = connection.execute("SELECT cursor, etag FROM cursors WHERE feed = ?", (feed.name,)).fetchone()
    return (str(found[0]), str(found[1])) if found else ("", "")
