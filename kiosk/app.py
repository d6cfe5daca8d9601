"""The composition root: the only place where the wings, the store and the counter meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from kiosk import caretaker, settings, times
from kiosk.caretaker import EXPORTS, Caretaker, clear_exports
from kiosk.catalogue import shelf
from kiosk.counter import authority, centre, tail
from kiosk.counter.context import Counter, Device, Printing
from kiosk.counter.records import CounterError
from kiosk.home import Home
from kiosk.ledger import events
from kiosk.people.envelopes import Cost
from kiosk.people.operators import Operator
from kiosk.settings import OF_A_PRINTER, BadSettings, Settings
from kiosk.store.backup import Backup
from kiosk.store.work import Store
from sync.worker import Kit, LineState, LineStatus, Worker

if TYPE_CHECKING:
    from printing.spooler import Spooler
    from printing.worker import PrintWorkers

_NOBODY = Operator("", "", "operator")


class SecondCopy(Exception):
    """Another copy of the program has this home open."""


def alone(home: Path) -> FileLock:
    """The home's lock, held until it is released. Raises: SecondCopy."""
    lock = FileLock(home / "kiosk.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise SecondCopy(str(home)) from error
    return lock


class App:
    """One counter on one home folder, shut until somebody unlocks it; `start` sets the workers to work from then on."""

    def __init__(
        self, home: Path, *, portals: Mapping[str, Any] | None = None, clock: times.Clock = times.now,
        at: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """`portals`, as in settings.json, goes before those there; `at` is told of every step (for tests).

        Raises:
            SecondCopy, BadSettings, BadKeys, WrongMachine, NotEncrypted, PackError.
        """
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = home
        self._at = at
        self._lock = alone(home)
        try:
            self._open(portals, clock)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, portals: Mapping[str, Any] | None, clock: times.Clock) -> None:
        self.settings: Settings = settings.read(self.folder)
        if portals is not None:
            self.settings = replace(self.settings, portals=settings.portals(portals))
        self.home = Home(self.folder, clock)
        self.catalogue = shelf.opened(self.folder)
        self._listeners: list[Callable[[], None]] = []
        self._worker = Worker(self.sync_kit, self._now, lambda _status: self._changed())
        self._printing: PrintWorkers | None = None
        self._caretaker: Caretaker | None = None
        clear_exports(self.folder)
        self._wanted = self._working = False

    def counter(self, operator: Operator) -> Counter:
        """What the use cases need, with `operator` at the counter."""
        bare = Counter(
            self.store, self.catalogue, self.clock, self.device, operator,
            Printing(self.settings.printer_name, self.settings.width_dots), self.line_is_up,
            self.settings.portals.keys(),
        )
        own = self.printer(bare)
        return replace(
            bare, device=centre.device(bare), printing=Printing(own.printer_name, own.width_dots, own.drawer)
        )

    def printer(self, counter: Counter) -> Settings:
        """The settings, with the printer that the centre chose for itself."""
        own = centre.value(counter.store.connection(), "printer", counter.today())
        return replace(self.settings, **own)

    def choose_printer(self, counter: Counter, own: Settings) -> None:
        """Papers go there from now on; those that are queued stay with their printer.

        Raises:
            CounterError: `supervisor_needed`, or what is wrong with the printer.
        """
        try:
            settings.checked(own)
        except BadSettings as error:
            raise CounterError(error.reason, **error.facts) from error
        centre.put(counter, "printer", {name: getattr(own, name) for name in OF_A_PRINTER})
        self.serve_printers()

    def serve_printers(self) -> None:
        """A worker for every printer that there is now, as it is set up now."""
        if self._printing is not None:
            from kiosk import printers  # noqa: PLC0415 it brings the fonts

            nobody = self.counter(_NOBODY)
            self._printing.serve(printers.names(nobody, self.printer(nobody)))

    @property
    def store(self) -> Store:
        """Raises: Locked."""
        return self.home.store

    @property
    def device(self) -> Device:
        """Raises: Locked."""
        return self.home.device

    @property
    def clock(self) -> times.Clock:
        """The counter's time: the system's as far as it can be believed."""
        return self.home.clock

    def _now(self) -> datetime:
        return self.clock()  # the first unlocking changes which clock that is

    def create_first(self, name: str, pin: str, cost: Cost | None = None) -> Operator:
        """Make the first supervisor, at the first run. Raises: WeakPin, FirstOperatorExists."""
        return self.home.begin(name, pin, cost or Cost())

    def unlock(self, operator_id: str, pin: str) -> Counter:
        """Somebody is at the counter. Raises: WrongPin, NewerStore, DatabaseError."""
        counter = self.counter(self.home.unlock(operator_id, pin))
        tail.compare(counter, self.home.head_remembered())
        self._work()
        return counter

    def lock(self, operator: Operator, why: str) -> None:
        """Nobody is at the counter any more; the workers go on, for the line may come at night."""
        with self.store.transaction() as connection:
            events.record(connection, "locked", operator.id, self.clock(), why=why)

    def confirm_date(self, counter: Counter) -> None:
        """A supervisor says that the laptop's date is right. Raises: CounterError, `supervisor_needed`."""
        authority.require(counter, "clock")
        self.home.believe_clock()
        with self.store.transaction() as connection:
            events.record(connection, "clock_confirmed", counter.operator.id, self.clock())

    def add_operator(self, counter: Counter, name: str, pin: str, role: str) -> Operator:
        """Raises: CounterError (`supervisor_needed`), WeakPin."""
        authority.require(counter, "operators")
        return self.home.add(name, pin, role, counter.operator, Cost())

    def reset_pin(self, counter: Counter, operator_id: str, pin: str) -> None:
        """Raises: CounterError (`supervisor_needed`), WeakPin."""
        authority.require(counter, "operators")
        self.home.reset(operator_id, pin, counter.operator, Cost())

    def remove_operator(self, counter: Counter, operator_id: str) -> None:
        """Raises: CounterError (`supervisor_needed`), LastSupervisor."""
        authority.require(counter, "operators")
        self.home.remove(operator_id, counter.operator)

    def backup_trouble(self) -> list[str]:
        """What the last round of backups could not do."""
        return list(self._caretaker.trouble) if self._caretaker else []

    def sign_in(self, counter: Counter, portal: str, user: str, secret: str) -> None:
        """This counter is `user` at a portal from now on; an empty user signs out.

        Raises:
            CounterError: `supervisor_needed`, `no_such_portal`.
        """
        authority.require(counter, "portals")
        if portal not in self.settings.portals:
            raise CounterError("no_such_portal", portal=portal)
        with self.store.transaction() as connection:
            events.record(connection, "portal_signed_in", counter.operator.id, self.clock(), portal=portal, user=user)
        self.home.credentials.put(portal, user, secret)
        self._worker.hurry()

    def back_up(self, counter: Counter) -> tuple[list[Backup], list[str]]:
        """Copies in every place there is, now; and what went wrong.

        Raises:
            CounterError: `no_backup_place`.
        """
        found, wrong = [], []
        for place in caretaker.places(counter):
            try:
                found.append(caretaker.back_up(counter, self.home, place))
            except OSError as error:
                wrong.append(f"{place}: {error.strerror}")
        if not found and not wrong:
            raise CounterError("no_backup_place")
        return found, wrong

    def save(self, counter: Counter, name: str, body: bytes) -> Path:
        """Write something readable out of the store, at somebody's wish; it is cleared away after a day."""
        target = self.folder / EXPORTS / name
        target.parent.mkdir(exist_ok=True)
        with self.store.transaction() as connection:
            events.record(connection, "saved", counter.operator.id, self.clock(), name=name)
        target.write_bytes(body)
        return target

    def start(self) -> None:
        """Let the sync and printing workers work, from the first unlocking on."""
        self._wanted = True
        self._work()

    def _work(self) -> None:
        if not self._wanted or self._working or not self.home.is_open:
            return
        from printing.worker import PrintWorkers  # noqa: PLC0415 after the first paint: it brings the fonts

        self._working = True
        self._printing = PrintWorkers(self.spooler)
        self.serve_printers()
        self._caretaker = Caretaker(lambda: self.counter(_NOBODY), self.home)
        for worker in (self._worker, self._caretaker):
            worker.start()

    def stop(self) -> None:
        """End the workers, close the files, let another copy open."""
        for worker in (self._worker, self._printing, self._caretaker):
            if worker is not None:
                worker.stop()
        self.catalogue.close()
        self.home.close()
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

        return sync_kit(self.counter(_NOBODY), self.settings, self.home, self._at)

    def spooler(self) -> tuple[Spooler, Callable[[], None]]:
        """The spooler and what closes it, opened in the calling thread."""
        from kiosk import printers  # noqa: PLC0415
        from printing.spooler import Spooler  # noqa: PLC0415

        nobody = self.counter(_NOBODY)
        known = printers.printers(nobody, self.printer(nobody), self.folder / "paper")
        spooler = Spooler(self.store.connection(), known, self.store.writing, self._at, self._tell)
        return spooler, self.store.close

    def _changed(self) -> None:
        if self._printing is not None:
            self._printing.wake()
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
