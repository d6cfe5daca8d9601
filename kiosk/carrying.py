"""Carrying what waits to a machine with a line, and its outcomes home: ties sync/carry to this counter."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app import App
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.ledger import events
from kiosk.settings import PortalAt
from kiosk.wiring import Who, adapters, journal_head, lines, nobody
from sync.carry import home, road, sealed
from sync.carry.home import Brought, Carry, Sender
from sync.carry.road import Road, Sent

FOLDER = "carry"
DAYS = 7
SECONDS = 600.0  # how long a machine tries before it leaves the rest for another time


def pack(app: App, counter: Counter, stick: Path, days: int = DAYS) -> list[Carry]:
    """What waits goes into a new file on `stick`; files that are still out go on it again. All of them, oldest first.

    Raises:
        CounterError: `carry_nothing`.
        OSError: the stick is full or gone; the file is kept at home, pack again on another.
    """
    kept = app.folder / FOLDER
    kept.mkdir(exist_ok=True)
    with counter.store.transaction() as connection:
        made = home.pack(connection, kept, sender(counter), askable(app), counter.now(), timedelta(days=days))
        if made is not None:
            events.record(connection, "carry_packed", counter.operator.id, counter.now(), carry=made.id, count=made.out)
    out = carries(app, counter)
    if not out:
        raise CounterError("carry_nothing")
    for carry in out:
        if (kept / carry.name).exists():
            sealed.write_file(stick / carry.name, (kept / carry.name).read_bytes())
    return out


def carries(app: App, counter: Counter) -> list[Carry]:
    """The files of which something is still out, oldest first; of the others none is kept."""
    out = home.carries(counter.store.connection())
    for file in (app.folder / FOLDER).glob("*.carry"):
        if file.name not in {carry.name for carry in out}:
            file.unlink(missing_ok=True)
    return out


def bring(app: App, counter: Counter, file: Path) -> Brought:
    """Apply the outcomes in `file`, as if the portals had told them here. Raises: BadCarry, OSError."""
    told = sealed.read_file(file)
    kit = app.sync_kit()
    try:
        brought = home.bring(counter.store.connection(), told, kit.engine.brought)
    finally:
        kit.engine.close()
    with counter.store.transaction() as connection:
        events.record(
            connection, "carry_brought", counter.operator.id, counter.now(), carry=told.head.id, new=brought.new,
            out=brought.out, differ=list(brought.differ),
        )
    return brought


def send(
    file: Path, code: str, portals: Mapping[str, PortalAt], seconds: float, who: Who = nobody,
    shown: Callable[[Sent], None] = lambda _sent: None, stop: threading.Event | None = None,
) -> Sent:
    """Send what is in `file` from this machine; the outcomes are written beside it. Raises: BadCarry, OSError,
    CounterError (`carry_no_portals`)."""
    if not portals:
        raise CounterError("carry_no_portals")
    known = adapters(portals)
    there = Road(sealed.read_file(file), code, road.outcomes_beside(file), known, lines(portals, known, who))
    return there.run(seconds, shown, stop)


def sender(counter: Counter) -> Sender:
    """This counter, as it stands in a file's head and before the portals."""
    signer = Ed25519PrivateKey.from_private_bytes(counter.device.signing_key)
    return Sender(counter.device.code, signer, journal_head(counter))


def askable(app: App) -> list[str]:
    """The portals whose operations may travel: those that can be asked by key."""
    known = adapters(app.settings.portals)
    return [name for name, portal in known.items() if portal.capabilities.query_by_key]
