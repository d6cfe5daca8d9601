"""What types keep of an answer, and what ODK's functions make of numbers, dates and places: the specification's edges
("Data Types", "XPath Functions")."""

from __future__ import annotations

import pytest

import forms
from tests.forms.test_expressions import value
from tests.forms.xforms import begun, bind, xform

_NOT_KEPT = ""


@pytest.mark.parametrize(("kind", "written", "kept"), [
    ("int", "-05", "-5"), ("int", "10.9", "10"), ("int", "2147483647", "2147483647"), ("int", "2147483648", _NOT_KEPT),
    ("int", "1,000", _NOT_KEPT), ("decimal", "1.50", "1.5"), ("decimal", ".5", "0.5"), ("decimal", "1e3", "1000"),
    ("decimal", "Infinity", _NOT_KEPT), ("date", "2024-02-29", "2024-02-29"), ("date", "2023-02-29", _NOT_KEPT),
    ("date", "2024-2-9", _NOT_KEPT), ("time", "09:30:00", "09:30:00"), ("time", "09:30", _NOT_KEPT),
    ("time", "24:00:00", _NOT_KEPT), ("time", "09:30:00+15:00", _NOT_KEPT),
    ("dateTime", "2024-02-29T09:30:00.000+06:00", "2024-02-29T09:30:00.000+06:00"),
    ("dateTime", "2024-02-29", _NOT_KEPT),
    ("geopoint", "23.8 90.4", "23.8 90.4"), ("geopoint", "91 0", _NOT_KEPT), ("geopoint", "1 2 3 4 5", _NOT_KEPT),
    ("geotrace", "1 2; 3 4;", "1.0 2.0;3.0 4.0"), ("geotrace", "1 2", _NOT_KEPT),
    ("geotrace", "1 2;3 4;1 2", _NOT_KEPT),
    ("geoshape", "1 2;3 4;5 6;1 2", "1.0 2.0;3.0 4.0;5.0 6.0;1.0 2.0"), ("geoshape", "1 2;3 4;5 6", _NOT_KEPT),
    ("no-such-type", " as it is ", " as it is "),
])
def test_a_type_keeps(kind: str, written: str, kept: str) -> None:
    filling = begun("<a/>", bind("a", type=kind))
    filling.answer("/data/a", written)
    assert filling.look("/data/a").value == kept


@pytest.mark.parametrize(("text", "expected"), [
    ("string(0 div 0)", ""), ("concat('a', 0 div 0)", "a"), ("string(1 div 0)", "Infinity"), ("1 + ''", ""),
    ("number('৫')", ""), ("number('1e3')", ""), ("number(' -2.5 ')", "-2.5"), ("number(d)", "20779"), ("max()", ""),
    ("min(n, e)", ""), ("max(n, 7)", "7"), ("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(12345, -2)", "12300"),
    ("round(1, 999)", "1"), ("int('-7.9')", "-7"), ("pow(1, 0 div 0)", ""), ("pow(0, 0)", "1"),
    ("pow(-8, 1 div 3)", ""),
    ("substr('hello', 1, -1)", "ell"), ("substr('hello', 'x')", ""), ("substr('hello', 0, 'x')", ""),
    ("checklist(0, -1)", "true"), ("checklist(1, 'x', 1)", "true"), ("weighted-checklist(1, 2, n, n)", "false"),
    ("base64-decode('/w==')", "\ufffd"), ("base64-decode('!')", ""), ("regex('ab12', '^[a-z]+[0-9]+$')", "true"),
    ("date('2012-7-3')", "2012-07-03"), ("string(number(date('2012-07-03')))", "2012-07-03"),
    ("decimal-date-time('2012-07-03T12+06:00')", "15524.25"), ("decimal-date-time('2012-07-03T12:00+0600')", ""),
    ("format-date('2012-07-03', '%n %% %Q')", "7 %% %Q"), ("format-date('2012-07-08', '%a')", "Sun"),
    ("format-date-time('2012-07-03T01:02:03.004', '%h:%M:%S.%3')", "1:02:03.004"),
    ("decimal-time('24:00:00')", ""), ("date('2001-12-26') + 5 = date('2001-12-31')", "true"),
    ("'2012-07-03' < today()", "true"), ("'not a date' < today()", "false"),
    ("geofence('1 1', '0 0;0 2;2 2;2 0;0 0')", "true"), ("geofence('3 1', '0 0;0 2;2 2;2 0;0 0')", "false"),
    ("geofence('1 1', '0 0;0 2;2 2;2 0')", "false"), ("geofence('', '0 0;0 2;2 2;0 0')", "false"),
    ("area('0 0;0 1;1 1;0 0') = area('0 0;0 1;1 1')", "true"), ("distance('0 0')", "0"), ("distance(e)", "0"),
])
def test_a_function_gives(text: str, expected: str) -> None:
    from forms.xpath.values import to_string

    assert to_string(value(text)) == expected


@pytest.mark.parametrize("rule", [
    "digest(., 'crc32')", "digest(., 'MD5', 'HEX')", "distance('a', 'b')", "regex(., '[a-')", "regex(., '(a)\\1')",
    "extract-signed()", "jr:choice-name(., '/data/a')", "jr:choice-name(., '/data/nowhere')", "indexed-repeat(., .)",
    "weighted-checklist(1, 2, .)", "position(1)", "count(1)", "$variable", "1 And 1", "''''", "a:b",
])
def test_what_a_form_may_not_ask_is_refused_as_it_is_opened(rule: str) -> None:
    with pytest.raises(forms.BadForm, match="/data/b"):
        begun("<a>x</a><b/>", bind("b", calculate=rule), '<input ref="/data/a"/>')


@pytest.mark.parametrize("rule", [". = 'x'", "/data/b = 1"])
def test_a_rule_that_only_judges_or_shuts_may_look_at_its_own_question(rule: str) -> None:
    forms.load(xform("<a/><b/>", bind("a", constraint=rule, readonly=rule, required=rule)))
