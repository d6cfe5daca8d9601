"""Printing workers: one thread for each printer, which prints what is queued and tries again what did not start."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from printing.spool import Spooler

_RETRY_SECONDS = 3.0
_log = logging.getLogger(__name__)
Opening = Callable[[], tuple[Spooler, Callable[[], None]]]


class PrintWorker(threading.Thread):
    """Started once; `stop` ends it after the job that is under way."""

    def __init__(self, open_spooler: Opening, changed: Callable[[], None], printer: str | None = None) -> None:
        """`open_spooler` is called inside the thread and gives the spooler and what closes it.

        With `printer` it serves that one alone; without, all of them, one job after the other.
        """
        super().__init__(name=f"printing {printer or 'all'}", daemon=True)
        self._open = open_spooler
        self._changed = changed
        self._printer = printer
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def run(self) -> None:
        spooler, close = self._open()
        try:
            sure = False
            while not self._stopping.is_set():
                sure = self._round(spooler, sure)
                self._wake.wait(_RETRY_SECONDS)
                self._wake.clear()
        finally:
            close()

    def _round(self, spooler: Spooler, sure: bool) -> bool:
        """Print until nothing can start; whether it ended well. An error (a full disc) ends the round, not the thread.

        Unless it is `sure`, a job may be left as printing by a power cut, or by a round that ended badly.
        """
        try:
            if not sure and spooler.recover(self._printer):
                self._changed()
            while not self._stopping.is_set() and spooler.step(self._printer):
                self._changed()
        except Exception:
            _log.exception("printing stopped for %s seconds", _RETRY_SECONDS)
            return False
        return True

    def wake(self) -> None:
        """There is something to print."""
        self._wake.set()

    def stop(self, wait_seconds: float = 15.0) -> None:
        self._stopping.set()
        self._wake.set()
        if self.is_alive():
            self.join(wait_seconds)


class PrintWorkers:
    """A worker for each of several printers, so that a slow one keeps no other waiting."""

    def __init__(self, open_spooler: Opening, changed: Callable[[], None], printers: Iterable[str]) -> None:
        self._workers = [PrintWorker(open_spooler, changed, name) for name in printers]

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    def wake(self) -> None:
        """There is something to print."""
        for worker in self._workers:
            worker.wake()

    def stop(self, wait_seconds: float = 15.0) -> None:
        for worker in self._workers:
            worker.stop(wait_seconds)
