"""Brings a work store up to date with sqlite-utils migrations, each in its own transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from sqlite_utils.migrations import Migrations

from kiosk.store.engine import Connection, as_sqlite_utils
from kiosk.store.schema import SCRIPTS, VERSION


def migrate(connection: Connection) -> None:
    """Apply what `connection` lacks of the scripts, in order, and record the version reached."""
    migrations = Migrations("udc-kiosk")
    for name, script in SCRIPTS:
        migrations(name=name)(_applying(script))
    migrations.apply(as_sqlite_utils(connection))
    connection.execute(f"PRAGMA user_version={VERSION}")


def _applying(script: str) -> Callable[[Any], None]:
    def apply(database: Any) -> None:
        for statement in statements(script):
            database.conn.execute(statement)

    return apply


def statements(script: str) -> Iterator[str]:
    """The statements of `script`, one by one (a trigger's body holds semicolons of its own)."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if pending.strip() and sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise ValueError(f"the script ends inside a statement: {pending.strip()[:60]}")
