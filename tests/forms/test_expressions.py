"""Expressions: XPath 1.0, ODK's functions and dates, as the two specifications say."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree

from forms.xpath import BadExpression, Run, compile_expression
from forms.xpath.tree import Node, document_from_lxml
from forms.xpath.values import to_string

_XML = "<data><n>1</n><n>2</n><n>3</n><s>a b c</s><e/><d>2026-11-23</d><g><x>in</x></g></data>"


def tree() -> Node:
    return document_from_lxml(etree.ElementTree(etree.fromstring(_XML)))


def value(text: str) -> object:
    top = tree()
    run = Run(top.children[0], top, timezone(timedelta(hours=6)), datetime(2026, 11, 23, 4, tzinfo=UTC))
    return compile_expression(text).value(run)


@pytest.mark.parametrize(("text", "expected"), [
    ("1 + 2 * 3", "7"), ("7 mod 3", "1"), ("-7 mod 3", "-1"), ("1 div 0", "Infinity"), ("0 div 0", ""),
    ("1div1", "1"), ("count(n)", "3"), ("sum(/data/n)", "6"), ("n[2]", "2"), ("n[last()]", "3"), ("n[. > 1]", "2"),
    ("s/preceding-sibling::n[1]", "3"), ("name(//x/..)", "g"), ("n | s", "1"), ("string(e)", ""), ("n = 3", "true"),
    ("n != 3", "true"), ("not(n = 9)", "true"), ("substring('12345', 1.5, 2.6)", "234"),
    ("translate('bar', 'abc', 'AB')", "BAr"), ("normalize-space('  a  b ')", "a b"), ("0.1 + 0.2 = 0.3", "false"),
    ("if(e = '', 'empty', 'full')", "empty"), ("coalesce(e, 'other')", "other"), ("selected(s, 'b')", "true"),
    ("selected-at(s, 2)", "c"), ("count-selected(s)", "3"), ("join('-', n)", "1-2-3"), ("concat(n, 'x')", "123x"),
    ("max(n)", "3"), ("min(n, 0)", "0"), ("round(1.25, 1)", "1.3"), ("round(-1.5)", "-2"), ("int(-1.9)", "-1"),
    ("pow(2, 3)", "8"), ("substr('hello', -2)", "lo"), ("ends-with('ab', 'b')", "true"),
    ("regex('01712345678', '^01[3-9][0-9]{8}$')", "true"), ("regex('x1y', '[0-9]')", "true"),
    ("regex('ab', '^(?!a)')", "false"), ("boolean-from-string('1')", "true"), ("checklist(1, 2, n[1], n[2])", "true"),
    ("weighted-checklist(5, 5, true(), 5)", "true"), ("digest('', 'MD5', 'hex')", "d41d8cd98f00b204e9800998ecf8427e"),
    ("base64-decode('SGVsbG8=')", "Hello"), ("position(g)", "1"), ("position(n[3])", "3"),
    ("count-non-empty(*)", "6"), ("string(today())", "2026-11-23"), ("d = today()", "true"),
    ("number(d) = number(today())", "true"), ("today() > '2026-11-22'", "true"), ("date('2026-1-5')", "2026-01-05"),
    ("string(now())", "2026-11-23T10:00:00.000+06:00"), ("format-date(d, '%e %b %Y, %a')", "23 Nov 2026, Mon"),
    ("decimal-date-time('1970-01-02T00:00:00Z')", "1"), ("decimal-time('06:00:00.000+06:00')", "0.25"),
    ("string(date(decimal-date-time(d) + 1))", "2026-11-24"), ("date('nonsense')", "Invalid Date"),
    ("string(n/* or n)", "true"), ("4 * count(*)", "28"),
    ("string(100000000000000000000000)", "100000000000000000000000"), ("string(0.0000001)", "0.0000001"),
    ("area('0 0')", "0"), ("distance('0 1 0 0; 0 91 0 0;')", "10018696.05"), ("once('x')", None),
])
def test_an_expression_gives(text: str, expected: str | None) -> None:
    assert expected is None or to_string(value(text)) == expected


@pytest.mark.parametrize("text", [
    "1 And 1", "count(1)", "unknown()", "substring('a')", "'", "1 +", "n[", "p:n", ".[1]", "g/..[n]", "position(n)",
    "position(1)", "digest('a', 'X')",
    "count(//node()[count(//node()[count(//node()[count(//node()[count(//node()[count(//node()) > 0]) > 0]) > 0])"
    " > 0]) > 0])",
])
def test_what_is_no_expression_or_takes_too_long_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        value(text)


def test_what_is_not_reached_may_be_unknown() -> None:
    assert value("false() and unknown()") is False


def test_a_seed_always_gives_the_same_order() -> None:
    assert [node.string() for node in value("randomize(n, 42)")] == [  # type: ignore[attr-defined]
        node.string() for node in value("randomize(n, 42)")]  # type: ignore[attr-defined]
    assert math.isnan(value("min(e)"))  # type: ignore[arg-type]
