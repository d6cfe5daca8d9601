"""A thermal printer that can be made to fail: paper, a buffer, a speed, and answers like the real ones give.

`FakePrinter` is the machine, with a clock of its own; `Cable` is a line to it in which no time is really waited;
`on_loopback` puts the same machine behind a port of this computer.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tests.printing.escpos_reader import Reader

_TICK = 0.02


@dataclass
class Fault:
    """What goes wrong, and when: paper rows, bytes taken, seconds."""

    paper_rows: int | None = None  # then the paper is out
    refill_after: float | None = None  # seconds without paper
    cover_open: bool = False
    hangs_after: int | None = None  # bytes; then nothing is taken, printed or answered
    resets_after: int | None = None  # bytes; then the line breaks
    bytes_per_second: float | None = None
    answers_after: float = 0.0  # seconds
    silent: bool = False  # answers no question
    fences: bool = True  # knows GS r
    buffer: int = 1 << 20  # bytes it takes while it cannot print


class FakePrinter:
    """The machine. What it ever printed, over all calls, is `paper`."""

    def __init__(self, fault: Fault | None = None, width_dots: int = 384) -> None:
        self.fault = replace(fault or Fault())  # its own: some faults happen once
        self.paper = Reader(width_dots, self._fence)
        self.taken = 0  # bytes, over all calls
        self._buffer: deque[int] = deque()
        self._answers: deque[tuple[float, int]] = deque()
        self._now = self._credit = 0.0
        self._out_since: float | None = None
        self._held = b""  # what may become a command that is obeyed at once

    @property
    def hangs(self) -> bool:
        return self.fault.hangs_after is not None and self.taken >= self.fault.hangs_after

    @property
    def paper_is_out(self) -> bool:
        rows = self.fault.paper_rows
        return rows is not None and len(self.paper.rows) >= rows

    def room(self) -> int:
        """How many bytes it takes now."""
        if self.hangs:
            return 0
        limits = [self.fault.buffer - len(self._buffer)]
        limits += [at - self.taken for at in (self.fault.hangs_after, self.fault.resets_after) if at is not None]
        return max(0, min(limits))

    def resets(self) -> bool:
        """Whether the line breaks now; once."""
        if self.fault.resets_after is None or self.taken < self.fault.resets_after:
            return False
        self.fault.resets_after = None
        return True

    def take(self, data: bytes) -> None:
        """Bytes arrive. DLE EOT is answered at once, wherever it stands."""
        for byte in data:
            self.taken += 1
            self._held += bytes([byte])
            if self._held[:2] == b"\x10\x04" and len(self._held) == 3:
                self._tell(byte)
                self._held = b""
            elif self._held not in (b"\x10", b"\x10\x04"):
                kept = 1 if byte == 0x10 else 0
                self._buffer.extend(self._held[:len(self._held) - kept])
                self._held = self._held[len(self._held) - kept:]
        self.pass_time(0.0)

    def _tell(self, question: int) -> None:
        if self.fault.silent or self.hangs:
            return
        cover, paper = self.fault.cover_open, self.paper_is_out
        self._answer({2: 0x12 | (0x04 * cover) | (0x20 * paper), 4: 0x12 | (0x60 * paper)}.get(question, 0x12))

    def _fence(self, _asked: int) -> None:
        if not self.fault.silent and self.fault.fences:
            self._answer(0x00)

    def _answer(self, byte: int) -> None:
        self._answers.append((self._now + self.fault.answers_after, byte))

    def pass_time(self, seconds: float) -> None:
        """Print what can be printed in so long."""
        self._now += seconds
        rate = self.fault.bytes_per_second
        self._credit = float("inf") if rate is None else min(self._credit + seconds * rate, max(rate, 1.0))
        while self._buffer and self._credit >= 1 and not self.hangs and not self._stops():
            self._credit -= 1
            self.paper.feed(self._buffer.popleft())

    def _stops(self) -> bool:
        if not self.paper_is_out or self.fault.cover_open:
            return self.fault.cover_open
        self._out_since = self._now if self._out_since is None else self._out_since
        wait = self.fault.refill_after
        if wait is None or self._now - self._out_since < wait:
            return True
        self.fault.paper_rows = None
        return False

    def said(self) -> int | None:
        """The next byte that it says by now."""
        if self._answers and self._answers[0][0] <= self._now and not self.hangs:
            return self._answers.popleft()[1]
        return None

    def switch_off_and_on(self) -> None:
        """The buffer is empty again; the paper stays as it is."""
        self.fault, self._held = Fault(), b""
        self._buffer.clear()
        self._answers.clear()
        self.paper.switch_off()

    def refill(self) -> None:
        """Somebody brings paper; what waits in the buffer is printed."""
        self.fault.paper_rows = None
        self.pass_time(0.0)


class Cable:
    """A line to a `FakePrinter` on its own clock: a hanging printer costs no second."""

    def __init__(self, printer: FakePrinter) -> None:
        self._printer = printer

    def write(self, data: bytes, seconds: float) -> None:
        waited = 0.0
        while data:
            some = data[:self._printer.room()]
            self._printer.take(some)
            data = data[len(some):]
            if self._printer.resets():
                raise ConnectionResetError
            waited = 0.0 if some else waited + _TICK
            if data and waited > seconds:
                raise TimeoutError
            if data:
                self._printer.pass_time(_TICK)

    def read(self, seconds: float) -> int | None:
        waited = 0.0
        while (told := self._printer.said()) is None and waited < seconds:
            self._printer.pass_time(_TICK)
            waited += _TICK
        return told

    def finish(self, seconds: float) -> None:
        self._printer.pass_time(seconds)

    def close(self) -> None:
        pass


@contextmanager
def on_loopback(printer: FakePrinter) -> Iterator[int]:
    """The port at which `printer` listens; it takes one call after the other, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()
    thread = threading.Thread(target=_serve, args=(listener, printer, ending), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ending.set()
        thread.join(10)
        listener.close()


def _serve(listener: socket.socket, printer: FakePrinter, ending: threading.Event) -> None:
    while not ending.is_set():
        if select.select([listener], [], [], _TICK)[0]:
            call, _address = listener.accept()
            with call:
                _talk(call, printer, ending)


def _talk(call: socket.socket, printer: FakePrinter, ending: threading.Event) -> None:
    """Until the caller hangs up; a printer whose line breaks hangs up itself, rudely."""
    since = time.monotonic()
    call.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    while not ending.is_set():
        now = time.monotonic()
        printer.pass_time(now - since)
        since = now
        try:
            while (told := printer.said()) is not None:
                call.sendall(bytes([told]))
            if not printer.room():
                time.sleep(_TICK)
            elif select.select([call], [], [], _TICK)[0]:
                data = call.recv(printer.room())
                if not data:
                    break
                printer.take(data)
        except OSError:
            break
        if printer.resets():
            call.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
    while printer.fault.bytes_per_second and not ending.is_set() and printer.room() < printer.fault.buffer:
        printer.pass_time(1.0)  # what it took it prints, also when nobody listens
