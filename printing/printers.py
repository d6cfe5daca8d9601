"""Printers take a job's bytes and say one of three things: done, surely not started, or uncertain.

Only what surely did not start may be tried again by itself; what may have printed is for a person to say.
"""

from __future__ import annotations

import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from escpos.printer import Network

_PIECE = 4096
_STATUS_SECONDS = 1.0
_FENCE = b"\x1dr\x01"  # GS r 1: answered in order with the paper's state, after what came before it


@dataclass(frozen=True, slots=True)
class Done:
    """The job is on paper (or in the file), as far as this printer can tell."""

    told: bool  # whether the printer itself said so


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Not one byte was printed: no_printer, paper_out, cover_open, disc."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Some of it may be on paper."""

    reason: str


Result = Done | NotStarted | Uncertain


class Printer(Protocol):
    """What the spool needs of a printer."""

    cuts: bool

    def send(self, job: bytes, name: str) -> Result: ...


@dataclass(slots=True)
class FilePrinter:
    """Writes each job into a folder, for centres without a printer and for looking at what would be printed."""

    folder: Path
    cuts: bool = True

    def send(self, job: bytes, name: str) -> Result:
        """Write NAME.escpos whole or not at all."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(job)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self.folder / f"{name}.escpos")
        except OSError:
            return NotStarted("disc")
        return Done(told=True)


@dataclass(slots=True)
class NetworkPrinter:
    """An ESC/POS printer on port 9100. Asked for its state before the first byte and after the last, if it answers."""

    host: str
    port: int = 9100
    cuts: bool = True
    timeout: float = 10.0

    def send(self, job: bytes, name: str) -> Result:  # noqa: ARG002 the paper carries its own number
        """Print `job`."""
        try:
            printer = self._open()
        except OSError:
            return NotStarted("no_printer")
        line: socket.socket = printer.device
        try:
            trouble = _trouble(line)
            if trouble == "":
                return self._print(line, job, answers=True)
            return NotStarted(trouble) if trouble else self._print(line, job, answers=False)
        finally:
            printer.close()

    def _open(self) -> Network:
        # Importing python-escpos takes a third of a second and leaves a folder behind unless it is told where.
        os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", tempfile.gettempdir())
        from escpos.printer import Network  # noqa: PLC0415

        printer = Network(self.host, self.port, timeout=self.timeout)
        try:
            printer.open()
        except Exception as error:
            raise OSError(str(error)) from error
        return printer

    def _print(self, line: socket.socket, job: bytes, *, answers: bool) -> Result:
        try:
            for at in range(0, len(job), _PIECE):
                line.sendall(job[at:at + _PIECE])
            if not answers:
                line.shutdown(socket.SHUT_WR)
                return Done(told=False)
            line.settimeout(self.timeout + len(job) / 1500)  # the slowest links carry 1,920 bytes a second
            line.sendall(_FENCE)
            told = line.recv(1)
        except OSError:
            return Uncertain("cut_off")
        if not told:
            return Uncertain("no_answer")
        return Uncertain("paper_out") if told[0] & 0x0C else Done(told=True)


def _trouble(line: socket.socket) -> str | None:
    """Why the printer can't print now; "" when it can, None when it does not answer such questions."""
    line.settimeout(_STATUS_SECONDS)
    for question, mask, reason in ((b"\x10\x04\x02", 0x04, "cover_open"), (b"\x10\x04\x04", 0x60, "paper_out")):
        try:
            line.sendall(question)
            told = line.recv(1)
        except TimeoutError:
            return None
        except OSError:
            return "no_printer"
        if not told:
            return "no_printer"
        if told[0] & mask:
            return reason
    return ""
