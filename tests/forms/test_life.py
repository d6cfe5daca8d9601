"""The life of an instance: names, events, rows that come and go, what is kept, sent and opened again, as the ODK XForms
specification tells it ("Metadata", "Events and Actions", "Repeats", "Submission")."""

from __future__ import annotations

import pytest
from lxml import etree

import forms
from tests.forms.xforms import NOW, TODAY, begun, bind, items, xform

_ROWS = '<repeat nodeset="/data/r"><input ref="/data/r/n"/></repeat>'


def _setvalue(event: str, ref: str, value: str | None = None, text: str = "") -> str:
    given = f' value="{value}"' if value is not None else ""
    return f'<setvalue event="{event}" ref="{ref}"{given}>{text}</setvalue>'


def test_every_instance_has_a_name_from_the_start_and_keeps_it() -> None:
    form = forms.load(xform("<a/>"))
    filling = form.fill(today=TODAY, now=NOW)
    name = filling.look("/data/meta/instanceID").value
    assert name.startswith("uuid:")
    assert form.fill(filling.draft(), today=TODAY, now=NOW).look("/data/meta/instanceID").value == name
    assert etree.fromstring(filling.submission()).findtext("{*}meta/{*}instanceID") == name


def test_a_name_that_the_form_gives_stays() -> None:
    filling = begun("<a/><meta><instanceID>uuid:given</instanceID></meta>")
    assert filling.look("/data/meta/instanceID").value == "uuid:given"


def test_an_edit_can_be_looked_at_with_the_name_that_it_replaces() -> None:
    form = forms.load(xform("<a/>"))
    edit = form.edit(form.fill(today=TODAY, now=NOW).submission("uuid:old"), today=TODAY, now=NOW)
    assert edit.look("/data/meta/deprecatedID").value == "uuid:old"
    assert edit.look("/data/meta/instanceID").value not in {"", "uuid:old"}


def test_both_events_of_a_first_load_are_followed_and_only_one_of_a_later_load() -> None:
    model = _setvalue("odk-instance-first-load odk-instance-load", "/data/a", "concat(/data/a, '+')")
    form = forms.load(xform("<a/>", model))
    first = form.fill(today=TODAY, now=NOW)
    assert first.look("/data/a").value == "++"
    assert form.restore(first.submission(), today=TODAY, now=NOW).look("/data/a").value == "+++"


def test_an_action_without_a_value_empties_and_one_with_text_writes_it() -> None:
    first = "odk-instance-first-load"
    filling = begun("<a>x</a><b/>", _setvalue(first, "/data/a", "") + _setvalue(first, "/data/b", text="ক"))
    assert (filling.look("/data/a").value, filling.look("/data/b").value) == ("", "ক")


def test_an_action_at_the_first_load_reaches_every_row_and_a_later_one_may_not_mean_several() -> None:
    model = _setvalue("odk-instance-first-load", "/data/r/n", "'x'")
    body = f'<input ref="/data/t">{_setvalue("xforms-value-changed", "/data/r/n", "/data/t")}</input>{_ROWS}'
    filling = begun("<t/><r><n/></r><r><n/></r>", model, body)
    assert [filling.look(f"/data/r[{row}]/n").value for row in (1, 2)] == ["x", "x"]
    with pytest.raises(forms.BadForm, match="2 nodes"):
        filling.answer("/data/t", "1")


def test_an_action_of_a_changed_value_is_not_repeated_for_the_same_value() -> None:
    body = f'<input ref="/data/a">{_setvalue("xforms-value-changed", "/data/b", "concat(/data/b, /data/a)")}</input>'
    filling = begun("<a/><b/>", "", body)
    for answer in ("1", "1", "2"):
        filling.answer("/data/a", answer)
    assert filling.look("/data/b").value == "12"


@pytest.mark.parametrize("action", [
    _setvalue("no-such-event", "/data/a", "1"), '<setvalue ref="/data/a" value="1"/>',
    _setvalue("odk-instance-first-load", "/data/nowhere", "1"), _setvalue("odk-instance-first-load", "/data/a", "1 +"),
    '<setvalue event="odk-instance-first-load" value="1"/>', _setvalue("odk-instance-first-load", "/data", "1"),
    '<setvalue event="odk-instance-first-load" bind="nobody" value="1"/>', _setvalue("odk-new-repeat", "/data/a", "1"),
])
def test_an_action_that_can_not_be_carried_out_is_refused_at_once(action: str) -> None:
    with pytest.raises(forms.BadForm, match="setvalue"):
        forms.load(xform("<a/>", action))


