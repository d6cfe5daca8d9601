"""The store's data key, wrapped for each operator: opened by a PIN and this machine's secret together.

`keys.json` in the home folder holds no key, no PIN and no readable name. A wrong PIN slows the next try down; the wait
is served while the program runs, so neither a restart nor another clock shortens it. Adding, removing or resetting an
operator wraps the same data key again and leaves the data alone. A recovery code, kept on paper, opens it anywhere.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.store import secret

FILE = "keys.json"
_FREE_TRIES, _LAST_TRY = 3, 10
_FIRST_WAIT, _LONGEST_WAIT = 15, 30 * 60
LEAST = 6  # characters of a PIN where the machine's secret lies in a file
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's price (RFC 9106): memory in KiB, passes, lanes. The default takes about 0.25 s on two old cores."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 2


class WrongPin(Exception):
    """The PIN did not match; the next try counts after `wait_seconds`. `locked`: a supervisor must reset it."""

    def __init__(self, wait_seconds: int, *, locked: bool = False) -> None:
        super().__init__(f"wrong PIN, wait {wait_seconds} s")
        self.wait_seconds = wait_seconds
        self.locked = locked

    @property
    def word(self) -> str:
        """The id of the words for the operator."""
        if self.locked:
            return "pin_locked"
        return "locked_out" if self.wait_seconds else "wrong_pin"


class WrongCode(WrongPin):
    """The recovery code is not this store's."""

    word = "wrong_code"


class WeakPin(Exception):
    """A PIN has at least `least` characters and is not one of them repeated."""

    def __init__(self, least: int) -> None:
        super().__init__(f"a PIN has at least {least} characters, not all the same")
        self.least = least


class BadKeys(Exception):
    """`keys.json` is not what this program wrote."""


