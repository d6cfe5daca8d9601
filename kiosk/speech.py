"""How a paper speaks: words, amounts, digits and dates in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk import bangla, words


@dataclass(frozen=True, slots=True)
class Speech:
    """`lang` is bn or en."""

    lang: str = "bn"

    def say(self, word: str, /, **facts: Any) -> str:
        return words.words(self.lang)(word, **facts)

    def reason(self, word: str) -> str:
        return words.reason(self.lang, word)

    def portal(self, name: str) -> str:
        return words.portal(self.lang, name)

    def float_name(self, name: str) -> str:
        return words.float_name(self.lang, name)

    def side(self, thing: Any, name: str) -> str:
        """The side of a two-language record that this language reads; Bangla where the other was left empty."""
        return str(getattr(thing, f"{name}_{self.lang}") or getattr(thing, f"{name}_bn"))

    def digits(self, text: str) -> str:
        return bangla.digits(text) if self.lang == "bn" else bangla.ascii_digits(text)

    def count(self, number: int) -> str:
        return bangla.grouped(number, self.lang)

    def taka(self, poisha: int) -> str:
        return bangla.taka(poisha, lang=self.lang)

    def in_words(self, poisha: int) -> str:
        return bangla.in_words(poisha, self.lang)

    def day(self, day: datetime | date) -> str:
        return bangla.date_bn(day, self.lang)

    def month(self, month: date) -> str:
        return bangla.month_bn(month, self.lang)

    def moment(self, at: datetime) -> str:
        return f"{bangla.date_bn(at, self.lang)} {bangla.time_bn(at, self.lang)}"
