"""Lines: the ways bytes go to a printer and its answers come back. They move bytes and know no command.

Every wait has an end. A line that stops taking bytes raises TimeoutError, one that is gone any other OSError.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from serial import Serial

_GOODBYES = 64  # bytes a printer may still say after the last was sent


class Line(Protocol):
    """One open way to one printer."""

    def write(self, data: bytes, seconds: float) -> None:
        """Hand over all of `data`. Raises TimeoutError when not a byte is taken for `seconds`, OSError when cut off."""

    def read(self, seconds: float) -> int | None:
        """The next byte that the printer says, None when it says nothing for so long. Raises OSError when cut off."""

    def finish(self, seconds: float) -> None:
        """Nothing more follows: wait until the other side took it, as far as this line can know. Raises OSError."""

    def close(self) -> None:
        """Let go. Never raises."""


class TcpLine:
    """Raw bytes to port 9100 (or another)."""

    def __init__(self, host: str, port: int, seconds: float) -> None:
        """Raises OSError when nobody takes the call."""
        # Importing python-escpos takes a third of a second and leaves a folder behind unless it is told where.
        os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", tempfile.gettempdir())
        from escpos.printer import Network  # noqa: PLC0415

        self._printer: Any = Network(host, port, timeout=seconds)
        try:
            self._printer.open()
        except Exception as error:
            raise OSError(str(error)) from error
        self._socket: socket.socket = self._printer.device
        # The system takes a whole receipt at once and calls it sent (platform-printing.md 0): let it take less.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes, seconds: float) -> None:
        self._socket.settimeout(seconds)
        left = memoryview(data)
        while left:
            left = left[self._socket.send(left):]

    def read(self, seconds: float) -> int | None:
        self._socket.settimeout(max(seconds, 0.001))
        try:
            told = self._socket.recv(1)
        except TimeoutError:
            return None
        if not told:
            raise ConnectionResetError("hung up")
        return told[0]

    def finish(self, seconds: float) -> None:
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(seconds)
        try:
            for _said in range(_GOODBYES):
                if not self._socket.recv(1):
                    return
        except TimeoutError:
            return  # it keeps the line open: no more can be known

    def close(self) -> None:
        self._printer.close()


class DeviceLine:
    """A device file of the system, /dev/usb/lp0 and alike (Linux usblp, or a Bluetooth printer's rfcomm)."""

    def __init__(self, device: Path) -> None:
        """Raises OSError when it is not there, is taken, or may not be opened."""
        self._file = os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)

    def write(self, data: bytes, seconds: float) -> None:
        left = memoryview(data)
        while left:
            if not select.select([], [self._file], [], seconds)[1]:
                raise TimeoutError
            left = left[os.write(self._file, left):]

    def read(self, seconds: float) -> int | None:
        if not select.select([self._file], [], [], seconds)[0]:
            return None
        try:
            told = os.read(self._file, 1)
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno == errno.EINVAL:  # a printer with a one-way plug
                return None
            raise
        return told[0] if told else None

    def finish(self, seconds: float) -> None:
        """The driver took every byte when `write` came back."""

    def close(self) -> None:
        os.close(self._file)


class SerialLine:
    """A serial port, or Bluetooth as one."""

    _STEP = 256  # bytes, so that a slow line is seen to move

    def __init__(self, port: str, baud: int, *, handshake: bool) -> None:
        """Raises OSError when the port is not there or is taken, or pyserial is not installed."""
        try:
            from serial import Serial, SerialTimeoutException  # noqa: PLC0415
        except ImportError as error:
            raise OSError("pyserial is missing") from error
        self._stalled = SerialTimeoutException
        self._port: Serial = Serial(port, baud, rtscts=handshake)

    def write(self, data: bytes, seconds: float) -> None:
        self._port.write_timeout = seconds
        for at in range(0, len(data), self._STEP):
            try:
                self._port.write(data[at:at + self._STEP])
            except self._stalled as error:
                raise TimeoutError from error

    def read(self, seconds: float) -> int | None:
        self._port.timeout = seconds
        told = self._port.read(1)
        return told[0] if told else None

    def finish(self, seconds: float) -> None:
        """Wait while the system's own buffer drains."""
        left, since = self._port.out_waiting, time.monotonic()
        while left:
            time.sleep(0.02)
            if self._port.out_waiting < left:
                left, since = self._port.out_waiting, time.monotonic()
            elif time.monotonic() - since > seconds:
                raise TimeoutError

    def close(self) -> None:
        with contextlib.suppress(Exception):  # termios has errors of its own when the plug is out
            self._port.reset_output_buffer()  # or closing waits half a minute for a printer that takes nothing
        self._port.close()
