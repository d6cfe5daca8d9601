"""The portals that the sandbox plays, and where each begins. A base's first part is the portal's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint

from sync.sandbox import applications, ekpay, ekshop, municipality
from sync.sandbox.books import Books
from sync.sandbox.faults import Faults


@dataclass(frozen=True, slots=True)
class Played:
    """`publishes`: it has packs for every counter."""

    base: str
    routes: Callable[[Books, Faults], Blueprint]
    publishes: bool = False


PORTALS: Mapping[str, Played] = {
    "ekpay": Played(ekpay.BASE, ekpay.blueprint),
    "eksheba": Played("/eksheba", partial(applications.blueprint, "eksheba", "ES"), publishes=True),
    "ekshop": Played("/ekshop", ekshop.blueprint),
    "municipality": Played("/municipality", municipality.blueprint),
    "nagorik": Played("/nagorik", partial(applications.blueprint, "nagorik", "NS"), publishes=True),
}
