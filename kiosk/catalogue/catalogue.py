"""The catalogue: public facts that the counter works with, read from a file that can be replaced as a whole."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.catalogue import search
from kiosk.store import engine

# Where a row goes that names no portal: those of packs from before 2026-11 name none. A bill goes where its float is.
_PORTALS = {"service": "eksheba", "product": "ekshop", "municipality": "municipality"}


@dataclass(frozen=True, slots=True)
class Service:
    id: str
    name_bn: str
    name_en: str
    office: str
    papers: tuple[str, ...]  # what is handed in
    time_bn: str
    form_id: str
    one_time_code: bool
    a_challan: bool
    belief: bool  # the fee has no source
    portal: str  # which takes the application
    facts: tuple[str, ...] = ()  # what the applicant must know

    @property
    def to_bring(self) -> tuple[str, ...]:
        """Papers, then facts, for whoever comes back with them."""
        return (*self.papers, *self.facts)


@dataclass(frozen=True, slots=True)
class Fee:
    """One dated row: what the office takes, and what the operator may take for the work.

    `assessed`: the office sets the amount for each case, the row is where it begins. `sample`: one union's own fee.
    """

    version: str
    official_poisha: int
    charge_poisha: int
    from_date: date
    source: str
    belief: bool
    variant: str = ""
    label_bn: str = ""
    label_en: str = ""
    assessed: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """What a biller asks for. `belief`: the length has no source, so it warns and never stops."""

    name: str
    label_bn: str
    label_en: str
    kind: str  # digits | mobile | month | date
    required: bool
    min_len: int
    max_len: int
    belief: bool
    hint: str = ""  # an example in ASCII digits


@dataclass(frozen=True, slots=True)
class Biller:
    id: str
    name_bn: str
    name_en: str
    sort: str
    mode: str  # postpaid | prepaid | challan
    inputs: tuple[Input, ...]
    opens: str  # "08:00" in Dhaka, empty when always
    closes: str
    float: str  # prefunded at its portal: "ekpay", or a part of what is there, "ekpay:prepaid"
    charge_poisha: int

    @property
    def portal(self) -> str:
        return self.float.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    portal: str
    kind: str
    test: str
    params: Mapping[str, Any]
    answer: str
    since: date
    until: date | None
    belief: bool
    service: str = ""  # the one that it is about; empty: any


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    name_bn: str
    name_en: str
    unit: str
    price_poisha: int
    charge_poisha: int
    seller_bn: str
    seller_en: str
    stock: int
    portal: str


@dataclass(frozen=True, slots=True)
class Municipality:
    id: str
    name_bn: str
    name_en: str
    charge_poisha: int
    portal: str


class Unknown(LookupError):
    """The catalogue has no such row (it may be newer than what asked)."""


class Catalogue:
    """Reading only. Rows are kept once read; a new file is a new Catalogue."""

    def __init__(self, path: Path) -> None:
        self._connections = engine.PerThread(lambda: engine.connect(path, read_only=True))
        self._body = cache(self._read)
        self._rules = cache(self._read_rules)

    def renew(self, path: Path) -> None:
        """Go on with the file at `path`: whoever holds this catalogue reads the new rows from now on. What other
        threads are reading of the old file they read to its end."""
        self._connections = engine.PerThread(lambda: engine.connect(path, read_only=True))
        self._body.cache_clear()
        self._rules.cache_clear()

    @property
    def version(self) -> str:
        return str(self._connections().execute("SELECT version FROM meta").fetchone()[0])

    def service(self, service_id: str) -> Service:
        """Raises: Unknown."""
        row = self._body("service", service_id)
        return Service(
            row["id"], row["name_bn"], row["name_en"], row["office"], tuple(row["papers"]), row["time_bn"],
            row["form_id"], row["one_time_code"], row["a_challan"], row["belief"],
            _portal("service", row), tuple(row.get("facts", ())),
        )

    def fees(self, service_id: str, on: date, office: str = "") -> list[Fee]:
        """The fee in force on a day for each variant; an office's own row goes before the national one.

        Raises:
            Unknown: there is none.
        """
        found = engine.rows(
            self._connections(),
            """SELECT * FROM fees WHERE service_id = ? AND office IN ('', ?) AND from_date <= ?
               AND (until_date = '' OR until_date > ?) ORDER BY office = '', from_date DESC""",
            (service_id, office, on.isoformat(), on.isoformat()),
        )
        in_force: dict[str, Fee] = {}
        for row in found:
            in_force.setdefault(row["variant"], _fee(row))
        if not in_force:
            raise Unknown(f"fee of {service_id} on {on}")
        return sorted(in_force.values(), key=lambda fee: (fee.variant != "", fee.official_poisha))

    def fee(self, service_id: str, on: date, office: str = "", variant: str = "") -> Fee:
        """One variant's fee in force on a day. Raises: Unknown."""
        for found in self.fees(service_id, on, office):
            if found.variant == variant:
                return found
        raise Unknown(f"fee of {service_id} {variant} on {on}")

    def biller(self, biller_id: str) -> Biller:
        """Raises: Unknown."""
        row = self._body("biller", biller_id)
        return Biller(
            row["id"], row["name_bn"], row["name_en"], row["sort"], row["mode"],
            tuple(Input(**asked) for asked in row["inputs"]), row["opens"], row["closes"], row["float"],
            row["charge_poisha"],
        )

    def billers(self) -> list[Biller]:
        found = self._connections().execute("SELECT id FROM items WHERE kind = 'biller' ORDER BY rowid").fetchall()
        return [self.biller(biller_id) for (biller_id,) in found]

    def services(self) -> list[Service]:
        found = self._connections().execute("SELECT id FROM items WHERE kind = 'service' ORDER BY rowid").fetchall()
        return [self.service(service_id) for (service_id,) in found]

    def product(self, product_id: str) -> Product:
        """Raises: Unknown."""
        row = self._body("product", product_id)
        return Product(
            row["id"], row["name_bn"], row["name_en"], row["unit"], row["price_poisha"], row["charge_poisha"],
            row["seller_bn"], row["seller_en"], row["stock"],
            _portal("product", row),
        )

    def municipality(self, municipality_id: str) -> Municipality:
        """Raises: Unknown."""
        row = self._body("municipality", municipality_id)
        return Municipality(
            row["id"], row["name_bn"], row["name_en"], row["charge_poisha"], _portal("municipality", row)
        )

    def portals(self) -> list[str]:
        """Every portal that a row may send something to, in the order of the packs."""
        found = self._connections().execute(
            "SELECT kind, body FROM items WHERE kind IN ('service', 'product', 'municipality') ORDER BY rowid"
        ).fetchall()
        named = [_portal(kind, json.loads(body)) for kind, body in found]
        return list(dict.fromkeys([*(biller.portal for biller in self.billers()), *named]))

    def form(self, form_id: str) -> bytes | None:
        """A form definition that came over the line, or None where the program's own holds."""
        try:
            return str(self._body("form", form_id)["xml"]).encode()
        except Unknown:
            return None

    def media(self, name: str) -> bytes | None:
        """A file that came over the line with a form; read each time, for they are large."""
        try:
            return base64.b64decode(self._read("media", name)["body"])
        except Unknown:
            return None

    def rules(self) -> tuple[Rule, ...]:
        return self._rules()

    def search(self, text: str, limit: int = 20) -> list[search.Hit]:
        """Services, billers and products that `text` may mean."""
        return search.search(self._connections(), text, limit)

    def close(self) -> None:
        self._connections.close()

    def _read(self, kind: str, item_id: str) -> Mapping[str, Any]:
        sql = "SELECT body FROM items WHERE kind = ? AND id = ?"
        found = self._connections().execute(sql, (kind, item_id)).fetchone()
        if found is None:
            raise Unknown(f"{kind} {item_id}")
        body: Mapping[str, Any] = json.loads(found[0])
        return body

    def _read_rules(self) -> tuple[Rule, ...]:
        bodies = self._connections().execute("SELECT body FROM items WHERE kind = 'rule' ORDER BY rowid").fetchall()
        return tuple(_rule(json.loads(body)) for (body,) in bodies)


def _portal(kind: str, row: Mapping[str, Any]) -> str:
    return str(row.get("portal") or _PORTALS[kind])


def _fee(row: Mapping[str, Any]) -> Fee:
    return Fee(
        row["version"], row["official_poisha"], row["charge_poisha"], date.fromisoformat(row["from_date"]),
        row["source"], bool(row["belief"]), row["variant"], row["label_bn"], row["label_en"], bool(row["assessed"]),
        bool(row["sample"]),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    until = date.fromisoformat(row["until"]) if row["until"] else None
    return Rule(
        row["id"], row["portal"], row["kind"], row["test"], row["params"], row["answer"],
        date.fromisoformat(row["since"]), until, row["belief"], row.get("service", ""),
    )
