"""A counter's settings: one small JSON file in its home folder, read at start, refused when it is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from printing.profiles import PROFILES
from sync import portals as adapters

DOTS = {58: 384, 80: 576}  # platform-printing.md: dots across at 203 dpi
_HIGHEST_PORT = 65_535
_KEY = re.compile("[0-9a-fA-F]{64}")  # 32 bytes
_PLAIN: Mapping[str, tuple[type, str]] = {
    "str": (str, "settings_not_text"), "int": (int, "settings_not_whole"), "bool": (bool, "settings_not_yes_no"),
}
PRINTERS = ("file", "network", "usb", "serial", "cups", "windows")


class BadSettings(Exception):
    """The file is not what it should be. `reason` picks the words, `facts` fill them in; `where` is the key."""

    def __init__(self, reason: str, key: str = "", **facts: Any) -> None:
        where = f"settings.json ({key})" if key else "settings.json"
        super().__init__(f"{where}: {reason}")
        self.reason = reason
        self.facts: dict[str, Any] = {"where": where, **facts}


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
    except json.JSONDecodeError as error:
        raise BadSettings("settings_not_json", row=error.lineno, column=error.colno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadSettings("settings_not_utf8") from error


def _settings(raw: Any) -> Settings:
    _known_only(_object(raw), [one.name for one in fields(Settings)])
    for one in fields(Settings):
        kind, reason = _PLAIN.get(str(one.type), (object, ""))
        if kind is not object and type(raw.get(one.name, kind())) is not kind:  # JSON's true is no number here
            raise BadSettings(reason, one.name)
    believed = _object(raw.get("publishers", {}), "publishers")
    for name, key in believed.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise BadSettings("settings_not_key", f"publishers.{name}")
    return checked(Settings(**{**raw, "portals": portals(raw.get("portals", {}))}))


def portals(raw: Any) -> dict[str, PortalAt]:
    """The portals as they stand in the file: an address, or an object with `address`, `adapter`, `lacks`. The adapter
    is the one with the portal's own name unless another is named.

    Raises:
        BadSettings: one of them can't be used.
    """
    return {
        name: _portal(f"portals.{name}", {"adapter": name, **({"address": told} if isinstance(told, str) else
                                                               _object(told, f"portals.{name}"))})
        for name, told in _object(raw, "portals").items()
    }


def _portal(key: str, raw: Mapping[str, Any]) -> PortalAt:
    _known_only(raw, [one.name for one in fields(PortalAt)], key)
    _one_of(raw["adapter"], sorted(adapters.names()), f"{key}.adapter" if key != f"portals.{raw['adapter']}" else key)
    lacks = raw.get("lacks", [])
    if not isinstance(lacks, list):
        raise BadSettings("settings_not_list", f"{key}.lacks")
    for one in lacks:
        _one_of(one, sorted(adapters.CAPABILITIES), f"{key}.lacks")
    address = raw.get("address")
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise BadSettings("settings_not_address", f"{key}.address")
    return PortalAt(**raw)


def _object(raw: Any, key: str = "") -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise BadSettings("settings_not_object", key)
    return raw


def _known_only(raw: Iterable[str], known: Sequence[str], key: str = "") -> None:
    for name in raw:
        if name not in known:
            raise BadSettings("settings_unknown_key", key, name=name, instead=_instead(name, known))


def _one_of(value: object, known: Sequence[object], key: str) -> None:
    if value not in known:
        raise BadSettings("settings_one_of", key, value=str(value), instead=_instead(str(value), list(map(str, known))))


def _instead(written: str, known: Sequence[str]) -> str:
    """The nearest of what may stand there, or all of it when none is near."""
    return ", ".join(get_close_matches(written, known, 1) or known)


def checked(settings: Settings) -> Settings:
    """`settings`, when they can be used.

    Raises:
        BadSettings: they can't.
    """
    _one_of(settings.paper_mm, list(DOTS), "paper_mm")
    _one_of(settings.printer, PRINTERS, "printer")
    _one_of(settings.printer_profile, list(PROFILES), "printer_profile")
    if settings.printer == "network" and not settings.printer_host:
        raise BadSettings("settings_address_missing", "printer_host")
    if settings.printer not in ("file", "network") and not settings.printer_address:
        raise BadSettings("settings_address_missing", "printer_address")
    if not 0 < settings.printer_port <= _HIGHEST_PORT:
        raise BadSettings("settings_not_port", "printer_port")
    for key in ("density", "speed"):
        if not -3 <= getattr(settings, key) <= 3:
            raise BadSettings("settings_not_step", key)
    return settings
