"""Printers behind a queue of the system: CUPS and Windows take a whole job and say only that they took it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from printing import winspool
from printing.printers import whole
from printing.profiles import CLONE_58, Profile
from printing.results import Done, NotStarted, Result, Uncertain

_SECONDS = 20


@dataclass(slots=True)
class CupsPrinter:
    """A CUPS queue, past its filters (`lp -o raw`)."""

    queue: str
    profile: Profile = CLONE_58

    def send(self, job: bytes | Iterable[bytes], name: str) -> Result:
        """Queue `job`, unless the queue is stopped: it would come out some day when nobody waits for it."""
        if shutil.which("lp") is None:
            return NotStarted("no_printer")
        try:
            if b"disabled" in _run("lpstat", "-p", self.queue).stdout:
                return NotStarted("paused")
        except subprocess.TimeoutExpired:
            return NotStarted("no_printer")
        try:
            done = _run("lp", "-d", self.queue, "-o", "raw", "-t", name, "-", body=b"".join(whole(job)))
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


@dataclass(slots=True)
class WindowsPrinter:
    """A printer of the Windows spooler, through its own driver's port, raw."""

    queue: str
    profile: Profile = CLONE_58

    def send(self, job: bytes | Iterable[bytes], name: str) -> Result:
        """Queue `job`, unless the queue says that it can't print."""
        try:
            trouble = winspool.trouble(self.queue)
        except OSError:
            return NotStarted("no_printer")
        if trouble:
            return NotStarted(trouble)
        body = b"".join(whole(job))
        try:
            winspool.send(self.queue, name, body)
        except winspool.NotTaken:
            return NotStarted("no_printer")
        except OSError:
            return Uncertain("cut_off")
        return Done(told=False)