class Envelopes:
    """The envelopes of one home folder. `monotonic` measures waits."""

    def __init__(self, home: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Raises: BadKeys, secret.WrongMachine."""
        self._path = home / FILE
        self._monotonic = monotonic
        self._kept: Raw = {}
        self._until: dict[str, float] = {}
        self.secret: secret.DeviceSecret | None = None
        if self._path.exists():
            self._kept = _read(self._path)
            self.secret = secret.find(home, self._kept["device"])
            self.names()
            now = monotonic()
            self._until = {one: now + kept["wait_seconds"] for one, kept in self._kept["envelopes"].items()}

    @classmethod
    def of_backup(cls, folder: Path) -> Envelopes:
        """The envelopes of a backup, for the recovery code alone: this machine's secret is not asked for."""
        made = cls(folder / "nowhere")
        made._kept, made._path = _read(folder / FILE), folder / FILE
        return made

    @property
    def least(self) -> int:
        """How long a PIN must be: longer where the machine's secret lies in a file that a thief of the disc has too."""
        return 4 if self.secret is not None and self.secret.kept_in == "keyring" else LEAST

    def names(self) -> dict[str, str]:
        """Everyone who can unlock this counter: id to name, oldest first.

        Raises:
            secret.WrongMachine: this machine's secret is another one.
        """
        if not self._kept or self.secret is None:
            return {}
        try:
            told = _open(self.secret.key, b"names", self._kept["names"])
        except InvalidTag as error:
            raise secret.WrongMachine from error
        found: dict[str, str] = json.loads(told)
        return found

    def begin(self, home: Path) -> tuple[bytes, str]:
        """A new data key for a new home, and the recovery code that opens it without PIN or machine."""
        device = os.urandom(8).hex()
        self.secret = secret.make(home, device)
        data_key, code = os.urandom(32), _new_code()
        self._kept = {
            "v": 1, "device": device, "names": _seal(self.secret.key, b"names", b"{}"), "envelopes": {},
            "recovery": _seal(_code_bytes(code), b"recovery", data_key),
        }
        return data_key, code

    def put(self, operator_id: str, name: str, pin: str, data_key: bytes, cost: Cost) -> None:
        """Wrap `data_key` for an operator with a new PIN, and forget the tries of the old one.

        Raises:
            WeakPin: see there.
        """
        assert self.secret is not None
        if len(pin) < self.least or len(set(pin)) < 2:
            raise WeakPin(self.least)
        told = {"kdf": "argon2id", "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
                "salt": os.urandom(16).hex()}
        wrapped = _seal(self._key_of(pin, told), _said(operator_id, told), data_key)
        self._kept["envelopes"][operator_id] = {**told, "wrapped": wrapped, "wrong_tries": 0, "wait_seconds": 0}
        self._until.pop(operator_id, None)
        self._name({**self.names(), operator_id: name})

    def remove(self, operator_id: str) -> None:
        """This operator unlocks the counter no more."""
        self._kept["envelopes"].pop(operator_id, None)
        self._name({one: name for one, name in self.names().items() if one != operator_id})

    def open(self, operator_id: str, pin: str) -> bytes:
        """The data key, when `pin` is this operator's.

        Raises:
            WrongPin: it is not, or an earlier wait has not passed; tries are counted on disc.
        """
        kept = self._kept.get("envelopes", {}).get(operator_id)
        if kept is None:
            raise WrongPin(0)
        if kept["wrong_tries"] >= _LAST_TRY:
            raise WrongPin(0, locked=True)
        left = round(self._until.get(operator_id, 0.0) - self._monotonic())
        if left > 0:
            raise WrongPin(left)
        try:
            data_key = _open(self._key_of(pin, kept), _said(operator_id, kept), kept["wrapped"])
        except InvalidTag as error:
            raise self._count_wrong(operator_id, kept) from error
        if kept["wrong_tries"]:
            kept.update(wrong_tries=0, wait_seconds=0)
            self._write()
        return data_key

    def recover(self, code: str) -> bytes:
        """The data key, by the recovery code.

        Raises:
            WrongCode: it is not this store's.
        """
        return opened_by_code(self._kept, code)

    def move_here(self, home: Path) -> None:
        """Make this machine the folder's: a new device secret; every PIN must be set anew."""
        self.secret = secret.make(home, self._kept["device"])
        self._kept.update(envelopes={}, names=_seal(self.secret.key, b"names", b"{}"))

    def _key_of(self, pin: str, told: Mapping[str, Any]) -> bytes:
        assert self.secret is not None
        kdf = Argon2id(
            salt=bytes.fromhex(told["salt"]), length=32, iterations=told["passes"], lanes=told["lanes"],
            memory_cost=told["memory_kib"],
        )
        return _derive(kdf.derive(pin.encode()), self.secret.key, b"operator")

    def _count_wrong(self, operator_id: str, kept: Raw) -> WrongPin:
        kept["wrong_tries"] += 1
        over = kept["wrong_tries"] - _FREE_TRIES
        kept["wait_seconds"] = min(_FIRST_WAIT * 2**over, _LONGEST_WAIT) if over >= 0 else 0
        self._until[operator_id] = self._monotonic() + kept["wait_seconds"]
        self._write()
        return WrongPin(kept["wait_seconds"], locked=kept["wrong_tries"] >= _LAST_TRY)

    def _name(self, names: Mapping[str, str]) -> None:
        assert self.secret is not None
        self._kept["names"] = _seal(self.secret.key, b"names", json.dumps(names).encode())
        self._write()

    def _write(self) -> None:
        """Replace the file whole: a cut leaves the old one or the new one."""
        draft = self._path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(self._kept, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        if os.name != "nt":
            folder = os.open(self._path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)


def opened_by_code(kept: Mapping[str, Any], code: str) -> bytes:
    """The data key of the envelopes `kept`, by their recovery code.

    Raises:
        WrongCode: it is not theirs.
    """
    try:
        return _open(_code_bytes(code), b"recovery", kept["recovery"])
    except (InvalidTag, ValueError) as error:
        raise WrongCode(0) from error


def _read(path: Path) -> Raw:
    try:
        kept: Raw = json.loads(path.read_text(encoding="utf-8"))
        if kept["v"] != 1 or not {"device", "names", "envelopes", "recovery"} <= kept.keys():
            raise BadKeys(path.name)
    except (ValueError, KeyError, TypeError) as error:
        raise BadKeys(path.name) from error
    return kept


def _derive(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"udc-kiosk " + purpose).derive(key)


def _seal(key: bytes, said: bytes, body: bytes) -> str:
    """AES-256-GCM under a key of its own for each purpose: nonce and sealed bytes, in hex."""
    nonce = os.urandom(12)
    return (nonce + AESGCM(_derive(key, b"", b"seal")).encrypt(nonce, body, said)).hex()


def _open(key: bytes, said: bytes, sealed: str) -> bytes:
    body = bytes.fromhex(sealed)
    return AESGCM(_derive(key, b"", b"seal")).decrypt(body[:12], body[12:], said)


def _said(operator_id: str, told: Mapping[str, Any]) -> bytes:
    """What an envelope says of itself, bound to it: nobody puts another's in its place, or makes it cheaper."""
    return f"{operator_id} {told['kdf']} {told['memory_kib']} {told['passes']} {told['lanes']} {told['salt']}".encode()


def _new_code() -> str:
    """130 random bits as five groups of letters and digits that are not taken for each other."""
    text = base64.b32encode(os.urandom(17)).decode()[:26]
    return "-".join(text[place:place + 6] for place in range(0, 26, 6))


def _code_bytes(code: str) -> bytes:
    bare = "".join(letter for letter in code.upper().replace("0", "O").replace("1", "I") if letter.isalnum())
    return bare.encode()
