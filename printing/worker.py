"""The printing worker: one thread that prints what is queued and tries again what surely did not start."""

from __future__ import annotations

import threading
from collections.abc import Callable

from printing.spool import Spooler

_RETRY_SECONDS = 3.0


class PrintWorker(threading.Thread):
    """Started once; `stop` ends it after the job that is under way."""

    def __init__(
        self, open_spooler: Callable[[], tuple[Spooler, Callable[[], None]]], changed: Callable[[], None]
    ) -> None:
        """`open_spooler` is called inside the thread and gives the spooler and what closes it."""
        super().__init__(name="printing", daemon=True)
        self._open = open_spooler
        self._changed = changed
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def run(self) -> None:
        spooler, close = self._open()
        try:
            spooler.recover()
            while not self._stopping.is_set():
                while not self._stopping.is_set() and spooler.step():
                    self._changed()
                self._wake.wait(_RETRY_SECONDS)
                self._wake.clear()
        finally:
            close()

    def wake(self) -> None:
        """There is something to print."""
        self._wake.set()

    def stop(self, wait_seconds: float = 15.0) -> None:
        self._stopping.set()
        self._wake.set()
        if self.is_alive():
            self.join(wait_seconds)
