"""A spooler in a process of its own, which is killed at a step of its work: `python -m tests.faults.printing`."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from printing.lines import TcpLine
from printing.printers import NetworkPrinter
from printing.profiles import PROFILES
from printing.spooler import Spooler


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    with connection:
        yield connection


def opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


class Killer:
    """Ends this process without a goodbye at its n-th step; 0 lets it live."""

    def __init__(self, step: int) -> None:
        self._left = step

    def __call__(self, _point: str) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def torn(write: Callable[[TcpLine, bytes, float], None], at: Killer) -> Callable[[TcpLine, bytes, float], None]:
    """Writes in two halves, with a step before, between and after."""
    def halves(line: TcpLine, data: bytes, seconds: float) -> None:
        at("before")
        write(line, data[:len(data) // 2], seconds)
        at("between")
        write(line, data[len(data) // 2:], seconds)
        at("after")

    return halves


def main(file: str, port: str, profile: str, step: str) -> None:
    """Recover, print what can be printed, and end."""
    at = Killer(int(step))
    setattr(TcpLine, "write", torn(TcpLine.write, at))  # noqa: B010
    connection = opened(Path(file))
    printer = NetworkPrinter("127.0.0.1", int(port), replace(PROFILES[profile], fragment_bytes=2048))
    spooler = Spooler(connection, {"p": printer}, writing, at)
    spooler.recover()
    at("queued")
    while spooler.step():
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
