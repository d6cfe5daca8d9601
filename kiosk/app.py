"""The composition root: the only place where the wings, the store and the counter meet."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from kiosk import people, times
from kiosk.catalogue import build, packs
from kiosk.catalogue.catalogue import Catalogue
from kiosk.counter.context import Counter, Device, Printing
from kiosk.people.operators import Operator
from kiosk.settings import Settings
from kiosk.settings import read as read_settings
from kiosk.store import engine
from kiosk.store.engine import DatabaseError
from kiosk.store.work import Store
from resources import path
from sync.worker import Kit, LineState, LineStatus, Worker

if TYPE_CHECKING:
    from printing.printers import Printer
    from printing.spool import Spooler
    from printing.worker import PrintWorker

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another on a receipt
_NOBODY = Operator("", "", "operator")


class SecondCopy(Exception):
    """Another copy of the program has this home open."""


class App:
    """One counter on one home folder. Making it opens everything; `start` sets the workers to work."""

    def __init__(
        self, home: Path, *, portals: Mapping[str, str] | None = None, clock: times.Clock = times.now,
        at: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """`portals` goes before the settings' addresses; `at` is told of every step of the workers (for tests).

        Raises:
            SecondCopy, BadSettings, NewerStore, DatabaseError, PackError.
        """
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.clock = clock
        self._at = at
        self._lock = FileLock(home / "kiosk.lock")
        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            raise SecondCopy(str(home)) from error
        try:
            self._open(portals)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, portals: Mapping[str, str] | None) -> None:
        self.settings: Settings = read_settings(self.home)
        if portals is not None:
            self.settings = replace(self.settings, portals=dict(portals))
        self.store = Store(self.home / "work.db")
        self.catalogue = _catalogue(self.home / "catalogue.db")
        self.device = _device(self.store, self.clock)
        self._listeners: list[Callable[[], None]] = []
        self._worker = Worker(self.sync_kit, self.clock, lambda _status: self._changed())
        self._printing: PrintWorker | None = None

    def counter(self, operator: Operator) -> Counter:
        """What the use cases need, with `operator` at the counter."""
        return Counter(
            self.store, self.catalogue, self.clock, self.device, operator,
            Printing(self.settings.printer, self.settings.width_dots), self.line_is_up,
        )

    def unlock(self, operator_id: str, pin: str) -> Counter:
        """Raises: WrongPin."""
        return self.counter(people.unlock(self.store, operator_id, pin, clock=self.clock))

    def start(self) -> None:
        """Set the sync and printing workers to work."""
        from printing.worker import PrintWorker  # noqa: PLC0415 after the first paint: it brings the fonts

        self._printing = PrintWorker(self.spooler, self._changed)
        self._printing.start()
        self._worker.start()

    def stop(self) -> None:
        """End the workers, close the files, let another copy open."""
        self._worker.stop()
        if self._printing is not None:
            self._printing.stop()
        self.catalogue.close()
        self.store.close()
        self._lock.release()

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener` is called, from any thread, after the workers changed something."""
        self._listeners.append(listener)

    def line_status(self) -> LineStatus:
        return self._worker.status

    def line_is_up(self) -> bool:
        return self._worker.status.state is LineState.ONLINE

    def something_new(self) -> None:
        """Something was committed that may be sent and printed."""
        self._worker.wake()
        if self._printing is not None:
            self._printing.wake()

    def try_line_now(self) -> None:
        self._worker.hurry()

    def pause_line(self, paused: bool) -> None:
        self._worker.pause(paused)

    def sync_kit(self) -> Kit:
        """Everything the sync worker works with, opened in the calling thread."""
        from kiosk.wiring import sync_kit  # noqa: PLC0415 requests is slow to import

        return sync_kit(self.counter(_NOBODY), self.settings.portals, self._at)

    def spooler(self) -> tuple[Spooler, Callable[[], None]]:
        """The spooler and what closes it, opened in the calling thread."""
        from printing.spool import Spooler  # noqa: PLC0415

        spooler = Spooler(self.store.connection(), self._printers(), engine.writing, self._at)
        return spooler, self.store.close

    def _printers(self) -> Mapping[str, Printer]:
        from printing.printers import FilePrinter, NetworkPrinter  # noqa: PLC0415

        if self.settings.printer == "network":
            return {"network": NetworkPrinter(self.settings.printer_host, self.settings.printer_port)}
        return {"file": FilePrinter(self.home / "paper")}

    def _changed(self) -> None:
        if self._printing is not None:
            self._printing.wake()
        for listener in self._listeners:
            listener()


def _catalogue(target: Path) -> Catalogue:
    """The catalogue of the packs that came with the program, made again when they are newer than the file."""
    wanted = packs.version(path("packs"))
    if target.exists():
        try:
            there = Catalogue(target)
            if there.version == wanted:
                return there
            there.close()
        except DatabaseError:
            pass  # a damaged catalogue is only a copy of the packs
    build.build(path("packs"), target)
    return Catalogue(target)


def _device(store: Store, clock: times.Clock) -> Device:
    """This counter's identity, made at the first run; a sample centre until it is set up."""
    found = store.row("SELECT code, centre_bn, centre_en, address_bn FROM device")
    if found is None:
        found = {
            "code": "".join(secrets.choice(_LETTERS) for _ in range(4)),
            "centre_bn": "নমুনা ইউনিয়ন ডিজিটাল সেন্টার", "centre_en": "Sample Union Digital Centre",
            "address_bn": "ইউনিয়ন পরিষদ ভবন, নমুনা উপজেলা",
        }
        with store.transaction() as connection:
            engine.insert(connection, "device", {"id": 1, **found, "made_at_utc": times.text(clock())})
    return Device(**found)
