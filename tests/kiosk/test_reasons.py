"""Every reason that the engine can give has words, in both languages: no operator reads a word of the contract."""

from __future__ import annotations

import re

import pytest

from kiosk import words
from tests.test_house import sources

_GIVEN = re.compile(r'(?:LineError|Later|Unknown|Rejected|Refused)\(\s*"([a-z_]+)"|(?:reason|wrong) = "([a-z_]+)"')


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_reason_that_the_engine_gives_has_words(lang: str) -> None:
    given = {
        one or other for file in sources("sync") for one, other in _GIVEN.findall(file.read_text(encoding="utf-8"))
    }
    assert len(given) > 15
    say = words.words(lang)
    assert not {word for word in given - {"not_known"} if words.reason(lang, word) == say("reason.other", word=word)}
