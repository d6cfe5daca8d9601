"""Every error that stops a command or keeps the counter shut, as the word and the facts of what people are told."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from kiosk.app import SecondCopy
from kiosk.catalogue.packs import PackError
from kiosk.counter.records import CounterError
from kiosk.home import FirstOperatorExists, NotEncrypted, StoreGone
from kiosk.people.envelopes import BadKeys, WeakPin, WrongPin
from kiosk.settings import BadSettings
from kiosk.store.backup import BadBackup
from kiosk.store.engine import DatabaseError, OperationalError
from kiosk.store.secret import WrongMachine
from kiosk.store.work import NewerStore
from sync.carry.sealed import BadCarry

_OF_THE_SYSTEM = {
    errno.ENOENT: "not_there", errno.EACCES: "not_allowed", errno.EPERM: "not_allowed", errno.EROFS: "not_allowed",
    errno.EISDIR: "is_a_folder", errno.ENOTDIR: "no_folder", errno.EEXIST: "is_there_already",
}
_WITHOUT_A_FILE = {errno.ENOSPC: "disc_full", errno.EDQUOT: "disc_full", errno.EADDRINUSE: "port_taken"}


def told(error: Exception) -> tuple[str, dict[str, Any]]:
    """The word of `error`, one of REFUSALS, and its facts."""
    return next(said for kind, said in REFUSALS.items() if isinstance(error, kind))(error)


def _by_the_system(error: OSError) -> tuple[str, dict[str, Any]]:
    words = {**_WITHOUT_A_FILE, **(_OF_THE_SYSTEM if error.filename else {})}
    return words.get(error.errno or 0, "cannot_write"), {"detail": str(error.strerror), "file": str(error.filename)}


REFUSALS: dict[type[Exception], Callable[[Any], tuple[str, dict[str, Any]]]] = {
    CounterError: lambda error: (error.reason, error.facts),
    WrongPin: lambda error: (error.word, {"wait_seconds": error.wait_seconds}),
    WeakPin: lambda error: ("weak_pin", {"least": error.least}),
    BadBackup: lambda error: (error.reason, {"detail": error.detail}),
    BadKeys: lambda _error: ("bad_keys", {}),
    WrongMachine: lambda _error: ("wrong_machine", {}),
    StoreGone: lambda _error: ("store_gone", {}),
    NotEncrypted: lambda _error: ("not_encrypted", {}),
    FirstOperatorExists: lambda _error: ("operator_exists", {}),
    SecondCopy: lambda _error: ("second_copy", {}),
    BadCarry: lambda error: (error.reason, {}),
    NewerStore: lambda _error: ("newer_store", {}),
    BadSettings: lambda error: (error.reason, error.facts),
    PackError: lambda error: ("bad_pack", {"detail": str(error)}),
    OperationalError: lambda error: ("disc_full" if "full" in str(error) else "bad_store", {"detail": str(error)}),
    DatabaseError: lambda error: ("bad_store", {"detail": str(error)}),
    OSError: _by_the_system,
}
