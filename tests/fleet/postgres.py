"""A PostgreSQL of our own: the distribution's programs, a temporary folder, a socket in it, gone at the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_USER = "postgres"  # made by the distribution's package; its programs refuse to run as root
_PATIENCE = 30.0


class NoPostgres(Exception):
    """PostgreSQL is not installed: `./run fleet` installs it."""


@dataclass(frozen=True, slots=True)
class Database:
    """A running server: its address for SQLAlchemy, and the process that is the parent of all of it."""

    address: str
    pid: int


@contextmanager
def postgres() -> Iterator[Database]:
    """Start it, stop it. Raises: NoPostgres."""
    programs, folder = _programs(), Path(tempfile.mkdtemp(prefix="udc-fleet-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _USER, _USER)
        _run([str(programs / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", _USER, "-E", "UTF8"])
        asked = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-c", "listen_addresses="]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(asked, stdout=log, stderr=log, **_as_ordinary_user())  # type: ignore[call-overload]
        try:
            _wait(programs, folder, server)
            yield Database(f"postgresql+psycopg://{_USER}@/postgres?host={folder}", server.pid)
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown
            server.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_there() -> bool:
    return bool(_found())


def _found() -> list[Path]:
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    elsewhere = shutil.which("initdb")
    return [file.parent for file in kept] or ([Path(elsewhere).parent] if elsewhere else [])


def _programs() -> Path:
    found = _found()
    if not found:
        raise NoPostgres
    return found[-1]


def _run(asked: Sequence[str]) -> None:
    subprocess.run(asked, check=True, capture_output=True, **_as_ordinary_user())  # type: ignore[call-overload]


def _as_ordinary_user() -> dict[str, object]:
    cwd: dict[str, object] = {"cwd": "/"}
    return cwd | {"user": _USER, "group": _USER, "extra_groups": []} if os.geteuid() == 0 else cwd


def _wait(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    asked = [str(programs / "pg_isready"), "-q", "-h", str(folder)]
    while subprocess.run(asked, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError((folder / "log").read_text(errors="replace"))
        time.sleep(0.1)
