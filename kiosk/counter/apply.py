"""Taking an application: its form or its few facts, its fee on that day, the citizen's consent."""

from __future__ import annotations

from collections.abc import Mapping

import forms
from kiosk import bangla, times
from kiosk.catalogue.catalogue import Fee
from kiosk.counter import lines, rules
from kiosk.counter.context import Counter
from kiosk.counter.records import Answer, CounterError, Kind, Verdict, Visit
from resources import path

_PORTAL = "eksheba"


def check(counter: Counter, service_id: str) -> Verdict:
    """Whether the application may be taken now."""
    service = counter.catalogue.service(service_id)
    subject = rules.Subject(
        _PORTAL, Kind.APPLICATION, counter.today(), counter.now().astimezone(times.DHAKA).strftime("%H:%M"),
        counter.line_is_up(), one_time_code=service.one_time_code, a_challan=service.a_challan,
    )
    return rules.judge(counter.catalogue.rules(), subject)


def price(counter: Counter, service_id: str) -> Fee:
    """The official fee and the operator's charge as they stand today."""
    return counter.catalogue.fee(service_id, counter.today())


def form(counter: Counter, service_id: str) -> forms.Form | None:
    """The service's form, or None where only the applicant's facts are taken."""
    form_id = counter.catalogue.service(service_id).form_id
    return forms.load(path(f"forms/{form_id}.xml").read_bytes()) if form_id else None


def save_draft(counter: Counter, visit_id: str, service_id: str, draft: bytes) -> None:
    """Keep a half-filled form: no wrong key and no power cut loses it."""
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        connection.execute(
            "INSERT OR REPLACE INTO drafts (visit_id, service_id, draft, saved_at_utc) VALUES (?, ?, ?, ?)",
            (visit_id, service_id, draft, times.text(counter.now())),
        )


def draft(counter: Counter, visit_id: str, service_id: str) -> bytes | None:
    """The half-filled form of this visit, if there is one."""
    found = counter.store.row(
        "SELECT draft FROM drafts WHERE visit_id = ? AND service_id = ?", visit_id, service_id
    )
    return bytes(found["draft"]) if found else None


def add(
    counter: Counter, visit_id: str, service_id: str, answers: Mapping[str, str], submission: bytes | None, *,
    consent: bool,
) -> Visit:
    """Put the application into the basket.

    Raises:
        CounterError: `consent_missing`, `form_missing`, or the rule's id when it may not be taken now.
    """
    service = counter.catalogue.service(service_id)
    verdict = check(counter, service_id)
    if not consent:
        raise CounterError("consent_missing")
    if service.form_id and submission is None:
        raise CounterError("form_missing")
    if verdict.answer in (Answer.REFUSE, Answer.CALL_BACK):
        raise CounterError(verdict.rule, **verdict.facts)
    fee = price(counter, service_id)
    at = times.text(counter.now())
    facts = {
        "service_id": service_id, "form_id": service.form_id or "", "answers": _kept(answers),
        "submission_xml": submission.decode() if submission else "", "consent_at": at,
    }
    line = lines.new_line(
        Kind.APPLICATION, _PORTAL, service.name_bn, service.name_en, facts, official_poisha=fee.official_poisha,
        charge_poisha=fee.charge_poisha, fee_version=fee.version,
        warning=verdict.rule if verdict.answer is Answer.WARN else "",
    )
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        lines.put(connection, visit_id, line, consent_at=at)
        connection.execute("DELETE FROM drafts WHERE visit_id = ? AND service_id = ?", (visit_id, service_id))
    return lines.visit(counter.store.connection(), visit_id)


def _kept(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: bangla.ascii_digits(bangla.clean(value)) for name, value in answers.items()}
