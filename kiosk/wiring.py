"""Ties the sync wing to the counter: which portals, which feeds, and what an outcome means here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kiosk.counter import feeds, outcomes
from kiosk.counter.context import Counter
from sync.engine import Engine
from sync.http import Http
from sync.operations import Operation, Outcome
from sync.portals import Portal
from sync.portals.ekpay import EkPay
from sync.portals.eksheba import EkSheba
from sync.portals.ekshop import EkShop
from sync.portals.municipality import Municipality
from sync.pull import Feed, pull_page
from sync.worker import Kit


def sync_kit(counter: Counter, addresses: Mapping[str, str], at: Callable[[str], None]) -> Kit:
    """The engine and the pulls, on the calling thread's connection."""
    connection = counter.store.connection()
    ekpay = EkPay()
    portals: dict[str, Portal] = {
        portal.name: portal for portal in (ekpay, EkSheba(), EkShop(), Municipality())
    }
    lines = {name: Http(address) for name, address in addresses.items() if name in portals}

    def handler(within: sqlite3.Connection, operation: Operation, outcome: Outcome) -> None:
        outcomes.apply(counter, within, operation, outcome)

    moving = Engine(connection, portals, lines, handler, counter.store.writing, counter.clock, at=at)
    pulls = [_pull(counter, feed, lines[feed.portal]) for feed in _feeds(counter) if feed.portal in lines]
    if "ekpay" in lines:
        pulls.insert(0, lambda: _pull_floats(counter, ekpay, lines["ekpay"]))

    def close() -> None:
        for line in lines.values():
            line.close()
        counter.store.close()

    return Kit(connection, moving, pulls, close)


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
