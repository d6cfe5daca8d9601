"""The page on which anybody checks a receipt without a line: one file, with all that it needs to know in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk import bangla
from kiosk.proof.authorities import Known
from kiosk.words import LANGUAGES, every
from resources import path

_SAID = ("proof.", "paper.state.", "paper.number", "paper.date", "paper.total", "paper.charge", "paper.returned",
         "paper.collected")


def page(known: Known, names: Mapping[str, tuple[str, str]]) -> str:
    """The page's text. `names` are what items are called, in Bangla and English, by their ids."""
    months = [date(2000, month, 1) for month in range(1, 13)]
    facts: dict[str, Any] = {
        "authorities": {
            short.hex(): {"key": one.key.hex(), "bn": one.name_bn, "en": one.name_en, "sandbox": one.sandbox}
            for short, one in known.authorities.items()
        },
        "revoked": {key.hex(): on.isoformat() for key, on in known.revoked.items()},
        "asOf": known.as_of.isoformat(),
        "names": names,
        "months": {lang: [bangla.month_bn(month, lang).split()[0] for month in months] for lang in LANGUAGES},
        "words": {
            lang: {word: text for word, text in every(lang).items() if word.startswith(_SAID)} for lang in LANGUAGES
        },
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")
    return path("receipt_check.html").read_text(encoding="utf-8").replace("{/*known*/}", text)
