"""A counter's settings: one small JSON file in its home folder, read at start, refused when it is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sync import portals as adapters

DOTS = {58: 384, 80: 576}  # platform-printing.md: dots across at 203 dpi
PRINTERS = ("file", "network", "usb", "serial", "cups", "windows")


class BadSettings(Exception):
    """The file is not what it should be; the text says where."""


@dataclass(frozen=True, slots=True)
class PortalAt:
    """Where a portal is, the adapter (a file of sync/portals) that speaks to it, and what it `lacks` of the adapter's
    capabilities: `query_by_key`, `batch`, `resumable_upload`, `compression`, `feeds`, `packs`."""

    address: str
    adapter: str
    lacks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """`portals` by their names; without any the counter works offline until it is told. Packs come from the first of
    them that publishes any."""

    portals: Mapping[str, PortalAt] = field(default_factory=dict)
    publishers: Mapping[str, str] = field(default_factory=dict)  # whose packs are believed: Ed25519 keys in hex
    printer: str = "file"  # one of PRINTERS
    printer_host: str = ""  # of a network printer
    printer_port: int = 9100
    printer_address: str = ""  # of any other: a device, a port, a queue's name
    printer_profile: str = "generic"  # a name in printing.profiles
    paper_mm: int = 58
    density: int = 0  # -3 to 3
    speed: int = 0
    cut: bool = True  # where there is a knife
    drawer: bool = False  # opened when cash is taken
    scans: str = ""  # the folder that the scanner saves into; empty: the usual ones are looked at
    gps: str = ""  # the port of a receiver; empty: the one that calls itself so

    @property
    def printer_name(self) -> str:
        """What the spool calls the printer: its kind and where it is."""
        host = f"{self.printer_host}:{self.printer_port}" if self.printer == "network" else self.printer_address
        return f"{self.printer}:{host}" if self.printer != "file" else "file"

    @property
    def width_dots(self) -> int:
        return DOTS[self.paper_mm]


_OF_THE_MACHINE = ("portals", "publishers", "scans", "gps")
OF_A_PRINTER = tuple(one.name for one in fields(Settings) if one.name not in _OF_THE_MACHINE)  # what a centre chooses


def read(home: Path) -> Settings:
    """The settings in `home`, or the defaults where there is no file.

    Raises:
        BadSettings: the file cannot be used.
    """
    path = home / "settings.json"
    if not path.exists():
        return Settings()
    try:
        return _settings(json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadSettings(f"{path.name}: {error}") from error


def _settings(raw: Mapping[str, Any]) -> Settings:
    return checked(Settings(**{**raw, "portals": portals(raw.get("portals", {}))}))


def portals(raw: Mapping[str, Any]) -> dict[str, PortalAt]:
    """The portals as they stand in the file: an address, or an object with `address`, `adapter`, `lacks`. The adapter
    is the one with the portal's own name unless another is named.

    Raises:
        ValueError: one of them can't be used; the text says why.
    """
    return {name: _portal(name, {"address": told} if isinstance(told, str) else told) for name, told in raw.items()}


def _portal(name: str, raw: Mapping[str, Any]) -> PortalAt:
    told = PortalAt(**{"adapter": name, **raw})
    if told.adapter not in adapters.names():
        raise ValueError(f"portal {name}: there is no adapter {told.adapter!r}")
    unknown = set(told.lacks) - adapters.CAPABILITIES
    if unknown:
        raise ValueError(f"portal {name}: lacks names no capability: {', '.join(sorted(unknown))}")
    if not told.address.startswith(("http://", "https://")):
        raise ValueError(f"portal {name}: the address is {told.address!r}")
    return told


def checked(settings: Settings) -> Settings:
    """`settings`, when they can be used.

    Raises:
        ValueError: they can't; the text says why.
    """
    if settings.paper_mm not in DOTS:
        raise ValueError(f"paper_mm is {settings.paper_mm}, not one of {sorted(DOTS)}")
    if settings.printer not in PRINTERS:
        raise ValueError(f"printer is {settings.printer!r}, not one of {', '.join(PRINTERS)}")
    if settings.printer == "network" and not settings.printer_host:
        raise ValueError("a network printer needs printer_host")
    if settings.printer not in ("file", "network") and not settings.printer_address:
        raise ValueError(f"a printer at {settings.printer} needs printer_address")
    if not (-3 <= settings.density <= 3 and -3 <= settings.speed <= 3):
        raise ValueError("density and speed are steps from -3 to 3")
    return settings
