"""What is not wrong with an XLSForm, but will trouble whoever fills it in: a language that is missing, an appearance
that nobody knows, a rule that does not say what it wants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.authoring import Finding, Row, Source

# XLSForm reference, "Appearances", with those that ODK's tools add.
APPEARANCES = frozenset({
    "multiline", "url", "ex", "thousands-sep", "numbers", "decimal", "bearing", "vertical", "no-ticks", "picker",
    "rating", "new", "new-front", "draw", "annotate", "signature", "no-calendar", "month-year", "year", "ethiopian",
    "coptic", "islamic", "bikram-sambat", "myanmar", "persian", "placement-map", "maps", "hide-input", "minimal",
    "search", "quick", "columns-pack", "columns", "no-buttons", "image-map", "likert", "map", "field-list",
    "table-list", "label", "list-nolabel", "list", "intent", "counter", "horizontal", "horizontal-compact", "compact",
    "quickcompact", "autocomplete", "masked", "one-time", "textarea", "spinner", "hidden-answer", "randomized",
})
_KNOWN_SHAPES = re.compile(r"w[0-9]+|columns-[0-9]+|photo[0-9]*|ex:.*|search\(.*|printer:.*", re.IGNORECASE)
_SPOKEN = ("label", "hint", "constraint_message", "required_message", "guidance_hint")


def advise(source: Source) -> list[Finding]:
    """All warnings, in the order of the rows."""
    languages = _languages(source)
    found = [finding for place, row in source.survey() for finding in _about(row, place, languages)]
    for place, row in zip(source.places.get("choices", []), source.sheets.get("choices", []), strict=False):
        found += _missing(row, "choices", place, languages)
    if languages and not any("bn" in language.lower() or "বাংলা" in language for language in languages):
        found.append(_warning("no_bangla", "survey", 0, "label", languages=", ".join(sorted(languages))))
    return found


def _languages(source: Source) -> set[str]:
    """All that are written anywhere; empty for a form of one language without a name."""
    keys = {key for sheet in ("survey", "choices") for row in source.sheets.get(sheet, []) for key in row}
    return {key.partition("::")[2].strip() for key in keys if key.partition("::")[0] in _SPOKEN and "::" in key}


def _about(row: Row, place: int, languages: set[str]) -> Iterator[Finding]:
    yield from _missing(row, "survey", place, languages)
    if row.get("constraint") and not any(key.partition("::")[0] == "constraint_message" for key in row):
        yield _warning("no_message", "survey", place, "constraint", cell=row["constraint"])
    for word in row.get("appearance", "").split():
        if not _KNOWN_SHAPES.fullmatch(word) and word.lower() not in APPEARANCES:
            yield _warning("no_appearance", "survey", place, "appearance", cell=word)


def _missing(row: Row, sheet: str, place: int, languages: set[str]) -> Iterator[Finding]:
    """Words that are written in one language and not in another."""
    for words in _SPOKEN:
        written = {key.partition("::")[2].strip() for key, cell in row.items()
                   if key.partition("::")[0] == words and cell.strip()}
        for language in sorted(languages - written) if written else ():
            yield _warning("no_language", sheet, place, f"{words}::{language}", name=row.get("name", ""))


def _warning(word: str, sheet: str, place: int, column: str, **facts: str) -> Finding:
    return Finding(word, sheet, place, column, facts, warning=True)
