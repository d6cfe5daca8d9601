"""What a centre says for itself, in dated rows over the catalogue's: its name, fees, limits, VAT, printer, folders.

Rows are never changed: a new one holds from its date, and what was before can be read for ever.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk import times
from kiosk.catalogue.catalogue import Fee, Rule
from kiosk.counter import authority
from kiosk.counter.context import Counter, Device, Look
from kiosk.counter.records import CounterError
from kiosk.proof import certificate
from kiosk.proof.certificate import Certificate
from kiosk.store.engine import Connection, insert, row
from sync.engine import Thrift

# What each subject means where no row was written; amounts in poisha.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "centre": {},  # centre_bn, centre_en, address_bn, office (of the fee pack)
    "refund_limit": {"limit_poisha": 500_00},
    "idle_lock": {"minutes": 5},
    "vat": {"permille": 0},  # 150 where the operator has a BIN (domain.md 6.4)
    "backup": {"folder": ""},
    "retention": {"days": 90},
    "line": {"payments_only": 0, "megabytes_a_day": 0},  # 0: as much as there is
    "look": {},  # of papers: foot, logo, lang, ask_after_days, office_copy, as in context.Look
    "certificate": {"text": ""},
    "printer": {},  # printer, printer_host, printer_port, paper_mm, as in settings.json
}
NAMES = ("centre_bn", "centre_en", "address_bn")
_ACTS = {"centre": "centre", "look": "centre", "certificate": "centre", "printer": "printer", "backup": "backup_place"}


def value(connection: Connection, subject: str, on: date) -> Mapping[str, Any]:
    """What holds for `subject` on a day."""
    sql = "SELECT body FROM centre_rows WHERE subject = ? AND since_on <= ? ORDER BY since_on DESC, id DESC LIMIT 1"
    found = row(connection, sql, (subject, on.isoformat()))
    body: Mapping[str, Any] = json.loads(found["body"]) if found else DEFAULTS.get(subject, {})
    return body


def device(counter: Counter) -> Device:
    """This counter under the name that the centre gave itself."""
    own = value(counter.store.connection(), "centre", counter.today())
    here = counter.device
    bn, en, address = (str(own.get(name) or getattr(here, name)) for name in NAMES)
    return replace(
        here, centre_bn=bn, centre_en=en, address_bn=address, look=look(counter), certificate=_certificate(counter)
    )


def as_it_is_now(counter: Counter) -> Counter:
    """The counter with what the centre says of itself today: workers outlive changes that are made in the office."""
    return replace(counter, device=device(counter))


def look(counter: Counter) -> Look:
    """How the centre wants its papers today."""
    own = dict(value(counter.store.connection(), "look", counter.today()))
    logo = own.pop("logo", None)
    return Look(**own, logo=tuple(logo) if logo else None)


def _certificate(counter: Counter) -> bytes:
    """The device's certificate; none any more when its time is over: the paper then says that nobody vouches."""
    text = str(value(counter.store.connection(), "certificate", counter.today())["text"])
    body = certificate.from_text(text) if text else b""
    return body if body and certificate.read(body).until > counter.now() else b""


def certify(counter: Counter, text: str) -> Certificate:
    """Take the certificate that an authority gave for this device; receipts carry it from now on.

    Raises:
        CounterError: `supervisor_needed`, `bad_certificate`.
    """
    try:
        found = certificate.read(certificate.from_text(text))
    except ValueError as error:
        raise CounterError("bad_certificate", detail=str(error)) from error
    here = counter.device
    if found.identity.device != here.code or found.identity.key != certificate.public_of(here.signing_key):
        raise CounterError("bad_certificate", detail=f"{found.identity.device} ≠ {here.code}")
    put(counter, "certificate", {"text": text})
    return found


def number(counter: Counter, subject: str, name: str) -> int:
    """A number that holds today."""
    return int(value(counter.store.connection(), subject, counter.today())[name])


