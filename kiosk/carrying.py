"""Carrying what waits to a machine with a line, and its outcomes home: ties sync/carry to this counter."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import times
from kiosk.app import App
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.ledger import events
from kiosk.settings import PortalAt
from kiosk.wiring import Who, adapters, journal_head, lines, nobody
from sync.carry import beside, home, road, sealed
from sync.carry.beside import Listening
from sync.carry.home import Brought, Carry, Sender
from sync.carry.road import Road, Sent

FOLDER = "carry"
DAYS = 7
SECONDS = 600.0  # how long a machine tries before it leaves the rest for another time


def pack(app: App, counter: Counter, stick: Path, days: int = DAYS, code: str = "") -> list[Carry]:
    """What waits goes into a new file on `stick`; files that are still out go on it again. All of them, oldest first.

    `code`: one that a machine beside this one shows; otherwise a new one is made.

    Raises:
        CounterError: `carry_nothing`.
        OSError: the stick is full or gone; the file is kept at home, pack again on another.
    """
    kept = app.folder / FOLDER
    kept.mkdir(exist_ok=True)
    with counter.store.transaction() as connection:
        made = home.pack(connection, kept, sender(counter), askable(app), counter.now(), timedelta(days=days), code)
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
    for file in (app.folder / FOLDER).glob("udc-carry-*"):
        if file.with_suffix(".carry").name not in {carry.name for carry in out}:
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
    clock: times.Clock = times.now,
) -> Sent:
    """Send what is in `file` from this machine; the outcomes are written beside it. Raises: BadCarry, OSError,
    CounterError (`carry_no_portals`)."""
    if not portals:
        raise CounterError("carry_no_portals")
    known = adapters(portals)
    there = Road(sealed.read_file(file), code, road.outcomes_beside(file), known, lines(portals, known, who), clock)
    return there.run(seconds, shown, stop)


def listen(
    folder: Path, portals: Mapping[str, PortalAt], seconds: float, who: Who, shown: Callable[[str, int], None],
    host: str = "127.0.0.1", port: int = 0, stop: threading.Event | None = None, clock: times.Clock = times.now,
) -> int:
    """For so many seconds take files from laptops beside this machine into `folder`, and send them; how many came.
    `shown` gets the code and the port to tell them. Raises: OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    code, over, until, came = sealed.new_code(), stop or threading.Event(), time.monotonic() + seconds, 0
    listening = Listening(folder, code, host, port)
    shown(code, listening.port)
    try:
        while not over.is_set() and time.monotonic() < until:
            listening.working = not listening.came.empty()
            try:
                file = listening.came.get(timeout=0.2)
            except queue.Empty:
                continue
            came += 1
            listening.working = True
            send(file, code, portals, until - time.monotonic(), who, stop=over, clock=clock)
    finally:
        listening.stop()
    return came


def hand(app: App, counter: Counter, address: str, code: str, seconds: float) -> Brought:
    """Give what waits to the counter that listens at `address`, and bring what it finds out within so many seconds.

    Raises:
        CounterError: `carry_nothing`.
        BadCarry: `carry_nobody_listens`, `carry_wrong_code`; what was packed may be handed over again, or go by stick.
    """
    total = Brought(0, 0, 0, [])
    for carry in pack(app, counter, app.folder / FOLDER, 1, code):
        file = app.folder / FOLDER / carry.name
        if sealed.same_code(carry.code, code):
            beside.hand_over(address, file)
        if beside.fetch(address, carry.id, road.outcomes_beside(file), seconds):
            brought = bring(app, counter, road.outcomes_beside(file))
            total = Brought(total.new + brought.new, total.known + brought.known, total.out + brought.out,
                            [*total.differ, *brought.differ])
        else:
            total = replace(total, out=total.out + carry.out)
    return total


def sender(counter: Counter) -> Sender:
    """This counter, as it stands in a file's head and before the portals."""
    signer = Ed25519PrivateKey.from_private_bytes(counter.device.signing_key)
    return Sender(counter.device.code, signer, journal_head(counter))


def askable(app: App) -> list[str]:
    """The portals whose operations may travel: those that can be asked by key."""
    known = adapters(app.settings.portals)
    return [name for name, portal in known.items() if portal.capabilities.query_by_key]
