"""Bangla text at the edges: digits, money in figures and in words, dates, and the one spelling used to compare.

Storage and portals get ASCII digits and integer poisha; people get what this file makes of them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from kiosk.times import DHAKA

_TO_BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_TO_ASCII = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF, 0x00AD))
HIGHEST_POISHA = 10_00_00_000_00  # ten crore taka: beyond it a slip of the finger is likelier
# A comma elsewhere than between groups is likelier a decimal sign than a grouping: 12,50 must not become 1250.
_AMOUNT = re.compile(r"(\d{1,12}|\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})*,\d{3})(\.\d{0,2})?", re.ASCII)
_CURRENCY = re.compile(r"^(৳|tk\.?|bdt)|(/-|৳|tk\.?|টাকা)$")

_BELOW_HUNDRED = (
    "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ "
    "বিশ একুশ বাইশ তেইশ চব্বিশ পঁচিশ ছাব্বিশ সাতাশ আটাশ ঊনত্রিশ ত্রিশ একত্রিশ বত্রিশ তেত্রিশ চৌত্রিশ "
    "পঁয়ত্রিশ ছত্রিশ সাঁইত্রিশ আটত্রিশ ঊনচল্লিশ চল্লিশ একচল্লিশ বিয়াল্লিশ তেতাল্লিশ চুয়াল্লিশ পঁয়তাল্লিশ ছেচল্লিশ "
    "সাতচল্লিশ আটচল্লিশ ঊনপঞ্চাশ "
    "পঞ্চাশ একান্ন বায়ান্ন তিপ্পান্ন চুয়ান্ন পঞ্চান্ন ছাপ্পান্ন সাতান্ন আটান্ন ঊনষাট ষাট একষট্টি বাষট্টি তেষট্টি চৌষট্টি "
    "পঁয়ষট্টি ছেষট্টি সাতষট্টি আটষট্টি ঊনসত্তর সত্তর একাত্তর বাহাত্তর তিয়াত্তর চুয়াত্তর পঁচাত্তর ছিয়াত্তর সাতাত্তর আটাত্তর ঊনআশি "
    "আশি একাশি বিরাশি তিরাশি চুরাশি পঁচাশি ছিয়াশি সাতাশি অষ্টাশি ঊননব্বই নব্বই একানব্বই বিরানব্বই তিরানব্বই "
    "চুরানব্বই পঁচানব্বই ছিয়ানব্বই সাতানব্বই আটানব্বই নিরানব্বই"
).split()
_BELOW_HUNDRED = [unicodedata.normalize("NFC", word) for word in _BELOW_HUNDRED]
_BELOW_TWENTY_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS_EN = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_MONTHS_EN = "January February March April May June July August September October November December".split()
_MONTHS = "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর".split()


def digits(text: str) -> str:
    """ASCII digits become Bangla ones; all else stays."""
    return text.translate(_TO_BANGLA)


def ascii_digits(text: str) -> str:
    """Bangla digits become ASCII ones; all else stays."""
    return text.translate(_TO_ASCII)


def clean(text: str) -> str:
    """`text` as it is stored: NFC, no control characters, single spaces."""
    printable = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", printable).split())


def normalise(text: str) -> str:
    """`text` as it is compared: NFC, no invisible joiners, ASCII digits, one case."""
    bare = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return unicodedata.normalize("NFC", ascii_digits(bare).casefold())


def grouped(number: int, lang: str = "bn") -> str:
    """`number` in lakh and crore groups: 1,23,45,678."""
    head, tail = divmod(abs(number), 1000)
    text = str(tail) if not head else f"{tail:03d}"
    while head:
        head, pair = divmod(head, 100)
        text = f"{pair:02d},{text}" if head else f"{pair},{text}"
    text = f"-{text}" if number < 0 else text
    return digits(text) if lang == "bn" else text


def taka(poisha: int, *, lang: str = "bn") -> str:
    """An amount for a reader: "৳ ১,২৩,৪৫,৬৭৮.৫০" or "Tk 1,23,45,678.50"."""
    whole, part = divmod(abs(poisha), 100)
    figures = f"{'-' if poisha < 0 else ''}{grouped(whole, 'en')}.{part:02d}"
    sign, shown = ("৳", digits(figures)) if lang == "bn" else ("Tk", figures)
    return f"{sign}\u00a0{shown}"  # the sign and its number stay on one line


def parse_taka(text: str) -> int:
    """The poisha that a person wrote: Bangla or ASCII digits, grouping commas, "৳" or "Tk", at most two decimals.

    Raises:
        ValueError: not an amount, negative, or above ten crore taka.
    """
    bare = _CURRENCY.sub("", normalise(clean(text))).strip()
    if not _AMOUNT.fullmatch(bare):
        raise ValueError(f"not an amount: {text!r}")
    poisha = int(Decimal(bare.replace(",", "")) * 100)
    if poisha > HIGHEST_POISHA:
        raise ValueError(f"more than ten crore taka: {text!r}")
    return poisha


def in_words(poisha: int, lang: str = "bn") -> str:
    """কথায়: an amount spelled out, "ছয় শত পঞ্চাশ টাকা মাত্র", "six hundred fifty taka only".

    Raises:
        ValueError: the amount is negative; no paper states one.
    """
    if poisha < 0:
        raise ValueError(f"negative: {poisha}")
    taka, part_name, only = ("টাকা", "পয়সা", "মাত্র") if lang == "bn" else ("taka", "poisha", "only")
    whole, part = divmod(poisha, 100)
    words = f"{number_in_words(whole, lang)} {taka}" if whole or not part else ""
    if part:
        words = f"{words} {number_in_words(part, lang)} {part_name}".strip()
    return unicodedata.normalize("NFC", f"{words} {only}")


def number_in_words(number: int, lang: str = "bn") -> str:
    """A whole number in words, by crore, lakh, thousand and hundred."""
    if number < 100:
        return _BELOW_HUNDRED[number] if lang == "bn" else _below_hundred_en(number)
    words: list[str] = []
    for size, *names in ((1_00_00_000, "কোটি", "crore"), (1_00_000, "লক্ষ", "lakh"), (1_000, "হাজার", "thousand"),
                         (100, "শত", "hundred")):
        count, number = divmod(number, size)
        if count:
            words += [number_in_words(count, lang), names[lang != "bn"]]
    if number:
        words.append(number_in_words(number, lang))
    return " ".join(words)


def _below_hundred_en(number: int) -> str:
    if number < 20:
        return _BELOW_TWENTY_EN[number]
    ten, one = divmod(number, 10)
    return f"{_TENS_EN[ten]}-{_BELOW_TWENTY_EN[one]}" if one else _TENS_EN[ten]


def date_bn(moment: datetime | date, lang: str = "bn") -> str:
    """A day for a reader: "২৩ নভেম্বর ২০২৬"."""
    day = moment.astimezone(DHAKA).date() if isinstance(moment, datetime) else moment
    months = _MONTHS if lang == "bn" else _MONTHS_EN
    text = f"{day.day} {months[day.month - 1]} {day.year}"
    return unicodedata.normalize("NFC", digits(text)) if lang == "bn" else text


_DATE = re.compile(r"(\d{1,4})[\s./-]+([^\s\d./-]+|\d{1,2})[\s./,-]+(\d{1,4})")
_DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_TIME = re.compile(r"([^\d\s:.]*)\s*(\d{1,2})(?:টা)?\s*[:.]?\s*([0-5]\d)?\s*([^\d\s:.][^\d:]*)?")
_LATE = ("pm", "p.m.", "দুপুর", "বিকাল", "বিকেল", "সন্ধ্যা", "রাত")
_EARLY = ("am", "a.m.", "ভোর", "সকাল")


def parse_date(text: str, today: date) -> date | None:
    """The day that a person wrote: "12/3/85", "120385", "12 মার্চ 1985", "1985-03-12"; None when it is no day.

    Day before month, as Bangladesh writes. A year of two digits is the latest one that is not after `today`.
    """
    bare = normalise(ascii_digits(clean(text))).strip()
    found = _DIGITS_ONLY.fullmatch(bare) or _DATE.fullmatch(bare)
    if found is None:
        return None
    first, middle, last = found.groups()
    day, year = (last, first) if len(first) == 4 else (first, last)
    try:
        return date(_year(year, today), _month(middle), int(day))
    except ValueError:
        return None


def _month(text: str) -> int:
    names = [[normalise(name) for name in months] for months in (_MONTHS, _MONTHS_EN)]
    for months in names:
        for place, name in enumerate(months, start=1):
            if len(text) >= 3 and name.startswith(text):
                return place
    return int(text)


def _year(text: str, today: date) -> int:
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise ValueError(text)
    year = today.year - today.year % 100 + int(text)
    return year if year <= today.year else year - 100


def parse_time(text: str) -> str | None:
    """The time that a person wrote, as "14:30": "14.30", "1430", "2:30 pm", "বিকাল ৩টা"; None when it is none."""
    found = _TIME.fullmatch(normalise(ascii_digits(clean(text))).strip())
    if found is None:
        return None
    before, hour, minute, after = (found[place] or "" for place in range(1, 5))
    half = (before or after).strip()
    if (before and after) or (half and half not in _NORMAL_LATE | _NORMAL_EARLY):
        return None
    hours = int(hour)
    if hours == 12 and half in {"am", "a.m.", normalise("রাত")}:
        hours = 0
    elif half in _NORMAL_LATE and hours < 12 and not (half == normalise("রাত") and hours < 5):
        hours += 12
    return f"{hours:02d}:{minute or '00'}" if hours < 24 and (minute or half or "টা" in text) else None


_NORMAL_LATE = frozenset(normalise(word) for word in _LATE)
_NORMAL_EARLY = frozenset(normalise(word) for word in _EARLY)


def month_bn(month: date, lang: str = "bn") -> str:
    """A month for a reader: "নভেম্বর ২০২৬"."""
    return date_bn(month.replace(day=1), lang).split(" ", 1)[1]


def time_bn(moment: datetime, lang: str = "bn") -> str:
    """The time on the wall in Dhaka, 24 hours: "১৪:০৫"."""
    text = moment.astimezone(DHAKA).strftime("%H:%M")
    return digits(text) if lang == "bn" else text


def mask(number: str) -> str:
    """A citizen's number with only its last four digits left."""
    return "•" * max(0, len(number) - 4) + number[-4:] if len(number) > 4 else number
