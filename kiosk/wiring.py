"""Ties the sync wing to the counter: which portals, which feeds, and what an outcome means here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial

from kiosk.counter import centre, feeds, outcomes, tail, timing
from kiosk.counter.context import Counter
from kiosk.home import Home
from kiosk.ledger import chain
from kiosk.restock import EVERY_SECONDS, Restock
from kiosk.settings import PortalAt, Settings
from sync.engine import Engine
from sync.http import Http
from sync.line import LineError
from sync.operations import Operation, Outcome, Unknown
from sync.portals import BillersPortal, FloatPortal, Portal, adapter, names
from sync.pull import Feed, pull_page
from sync.worker import Kit, Pull

_LANES = 8  # requests under way to one portal at once, where the line carries them
_LOOK_SECONDS = 120.0
_FEEDS = {"statuses": feeds.statuses, "order_statuses": feeds.order_statuses, "holdings": feeds.holdings}

Who = Callable[[str], tuple[str, str]]  # user and secret at a portal


def nobody(_portal: str) -> tuple[str, str]:
    return "", ""


def sync_kit(counter: Counter, settings: Settings, home: Home, at: Callable[[str], None]) -> Kit:
    """The engine and the pulls, on the calling thread's connection."""
    portals, who = adapters(settings.portals), home.credentials.of
    lanes = lines(settings.portals, portals, who)
    tells = partial(journal_head, counter)
    looking = {
        name: Http(told.address, tells=tells, shallow=True, credentials=partial(who, name))
        for name, told in settings.portals.items()
    }
    moving = Engine(
        counter.store.connection(), portals, lanes, _handler(counter, portals), counter.store.writing, counter.clock,
        at=at, tells=tells, beside=looking.values(), not_before=partial(timing.not_before, counter),
    )

    def close() -> None:
        moving.close()
        for line in looking.values():
            line.close()
        counter.store.close()

    pulls = [pull for name, line in looking.items() for pull in _pulls(counter, name, portals[name], line)]
    stocked = [(name, line) for name, line in looking.items() if portals[name].capabilities.packs]
    pulls += [
        Pull(name, line, Restock(counter, home.path, name, line, settings.publishers).take, EVERY_SECONDS)
        for name, line in stocked[:1] if settings.publishers  # two would lay their packs over each other's
    ]
    return Kit(counter.store.connection(), moving, pulls, close, lambda: centre.thrift(counter))


def adapters(settings: Mapping[str, PortalAt]) -> dict[str, Portal]:
    """Every portal that operations may be made for: as it is set up, otherwise by the adapter with its name."""
    bare = {name: adapter(name) for name in names() - settings.keys()}
    return bare | {name: adapter(told.adapter, told.lacks) for name, told in settings.items()}


def lines(settings: Mapping[str, PortalAt], portals: Mapping[str, Portal], who: Who = nobody) -> dict[str, list[Http]]:
    """As many lines as may be used at once, to each portal that has an address."""

    def line(name: str) -> Http:
        gzip = portals[name].capabilities.compression
        return Http(settings[name].address, compresses=gzip, credentials=partial(who, name))

    return {name: [line(name) for _lane in range(_LANES)] for name in settings}


def _handler(
    counter: Counter, portals: Mapping[str, Portal]
) -> Callable[[sqlite3.Connection, Operation, Outcome], None]:
    def handler(within: sqlite3.Connection, operation: Operation, outcome: Outcome) -> None:
        portal = portals.get(operation.portal)
        if isinstance(outcome, Unknown) and portal is not None and not portal.capabilities.query_by_key:
            outcome = Unknown(outcomes.ASK_THERE)
        outcomes.apply(counter, within, operation, outcome)

    return handler


def _pulls(counter: Counter, name: str, portal: Portal, line: Http) -> list[Pull]:
    """Floats first: they say what may be taken at the counter."""
    takes: list[Callable[[], bool]] = []
    if isinstance(portal, FloatPortal):
        takes.append(partial(_pull_floats, counter, portal, line))
    takes += [
        partial(_pull_feed, counter, Feed(f"{name}.{feed}", name, path, partial(_FEEDS[feed], counter)), line)
        for feed, path in portal.capabilities.feeds.items()
    ]
    takes.append(_once(partial(_compare_journal, counter, name, line)))
    pulls = [Pull(name, line, take, _LOOK_SECONDS) for take in takes]
    if isinstance(portal, BillersPortal):
        pulls.append(Pull(name, line, partial(_pull_billers, counter, name, portal, line), EVERY_SECONDS))
    return pulls


def journal_head(counter: Counter) -> dict[str, str]:
    """The journal's head goes with every request, so that a tail that is cut off here is known there."""
    return {"X-Journal-Head": f"{counter.device.code} {chain.head(counter.store.connection())}"}


def _compare_journal(counter: Counter, portal: str, line: Http) -> None:
    try:
        told = line.get("/journal", {"device": counter.device.code}).body
    except LineError as error:
        if error.reason in ("not_the_portal", "no_such_path", "bad_answer"):
            return  # this portal does not keep journals
        raise
    seq, head = told.get("seq", 0), told.get("head", "")
    if not isinstance(seq, int) or not isinstance(head, str):
        raise LineError("bad_answer", sent=True)
    seen = chain.Head(seq, head)
    if tail.is_known(counter, seen):
        return
    after = {"device": counter.device.code, "after": str(tail.last_certain(counter))}
    try:
        tail.missing(counter, portal, seen, line.get("/journal/operations", after).body.get("items", []))
    except (KeyError, TypeError) as error:
        raise LineError("bad_answer", sent=True) from error


def _once(work: Callable[[], None]) -> Callable[[], bool]:
    """A pull that is done once, when it first succeeds."""
    done: list[bool] = []

    def pull() -> bool:
        if not done:
            work()
            done.append(True)
        return False

    return pull


def _pull_feed(counter: Counter, feed: Feed, line: Http) -> bool:
    return pull_page(counter.store.connection(), feed, line, counter.store.writing, counter.clock)


def _pull_floats(counter: Counter, portal: FloatPortal, line: Http) -> bool:
    held = portal.floats(line)
    with counter.store.transaction() as connection:
        for name, amount in held.items():
            feeds.float_seen(counter, connection, name, amount)
    return False


def _pull_billers(counter: Counter, name: str, portal: BillersPortal, line: Http) -> bool:
    try:
        listed = portal.billers(line)
    except LineError as error:
        if error.reason == "no_such_path":
            return False  # this portal has no list
        raise
    with counter.store.transaction() as connection:
        feeds.billers_seen(counter, connection, name, listed)
    return False
