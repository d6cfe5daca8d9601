"""Whatever pyxform makes of whatever sheet is refused in words, or filled, put aside and sent with nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

import forms
from tests.forms.xforms import NOW, TODAY

Row = dict[str, str]
CHOICES = [{"list_name": "c", "name": name, "label": name} for name in ("a", "b", "c")]
TYPES = ("text", "integer", "decimal", "date", "select_one c", "select_multiple c", "rank c", "acknowledge", "note")
VALUES = ("", "a", "b c", "c a", "3", "-1", "০.৫", "2026-02-29", "2026-11-23", "OK", " x ", "1e9", "ক্ষ", "<&>'\"")
TESTS = (
    "${%s} != ''", "${%s} > 2", "selected(${%s}, 'a')", "count-selected(${%s}) = 2", "string-length(${%s}) < 3",
    "not(${%s} = 'a')", "regex(${%s}, '[0-9]+')", "${%s} < today()", "boolean(${%s})", "count(${%s}) > 1",
)
SUMS = (
    "${%s} + 1", "concat(${%s}, '-', position(..))", "if(${%s} = '', 1, 2)", "sum(${%s})", "coalesce(${%s}, 'x')",
    "number(${%s}) div 0", "join(' ', ${%s})", "format-date(${%s}, '%%e %%b %%Y')", "round(${%s}, 1)", "once(${%s})",
    "jr:choice-name(${%s}, '${%s}')", "substr(${%s}, 1, 3)", "max(${%s})",
)
CONSTRAINTS = (". != ''", ". > 0", "string-length(.) < 4", "regex(., '[a-z]+')", ". <= today()")


@st.composite
def sheets(draw: st.DrawFn) -> list[Row]:
    """The rows of a survey; what they ask of each other goes to any question, also to one below or in another row."""
    count = draw(st.integers(1, 9))
    names = [f"q{place}" for place in range(count)]
    rows: list[Row] = []
    open_: list[str] = []
    for place, name in enumerate(names):
        for _group in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
            kind = draw(st.sampled_from(("group", "repeat")))
            begun = {"type": f"begin {kind}", "name": f"{kind[0]}{len(rows)}", "label": kind}
            rows.append({**begun, **_rules(draw, names)})
            open_.append(kind)
        above = draw(st.booleans())
        rows.append(_question(draw, name, names[:max(1, place)] if above else names))
        while draw(st.booleans()) and open_:
            rows.append({"type": f"end {open_.pop()}"})
    return _without_gone_rows(rows + [{"type": f"end {kind}"} for kind in reversed(open_)])


def _without_gone_rows(rows: list[Row]) -> list[Row]:
    """Rows that are not relevant are not sent, and what counts them or looks into them says something else then: only
    groups without rows have rules."""
    inside: list[Row] = []
    for row in rows:
        if row["type"].startswith("begin"):
            inside.append(row)
            for outer in inside if row["type"] == "begin repeat" else ():
                outer.pop("relevant", None)
        elif row["type"].startswith("end"):
            inside.pop()
    return rows


def _question(draw: st.DrawFn, name: str, others: Sequence[str]) -> Row:
    if draw(st.integers(0, 3)) == 0:
        return {"type": "calculate", "name": name, "calculation": _about(draw, SUMS, others)}
    row = {"type": draw(st.sampled_from(TYPES)), "name": name, "label": f"{name} ${{{others[0]}}}"}
    row |= _rules(draw, others)
    for column, some in (("constraint", CONSTRAINTS), ("default", VALUES[1:6]), ("required", ("yes",))):
        if draw(st.integers(0, 4)) == 0:
            row[column] = draw(st.sampled_from(some))
    return row


def _rules(draw: st.DrawFn, others: Sequence[str]) -> Row:
    return {"relevant": _about(draw, TESTS, others)} if draw(st.integers(0, 3)) == 0 else {}


def _about(draw: st.DrawFn, patterns: Sequence[str], others: Sequence[str]) -> str:
    pattern, other = draw(st.sampled_from(patterns)), draw(st.sampled_from(others))
    return pattern % ((other,) * (pattern.replace("%%", "").count("%s")))


MOVES = st.lists(st.tuples(st.sampled_from(("answer",) * 4 + ("more", "less")), st.integers(0, 30),
                           st.sampled_from(VALUES)), max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(sheets(), MOVES)
def test_a_form_is_refused_in_words_or_loses_nothing(rows: list[Row], moves: list[tuple[str, int, str]]) -> None:
    try:
        form = _form(rows)
        filling = form.fill(today=TODAY, now=NOW)
        for move in moves:
            _play(filling, *move)
    except forms.BadForm as error:
        assert str(error)
        event("refused")
        return
    event("filled")
    later: dict[str, Any] = {"today": TODAY, "now": NOW}
    resumed = form.fill(filling.draft(), **later)
    assert resumed.values() == filling.values()
    assert resumed.questions() == filling.questions()
    assert resumed.errors() == filling.errors()
    sent = filling.submission()
    assert form.restore(sent, **later).submission() == sent
    edited = form.edit(sent, "uuid:1", **later).submission()
    assert form.edit(edited, "uuid:1", **later).values().keys() == form.restore(edited, **later).values().keys()


def _form(rows: list[Row]) -> forms.Form:
    named = {"form_id": "any", "form_title": "any", "version": "1"}
    try:
        xform = convert(xlsform={"survey": rows, "choices": CHOICES, "settings": [named]}).xform
    except PyXFormError as error:
        raise forms.BadForm(str(error)) from error
    return forms.load(xform.encode())


def _play(filling: forms.Filling, what: str, place: int, value: str) -> None:
    parts = list(_every(filling.questions()))
    repeats = [part for part in parts if isinstance(part, forms.Repeat)]
    asked = [part for part in parts if isinstance(part, forms.Question) and not part.readonly]
    if what == "more" and repeats:
        filling.add_repeat(repeats[place % len(repeats)].ref)
    elif what == "less" and repeats:
        repeat = repeats[place % len(repeats)]
        if filling.count(repeat.ref):
            filling.remove_repeat(repeat.ref, place % filling.count(repeat.ref))
    elif what == "answer" and asked:
        filling.answer(asked[place % len(asked)].ref, value)


def _every(parts: Sequence[Any]) -> Any:
    for part in parts:
        yield part
        for row in getattr(part, "parts", ()):
            yield from _every(row)
