"""What a check found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Finding:
    promise: str
    where: str
    difference: str


def each(connection: Connection, promise: str, sql: str) -> Iterator[Finding]:
    """A finding for each row of (where, difference)."""
    for where, difference in connection.execute(sql).fetchall():
        yield Finding(promise, str(where), str(difference))


def gaps(connection: Connection, promise: str, table: str, column: str) -> Iterator[Finding]:
    """A finding when the numbers of `table` do not run from 1 without a gap."""
    yield from each(connection, promise, f"""
        SELECT '{table} ' || max({column}), 'numbers are missing below it' FROM {table}
        HAVING count(*) > 0 AND (max({column}) <> count(*) OR min({column}) <> 1)""")
