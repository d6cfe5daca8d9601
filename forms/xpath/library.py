"""All functions that a form may call."""

from __future__ import annotations

from forms.xpath.core import CORE
from forms.xpath.dates import DATES
from forms.xpath.functions import Library
from forms.xpath.geo import GEO
from forms.xpath.nodesets import NODESETS
from forms.xpath.numbers import NUMBERS
from forms.xpath.strings import STRINGS

ODK = Library({**CORE, **NUMBERS, **DATES, **STRINGS, **NODESETS, **GEO})
PLAIN = CORE
