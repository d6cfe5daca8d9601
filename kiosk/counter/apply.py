"""Taking an application: its form or its few facts, its fee on that day, the citizen's consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import forms
from kiosk import bangla, times
from kiosk.catalogue.catalogue import Fee, Service
from kiosk.counter import attach, centre, enclosed, known, lines, rules, timing
from kiosk.counter.context import Counter
from kiosk.counter.records import Answer, Citizen, CounterError, Kind, Line, Verdict, Visit
from kiosk.words import LANGUAGES, every
from resources import lists, path

_FEE_VARIANT = "/data/fee_variant"
_LAST_SAVED = "jr://instance/last-saved"
HIGHEST_POISHA = 10_000_000_00  # a crore: beyond it a typing slip is likelier than a fee


def check(counter: Counter, service_id: str, answers: Mapping[str, str] | None = None) -> Verdict:
    """Whether the application may be taken now, with what its form says so far."""
    service = counter.catalogue.service(service_id)
    subject = rules.Subject(
        service.portal, Kind.APPLICATION, counter.today(), counter.now().astimezone(times.DHAKA).strftime("%H:%M"),
        counter.line_is_up(), one_time_code=service.one_time_code, a_challan=service.a_challan,
        set_up=service.portal in counter.portals, service=service.id, answers=_kept(answers or {}),
    )
    return rules.judge(centre.rules(counter), subject)


def prices(counter: Counter, service_id: str) -> list[Fee]:
    """The official fee and the operator's charge of each variant as they stand today."""
    return centre.fees(counter, service_id)


def form(counter: Counter, service_id: str, citizen: Citizen | None = None) -> forms.Form | None:
    """The service's form, or None where only the applicant's facts are taken. A form that takes defaults out of the
    application before this one (XLSForm, "last-saved") has them of this `citizen` alone."""
    form_id = counter.catalogue.service(service_id).form_id
    if not form_id:
        return None
    xml = counter.catalogue.form(form_id) or path(f"forms/{form_id}.xml").read_bytes()
    came = enclosed.lists(counter.catalogue, xml)
    before = known.last_saved(counter, citizen, service_id) if _LAST_SAVED.encode() in xml else b""
    return forms.load(xml, {**lists(), **came, **({_LAST_SAVED: before} if before else {})})


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
    consent: bool, guardian: str = "", variant: str = "", assessed_poisha: int | None = None,
) -> Visit:
    """Put the application into the basket, at the price of `variant`, or at what the office assessed.

    `consent`: the citizen, or the `guardian` of one under 18, agreed that the answers are kept and sent
    (domain.md 6.5). Where the form itself asks for the guardian or decides which fee it is, its answers hold.

    Raises:
        CounterError: `consent_missing`, `guardian_missing`, `form_missing`, `no_such_variant`, `bad_amount`, or the
            rule's id when it may not be taken now.
    """
    service = counter.catalogue.service(service_id)
    verdict = check(counter, service_id, answers)
    guardian = guardian.strip() or guardian_said(answers)
    if not consent:
        raise CounterError("consent_missing")
    if is_minor(counter, answers) and not guardian:
        raise CounterError("guardian_missing")
    if service.form_id and submission is None:
        raise CounterError("form_missing")
    if verdict.answer in (Answer.REFUSE, Answer.CALL_BACK):
        raise CounterError(verdict.rule, **verdict.facts)
    said = variant_said(answers)
    fee = _priced(centre.fee(counter, service_id, variant if said is None else said), assessed_poisha)
    at = times.text(counter.now())
    facts: dict[str, Any] = {
        "service_id": service_id, "form_id": service.form_id or "", "answers": _kept(answers),
        "submission_xml": submission.decode() if submission else "", "consent_at": at,
    }
    by = timing.hand_in_by(counter, service.portal, service_id, facts["answers"])
    if by:
        facts["shown"] = [[*(every(lang)["paper.hand_in_by"] for lang in LANGUAGES), by.strftime("%d-%m-%Y")]]
    titles = [f"{name} ({label})" if label else name
              for name, label in ((service.name_bn, fee.label_bn), (service.name_en, fee.label_en))]
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        files = attach.take(connection, visit_id, service_id, facts["answers"])
        line = _line(service, facts | ({"attachments": files} if files else {}), titles, fee, verdict)
        lines.put(connection, visit_id, line, consent=lines.Consent(at, counter.operator.id, bangla.clean(guardian)))
        connection.execute("DELETE FROM drafts WHERE visit_id = ? AND service_id = ?", (visit_id, service_id))
    return lines.visit(counter.store.connection(), visit_id)


def _line(service: Service, facts: Mapping[str, Any], titles: Sequence[str], fee: Fee, verdict: Verdict) -> Line:
    return lines.new_line(
        Kind.APPLICATION, service.portal, titles[0], titles[1], facts, official_poisha=fee.official_poisha,
        charge_poisha=fee.charge_poisha, fee_version=fee.version,
        warning=verdict.rule if verdict.answer is Answer.WARN else "",
    )


def is_minor(counter: Counter, answers: Mapping[str, str]) -> bool:
    """Whether the applicant is under 18, by the date of birth or the birth registration's year (domain.md 6.1)."""
    today = counter.today()
    for name, typed in answers.items():
        text = bangla.ascii_digits(typed)
        if name.endswith("applicant/brn") and len(text) == 17 and text.isdigit():
            return today.year - int(text[:4]) < 18
        if name.endswith("applicant/born_on"):
            try:
                born = date.fromisoformat(text)
            except ValueError:
                return False
            return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < 18
    return False


def guardian_said(answers: Mapping[str, str]) -> str:
    """The guardian that a form asked for (resources/forms/blocks/guardian.md), empty when it asked for none."""
    return answers.get("/data/guardian/name", "").strip()


def decides_fee(filling: forms.Filling) -> bool:
    """Whether the form itself asks for, or works out, which fee it is."""
    try:
        filling.look(_FEE_VARIANT)
    except KeyError:
        return False
    return True


def variant_said(answers: Mapping[str, str]) -> str | None:
    """The variant of the fee that a form works out or asks for in `fee_variant`; None where it leaves that open."""
    said = answers.get(_FEE_VARIANT, "")
    return (said if said != "base" else "") if said else None


def _priced(fee: Fee, assessed_poisha: int | None) -> Fee:
    """The fee, with the office's own amount where it sets one for each case."""
    if not fee.assessed or assessed_poisha is None:
        return fee
    if not 0 <= assessed_poisha <= HIGHEST_POISHA:
        raise CounterError("bad_amount")
    return replace(fee, official_poisha=assessed_poisha)


def _kept(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: bangla.ascii_digits(bangla.clean(value)) for name, value in answers.items()}
