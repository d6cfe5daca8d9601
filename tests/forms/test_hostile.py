"""Forms, lists and instances made to harm: refused, or carried through within bounds of time and memory."""

from __future__ import annotations

import itertools
import json

import pytest

import forms
from forms import engine, lists, rules
from forms.xpath.lexer import LONGEST
from tests.forms.xforms import NOW, TODAY, begun, bind, xform

_BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><data>&c;</data>'
_OUTSIDE = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><data>&a;</data>'
_DEEP = b"<data>" * 200 + b"</data>" * 200


def _with_list(name: str, content: bytes) -> forms.Form:
    return forms.load(xform("<a/>", f'<instance id="l" src="{name}"/>'), {name: content})


@pytest.mark.parametrize("xml", [_BOMB, _OUTSIDE, _DEEP])
def test_what_is_unsafe_to_read_is_refused_wherever_it_comes_from(xml: bytes) -> None:
    form = forms.load(xform("<a/>"))
    with pytest.raises(forms.BadForm):
        forms.load(xml)
    with pytest.raises(forms.BadForm):
        _with_list("jr://file/l.xml", xml)
    with pytest.raises(forms.BadForm):
        form.restore(xml, today=TODAY, now=NOW)
    assert form.fill(xml, today=TODAY, now=NOW).values().keys() == {"/data/meta/instanceID"}  # a draft: begun anew


@pytest.mark.parametrize(("name", "content"), [
    ("jr://file/l.geojson", b"[" * 100_000), ("jr://file/l.geojson", b'{"type":"FeatureCollection","features":{}}'),
    ("jr://file/l.geojson", json.dumps({"type": "FeatureCollection", "features": [{"geometry": {
        "type": "Point", "coordinates": [1]}}]}).encode()),
    ("jr://file/l.geojson", b"\xff\xfe"), ("jr://file-csv/l.csv", b"\xff\xfe"), ("jr://file/l.xml", b"<a>"),
])
def test_a_list_that_is_not_what_its_name_says_is_refused_by_its_name(name: str, content: bytes) -> None:
    with pytest.raises(forms.BadForm, match=name):
        _with_list(name, content)


