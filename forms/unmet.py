"""What an XLSForm may ask for and this counter does not do: told to its author, passed over by the counter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.authoring import Finding, Row, Source

_NOT_ASKED = frozenset({"background-audio", "background-geopoint", "start-geopoint", "audit"})
_NOT_TAKEN = re.compile(r"osm(?: .*)?")
_EXTERNAL = re.compile(r"select[_ ]one[_ ]external\b.*")
_SENT_BY_ITSELF = ("submission_url", "auto_send", "auto_delete")
_NO = {"", "no", "false", "false()"}


def tell(source: Source) -> list[Finding]:
    """A warning for each."""
    found = [finding for place, row in source.survey() for finding in _of_row(row, place)]
    for place, row in zip(source.places.get("settings", []), source.sheets.get("settings", [])[:1], strict=False):
        found += _of_settings(row, place)
    for place in source.places.get("entities", [])[:1]:
        found.append(_warning("unmet_entities", "entities", place, ""))
    return found


def _of_row(row: Row, place: int) -> Iterator[Finding]:
    kind = row.get("type", "").strip().lower()
    if kind in _NOT_ASKED:
        yield _warning("unmet_quiet", "survey", place, "type", type=kind)
    elif _NOT_TAKEN.fullmatch(kind):
        demanded = row.get("required", "").strip().lower() not in _NO
        yield _warning("unmet_required" if demanded else "unmet_type", "survey", place, "type", type=kind)
    elif _EXTERNAL.fullmatch(kind):
        yield _warning("unmet_external", "survey", place, "type")


def _of_settings(row: Row, place: int) -> Iterator[Finding]:
    if row.get("public_key"):
        yield _warning("unmet_key", "settings", place, "public_key")
    for column in _SENT_BY_ITSELF:
        if row.get(column):
            yield _warning("unmet_sending", "settings", place, column, column=column)


def _warning(word: str, sheet: str, place: int, column: str, /, **facts: str) -> Finding:
    return Finding(word, sheet, place, column, facts, warning=True)
