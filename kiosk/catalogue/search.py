"""Finding by a few letters, in Bangla, English or romanised: SQLite's FTS5 with a tokeniser that keeps Bangla whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kiosk import bangla
from kiosk.store.engine import Connection

# What the tokeniser below counts as part of a word; enclosing marks (Me) are not: they would make one word two.
_SORTS = dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Mc", "Mn"), "word") | dict.fromkeys(("Nd", "Nl", "No"), "number")
_POOL = 200  # hits taken by popularity, then put in order by how they begin
TABLES = (
    """CREATE TABLE entries (rank INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, title_bn TEXT NOT NULL,
       title_en TEXT NOT NULL, note_bn TEXT NOT NULL, note_en TEXT NOT NULL) STRICT""",
    """CREATE VIRTUAL TABLE found USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4',
       tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mc Mn'")""",
)


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str  # service | biller | product
    ref: str
    title_bn: str
    title_en: str
    note_bn: str
    note_en: str


def words_of(text: str) -> list[str]:
    """The words that index and query share: normalised, letters with their signs, numbers apart (৫০০গ্রাম is two)."""
    runs = groupby(bangla.normalise(text), lambda letter: _SORTS.get(unicodedata.category(letter), ""))
    return ["".join(letters) for sort, letters in runs if sort]


def search(connection: Connection, text: str, limit: int) -> list[Hit]:
    """What begins like `text`, word by word; with nothing typed, what is asked for most. Never raises for any text."""
    words = words_of(text)[:8]
    if not words:
        found = connection.execute(f"{_SELECT} ORDER BY rank LIMIT ?", (limit,)).fetchall()
        return [Hit(*row) for row in found]
    hits = _match(connection, words) or _match(connection, [max(words, key=len)]) or _match(connection, words[-1:])
    wanted = " ".join(words)
    return sorted(hits, key=lambda hit: (not _begins(hit, wanted), not _names(hit, words)))[:limit]


_SELECT = "SELECT kind, ref, title_bn, title_en, note_bn, note_en FROM entries"


def _match(connection: Connection, words: Sequence[str]) -> list[Hit]:
    query = " AND ".join(f'"{word}"*' for word in words)
    ranks = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid LIMIT ?"
    sql = f"{_SELECT} WHERE rank IN ({ranks}) ORDER BY rank"
    return [Hit(*row) for row in connection.execute(sql, (query, _POOL)).fetchall()]


def _begins(hit: Hit, wanted: str) -> bool:
    return any(" ".join(words_of(title)).startswith(wanted) for title in (hit.title_bn, hit.title_en))


def _names(hit: Hit, words: Sequence[str]) -> bool:
    """Whether a title has the whole words: "সার" is fertiliser before it is the beginning of "সার্টিফাইড"."""
    return any(set(words) <= set(words_of(title)) for title in (hit.title_bn, hit.title_en))
