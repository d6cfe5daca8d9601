"""Printers behind a queue of the system: CUPS and Windows take a whole job and say only that they took it."""

from __future__ import annotations

import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from printing import escpos, winspool
from printing.printers import Tell, tell_nobody, whole
from printing.profiles import CLONE_58, Profile
from printing.results import Done, NotStarted, Result, Uncertain

_SECONDS = 20


class _Queue(ABC):
    """What both have in common: asked first, then given the whole job at once."""

    profile: Profile

    @abstractmethod
    def trouble(self) -> str:
        """Why the queue can't print now, as the system knows; "" when it can."""

    @abstractmethod
    def _queue(self, body: bytes, name: str) -> Result:
        """Hand `body` to the system."""

    def send(
        self, job: bytes | Iterable[bytes], name: str, tell: Tell = tell_nobody, *, after_a_break: bool = False,  # noqa: ARG002
    ) -> Result:
        """Queue `job`, unless the queue is stopped: it would come out some day when nobody waits for it."""
        trouble = self.trouble()
        return NotStarted(trouble) if trouble else self._queue(b"".join(whole(job)), name)

    def open_drawer(self) -> Result:
        if not self.profile.drawer:
            return NotStarted("no_drawer")
        trouble = self.trouble()
        return NotStarted(trouble) if trouble else self._queue(escpos.DRAWER, "drawer")


@dataclass
class CupsPrinter(_Queue):
    """A CUPS queue, past its filters (`lp -o raw`)."""

    queue: str
    profile: Profile = CLONE_58

    def trouble(self) -> str:
        if shutil.which("lp") is None:
            return "no_printer"
        try:
            return "paused" if b"disabled" in _run("lpstat", "-p", self.queue).stdout else ""
        except subprocess.TimeoutExpired:
            return "no_printer"

    def _queue(self, body: bytes, name: str) -> Result:
        try:
            done = _run("lp", "-d", self.queue, "-o", "raw", "-t", name, "-", body=body)
        except subprocess.TimeoutExpired:
            return Uncertain("no_answer")
        return NotStarted("no_printer") if done.returncode else Done(told=False)


def _run(*command: str, body: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    told = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, input=body, env=told, capture_output=True, timeout=_SECONDS, check=False)


def cups_queues() -> list[str]:
    """The names of the queues that take jobs (`lpstat -a`)."""
    if shutil.which("lpstat") is None:
        return []
    try:
        lines = _run("lpstat", "-a").stdout.decode(errors="replace").splitlines()
    except subprocess.TimeoutExpired:
        return []
    return [line.split()[0] for line in lines if " accepting requests" in line and " not accepting" not in line]


@dataclass
class WindowsPrinter(_Queue):
    """A printer of the Windows spooler, through its own driver's port, raw."""

    queue: str
    profile: Profile = CLONE_58

    def trouble(self) -> str:
        try:
            return winspool.trouble(self.queue)
        except OSError:
            return "no_printer"

    def _queue(self, body: bytes, name: str) -> Result:
        try:
            winspool.send(self.queue, name, body)
        except winspool.NotTaken:
            return NotStarted("no_printer")
        except OSError:
            return Uncertain("cut_off")
        return Done(told=False)
