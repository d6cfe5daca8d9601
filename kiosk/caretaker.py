"""What the program does by itself while the counter serves: backups, purges, the witness, clearing away exports."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from kiosk.counter import centre, personal
from kiosk.counter.context import Counter
from kiosk.home import Home
from kiosk.ledger import events
from kiosk.store import backup
from kiosk.store.backup import Backup
from kiosk.store.engine import DatabaseError

_EVERY_SECONDS = 600.0
_BACKUP_AGE = timedelta(hours=1)
_ON_A_STICK = "udc-kiosk"
_HAPPENED_SINCE = """SELECT 1 FROM journal WHERE seq > ? AND NOT (source = 'events'
    AND row_id IN (SELECT id FROM events WHERE kind = 'backed_up')) LIMIT 1"""  # a copy is no reason for another
EXPORTS = "exports"
_EXPORTS_STAY_SECONDS = 24 * 3600


def places(counter: Counter, sticks: Callable[[], list[Path]] = backup.sticks) -> list[Path]:
    """Where backups go now: the folder that the centre named, and every USB stick that is there."""
    named = str(centre.value(counter.store.connection(), "backup", counter.today())["folder"])
    return [*([Path(named)] if named else []), *(stick / _ON_A_STICK for stick in sticks())]


def back_up(counter: Counter, home: Home, place: Path) -> Backup:
    """Make a copy in `place` and let the oldest go. Raises: OSError, DatabaseError."""
    made = backup.make(
        counter.store.connection(), home.key, home.path / backup.KEYS, place, counter.device.code, counter.now()
    )
    backup.thin(place, counter.device.code)
    with counter.store.transaction() as connection:
        events.record(connection, "backed_up", counter.operator.id, counter.now(), place=str(place), seq=made.seq)
    return made


def back_up_where_due(
    counter: Counter, home: Home, sticks: Callable[[], list[Path]] = backup.sticks
) -> tuple[list[Backup], list[str]]:
    """A copy in every place whose newest is an hour old while something has happened since; what went wrong."""
    made, wrong = [], []
    for place in places(counter, sticks):
        try:
            if _is_due(counter, place):
                made.append(back_up(counter, home, place))
        except (OSError, DatabaseError, backup.BadBackup) as error:
            wrong.append(f"{place}: {error}")
    return made, wrong


def _is_due(counter: Counter, place: Path) -> bool:
    mine = [folder for folder in backup.known(place) if f"-{counter.device.code}-" in folder.name]
    if not mine:
        return True
    newest = backup.read(mine[-1])
    if counter.now() - newest.made_at < _BACKUP_AGE:
        return False
    return bool(counter.store.rows(_HAPPENED_SINCE, newest.seq))


def clear_exports(folder: Path) -> None:
    """What was saved readable at somebody's wish does not lie about for longer than a day."""
    for file in (folder / EXPORTS).glob("*"):
        if time.time() - file.stat().st_mtime > _EXPORTS_STAY_SECONDS:
            file.unlink(missing_ok=True)


class Caretaker(threading.Thread):
    """Goes round every ten minutes; `trouble` is what the last round could not do."""

    def __init__(self, counter: Callable[[], Counter], home: Home, every_seconds: float = _EVERY_SECONDS) -> None:
        super().__init__(name="caretaker", daemon=True)
        self._counter = counter
        self._home = home
        self._every = every_seconds
        self._stopping = threading.Event()
        self.trouble: list[str] = []

    def run(self) -> None:
        counter = self._counter()
        while not self._stopping.wait(self._every):
            self.trouble = _round(counter, self._home)
        counter.store.close()

    def stop(self, wait_seconds: float = 15.0) -> None:
        self._stopping.set()
        if self.is_alive():
            self.join(wait_seconds)


def _round(counter: Counter, home: Home) -> list[str]:
    try:
        _made, wrong = back_up_where_due(counter, home)
        personal.purge_old(counter)
        home.remember_head()
        clear_exports(home.path)
    except (OSError, DatabaseError) as error:
        return [str(error)]
    return wrong
