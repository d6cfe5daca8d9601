"""Which states operations go from and to: as docs/sync.md draws it, and as they really did."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_DRAWN = Path(__file__).parents[1] / "docs" / "sync.md"
_ARROW = re.compile(r"^ +(\w+) --> (\w+)\b", re.MULTILINE)
Move = tuple[str, str]


def drawn() -> set[Move]:
    """The arrows of the diagram."""
    return {(before, after) for before, after in _ARROW.findall(_DRAWN.read_text(encoding="utf-8"))}


def watch(connection: Any) -> None:
    """From now on this connection writes down every change of an operation's state."""
    connection.executescript("""
        CREATE TEMP TABLE IF NOT EXISTS moves (before TEXT, after TEXT, UNIQUE (before, after));
        CREATE TEMP TRIGGER IF NOT EXISTS moved AFTER UPDATE OF state ON main.operations WHEN old.state <> new.state
        BEGIN INSERT OR IGNORE INTO moves VALUES (old.state, new.state); END""")


def seen(connection: Any) -> set[Move]:
    """What a watched connection wrote down."""
    return {(before, after) for before, after in connection.execute("SELECT before, after FROM temp.moves")}
