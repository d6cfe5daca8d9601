"""Forms that are begun, not handed in, and have a last day: they stand in the list of what wants a person."""

from __future__ import annotations

from datetime import date

from kiosk import times
from kiosk.counter import apply, lines, timing
from kiosk.counter.context import Counter
from kiosk.counter.records import Notice
from kiosk.store.engine import Row


def unfinished(counter: Counter) -> list[Notice]:
    """The one with the nearest day first."""
    timed = {rule.service for rule in counter.catalogue.rules() if rule.test == "days_since"}
    found = counter.store.rows("SELECT * FROM drafts ORDER BY saved_at_utc")
    told = [(by, kept) for kept in found if kept["service_id"] in timed and (by := _by(counter, kept))]
    return [_notice(counter, by, kept) for by, kept in sorted(told, key=lambda one: one[0])]


def _by(counter: Counter, kept: Row) -> date | None:
    service = counter.catalogue.service(kept["service_id"])
    form = apply.form(counter, service.id)
    if form is None:
        return None
    answers = form.fill(kept["draft"], today=counter.today(), now=counter.now()).values()
    return timing.hand_in_by(counter, service.portal, service.id, answers)


def _notice(counter: Counter, by: date, kept: Row) -> Notice:
    service = counter.catalogue.service(kept["service_id"])
    citizen = lines.visit(counter.store.connection(), kept["visit_id"]).citizen
    facts = {"name_bn": service.name_bn, "name_en": service.name_en, "who": citizen.name if citizen else "—", "by": by}
    return Notice(f"{kept['visit_id']}:{service.id}", "hand_in_by", facts, times.moment(kept["saved_at_utc"]))
