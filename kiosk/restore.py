"""Bringing a counter back from a backup: the copy proves itself before anything is replaced.

What was sent after the copy was made may have had its effect: every open operation is asked about by its key before
anything is sent, and the portals are asked for what this device did after the copy's journal ended.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk import times
from kiosk.home import STORE, Home
from kiosk.ledger import chain, events, witness
from kiosk.people import Cost
from kiosk.people.envelopes import FILE as KEYS
from kiosk.people.envelopes import LEAST, Envelopes, WeakPin, WrongPin
from kiosk.store import backup, engine
from kiosk.store.backup import Backup, BadBackup
from kiosk.store.engine import DatabaseError
from kiosk.store.work import Store
from kiosk.verify import verify
from sync import outbox

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: from when, how many operations are to be asked about, and the code that receipts carry now."""

    made_at: datetime
    asked_about: int
    code: str


def restore(
    folder: Path, home: Path, pin: str, *, recovery_code: str = "", operator: str = "",
    clock: times.Clock = times.now, cost: Cost | None = None,
) -> Restored:
    """Put the backup in `folder` in place of the store in `home`, which is set aside beside it.

    On the machine that made it `pin` is an operator's; elsewhere the recovery code opens it and `pin` becomes the new
    PIN of `operator` (a name; the first supervisor's when empty).

    Raises:
        BadBackup: it is not whole, was altered, or does not prove itself; nothing was replaced.
        WrongPin, WeakPin, WrongMachine: it stays shut; nothing was replaced.
    """
    copy = backup.read(folder)
    if recovery_code and (len(pin) < LEAST or len(set(pin)) < 2):
        raise WeakPin(LEAST)
    home.mkdir(parents=True, exist_ok=True)
    draft = home / "restoring"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(folder, draft)
    try:
        key = _key(draft, home, pin, recovery_code, operator)
        _prove(draft / STORE, key)
        restored = _make_ready(draft / STORE, key, copy, clock)
        _put_in_place(draft, home, clock)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    if recovery_code:
        _new_pins(home, key, operator, pin, clock, cost or Cost())
    else:
        _witness_anew(home, key)
    return restored


def _key(draft: Path, home: Path, pin: str, recovery_code: str, operator: str) -> bytes:
    if recovery_code:
        return Envelopes.of_backup(draft).recover(recovery_code)
    if (home / "device.secret").exists():
        shutil.copyfile(home / "device.secret", draft / "device.secret")
    envelopes = Envelopes(draft)
    (draft / "device.secret").unlink(missing_ok=True)
    for operator_id, name in envelopes.names().items():
        if operator in ("", name):
            return envelopes.open(operator_id, pin)
    raise WrongPin(0)


def _prove(store: Path, key: bytes) -> None:
    try:
        connection = engine.connect(store, key=key, read_only=True)
    except DatabaseError as error:
        raise BadBackup("backup_altered", str(error)) from error
    try:
        findings = verify(connection)
    finally:
        connection.close()
    if findings:
        raise BadBackup("backup_not_proved", f"{findings[0].where}: {findings[0].difference}")


def _make_ready(path: Path, key: bytes, copy: Backup, clock: times.Clock) -> Restored:
    """Open operations are asked about first; receipts carry another letter, so that no number is given twice."""
    store = Store(path, key=key, before_commit=lambda connection: chain.seal(connection, clock))
    try:
        with store.transaction() as connection:
            asked = outbox.ask_first(connection, clock())
            code = next_code(str(connection.execute("SELECT code FROM device").fetchone()[0]))
            connection.execute("UPDATE device SET code = ?", (code,))
            events.record(connection, "restored", "", clock(), seq=copy.seq, head=copy.head, made_at=copy.made_at)
    finally:
        store.close()
    return Restored(copy.made_at, asked, code)


def next_code(code: str) -> str:
    """The device's code after a restore: `ABCD` becomes `ABCD.A`, that `ABCD.B`."""
    base, _, series = code.partition(".")
    place = _LETTERS.index(series) + 1 if series else 0
    return f"{base}.{_LETTERS[place % len(_LETTERS)]}"


def _put_in_place(draft: Path, home: Path, clock: times.Clock) -> None:
    aside = home / f"before-restore-{clock().strftime('%Y%m%dT%H%M%S')}"
    old = [home / name for name in (STORE, f"{STORE}-wal", f"{STORE}-shm", KEYS) if (home / name).exists()]
    if old:
        aside.mkdir(exist_ok=True)
    for file in old:
        file.replace(aside / file.name)
    for name in (STORE, KEYS):
        (draft / name).replace(home / name)


def _witness_anew(home: Path, key: bytes) -> None:
    """The store ends earlier than this machine remembers, and that is meant so."""
    secret = Envelopes(home).secret
    if secret is not None:
        connection = engine.connect(home / STORE, key=key, read_only=True)
        try:
            witness.remember(home, secret.key, chain.head(connection))
        finally:
            connection.close()


def _new_pins(home: Path, key: bytes, operator: str, pin: str, clock: times.Clock, cost: Cost) -> None:
    """This may be another machine: its own secret, and one operator's PIN to begin with."""
    opened = Home.moved_here(home, key, clock)
    try:
        opened.first_pin(operator, pin, cost)
    finally:
        opened.close()

