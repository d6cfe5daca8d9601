"""Ties the printing wing to the counter: which printers there are, by the names that the spool calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kiosk.counter.context import Counter
from kiosk.settings import Settings
from printing import discovery, spool
from printing.printers import FilePrinter, Printer
from printing.profiles import PROFILES, Profile, suggest


def names(counter: Counter, own: Settings) -> list[str]:
    """The chosen printer, and those for which papers are still queued."""
    return list(dict.fromkeys([own.printer_name, *spool.printers_waited_for(counter.store.connection())]))


def printers(counter: Counter, own: Settings, folder: Path) -> Mapping[str, Printer]:
    """Those printers; what is at no address that can be one is left out."""
    found: dict[str, Printer] = {"file": FilePrinter(folder)}
    for name in names(counter, own):
        kind, _colon, address = name.partition(":")
        if kind == "file":
            continue
        try:
            found[name] = discovery.connect(kind, address, profile(own) if name == own.printer_name else suggest(name))
        except ValueError:
            continue
    return found


def profile(settings: Settings) -> Profile:
    """The printer's profile with what was set for this one. An unknown name is any ESC/POS printer."""
    known = PROFILES.get(settings.printer_profile, PROFILES["generic"])
    return replace(
        known, width_dots=settings.width_dots, density=settings.density, speed=settings.speed,
        cut=known.cut if settings.cut else b"",
    )
