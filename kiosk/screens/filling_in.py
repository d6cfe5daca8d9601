"""A service's questions for the visit at hand: its form or draft, what is known of the citizen, where files go."""

from __future__ import annotations

from collections.abc import Mapping

import forms
from kiosk.catalogue.catalogue import Service
from kiosk.counter import apply, attach, enclosed, gps, known, scans
from kiosk.counter.context import Counter
from kiosk.screens.desk import Desk
from kiosk.screens.outline import every
from kiosk.screens.questions import Questions

_PREFILLED = ("name", "mobile", *known.PLACE)
_PHOTO = 300  # pixels, where a form asks for such a photo


def questions_of(desk: Desk, service: Service) -> Questions | None:
    """The questions, begun or taken up again; None for a service without a form."""
    counter = desk.at_work()
    form = apply.form(counter, service.id, desk.visit.citizen if desk.visit else None)
    if form is None:
        return None
    opened, settings = desk.open_visit(), desk.app.settings
    draft = apply.draft(counter, opened.id, service.id)
    filling = form.fill(draft, today=counter.today(), now=counter.now(), properties=_properties(counter))
    facts = known.facts(counter, opened)
    if draft is None:
        _prefill(filling, facts)

    def keep(ref: str, name: str, body: bytes) -> str:
        asked = next((one for one in every(filling.questions()) if one.ref == ref), None)
        if asked is None:
            return attach.keep(counter, opened.id, service.id, ref, name, body)
        square = _PHOTO if "photo300" in asked.appearance else 0
        return attach.keep(counter, opened.id, service.id, ref, name, body, asked.media, square=square,
                           longest=asked.max_pixels)

    return Questions(
        filling, desk.say, desk.lang, counter.today(), facts, keep,
        kept=lambda ref: attach.kept(counter, opened.id, service.id, ref),
        scans=scans.folder(settings.scans), place=lambda: gps.fix(settings.gps or gps.port()),
        file=lambda name: enclosed.file(counter.catalogue, name), attempt=desk.attempt,
    )


def _properties(counter: Counter) -> Mapping[str, str]:
    """What a form may ask of the machine and who sits at it (ODK XForms, "Preloaders")."""
    device, who = f"udc-kiosk:{counter.device.code}", counter.operator.name
    return {"deviceid": device, "uri:deviceid": device, "username": who, "uri:username": f"username:{who}"}


def _prefill(filling: forms.Filling, facts: known.Facts) -> None:
    """Fill in what is known of the citizen, where nothing stands yet."""
    for asked in filling.questions():
        if isinstance(asked, forms.Question) and asked.ref.rpartition("/")[2] in _PREFILLED and not asked.value:
            value = known.offered(facts, asked.ref)
            if value:
                filling.answer(asked.ref, value)
