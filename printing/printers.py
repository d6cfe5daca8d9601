"""Printers take a job and say one of three things: done, surely not started, or uncertain (`results`).

Here are those that bytes go to directly; those behind a queue of the system are in `queues`.
"""

from __future__ import annotations

import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from printing import escpos, sending
from printing.lines import DeviceLine, Line, SerialLine, TcpLine
from printing.profiles import BLUETOOTH_58, CLONE_58, GENERIC, Profile
from printing.results import Done, NotStarted, Result, Uncertain
from printing.sending import Patience

__all__ = ["Done", "FilePrinter", "NetworkPrinter", "NotStarted", "Printer", "Result", "SerialPrinter", "Tell",
           "Uncertain", "UsbPrinter", "whole"]
Tell = Callable[[str], None]  # is told why a job stands still, and "" when it goes on
_DRAWER_SECONDS = 3.0


def tell_nobody(_reason: str) -> None:
    """Where nobody waits to hear why a job stands."""


class Printer(Protocol):
    """What the spool needs of a printer."""

    @property
    def profile(self) -> Profile: ...

    def send(
        self, job: bytes | Iterable[bytes], name: str, tell: Tell = tell_nobody, *, after_a_break: bool = False
    ) -> Result:
        """Print a job, given whole or in whole commands that are made as they are asked for.

        `after_a_break`: the last job ended somewhere, perhaps in the middle of a picture.
        """

    def trouble(self) -> str:
        """Why nothing can be printed now (`NotStarted`'s words), "" when it could. Marks no paper."""

    def open_drawer(self) -> Result:
        """Kick the cash drawer. Never part of a job: a reprint must not open it."""


def whole(job: bytes | Iterable[bytes]) -> Iterable[bytes]:
    """A job as a run of commands."""
    return [job] if isinstance(job, bytes) else job


@dataclass(slots=True)
class FilePrinter:
    """Writes each job into a folder, for centres without a printer and for looking at what would be printed."""

    folder: Path
    profile: Profile = GENERIC

    def trouble(self) -> str:
        return ""

    def open_drawer(self) -> Result:
        return NotStarted("no_drawer")

    def send(
        self, job: bytes | Iterable[bytes], name: str, tell: Tell = tell_nobody, *, after_a_break: bool = False,  # noqa: ARG002
    ) -> Result:
        """Write NAME.escpos whole or not at all."""
        body = b"".join(whole(job))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self.folder / f"{name}.escpos")
        except OSError:
            return NotStarted("disc")
        return Done(told=True)


class _OnALine(ABC):
    """A printer that is called for each job and let go after it."""

    profile: Profile
    timeout: float

    @abstractmethod
    def _open(self) -> Line:
        """Raises: OSError: there is no way to it."""

    def send(
        self, job: bytes | Iterable[bytes], name: str, tell: Tell = tell_nobody, *, after_a_break: bool = False,  # noqa: ARG002
    ) -> Result:
        """Print `job`: asked first, told after, as far as the printer talks."""
        try:
            line = self._open()
        except OSError:
            return NotStarted("no_printer")
        try:
            clears = escpos.end_what_was_begun(self.profile) if after_a_break else b""
            return sending.send(line, whole(job), self.profile, Patience(self.timeout), tell, clears)
        finally:
            line.close()

    def trouble(self) -> str:
        try:
            line = self._open()
        except OSError:
            return "no_printer"
        try:
            return sending.trouble(line, self.profile, Patience(self.timeout))
        finally:
            line.close()

    def open_drawer(self) -> Result:
        if not self.profile.drawer:
            return NotStarted("no_drawer")
        try:
            line = self._open()
        except OSError:
            return NotStarted("no_printer")
        try:
            line.write(escpos.DRAWER, _DRAWER_SECONDS)
            line.finish(_DRAWER_SECONDS)
        except OSError:
            return Uncertain("cut_off")
        finally:
            line.close()
        return Done(told=False)


@dataclass
class NetworkPrinter(_OnALine):
    """An ESC/POS printer on port 9100."""

    host: str
    port: int = 9100
    profile: Profile = GENERIC
    timeout: float = 10.0

    def _open(self) -> Line:
        return TcpLine(self.host, self.port, self.timeout)


@dataclass
class UsbPrinter(_OnALine):
    """A printer at a device file, /dev/usb/lp0 (Linux; on Windows use its queue)."""

    device: Path
    profile: Profile = CLONE_58
    timeout: float = 10.0

    def _open(self) -> Line:
        return DeviceLine(self.device)


@dataclass
class SerialPrinter(_OnALine):
    """A printer at a serial port, or over Bluetooth as one: COM3, /dev/ttyUSB0, /dev/rfcomm0."""

    port: str
    profile: Profile = BLUETOOTH_58
    timeout: float = 10.0

    def _open(self) -> Line:
        return SerialLine(self.port, self.profile.baud, handshake=self.profile.handshake)
