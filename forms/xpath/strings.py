"""ODK's functions on text, selections and digests (ODK XForms, "String functions" and "Select functions")."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import uuid
from functools import lru_cache

from forms.xpath.functions import Library, each_text, number, together
from forms.xpath.lexer import BadExpression
from forms.xpath.patterns import Machine, compile_pattern
from forms.xpath.scope import Compiled, Scope
from forms.xpath.values import Value, to_boolean, to_string

STRINGS = Library()
_LONGEST_UUID = 10_000
_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@STRINGS.add_lazy("if", 3)
def _if(scope: Scope, test: Compiled, yes: Compiled, no: Compiled) -> Value:
    return yes(scope) if to_boolean(test(scope)) else no(scope)


@STRINGS.add_lazy("coalesce", 2)
def _coalesce(scope: Scope, one: Compiled, other: Compiled) -> str:
    return to_string(one(scope)) or to_string(other(scope))


@STRINGS.add_lazy("once", 1)
def _once(scope: Scope, expression: Compiled) -> str:
    return scope.run.current.string() or to_string(expression(scope))


@STRINGS.add("boolean-from-string", 1)
def _boolean_from_string(_scope: Scope, value: Value) -> bool:
    return to_string(value) in {"1", "true"}


@STRINGS.add("concat", 0, None)
def _concat(_scope: Scope, *values: Value) -> str:
    return together([text for value in values for text in each_text(value)])


@STRINGS.add("join", 1, None)
def _join(_scope: Scope, glue: Value, *values: Value) -> str:
    return together([text for value in values for text in each_text(value)], to_string(glue))


@STRINGS.add("ends-with", 2)
def _ends_with(_scope: Scope, text: Value, end: Value) -> bool:
    return to_string(text).endswith(to_string(end))


@STRINGS.add("substr", 2, 3)
def _substr(scope: Scope, value: Value, start: Value, *end: Value) -> str:
    text = to_string(value)
    return text[_place(scope, start, text, len(text)):_place(scope, end[0], text, 0) if end else len(text)]


def _place(scope: Scope, value: Value, text: str, otherwise: int) -> int:
    given = number(scope, value)
    if math.isnan(given):
        return otherwise
    if math.isinf(given):
        return len(text) if given > 0 else 0
    place = math.trunc(given)
    return min(max(0, place + len(text) if place < 0 else place), len(text))


@lru_cache(maxsize=500)
def _pattern(text: str) -> Machine:
    return compile_pattern(text)


@STRINGS.add("regex", 2)
def _regex(scope: Scope, value: Value, pattern: Value) -> bool:
    return _pattern(to_string(pattern)).search(to_string(value), scope.run.visit)


@STRINGS.add("uuid", 0, 1)
def _uuid(scope: Scope, *length: Value) -> str:
    if not length:
        return str(uuid.uuid4())
    wanted = number(scope, length[0])
    if not 0 <= wanted <= _LONGEST_UUID:
        raise BadExpression("uuid() needs a length")
    text = ""
    while len(text) < wanted:
        text += str(uuid.uuid4())
    return text[:int(wanted)]


@STRINGS.add("digest", 2, 3)
def _digest(_scope: Scope, value: Value, algorithm: Value, *encoding: Value) -> str:
    name, written = to_string(algorithm), to_string(encoding[0]) if encoding else "base64"
    if name not in _DIGESTS or written not in {"base64", "hex"}:
        raise BadExpression(f"digest() does not know {name} in {written}")
    made = hashlib.new(_DIGESTS[name], to_string(value).encode(), usedforsecurity=False)
    return base64.b64encode(made.digest()).decode() if written == "base64" else made.hexdigest()


@STRINGS.add("base64-decode", 1)
def _base64_decode(_scope: Scope, value: Value) -> str:
    text = re.sub(r"\s", "", to_string(value))
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode(errors="replace")
    except ValueError:
        return ""


def words(value: Value) -> list[str]:
    """What was selected: names with spaces between."""
    return re.findall("[^ \t\r\n]+", to_string(value))


@STRINGS.add("is-selected", 2)
@STRINGS.add("selected", 2)
def _selected(_scope: Scope, value: Value, name: Value) -> bool:
    wanted = to_string(name).strip(" \t\r\n")
    return wanted in (words(value) or [""])


@STRINGS.add("selected-at", 2)
def _selected_at(scope: Scope, value: Value, place: Value) -> str:
    chosen, index = words(value), number(scope, place)
    return chosen[int(index)] if math.isfinite(index) and 0 <= index < len(chosen) else ""


@STRINGS.add("count-selected", 1)
def _count_selected(_scope: Scope, value: Value) -> float:
    return float(len(words(value)))
