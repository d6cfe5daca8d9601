"""Carrying what waits to a machine with a line, and its outcomes home: ties sync/carry to this counter."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import times
from kiosk.app import App
from kiosk.counter import timing
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.ledger import events
from kiosk.settings import PortalAt
from kiosk.wiring import Who, adapters, journal_head, lines, nobody
from sync.carry import beside, home, road, sealed
from sync.carry.beside import Listening
from sync.carry.home import Brought, Carry, Sender
from sync.carry.road import Road, Sent
from sync.carry.sealed import BadCarry

FOLDER = "carry"
DAYS = 7
FOR_OTHERS = "carried-for-others"  # what was taken from laptops lies here
ANYWHERE, PORT = "0.0.0.0", 8941
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
        made = home.pack(
            connection, kept, sender(counter), askable(app), counter.now(), timedelta(days=days),
            partial(timing.leave_by, counter),
        )
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
    """Apply the outcomes in `file` (or beside it, where it is the one that was sent), as if the portals had told them
    here. Raises: BadCarry, OSError."""
    told = sealed.read_file(file)
    beside_it = road.outcomes_beside(file)
    if told.head.about == sealed.OPERATIONS and beside_it.exists():
        told = sealed.read_file(beside_it)
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
    coming: Callable[[int, int], None] = lambda _done, _total: None,
    sending: Callable[[Sent], None] = lambda _sent: None,
) -> int:
    """For so many seconds take files from laptops beside this machine into `folder`, and send them; how many came.

    `shown` gets the code and the port to tell them; `coming` how many bytes of how many have come, `sending` how far
    what came is. Raises: OSError, CounterError (`carry_no_portals`, `not_our_address`).
    """
    if not portals:
        raise CounterError("carry_no_portals")
    folder.mkdir(parents=True, exist_ok=True)
    code, over, until, came = sealed.new_code(), stop or threading.Event(), time.monotonic() + seconds, 0
    listening = _listening(folder, code, host, port, coming)
    shown(code, listening.port)
    try:
        while not over.is_set() and time.monotonic() < until:
            listening.working = not listening.came.empty()
            try:
                file, opens = listening.came.get(timeout=0.2)
            except queue.Empty:
                continue
            came += 1
            listening.working = True
            try:
                sending(send(file, opens, portals, until - time.monotonic(), who, sending, over, clock))
            except BadCarry as error:  # its time was over on the way: the next one is still welcome
                sending(Sent(0, 0, error.reason))
    finally:
        listening.stop()
    return came


def _listening(folder: Path, code: str, host: str, port: int, coming: Callable[[int, int], None]) -> Listening:
    """At `port`, or at any other when somebody else has it: the address is shown with it. Raises: OSError,
    CounterError (`not_our_address`)."""
    with contextlib.suppress(OSError):
        return Listening(folder, code, host, port, coming)
    try:
        return Listening(folder, code, host, 0, coming)
    except OSError as error:
        if host == ANYWHERE:
            raise
        raise CounterError("not_our_address", host=host) from error


def hand(
    app: App, counter: Counter, address: str, code: str, seconds: float,
    going: Callable[[int, int], None] = lambda _done, _total: None,
    ended: Callable[[int], None] = lambda _count: None, stop: threading.Event | None = None,
) -> Brought:
    """Give what waits, and the files that are still out, to the counter that listens at `address`, and bring what it
    finds out within so many seconds. Nothing is packed for a counter that is not there or shows another code.

    `going`: how many bytes of a file have left; `ended`: how many outcomes the counter has.

    Raises:
        CounterError: `carry_nothing`.
        BadCarry: `carry_nobody_listens`, `carry_wrong_code`, `carry_stopped`; what was packed is handed over next time.
    """
    us, total = sender(counter), Brought(0, 0, 0, [])
    beside.greet(address, code, us, {})
    out = pack(app, counter, app.folder / FOLDER, 1)
    beside.greet(address, code, us, {carry.id: carry.code for carry in out})
    for carry in out:
        file = app.folder / FOLDER / carry.name
        if file.exists():
            beside.hand_over(address, file, going, stop)
        if beside.fetch(address, carry.id, road.outcomes_beside(file), seconds, ended, stop):
            brought = bring(app, counter, road.outcomes_beside(file))
            total = Brought(total.new + brought.new, total.known + brought.known, total.out + brought.out,
                            [*total.differ, *brought.differ])
        else:
            total = replace(total, out=total.out + carry.out)
    return total


def own_address(host: str = ANYWHERE) -> str:
    """Where others in its network find this machine; nothing is sent to find that out."""
    if host != ANYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
        asking.connect(("192.0.2.1", 9))
        return str(asking.getsockname()[0])
    return "127.0.0.1"


def sender(counter: Counter) -> Sender:
    """This counter, as it stands in a file's head and before the portals."""
    signer = Ed25519PrivateKey.from_private_bytes(counter.device.signing_key)
    return Sender(counter.device.code, signer, journal_head(counter))


def askable(app: App) -> list[str]:
    """The portals whose operations may travel: those that can be asked by key."""
    known = adapters(app.settings.portals)
    return [name for name, portal in known.items() if portal.capabilities.query_by_key]
