"""The data folder of one counter: shut until somebody's PIN and this machine's secret open its store together."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from uuid6 import uuid7

from kiosk import times
from kiosk.counter.context import Device
from kiosk.ledger import chain, events, witness
from kiosk.people import operators
from kiosk.people.envelopes import BadKeys, Cost, Envelopes, WrongPin
from kiosk.people.operators import Operator
from kiosk.store import engine
from kiosk.store.clock import ClockState, SteadyClock
from kiosk.store.credentials import Credentials
from kiosk.store.engine import Connection
from kiosk.store.work import Store

STORE = "work.db"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another on a receipt


class Locked(Exception):
    """Nobody has unlocked this counter since the program was started."""


class FirstOperatorExists(Exception):
    """The first supervisor is made once; others are added by a supervisor."""


class StoreGone(Exception):
    """A store was here, as the witness remembers, and is not any more: an empty one must not take its place."""


class NotEncrypted(Exception):
    """A store without a key lies there: it is from before stores were encrypted, and is not touched."""


class Home:
    """Envelopes and store of a folder. `clock` is the system's; `self.clock` what the counter goes by."""

    def __init__(self, path: Path, clock: times.Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Raises: BadKeys, WrongMachine, NotEncrypted."""
        self.path = path
        self.clock: times.Clock = clock
        self._system = clock
        self._monotonic = monotonic
        self.envelopes = Envelopes(path, monotonic)
        if not self.envelopes.names() and _has_store(path):
            if _is_plain(path / STORE):
                raise NotEncrypted(str(path / STORE))
            raise BadKeys(f"none opens {STORE}")  # new ones would shut it for ever
        self._key: bytes | None = None
        self._store: Store | None = None
        self._device: Device | None = None
        self._credentials: Credentials | None = None

    @property
    def is_open(self) -> bool:
        return self._store is not None

    @property
    def store(self) -> Store:
        """Raises: Locked."""
        if self._store is None:
            raise Locked
        return self._store

    @property
    def device(self) -> Device:
        """Raises: Locked."""
        if self._device is None:
            raise Locked
        return self._device

    def begin(self, name: str, pin: str, cost: Cost) -> Operator:
        """Make the first supervisor and the store.

        Raises:
            WeakPin: see there; nothing was made.
            FirstOperatorExists: somebody is already there.
        """
        if self.envelopes.names():
            raise FirstOperatorExists
        data_key, code = self.envelopes.begin(self.path)
        first = Operator(str(uuid7()), name.strip(), operators.SUPERVISOR)
        self.envelopes.put(first.id, first.name, pin, data_key, cost)
        self._open(data_key)
        with self.store.transaction() as connection:
            connection.execute("UPDATE device SET recovery_code = ?", (code,))
            self._register(connection, first, first.id)
        return first

    def unlock(self, operator_id: str, pin: str) -> Operator:
        """Open the store if it is not, and say who is there.

        Raises:
            WrongPin: the PIN is not theirs, or it is not yet time to try again.
            StoreGone: there is none.
            DatabaseError: the store is damaged, or another one.
        """
        data_key = self.envelopes.open(operator_id, pin)
        if not self.is_open:
            self._open(data_key)
        with self.store.transaction() as connection:
            found = operators.operator(connection, operator_id) or self._unregistered(connection, operator_id)
            events.record(connection, "unlocked", found.id, self.clock())
        return found

    def read(self, operator_id: str, pin: str) -> Connection:
        """The store for reading only, also beside a counter that is at work. Raises: WrongPin, DatabaseError."""
        return engine.connect(self.path / STORE, key=self.envelopes.open(operator_id, pin), read_only=True)

    def add(self, name: str, pin: str, role: str, by: Operator, cost: Cost) -> Operator:
        """Somebody new serves here.

        Raises:
            WeakPin: see there; nothing was made.
        """
        added = Operator(str(uuid7()), name.strip(), role)
        with self.store.transaction() as connection:
            self._register(connection, added, by.id)
            self.envelopes.put(added.id, added.name, pin, self._data_key, cost)
        return added

    def reset(self, operator_id: str, pin: str, by: Operator, cost: Cost) -> None:
        """A new PIN for somebody who forgot theirs or locked themselves out. Raises: WeakPin."""
        with self.store.transaction() as connection:
            found = operators.operator(connection, operator_id)
            if found is not None:
                events.record(connection, "pin_reset", by.id, self.clock(), operator=operator_id)
                self.envelopes.put(operator_id, found.name, pin, self._data_key, cost)

    def remove(self, operator_id: str, by: Operator) -> None:
        """Somebody serves here no more. Raises: LastSupervisor."""
        with self.store.transaction() as connection:
            operators.leave(connection, operator_id, self.clock)
            events.record(connection, "operator_left", by.id, self.clock(), operator=operator_id)
        self.envelopes.remove(operator_id)

    def recover(self, code: str, operator_id: str, pin: str, cost: Cost) -> None:
        """A new PIN by the recovery code, when nobody is left who can reset it. Raises: WrongPin, WeakPin."""
        self._open(self.envelopes.recover(code))
        found = operators.operator(self.store.connection(), operator_id)
        if found is not None:
            self.reset(operator_id, pin, found, cost)

    @property
    def secret_kept_in(self) -> str:
        """`keyring`, or `file` where this machine has none; empty before the first run."""
        kept = self.envelopes.secret
        return kept.kept_in if kept else ""

    @classmethod
    def moved_here(cls, path: Path, data_key: bytes, clock: times.Clock) -> Home:
        """A home that was restored with the recovery code: open, with a new secret of this machine and no PINs yet."""
        made = cls.__new__(cls)
        made.path, made.clock, made._system, made._monotonic = path, clock, clock, time.monotonic
        made.envelopes = Envelopes.of_backup(path)
        made.envelopes.move_here(path)
        made._store = made._device = made._key = made._credentials = None
        made._open(data_key)
        return made

    def first_pin(self, name: str, pin: str, cost: Cost) -> Operator:
        """A PIN for the supervisor with this name, or for the first there is. Raises: WeakPin, WrongPin."""
        serving = operators.serving(self.store.connection())
        chosen = next((one for one in serving if one.role == operators.SUPERVISOR and name in ("", one.name)), None)
        if chosen is None:
            raise WrongPin(0)
        self.reset(chosen.id, pin, chosen, cost)
        return chosen

    def recovery_code(self) -> str:
        found = self.store.row("SELECT recovery_code FROM device")
        return str(found["recovery_code"]) if found else ""

    def head_remembered(self) -> chain.Head | None:
        """How far the journal had come when this machine last wrote it down outside the store."""
        return witness.remembered(self.path, self._secret)

    @property
    def has_witness(self) -> bool:
        """Whether it was ever written down, also where it can't be read any more."""
        return witness.stands(self.path)

    def remember_head(self) -> None:
        if self.is_open:
            witness.remember(self.path, self._secret, chain.head(self.store.connection()))

    def close(self) -> None:
        if self._store is not None:
            self.remember_head()
            self._store.close()

    @property
    def credentials(self) -> Credentials:
        """Who this counter is at the portals. Raises: Locked."""
        if self._credentials is None:
            self._credentials = Credentials(self.path, self._secret)
        return self._credentials

    @property
    def clock_state(self) -> ClockState:
        """Whether the system's clock can be believed."""
        return self.clock.state if isinstance(self.clock, SteadyClock) else ClockState.RIGHT

    def believe_clock(self) -> None:
        if isinstance(self.clock, SteadyClock):
            self.clock.believe()

    @property
    def key(self) -> bytes:
        """The data key, for backups of the same store. Raises: Locked."""
        return self._data_key

    @property
    def _data_key(self) -> bytes:
        if self._key is None:
            raise Locked
        return self._key

    @property
    def _secret(self) -> bytes:
        kept = self.envelopes.secret
        if kept is None:
            raise Locked
        return kept.key

    def _open(self, data_key: bytes) -> None:
        if not _has_store(self.path) and self.has_witness:
            raise StoreGone(str(self.path / STORE))
        self._store = Store(
            self.path / STORE, key=data_key, before_commit=lambda connection: chain.seal(connection, self.clock)
        )
        self._key = data_key
        last = self._store.row("SELECT at_utc FROM journal ORDER BY seq DESC LIMIT 1")
        latest = times.moment(last["at_utc"]) if last else None
        self.clock = SteadyClock(self._system, latest, self._monotonic)
        self._device = device(self._store, self.clock)

    def _register(self, connection: Connection, added: Operator, by: str) -> None:
        operators.register(connection, added, times.text(self.clock()))
        events.record(connection, "operator_added", by, self.clock(), operator=added.id, role=added.role)

    def _unregistered(self, connection: Connection, operator_id: str) -> Operator:
        """The power was cut between the first envelope and the register: whoever opened an empty one is the first."""
        if operators.serving(connection):
            raise WrongPin(0, locked=True)  # left, and the power was cut before the envelope went
        first = Operator(operator_id, self.envelopes.names()[operator_id], operators.SUPERVISOR)
        self._register(connection, first, operator_id)
        return first


def device(store: Store, clock: times.Clock) -> Device:
    """This counter's identity and signing key, made at the first run; a sample centre until it is set up."""
    columns = "code, centre_bn, centre_en, address_bn, signing_key"
    found = store.row(f"SELECT {columns} FROM device")
    if found is None:
        found = {
            "code": "".join(secrets.choice(_LETTERS) for _ in range(4)),
            "centre_bn": "নমুনা ইউনিয়ন ডিজিটাল সেন্টার", "centre_en": "Sample Union Digital Centre",
            "address_bn": "ইউনিয়ন পরিষদ ভবন, নমুনা উপজেলা",
            "signing_key": Ed25519PrivateKey.generate().private_bytes_raw(),
        }
        with store.transaction() as connection:
            engine.insert(connection, "device", {"id": 1, **found, "made_at_utc": times.text(clock())})
    return Device(**found)


def _has_store(path: Path) -> bool:
    store = path / STORE
    return store.exists() and store.stat().st_size > 0


def _is_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"