def test_an_action_may_name_its_bind() -> None:
    action = '<bind id="x" nodeset="/data/a"/><setvalue event="odk-instance-first-load" bind="x" value="1 + 1"/>'
    assert begun("<a/>", action).look("/data/a").value == "2"


def test_a_count_that_is_blank_while_it_is_written_anew_costs_no_row() -> None:
    filling = begun("<k>2</k><r><n/></r>", bind("k", type="int"),
                    '<repeat nodeset="/data/r" jr:count="/data/k"><input ref="/data/r/n"/></repeat>')
    filling.answer("/data/r[2]/n", "kept")
    filling.answer("/data/k", "")
    filling.answer("/data/k", "3")
    assert (filling.count("/data/r"), filling.look("/data/r[2]/n").value) == (3, "kept")


def test_counted_rows_inside_counted_rows_follow_their_own_row() -> None:
    filling = begun("<k>2</k><r><m>1</m><s><n/></s></r>", bind("k", type="int"),
                    '<repeat nodeset="/data/r" jr:count="/data/k"><input ref="/data/r/m"/>'
                    '<repeat nodeset="/data/r/s" jr:count="/data/r/m"><input ref="/data/r/s/n"/></repeat></repeat>')
    filling.answer("/data/r[2]/m", "3")
    assert [filling.count(f"/data/r[{row}]/s") for row in (1, 2)] == [1, 3]


def test_the_rows_that_a_form_brings_along_belong_to_the_row_that_they_came_in() -> None:
    filling = begun('<r jr:template=""><k>1</k><s jr:template=""><n>new</n></s></r>'
                    "<r><k>2</k><s><n>first</n></s><s><n>second</n></s></r>", bind("r/k", type="int"),
                    '<repeat nodeset="/data/r"><input ref="/data/r/k"/>'
                    '<repeat nodeset="/data/r/s" jr:count="../k"><input ref="/data/r/s/n"/></repeat></repeat>')
    filling.answer("/data/r[1]/k", "3")
    filling.add_repeat("/data/r")
    assert [filling.look(f"/data/r[1]/s[{row}]/n").value for row in (1, 2, 3)] == ["first", "second", "new"]
    assert filling.look("/data/r[2]/s[1]/n").value == "new"


def test_rows_that_may_not_be_added_are_as_many_as_the_form_has() -> None:
    body = '<repeat nodeset="/data/r" jr:noAddRemove="true()"><input ref="/data/r/n"/></repeat>'
    form = forms.load(xform("<r><n>1</n></r><r><n>2</n></r>", "", body))
    short = b'<data id="form" version="1"><r><n>9</n></r></data>'
    assert form.restore(short, today=TODAY, now=NOW).count("/data/r") == 2


def test_the_previous_row_is_reached_by_position_and_follows_its_loss() -> None:
    before = "/data/r[position() = position(current()/..) - 1]/n"
    filling = begun("<r><n/><p/></r>", bind("r/p", calculate=before), _ROWS)
    for row, answer in enumerate("abc", 1):
        if row > 1:
            filling.add_repeat("/data/r")
        filling.answer(f"/data/r[{row}]/n", answer)
    filling.take_row("/data/r[2]")
    assert [filling.look(f"/data/r[{row}]/p").value for row in (1, 2)] == ["", "a"]


@pytest.mark.parametrize("before", [
    "../preceding-sibling::r[1]/n", "preceding::n[2]", "/data/r[position() = position(current()/..) - 1]/n",
    "indexed-repeat(/data/r/n, /data/r, position(..) - 1)",
])
def test_what_looks_at_the_row_before_follows_its_changes(before: str) -> None:
    filling = begun("<r><n/><p/></r>", bind("r/p", calculate=before), _ROWS)
    filling.add_repeat("/data/r")
    for answer in ("first", "second"):
        filling.answer("/data/r[1]/n", answer)
        assert filling.look("/data/r[2]/p").value == answer