@pytest.mark.parametrize(("name", "content"), [
    ("jr://file-csv/l.csv", b"name,label\n" + b"a,b\n" * 300), ("jr://file-csv/l.csv", b",".join([b"c"] * 600)),
    ("jr://file/l.xml", b"<r>" + b"<i/>" * 600 + b"</r>"),
    ("jr://file/l.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"properties": {f"p{place}": 1 for place in range(600)}}]}).encode()),
])
def test_a_list_too_large_for_the_memory_is_refused(name: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_CELLS", 500)
    with pytest.raises(forms.BadForm, match="more than 500 cells"):
        _with_list(name, content)


def test_breadth_without_end_is_refused() -> None:
    attributes = " ".join(f'a{number}=""' for number in range(101))
    with pytest.raises(forms.BadForm, match="attributes"):
        forms.load(xform(f"<a {attributes}/>"))
    with pytest.raises(forms.BadForm, match="questions"):
        forms.load(xform("".join(f"<a{number}/>" for number in range(3001))))


@pytest.mark.parametrize("rule", [
    "x" * (LONGEST + 1), "/data/a" + "[1" * 100 + "]" * 100, "-" * 90_000 + "1", "not(" * 200 + "1" + ")" * 200,
    "count(//node()[count(//node()[count(//node()[count(//node()[count(//node()[count(//node())]) > 9]) > 9]) > 9])"
    " > 9])", "concat(" + ",".join(["//*"] * 40_000) + ")",
])
def test_an_expression_made_to_hang_is_refused_or_soon_done(rule: str) -> None:
    inner = "".join(f"<n{number}/>" for number in range(60))
    try:
        begun(f"<a/><g>{inner}</g>", bind("a", constraint=rule, relevant=rule.replace("//", "/data/g//")))
    except forms.BadForm:
        return


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a?){60}a{60}", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_explodes_elsewhere_takes_its_steps_here(pattern: str) -> None:
    filling = begun("<a/>", bind("a", constraint=f"regex(., '{pattern}')"), '<input ref="/data/a"/>')
    filling.answer("/data/a", "a" * 200 + "!")
    filling.errors()


def test_rules_that_together_take_too_long_refuse_the_form_with_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LONGEST_SECONDS", 0)
    with pytest.raises(forms.BadForm, match=r"/data/.*takes? longer than 0 seconds"):
        begun("<a/><b/>", bind("a", calculate="1") + bind("b", calculate="/data/a"))


def test_actions_that_call_one_another_without_end_are_cut_short() -> None:
    body = "".join(f'<input ref="/data/{one}"><setvalue event="xforms-value-changed" ref="/data/{other}" '
                   f'value="/data/{other} + 1"/></input>' for one, other in ("ab", "ba"))
    filling = begun("<a>0</a><b>0</b>", "", body)
    filling.answer("/data/a", "5")
    assert int(filling.look("/data/b").value) < 1000


_SLOW = "count(/data/g/*[count(/data/g/*[. = 'x']) > 5]) = 0"


@pytest.mark.parametrize("kind", ["constraint", "required", "readonly"])
def test_rules_that_are_slow_only_together_are_given_up_in_time(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inner, names = "".join(f"<n{number}/>" for number in range(60)), [f"a{number}" for number in range(30)]
    filling = begun("".join(f"<{name}>1</{name}>" for name in names) + f"<g>{inner}</g>",
                    "".join(bind(name, **{kind: _SLOW}) for name in names),
                    "".join(f'<input ref="/data/{name}"/>' for name in names))
    monkeypatch.setattr(engine, "LONGEST_SECONDS", 0)
    for ask in (filling.questions, *((filling.errors, filling.violations) if kind == "constraint" else ())):
        with pytest.raises(forms.BadForm, match="/data/a0: the form's rules take longer"):
            ask()


@pytest.mark.parametrize("rule", ["concat({0}, {0})", "join(',', {0}, {0})"])
def test_texts_that_double_from_rule_to_rule_are_refused(rule: str) -> None:
    names = [f"c{number}" for number in range(60)]
    with pytest.raises(forms.BadForm, match="more than 10000000 characters"):
        begun("<c0>ten letters</c0>" + "".join(f"<{name}/>" for name in names[1:]),
              "".join(bind(after, calculate=rule.format(f"/data/{before}"))
                      for before, after in itertools.pairwise(names)))


def test_one_expression_that_puts_too_much_together_is_refused() -> None:
    with pytest.raises(forms.BadForm, match="more than 10000000 characters"):
        begun(f"<a>{'x' * 1_000_000}</a><b/>", bind("b", calculate=f"string-length(concat({'/data/a,' * 10}'x'))"))


def test_rows_full_of_text_are_refused() -> None:
    with pytest.raises(forms.BadForm, match="more than 10000000 characters"):
        begun(f'<r jr:template=""><n>{"x" * 1_000_000}</n></r>', "",
              '<repeat nodeset="/data/r" jr:count="1000"><input ref="/data/r/n"/></repeat>')


def test_a_label_without_end_is_cut_off() -> None:
    outputs = '<output value="/data/a"/>' * 500
    filling = begun(f"<a>{'x' * 1_000}</a>", "", f'<input ref="/data/a"><label>{outputs}</label></input>')
    assert len(filling.look("/data/a").label) == 100_000


@pytest.mark.parametrize("bound", ["MOST_VISITS", "MOST_LETTERS"])
def test_rules_that_are_too_much_only_together_are_refused_as_the_form_is_read(
    bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, bound, 3_000)
    names = [f"a{number}" for number in range(100)]
    with pytest.raises(forms.BadForm, match=r"/data/a.*more than can be looked through"):
        forms.load(xform("".join(f"<{name}/>" for name in names),
                         "".join(bind(name, constraint=f"{'//* and ' * 5}true()") for name in names)))


def test_comparing_all_with_all_takes_the_time_of_all() -> None:
    nodes = "".join(f"<a>{number}</a>" for number in range(20_000))
    every = ("not(/data/g/a = /data/g/a/@x)", "/data/g/a < /data/g/a", "not(/data/g/a > 19999)",
             "/data/g/a != /data/g/a")
    filling = begun(f"<g>{nodes}</g><b>1</b>", bind("b", constraint=" and ".join(every)))
    assert filling.violations() == []
