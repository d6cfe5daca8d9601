"""Ties the sync wing to the counter: which portals, which feeds, and what an outcome means here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from kiosk.counter import centre, feeds, outcomes, tail
from kiosk.counter.context import Counter
from kiosk.ledger import chain
from sync.engine import Engine
from sync.http import Http
from sync.line import LineError
from sync.operations import Operation, Outcome
from sync.portals import Portal
from sync.portals.ekpay import EkPay
from sync.portals.eksheba import EkSheba
from sync.portals.ekshop import EkShop
from sync.portals.municipality import Municipality
from sync.pull import Feed, pull_page
from sync.worker import Kit, Pull

_LANES = 4  # requests under way to one portal at once
_LOOK_SECONDS = 120.0


def sync_kit(counter: Counter, addresses: Mapping[str, str], at: Callable[[str], None]) -> Kit:
    """The engine and the pulls, on the calling thread's connection."""
    ekpay = EkPay()
    portals = {**adapters(), "ekpay": ekpay}
    lanes = lines(addresses, portals)
    tells = partial(journal_head, counter)
    looking = {name: Http(addresses[name], tells=tells, shallow=True) for name in lanes}

    def handler(within: sqlite3.Connection, operation: Operation, outcome: Outcome) -> None:
        outcomes.apply(counter, within, operation, outcome)

    moving = Engine(
        counter.store.connection(), portals, lanes, handler, counter.store.writing, counter.clock, at=at, tells=tells
    )

    def close() -> None:
        moving.close()
        for line in looking.values():
            line.close()
        counter.store.close()

    return Kit(
        counter.store.connection(), moving, _pulls(counter, looking, ekpay), close, lambda: centre.thrift(counter)
    )


def adapters() -> dict[str, Portal]:
    """Every portal that operations are made for, by its name."""
    return {portal.name: portal for portal in (EkPay(), EkSheba(), EkShop(), Municipality())}


def lines(addresses: Mapping[str, str], portals: Mapping[str, Portal]) -> dict[str, list[Http]]:
    """As many lines as may be used at once, to each of `portals` that has an address."""
    return {
        name: [Http(address, compresses=portals[name].capabilities.compression) for _lane in range(_LANES)]
        for name, address in addresses.items() if name in portals
    }


def _pulls(counter: Counter, lines: Mapping[str, Http], ekpay: EkPay) -> list[Pull]:
    pulls = [
        Pull(feed.portal, _pull(counter, feed, lines[feed.portal]), _LOOK_SECONDS)
        for feed in _feeds(counter) if feed.portal in lines
    ]
    if "ekpay" in lines:
        pulls.insert(0, Pull("ekpay", lambda: _pull_floats(counter, ekpay, lines["ekpay"]), _LOOK_SECONDS))
    return pulls + [
        Pull(name, _once(partial(_compare_journal, counter, name, line)), _LOOK_SECONDS)
        for name, line in lines.items()
    ]


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


def _feeds(counter: Counter) -> Sequence[Feed]:
    def applying(apply: Callable[..., None]) -> Callable[[sqlite3.Connection, Sequence[Mapping[str, Any]]], None]:
        return lambda connection, items: apply(counter, connection, items)

    return (
        Feed("eksheba.statuses", "eksheba", "/statuses", applying(feeds.statuses)),
        Feed("ekshop.order-statuses", "ekshop", "/order-statuses", applying(feeds.order_statuses)),
        Feed("municipality.holdings", "municipality", "/holdings", applying(feeds.holdings)),
    )


def _pull(counter: Counter, feed: Feed, line: Http) -> Callable[[], bool]:
    return lambda: pull_page(counter.store.connection(), feed, line, counter.store.writing, counter.clock)


def _pull_floats(counter: Counter, ekpay: EkPay, line: Http) -> bool:
    held = ekpay.floats(line)
    with counter.store.transaction() as connection:
        for name, amount in held.items():
            feeds.float_seen(counter, connection, name, amount)
    return False
