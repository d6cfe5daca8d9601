"""A dishonest hand on the file: whatever it changes, removes, swaps or rolls back, `verify` names the row."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.counter import tail
from kiosk.ledger import chain, witness
from kiosk.ledger.chain import Head
from kiosk.store import engine
from kiosk.store.engine import Connection
from kiosk.verify import verify
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.kiosk.stories import begin, pay, settled_bill, take_bill

_TABLES = [kind.table for kind in chain.SEALED if kind.table not in ("centre_rows", "day_closes")]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, bytes]]:
    """A store with a few visits in it, and its key."""
    sandbox = Sandbox()
    sandbox.start()
    room = Room(tmp_path_factory.mktemp("lived") / "home", sandbox)
    room.sync()
    for amount in (650_00, 320_00):
        opened = begin(room)
        take_bill(room, opened, amount)
        pay(room, opened)
    room.sync()
    room.app.stop()
    sandbox.stop()
    yield room.home / "work.db", room.app.home.key


@pytest.fixture
def copy(lived: tuple[Path, bytes], tmp_path: Path) -> Iterator[Connection]:
    """A copy of it, in a dishonest hand: the triggers are gone."""
    connection = engine.connect(Path(shutil.copy(lived[0], tmp_path / "work.db")), key=lived[1])
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


@contextmanager
def tampering(connection: Connection) -> Iterator[None]:
    """What is changed in the block is undone after it."""
    connection.execute("BEGIN")
    connection.execute("PRAGMA defer_foreign_keys=ON")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def named(connection: Connection) -> list[str]:
    return [finding.where for finding in verify(connection)]


def test_an_untouched_journal_is_whole(copy: Connection) -> None:
    assert verify(copy) == []
    assert chain.head(copy).seq > 30


@pytest.mark.parametrize("column", ["at_utc", "source", "row_id", "digest", "private_digest", "head"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_to_any_entry_is_named(copy: Connection, column: str, data: st.DataObject) -> None:
    seq = data.draw(st.integers(1, chain.head(copy).seq))
    before = copy.execute(f"SELECT {column} FROM journal WHERE seq = ?", (seq,)).fetchone()[0]
    texts = st.text("0123456789abcdef-:TZ", max_size=64)
    changed = data.draw(st.integers(10_000, 2**40) if column == "row_id" else texts)
    if changed == before:
        return
    with tampering(copy):
        copy.execute(f"UPDATE journal SET {column} = ? WHERE seq = ?", (changed, seq))
        assert f"journal {seq}" in named(copy)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_removed_or_swapped_entry_is_named(copy: Connection, data: st.DataObject) -> None:
    last = chain.head(copy).seq
    one, other = data.draw(st.lists(st.integers(1, last), min_size=2, max_size=2, unique=True))
    with tampering(copy):
        if data.draw(st.booleans()):
            copy.execute("DELETE FROM journal WHERE seq = ?", (one,))
            first = one
        else:
            for frm, to in ((one, 10**9), (other, one), (10**9, other)):
                copy.execute("UPDATE journal SET seq = ? WHERE seq = ?", (to, frm))
            first = min(one, other)
        found = named(copy)
        if one == last and first == one:
            assert found, "the last entry's row is no longer sealed"
        else:
            assert f"journal {first}" in found


@pytest.mark.parametrize("table", _TABLES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_to_any_sealed_row_is_named(copy: Connection, table: str, data: st.DataObject) -> None:
    kind = next(kind for kind in chain.SEALED if kind.table == table)
    number = data.draw(st.sampled_from([n for (n,) in copy.execute(f"SELECT {kind.number} FROM {table}")]))
    column = data.draw(st.sampled_from([*kind.public, *(name for name, _empty in kind.private)]))
    before = copy.execute(f"SELECT {column} FROM {table} WHERE {kind.number} = ?", (number,)).fetchone()[0]
    changed: object = '{"a": 1}' if column in ("facts", "document") else "x"
    if isinstance(before, int):
        changed = before + 1
    copy.execute("PRAGMA ignore_check_constraints=ON")
    copy.execute("PRAGMA foreign_keys=OFF")
    with tampering(copy):
        copy.execute(f"UPDATE {table} SET {column} = ? WHERE {kind.number} = ?", (changed, number))
        assert f"{table} {number}" in named(copy)


@pytest.mark.parametrize("table", _TABLES)
def test_a_removed_row_and_one_that_was_slipped_in_are_named(copy: Connection, table: str) -> None:
    kind = next(kind for kind in chain.SEALED if kind.table == table)
    last = copy.execute(f"SELECT max({kind.number}) FROM {table}").fetchone()[0]
    names = ", ".join((*kind.public, *(name for name, _empty in kind.private)))
    copy.execute("PRAGMA foreign_keys=OFF")
    with tampering(copy):
        copy.execute("DROP INDEX one_receipt_of_a_kind")
        copy.execute(f"DELETE FROM {table} WHERE {kind.number} = ?", (last,))
        assert f"{table} {last}" in named(copy)
    if table == "transactions":
        return  # a cause is posted once, the file itself holds that
    with tampering(copy):
        copy.execute("DROP INDEX one_receipt_of_a_kind")
        copy.execute(f"INSERT INTO {table} ({kind.number}, {names}) SELECT {last + 1}, {names} FROM {table} LIMIT 1")
        assert f"{table} {last + 1}" in named(copy)


@pytest.mark.parametrize("forge", [
    "UPDATE receipts SET signature = '00' WHERE number = 1",
    "UPDATE receipts SET document = replace(document, '৬৫০', '৫৫০') WHERE number = 1",
])
def test_a_forged_receipt_is_named_even_when_the_chain_was_written_anew(copy: Connection, forge: str) -> None:
    with tampering(copy):
        copy.execute(forge)
        _write_chain_anew(copy)
        assert named(copy) == ["receipt 1"]


def _write_chain_anew(connection: Connection) -> None:
    """What a hand does that has the key and this program."""
    order = connection.execute("SELECT seq, at_utc, source, row_id FROM journal ORDER BY seq").fetchall()
    fresh = {
        (kind.table, row_id): (digest, private)
        for kind in chain.SEALED for row_id, digest, private in chain.digests(connection, kind)
    }
    head = chain.START
    for seq, at, source, row_id in order:
        entry = (seq, at, source, row_id, *fresh[(source, row_id)])
        head = chain.entry_hash(head, entry)
        connection.execute(
            "UPDATE journal SET digest = ?, private_digest = ?, head = ? WHERE seq = ?", (*entry[4:], head, seq)
        )


def test_a_chain_written_anew_does_not_reach_the_head_that_was_seen_outside(copy: Connection) -> None:
    seen = chain.head(copy)
    with tampering(copy):
        copy.execute("UPDATE events SET kind = 'x' WHERE id = 1")
        _write_chain_anew(copy)
        assert named(copy) == []
        assert [finding.where for finding in verify(copy, seen)] == [f"journal {seen.seq}"]


def test_a_rolled_back_store_is_told_by_the_witness(room: Room, tmp_path: Path) -> None:
    settled_bill(room)
    room.app.stop()
    old = Path(shutil.copy(room.home / "work.db", tmp_path / "old.db"))
    room.restart()
    settled_bill(room, 400_00)
    room.app.stop()
    shutil.copy(old, room.home / "work.db")
    room.restart()
    remembered = room.app.home.head_remembered()
    assert remembered is not None
    [finding] = verify(room.app.store.connection(), remembered)
    assert "rolled back" in finding.difference
    for _time in range(2):  # also when the witness tells of the older store by now
        assert tail.was_cut(room.counter)
        room.app.stop()
        room.restart()


def test_a_witness_of_another_machine_says_nothing(tmp_path: Path) -> None:
    witness.remember(tmp_path, b"a" * 32, Head(7, "f" * 64))
    assert witness.remembered(tmp_path, b"a" * 32) == Head(7, "f" * 64)
    assert witness.remembered(tmp_path, b"b" * 32) is None
    (tmp_path / witness.FILE).write_text("{")
    assert witness.remembered(tmp_path, b"a" * 32) is None


_DENIED: list[tuple[str, Callable[[str], str]]] = [
    ("UPDATE", lambda kind: f"UPDATE {kind} SET rowid = rowid + 1000"), ("DELETE", lambda kind: f"DELETE FROM {kind}"),
]


@pytest.mark.parametrize("table", [*_TABLES, "journal"])
@pytest.mark.parametrize(("_verb", "sql"), _DENIED)
def test_the_file_itself_refuses_to_change_what_is_sealed(
    lived: tuple[Path, bytes], tmp_path: Path, table: str, _verb: str, sql: Callable[[str], str]
) -> None:
    connection = engine.connect(Path(shutil.copy(lived[0], tmp_path / "work.db")), key=lived[1])
    with pytest.raises(engine.IntegrityError, match="append-only"):
        connection.execute(sql(table))
    connection.close()
