"""An engine for ODK XForms: definition, expressions, filling, submission. No screen, no counter, no network.

    form = forms.load(xml)
    filling = form.fill(today=..., now=...)
    filling.answer("/data/name", "...")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from forms.bad import BadForm, parsed
from forms.definition import Definition
from forms.filling import DHAKA, Filling, saved_instance
from forms.media import Media
from forms.reader import read
from forms.shown import Heading, Question, Repeat, Seen
from forms.xpath.tree import from_lxml


@dataclass(frozen=True, slots=True)
class Form:
    """A form definition, ready to be filled in any number of times."""

    definition: Definition

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def version(self) -> str:
        return self.definition.version

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def languages(self) -> tuple[str, ...]:
        return self.definition.languages

    def fill(
        self, draft: bytes | None = None, *, today: date, now: datetime, zone: tzinfo = DHAKA,
        properties: Mapping[str, str] | None = None,
    ) -> Filling:
        """Begin, or go on with a draft; one of another form or version is begun anew.

        Raises:
            BadForm: an expression of the form fails at once.
        """
        saved = saved_instance(draft, self.definition) if draft is not None else None
        return Filling(self.definition, saved, today, now, zone, properties)

    def restore(self, instance: bytes, *, today: date, now: datetime, zone: tzinfo = DHAKA) -> Filling:
        """Open what was saved or sent, of whatever version.

        Raises:
            BadForm: it is not an instance of this form.
        """
        root = from_lxml(parsed(instance, "the instance"))
        if root.name != self.definition.primary.name or (root.attribute("id") or self.id) != self.id:
            raise BadForm(f"{root.attribute('id') or root.name} is not an instance of {self.id}")
        return Filling(self.definition, root, today, now, zone)

    def edit(
        self, instance: bytes, instance_id: str | None = None, *, today: date, now: datetime, zone: tzinfo = DHAKA
    ) -> Filling:
        """Open what was sent to send it once more: as `instance_id` (else a new one), naming the one that it replaces.

        Raises:
            BadForm: it is not an instance of this form.
        """
        filling = self.restore(instance, today=today, now=now, zone=zone)
        filling.supersede(instance_id)
        return filling


def load(xml: bytes, files: Mapping[str, bytes] | None = None) -> Form:
    """The form in `xml`, with the lists in `files` by the address that it gives them (`jr://file-csv/unions.csv`).

    Raises:
        BadForm: it can't be used, or is not safe to read.
    """
    return Form(read(xml, files))


__all__ = ["DHAKA", "BadForm", "Filling", "Form", "Heading", "Media", "Question", "Repeat", "Seen", "load"]
