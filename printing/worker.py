"""Printing workers: one thread for each printer, which prints what is queued and tries again what did not start."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from printing.spooler import Spooler

_RETRY_SECONDS = 3.0
_log = logging.getLogger(__name__)
Opening = Callable[[], tuple[Spooler, Callable[[], None]]]


class PrintWorker(threading.Thread):
    """Started once; `stop` ends it after the job that is under way."""

    def __init__(self, open_spooler: Opening, printer: str) -> None:
        """`open_spooler` is called inside the thread and gives the spooler and what closes it."""
        super().__init__(name=f"printing {printer}", daemon=True)
        self._open = open_spooler
        self._printer = printer
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._renewed = threading.Event()

    def run(self) -> None:
        sure = False
        while not self._stopping.is_set():
            self._renewed.clear()
            spooler, close = self._open()
            try:
                while not self._stopping.is_set() and not self._renewed.is_set():
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
            if not sure:
                spooler.recover(self._printer)
            while not self._stopping.is_set() and not self._renewed.is_set() and spooler.step(self._printer):
                pass
        except Exception:
            _log.exception("printing stopped for %s seconds", _RETRY_SECONDS)
            return False
        return True

    def wake(self) -> None:
        """There is something to print."""
        self._wake.set()

    def renew(self) -> None:
        """The printer is set up differently: open the spooler anew after the job that is under way."""
        self._renewed.set()
        self._wake.set()

    def halt(self) -> None:
        """End after the job that is under way, without waiting for it."""
        self._stopping.set()
        self._wake.set()


class PrintWorkers:
    """A worker for each of several printers, so that a slow one keeps no other waiting."""

    def __init__(self, open_spooler: Opening) -> None:
        self._open = open_spooler
        self._workers: dict[str, PrintWorker] = {}

    def serve(self, printers: Iterable[str]) -> None:
        """Print on these; on those that are served already as they are set up now."""
        for worker in self._workers.values():
            worker.renew()
        for name in printers:
            if name not in self._workers:
                self._workers[name] = PrintWorker(self._open, name)
                self._workers[name].start()

    def wake(self) -> None:
        """There is something to print."""
        for worker in self._workers.values():
            worker.wake()

    def stop(self, wait_seconds: float = 15.0) -> None:
        """End all of them after the jobs that are under way."""
        until = time.monotonic() + wait_seconds
        for worker in self._workers.values():
            worker.halt()
        for worker in self._workers.values():
            worker.join(max(0.0, until - time.monotonic()))
