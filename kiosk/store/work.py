"""The work store: one file that holds all that is anyone's work, money or person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.store import engine
from kiosk.store.engine import Connection
from kiosk.store.schema import VERSION


class NewerStore(Exception):
    """The file was written by a newer program; this one must not touch it."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"the store has schema {found}, this program knows {known}")
        self.found = found
        self.known = known


class Store:
    """The open work store. Every thread that uses it gets its own connection."""

    def __init__(
        self, path: Path, *, key: bytes | None = None,
        before_commit: Callable[[Connection], None] = lambda _connection: None,
    ) -> None:
        """Open `path`, making or migrating it as needed. `before_commit` ends every write (it seals the journal).

        Raises:
            NewerStore: the file's schema is newer than this program.
            DatabaseError: the file is not a database, or not with this key.
        """
        self.path = path
        self._before_commit = before_commit
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connections = engine.PerThread(lambda: engine.connect(path, key=key))
        self._migrate()

    def _migrate(self) -> None:
        found = int(self.connection().execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            self.close()
            raise NewerStore(found, VERSION)
        if found < VERSION:
            from kiosk.store.migrations import migrate  # noqa: PLC0415 (sqlite-utils is slow to import)

            migrate(self.connection())

    def connection(self) -> Connection:
        """This thread's connection, for reading."""
        return self._connections()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: everything in the block becomes durable together, or nothing does (promise 1)."""
        with self.writing(self.connection()) as connection:
            yield connection

    @contextmanager
    def writing(self, connection: Connection) -> Iterator[Connection]:
        """The same on a connection of this store that somebody was handed (the wings)."""
        with engine.writing(connection):
            yield connection
            self._before_commit(connection)

    def rows(self, sql: str, *values: object) -> list[engine.Row]:
        return engine.rows(self.connection(), sql, values)

    def row(self, sql: str, *values: object) -> engine.Row | None:
        return engine.row(self.connection(), sql, values)

    def close(self) -> None:
        """Close this thread's connection; other threads close their own."""
        self._connections.close()
