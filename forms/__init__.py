"""An engine for ODK XForms: definition, expressions, filling, submission. No screen, no counter, no network.

    form = forms.load(xml)
    filling = form.fill(today=..., now=...)
    filling.answer("/data/name", "...")
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forms.definition import BadForm, Definition, read
from forms.filling import Filling, Heading, Question, Repeat


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

    def fill(self, draft: bytes | None = None, *, today: date, now: datetime) -> Filling:
        """Begin, or go on with a draft; one of another form or version is begun anew."""
        return Filling(self.definition, draft, today, now)


def load(xml: bytes) -> Form:
    """The form in `xml`.

    Raises:
        BadForm: it can't be used, or is not safe to read.
    """
    return Form(read(xml))


__all__ = ["BadForm", "Filling", "Form", "Heading", "Question", "Repeat", "load"]
