"""The device's secret: 32 random bytes that never leave this machine, in the system's keyring or in a guarded file.

Together with an operator's PIN it opens the store, so that a copied folder alone tells nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SERVICE = "udc-kiosk"
_FILE = "device.secret"
_PATIENCE = 10.0  # a locked keyring may wait for a prompt that nobody sees
# Others (keyrings.alt, null) would lose the secret or write it down readable.
_TRUSTED = frozenset({
    "keyring.backends.Windows", "keyring.backends.macOS", "keyring.backends.SecretService",
    "keyring.backends.kwallet", "keyring.backends.libsecret",
})


class WrongMachine(Exception):
    """This folder's secret is not on this machine: it was made elsewhere, or the keyring was emptied."""


@dataclass(frozen=True, slots=True)
class DeviceSecret:
    key: bytes
    kept_in: str  # keyring | file


def make(home: Path, name: str) -> DeviceSecret:
    """A new secret, kept in the keyring under `name`; in a file of `home` where there is none."""
    key = os.urandom(32)
    ring = _keyring()
    if ring is not None and _within_patience(lambda: _put(ring, name, key)):
        return DeviceSecret(key, "keyring")
    return keep_in_file(home, key)


def keep_in_file(home: Path, key: bytes) -> DeviceSecret:
    """Write the secret where only this system's user reads it."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / _FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return DeviceSecret(key, "file")


def find(home: Path, name: str) -> DeviceSecret:
    """The secret that was made for `name`.

    Raises:
        WrongMachine: it is nowhere to be found.
    """
    path = home / _FILE
    if path.exists():
        return DeviceSecret(_unwritten(path.read_bytes()), "file")
    ring = _keyring()
    kept = _within_patience(lambda: ring.get_password(_SERVICE, name)) if ring is not None else None
    if not kept:
        raise WrongMachine
    return DeviceSecret(_unwritten(kept.encode()), "keyring")


def _unwritten(kept: bytes) -> bytes:
    """Raises: WrongMachine, what was kept is no secret (a damaged file, another program's entry)."""
    try:
        return bytes.fromhex(kept.decode("ascii").strip())
    except ValueError as error:
        raise WrongMachine from error


def _put(ring: Any, name: str, key: bytes) -> bool:
    ring.set_password(_SERVICE, name, key.hex())
    return bool(ring.get_password(_SERVICE, name) == key.hex())


def _keyring() -> Any:
    """The best keyring that is trusted, or None. Imported late: it costs a tenth of a second."""
    import keyring  # noqa: PLC0415

    chosen = keyring.get_keyring()
    for ring in (chosen, *getattr(chosen, "backends", ())):
        if type(ring).__module__ in _TRUSTED:
            return ring
    return None


def _within_patience(ask: Callable[[], Any]) -> Any:
    """What `ask` gives, or None when it fails or takes too long."""
    given: list[Any] = []

    def asking() -> None:
        try:
            given.append(ask())
        except Exception:  # every backend raises its own
            return

    thread = threading.Thread(target=asking, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return given[0] if given else None
