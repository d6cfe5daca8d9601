"""Who may open the counter: operators, their PINs, and the wait after wrong ones. There is no default PIN anywhere."""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from uuid6 import uuid7

from kiosk import times
from kiosk.store.engine import insert
from kiosk.store.work import Store

_FREE_TRIES = 3
_LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Operator:
    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's price (RFC 9106): memory in KiB, passes, lanes. The default takes about 0.25 s on two old cores."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 2


class WrongPin(Exception):
    """The PIN did not match; the next try counts after `wait_seconds`."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"wrong PIN, wait {wait_seconds} s")
        self.wait_seconds = wait_seconds


class WeakPin(Exception):
    """A PIN has four to twelve digits and is not one digit repeated."""


class FirstOperatorExists(Exception):
    """The first supervisor is made once; others are added by a supervisor."""


def operators(store: Store) -> list[Operator]:
    """Everyone who can unlock this counter, oldest first."""
    found = store.rows("SELECT id, name, role FROM operators ORDER BY made_at_utc, id")
    return [Operator(**row) for row in found]


def create_first(
    store: Store, name: str, pin: str, *, clock: times.Clock = times.now, cost: Cost | None = None
) -> Operator:
    """Make the first supervisor, at the first run.

    Raises:
        WeakPin: see there.
        FirstOperatorExists: somebody is already there.
    """
    if operators(store):
        raise FirstOperatorExists
    return _add(store, name, pin, "supervisor", clock, cost or Cost())


def add(
    store: Store, name: str, pin: str, role: str, *, clock: times.Clock = times.now, cost: Cost | None = None
) -> Operator:
    """Make another operator; `role` is operator, supervisor or field."""
    return _add(store, name, pin, role, clock, cost or Cost())


def _add(store: Store, name: str, pin: str, role: str, clock: times.Clock, cost: Cost) -> Operator:
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12 and len(set(pin)) > 1):
        raise WeakPin
    operator = Operator(str(uuid7()), name.strip(), role)
    envelope = _envelope(pin, os.urandom(16), cost)
    with store.transaction() as connection:
        row = {"id": operator.id, "name": operator.name, "role": role, "pin": json.dumps(envelope)}
        insert(connection, "operators", {**row, "made_at_utc": times.text(clock())})
    return operator


def unlock(store: Store, operator_id: str, pin: str, *, clock: times.Clock = times.now) -> Operator:
    """The operator, when `pin` is theirs.

    Raises:
        WrongPin: it is not, or an earlier wait has not passed; the tries are counted in the store.
    """
    row = store.row("SELECT * FROM operators WHERE id = ?", operator_id)
    if row is None:
        raise WrongPin(0)
    left = _wait_left(row["wait_until_utc"], clock)
    if left > 0:
        raise WrongPin(left)
    kept = json.loads(row["pin"])
    cost = Cost(kept["memory_kib"], kept["passes"], kept["lanes"])
    tried = _envelope(pin, bytes.fromhex(kept["salt"]), cost)
    if not hmac.compare_digest(tried["hash"], kept["hash"]):
        raise WrongPin(_count_wrong(store, operator_id, row["wrong_tries"] + 1, clock))
    _remember(store, operator_id, 0, "")
    return Operator(row["id"], row["name"], row["role"])


def _envelope(pin: str, salt: bytes, cost: Cost) -> dict[str, Any]:
    kdf = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return {
        "kdf": "argon2id", "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
        "salt": salt.hex(), "hash": kdf.derive(pin.encode()).hex(),
    }


def _wait_left(wait_until: str, clock: times.Clock) -> int:
    if not wait_until:
        return 0
    left = times.moment(wait_until) - clock()
    return max(0, round(min(left, _LONGEST_WAIT).total_seconds()))


def _count_wrong(store: Store, operator_id: str, tries: int, clock: times.Clock) -> int:
    wait = timedelta(0)
    if tries >= _FREE_TRIES:
        wait = min(timedelta(seconds=15) * 2 ** min(tries - _FREE_TRIES, 10), _LONGEST_WAIT)
    _remember(store, operator_id, tries, times.text(clock() + wait) if wait else "")
    return round(wait.total_seconds())


def _remember(store: Store, operator_id: str, tries: int, wait_until: str) -> None:
    with store.transaction() as connection:
        connection.execute(
            "UPDATE operators SET wrong_tries = ?, wait_until_utc = ? WHERE id = ?", (tries, wait_until, operator_id)
        )
