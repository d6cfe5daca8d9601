"""What forms seldom ask of an engine, as ODK's own answers it: scenarios from the specification, played on both."""

from __future__ import annotations

import pytest

import forms
from tests.forms.xforms import NOW, TODAY, begun, bind, xform


def test_the_text_of_a_group_follows_what_is_in_it_and_what_of_it_is_relevant() -> None:
    filling = begun("<t>y</t><g><a>v</a><b>w</b></g><s/><same/>",
                    bind("g/a", relevant="/data/t = 'y'") + bind("s", calculate="string(/data/g)")
                    + bind("same", calculate="/data/g = 'z'"))
    filling.answer("/data/t", "n")
    assert filling.look("/data/s").value == "w"
    filling.answer("/data/g/b", "z")
    assert (filling.look("/data/s").value, filling.look("/data/same").value) == ("z", "true")


def test_a_count_of_rows_does_not_wait_for_what_is_written_in_them() -> None:
    filling = begun("<r><n/><many/></r>", bind("r/many", calculate="count(../../r) + position(..)"),
                    '<repeat nodeset="/data/r"><input ref="/data/r/n"/></repeat>')
    filling.add_repeat("/data/r")
    assert [filling.look(f"/data/r[{row}]/many").value for row in (1, 2)] == ["3", "4"]


def test_what_is_worked_out_once_is_worked_out_again_when_it_was_emptied() -> None:
    filling = begun("<a>1</a><b/>", bind("b", calculate="once(/data/a)"))
    filling.answer("/data/a", "2")
    assert filling.look("/data/b").value == "1"
    filling.answer("/data/b", "")
    assert filling.look("/data/b").value == "2"


@pytest.mark.parametrize("nodeset", ["/data/g/r", "r", "../g/r", "current()/r"])
def test_a_repeat_may_be_named_from_the_group_around_it(nodeset: str) -> None:
    filling = begun("<g><r><n/></r></g>", "", f'<group ref="/data/g"><repeat nodeset="{nodeset}"><input ref="n"/>'
                    "</repeat></group>")
    filling.add_repeat("/data/g/r")
    assert filling.count("/data/g/r") == 2


@pytest.mark.parametrize("nodeset", ["/data/r", ".", "../r"])
def test_a_repeat_may_be_named_from_the_group_that_is_its_label(nodeset: str) -> None:
    filling = begun("<r><n/></r>", "", f'<group ref="/data/r"><label>rows</label><repeat nodeset="{nodeset}">'
                    '<input ref="n"/></repeat></group>')
    filling.add_repeat("/data/r")
    assert filling.count("/data/r") == 2


@pytest.mark.parametrize(("written", "kept"), [("OK", "OK"), ("true", "OK"), ("false", ""), ("yes", ""), ("", "")])
def test_what_is_acknowledged_is_ok_and_nothing_else(written: str, kept: str) -> None:
    filling = begun("<a/>", "", '<trigger ref="/data/a"/>')
    filling.answer("/data/a", written)
    assert filling.look("/data/a").value == kept


def test_the_text_of_an_answer_is_kept_as_it_was_written() -> None:
    filling = begun("<a/>", "", '<input ref="/data/a"/>')
    filling.answer("/data/a", "  two\n lines ")
    assert b"<a>  two\n lines </a>" in filling.submission("uuid:x")


def test_a_translation_that_is_only_short_or_long_is_said() -> None:
    values = {"s": '<value form="short">short</value>', "both": '<value form="long">long</value><value>plain</value>'}
    texts = "".join(f'<text id="{name}">{value}</text>' for name, value in values.items())
    filling = begun("<a/><b/>", f'<itext><translation lang="en">{texts}</translation></itext>',
                    "<input ref=\"/data/a\"><label ref=\"jr:itext('s')\"/></input>"
                    "<input ref=\"/data/b\"><label ref=\"jr:itext('both')\"/></input>")
    assert [filling.look(f"/data/{name}").label for name in "ab"] == ["short", "long"]


def test_what_was_written_over_a_calculation_stays_until_it_comes_to_something_else() -> None:
    filling = begun("<r><n>1</n><c/></r><r><n>1</n><c/></r>", bind("r/c", calculate="../n * 2"),
                    '<repeat nodeset="/data/r"><input ref="/data/r/n"/><input ref="/data/r/c"/></repeat>')
    filling.answer("/data/r[1]/c", "99")
    filling.answer("/data/r[2]/n", "3")
    filling.add_repeat("/data/r")
    assert [filling.look(f"/data/r[{row}]/c").value for row in (1, 2)] == ["99", "6"]
    filling.answer("/data/r[1]/n", "4")
    assert filling.look("/data/r[1]/c").value == "8"


def test_a_calculation_counts_again_when_it_becomes_relevant() -> None:
    filling = begun("<t/><c/>", bind("c", calculate="'mine'", relevant="/data/t = ''"), '<input ref="/data/c"/>')
    filling.answer("/data/c", "theirs")
    filling.answer("/data/t", "x")
    filling.answer("/data/t", "")
    assert filling.look("/data/c").value == "mine"


_COUNTED = ('<input ref="/data/k"/><repeat nodeset="/data/r" jr:count="/data/k"><setvalue event="odk-new-repeat" '
            'ref="/data/r/a" value="position(..)"/><input ref="/data/r/a"><setvalue event="xforms-value-changed" '
            'ref="/data/r/b" value="\'changed\'"/></input></repeat>')


def test_a_row_that_a_count_brings_is_new_and_what_it_begins_with_is_no_change() -> None:
    filling = begun("<k/><r><a>own</a><b/></r>", bind("k", type="int"), _COUNTED)
    filling.answer("/data/k", "2")
    assert [filling.look(f"/data/r[{row}]/a").value for row in (1, 2)] == ["1", "2"]
    assert [filling.look(f"/data/r[{row}]/b").value for row in (1, 2)] == ["", ""]
    filling.answer("/data/r[2]/a", "by hand")
    assert filling.look("/data/r[2]/b").value == "changed"


def test_rows_of_a_group_that_was_not_sent_are_not_there_when_it_is_edited() -> None:
    xml = xform("<t/><g><r><n/></r></g>", bind("g", relevant="/data/t = ''"),
                '<input ref="/data/t"/><group ref="/data/g"><repeat nodeset="/data/g/r"><input ref="/data/g/r/n"/>'
                "</repeat></group>")
    form = forms.load(xml)
    first = form.fill(today=TODAY, now=NOW)
    first.answer("/data/t", "x")
    assert form.edit(first.submission(), today=TODAY, now=NOW).count("/data/g/r") == 0
    assert form.fill(first.draft(), today=TODAY, now=NOW).count("/data/g/r") == 1