def thrift(counter: Counter) -> Thrift:
    """How to treat a line that costs."""
    own = value(counter.store.connection(), "line", counter.today())
    return Thrift(bool(own["payments_only"]), int(own["megabytes_a_day"]) * 1_000_000)


def put(counter: Counter, subject: str, body: Mapping[str, Any], since: date | None = None) -> None:
    """Write what holds for `subject` from a day on.

    Raises:
        CounterError: `supervisor_needed`; `before_today`: what was charged yesterday stays what it was.
    """
    authority.require(counter, _ACTS.get(subject, "fees" if subject.startswith("fee:") else "limits"))
    since = since or counter.today()
    if since < counter.today():
        raise CounterError("before_today")
    with counter.store.transaction() as connection:
        insert(connection, "centre_rows", {
            "subject": subject, "since_on": since.isoformat(), "body": json.dumps(body, ensure_ascii=False),
            "operator_id": counter.operator.id, "at_utc": times.text(counter.now()),
        })


def set_fee(counter: Counter, service_id: str, variant: str, official_poisha: int, charge_poisha: int) -> None:
    """The union's own two-part price of a service, from today.

    Raises:
        CounterError: `supervisor_needed`, `bad_amount`.
    """
    if official_poisha < 0 or charge_poisha < 0:
        raise CounterError("bad_amount")
    prices = {"official_poisha": official_poisha, "charge_poisha": charge_poisha}
    put(counter, f"fee:{service_id}:{variant}", prices)


def set_rule(counter: Counter, rule_id: str, params: Mapping[str, Any]) -> None:
    """The centre's own limit in a rule of the catalogue, from today.

    Raises:
        CounterError: `supervisor_needed`, `no_such_rule`, `bad_amount`.
    """
    known = {rule.id: rule for rule in counter.catalogue.rules()}.get(rule_id)
    if known is None or params.keys() - known.params.keys():
        raise CounterError("no_such_rule")
    if any(not isinstance(limit, int) or limit < 0 for limit in params.values()):
        raise CounterError("bad_amount")
    put(counter, f"rule:{rule_id}", params)


def fees(counter: Counter, service_id: str) -> list[Fee]:
    """A service's variants at today's prices, the union's own before the country's."""
    connection, on = counter.store.connection(), counter.today()
    office = str(value(connection, "centre", on).get("office", ""))
    return [_own(connection, service_id, fee, on) for fee in counter.catalogue.fees(service_id, on, office)]


def fee(counter: Counter, service_id: str, variant: str = "") -> Fee:
    """One variant's price today.

    Raises:
        CounterError: `no_such_variant`.
    """
    for found in fees(counter, service_id):
        if found.variant == variant:
            return found
    raise CounterError("no_such_variant")


def _own(connection: Connection, service_id: str, national: Fee, on: date) -> Fee:
    subject = f"fee:{service_id}:{national.variant}"
    sql = """SELECT id, since_on, body FROM centre_rows WHERE subject = ? AND since_on <= ?
             ORDER BY since_on DESC, id DESC LIMIT 1"""
    found = row(connection, sql, (subject, on.isoformat()))
    if found is None or date.fromisoformat(found["since_on"]) < national.from_date:
        return national  # a newer national row ends an older price of the union's
    prices = json.loads(found["body"])
    return replace(
        national, version=f"{service_id}.{national.variant}@centre-{found['id']}".replace(".@", "@"),
        from_date=date.fromisoformat(found["since_on"]), source="centre", belief=False, sample=False, **prices,
    )


def rules(counter: Counter) -> list[Rule]:
    """The catalogue's rules with the centre's own limits in them."""
    connection, on = counter.store.connection(), counter.today()
    return [
        replace(rule, params={**rule.params, **value(connection, f"rule:{rule.id}", on)})
        for rule in counter.catalogue.rules()
    ]


def vat_of(counter: Counter, charge_poisha: int) -> int:
    """The VAT that is in an operator's charge, rounded to the nearest poisha; 0 where the centre collects none."""
    permille = number(counter, "vat", "permille")
    return (2 * charge_poisha * permille + 1000 + permille) // (2 * (1000 + permille))
