"""The one place where a database is opened: sqlcipher3's SQLite, keyed or not, with the settings that keep promises.

sqlite-utils must use the same engine, or its error handling leaves savepoints open and later writes uncommitted; so the
engine is put in its place before its first import (`as_sqlite_utils`).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3
import sqlcipher3.dbapi2 as dbapi

if TYPE_CHECKING:
    import sqlite3

    import sqlite_utils

    Connection = sqlite3.Connection
    Cursor = sqlite3.Cursor
    DatabaseError = sqlite3.DatabaseError
    IntegrityError = sqlite3.IntegrityError
    OperationalError = sqlite3.OperationalError
else:
    Connection = dbapi.Connection
    Cursor = dbapi.Cursor
    DatabaseError = dbapi.DatabaseError
    IntegrityError = dbapi.IntegrityError
    OperationalError = dbapi.OperationalError

sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = dbapi

Row = dict[str, Any]


def connect(path: Path, *, key: bytes | None = None, read_only: bool = False) -> Connection:
    """Open `path` with `key` (32 raw bytes) or without one. Transactions are explicit (`writing`).

    A connection belongs to the thread that opened it. Rows come as tuples; `rows` and `row` give dictionaries.

    Raises:
        DatabaseError: the file is not a database, or not with this key.
    """
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection: Connection = dbapi.connect(uri, uri=True, isolation_level=None, timeout=5.0)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        if key is not None:
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        for setting in ("foreign_keys=ON", "busy_timeout=5000", "cache_size=-8000", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def writing(connection: Connection) -> Iterator[Connection]:
    """The only way to write: everything in the block commits together, synced to disk, or not at all."""
    if connection.in_transaction:
        raise RuntimeError("a write is already under way on this connection")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        _undo(connection)
        raise


def _undo(connection: Connection) -> None:
    if connection.in_transaction:  # a full disc may have rolled it back already
        connection.execute("ROLLBACK")


def rows(connection: Connection, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[Row]:
    """Every row that `sql` finds, as dictionaries."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]


def row(connection: Connection, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> Row | None:
    """The first row that `sql` finds, or None."""
    found = rows(connection, sql, values)
    return found[0] if found else None


def insert(connection: Connection, table: str, values: Row) -> None:
    """Put one row into `table`, columns by name."""
    columns = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def as_sqlite_utils(connection: Connection) -> sqlite_utils.Database:
    """The same connection for sqlite-utils (migrations); imported late, it costs a tenth of a second."""
    import sqlite_utils  # noqa: PLC0415

    return sqlite_utils.Database(connection, execute_plugins=False)


class PerThread:
    """One connection for each thread that asks, opened when first asked for."""

    def __init__(self, open_one: Callable[[], Connection]) -> None:
        self._open = open_one
        self._local = threading.local()

    def __call__(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def close(self) -> None:
        """Close the calling thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None