def test_ticks_stand_as_in_the_list_and_defaults_as_the_form_has_them() -> None:
    choices = "".join(f"<item><value>{name}</value><label>{name}</label></item>" for name in "abc")
    filling = begun("<m>c a</m>", "", f'<select ref="/data/m">{choices}</select>')
    assert filling.look("/data/m").value == "c a"
    filling.answer("/data/m", "c b a")
    assert filling.look("/data/m").value == "a b c"


def test_what_was_saved_of_another_time_is_opened_as_far_as_the_form_knows_it() -> None:
    form = forms.load(xform("<a>default</a><g><b>default</b></g><r><n/></r>", "", _ROWS))
    saved = b'<data id="form"><gone>x</gone><a>saved</a><r><n>1</n></r><r><n>2</n></r></data>'
    filling = form.restore(saved, today=TODAY, now=NOW)
    assert filling.look("/data/a").value == "saved"
    assert filling.look("/data/g/b").value == "default"
    assert filling.count("/data/r") == 2
    assert b"gone" not in filling.submission()


def test_an_instance_comes_back_with_its_attributes_and_only_to_its_own_form() -> None:
    form = forms.load(xform("<a at='1'/>"))
    sent = form.restore(b'<data id="form" version="0"><a at="2"/></data>', today=TODAY, now=NOW).submission()
    root = etree.fromstring(sent)
    assert (root.get("version"), root.find("a").get("at")) == ("1", "2")  # type: ignore[union-attr]
    with pytest.raises(forms.BadForm, match="other"):
        form.restore(b'<data id="other"><a/></data>', today=TODAY, now=NOW)


def test_what_is_sent_keeps_attributes_and_namespaces() -> None:
    xml = xform("<a at='q'>1</a>").replace(b'<data id="form"', b'<data xmlns="http://example.org/f" id="form"')
    sent = forms.load(xml).fill(today=TODAY, now=NOW).submission()
    assert sent.startswith(b'<data xmlns="http://example.org/f"')
    root = etree.fromstring(sent)
    assert root.find("{http://example.org/f}a").get("at") == "q"  # type: ignore[union-attr]
    assert root.find("{http://openrosa.org/xforms}meta") is not None


def test_a_group_says_its_label() -> None:
    filling = begun("<g><a>x</a></g>", "", '<group ref="/data/g"><label>Of <output value="/data/g/a"/></label>'
                    '<input ref="/data/g/a"/></group>')
    assert filling.look("/data/g").label == "Of x"


@pytest.mark.parametrize(("content", "said"), [
    ("name,label\na,A,B\n", "row 2: 3 cells, but 2 columns"), ('name,label\na,"A\n', "is not CSV"),
    ("name#label\na#A\n", "columns are not divided"),
])
def test_a_list_that_is_torn_is_refused_with_its_name_and_row(content: str, said: str) -> None:
    with pytest.raises(forms.BadForm, match=f"jr://file-csv/l.csv.*{said}"):
        forms.load(xform("<a/>", '<instance id="l" src="jr://file-csv/l.csv"/>'), {
            "jr://file-csv/l.csv": content.encode()})


def test_of_two_columns_of_one_name_the_first_counts_and_empty_rows_do_not() -> None:
    xml = xform("<a/>", '<instance id="l" src="jr://file-csv/l.csv"/>', f"<select1 ref='/data/a'><itemset "
                f"nodeset=\"{items('l')}\"><value ref='name'/><label ref='label'/></itemset></select1>")
    filling = forms.load(xml, {"jr://file-csv/l.csv": "name,name,label\n\na,b,A\n".encode("utf-8-sig")}).fill(
        today=TODAY, now=NOW)
    assert filling.look("/data/a").choices == (("a", "A"),)


def test_a_list_that_is_missing_or_empty_offers_nothing_and_stops_nobody() -> None:
    xml = xform("<a/>", '<instance id="l" src="jr://file-csv/l.csv"/>', f"<select1 ref='/data/a'><itemset "
                f"nodeset=\"{items('l')}\"><value ref='name'/><label ref='label'/></itemset></select1>")
    for files in ({}, {"jr://file-csv/l.csv": b""}, {"jr://file-csv/l.csv": b"name,label\n"}):
        assert forms.load(xml, files).fill(today=TODAY, now=NOW).look("/data/a").choices == ()
