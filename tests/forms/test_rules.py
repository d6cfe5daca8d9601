"""Binds, repeats, choices, actions, drafts: scenarios written from the ODK XForms specification."""

from __future__ import annotations

import json

import pytest
from lxml import etree

import forms
from tests.forms.xforms import NOW, TODAY, begun, bind, items, xform

ROWS = '<repeat nodeset="/data/r"><input ref="/data/r/n"/></repeat>'


def test_a_calculation_follows_what_it_depends_on_and_keeps_its_type() -> None:
    filling = begun("<a/><b/><c/>", bind("b", calculate="/data/a * 2.5", type="int") + bind("c", calculate="../b + 1"))
    filling.answer("/data/a", "3")
    assert filling.look("/data/b").value == "7"
    assert filling.look("/data/c").value == "8"


def test_what_is_not_relevant_is_empty_to_others_and_comes_back_as_it_was() -> None:
    filling = begun("<a>yes</a><g><b>kept</b></g><c/>",
                    bind("g", relevant="/data/a = 'yes'") + bind("c", calculate="/data/g/b"))
    filling.answer("/data/a", "no")
    assert filling.look("/data/c").value == ""
    assert b"<g>" not in filling.submission("uuid:x")
    filling.answer("/data/a", "yes")
    assert filling.look("/data/c").value == "kept"


def test_readonly_is_inherited_and_required_is_not() -> None:
    filling = begun("<g><a/></g>", bind("g", readonly="true()", required="true()"))
    seen = filling.look("/data/g/a")
    assert (seen.readonly, seen.required) == (True, False)


def test_a_constraint_is_not_asked_of_an_empty_answer() -> None:
    filling = begun("<a/>", bind("a", constraint=". = 'x'"), '<input ref="/data/a"/>')
    assert filling.errors() == []
    filling.answer("/data/a", "y")
    assert [ref for ref, _said in filling.errors()] == ["/data/a"]


def test_an_answer_that_the_type_refuses_is_kept_to_be_corrected_and_not_sent() -> None:
    filling = begun("<a/>", bind("a", type="int"), '<input ref="/data/a"/>')
    filling.answer("/data/a", "abc")
    question = filling.questions()[0]
    assert isinstance(question, forms.Question)
    assert (question.value, bool(question.error)) == ("abc", True)
    assert filling.look("/data/a").value == ""
    assert b"abc" not in filling.submission("uuid:x")
    again = forms.load(xform("<a/>", bind("a", type="int"), '<input ref="/data/a"/>')).fill(
        filling.draft(), today=TODAY, now=NOW)
    assert again.errors()


@pytest.mark.parametrize("rules", [
    bind("a", calculate=". + 1"),
    bind("a", calculate="/data/b") + bind("b", calculate="/data/a"),
    bind("a", relevant="/data/b = 1") + bind("b", relevant="/data/a = 1"),
])
def test_a_circle_is_refused_with_its_path(rules: str) -> None:
    with pytest.raises(forms.BadForm, match=r"depends on itself: /data/a -> .*/data/a"):
        forms.load(xform("<a/><b/>", rules))


def test_an_absolute_path_inside_a_repeat_means_this_row() -> None:
    filling = begun("<r><n/><d/></r><s/>",
                    bind("r/d", calculate="/data/r/n * 2") + bind("s", calculate="sum(/data/r/d)"), ROWS)
    filling.add_repeat("/data/r")
    filling.answer("/data/r[1]/n", "1")
    filling.answer("/data/r[2]/n", "2")
    assert [filling.look(f"/data/r[{row}]/d").value for row in (1, 2)] == ["2", "4"]
    assert filling.look("/data/s").value == "6"
    filling.remove_repeat("/data/r", 0)
    assert filling.look("/data/s").value == "4"


def test_rows_come_and_go_with_their_count_as_the_form_has_them() -> None:
    filling = begun('<k>0</k><r jr:template=""><n>more</n></r><r><n>first</n></r>', "",
                    '<repeat nodeset="/data/r" jr:count="/data/k"><input ref="/data/r/n"/></repeat>')
    assert filling.count("/data/r") == 0
    filling.answer("/data/k", "2")
    assert [filling.look(f"/data/r[{row}]/n").value for row in (1, 2)] == ["first", "more"]
    filling.answer("/data/k", "1")
    assert filling.count("/data/r") == 1


def test_choices_are_filtered_and_an_answer_that_is_no_longer_offered_is_not_sent() -> None:
    rows = "".join(f"<item><name>u{n}</name><up>d{n // 10}</up></item>" for n in range(40))
    filling = begun("<d>d1</d><u/>", f'<instance id="u"><root>{rows}</root></instance>',
                    f'<select1 ref="/data/u"><itemset nodeset="{items("u", "[up = /data/d]")}">'
                    '<value ref="name"/><label ref="name"/></itemset></select1>')
    assert [value for value, _label in filling.look("/data/u").choices] == [f"u{n}" for n in range(10, 20)]
    filling.answer("/data/u", "u12")
    filling.answer("/data/d", "d2")
    assert filling.look("/data/u").value == ""
    filling.answer("/data/d", "d1")
    assert filling.look("/data/u").value == "u12"


def test_labels_of_choices_follow_the_language() -> None:
    itext = "".join(f'<translation lang="{lang}"><text id="t"><value>{text}</value></text></translation>'
                    for lang, text in (("Bangla (bn)", "লাল"), ("English (en)", "red")))
    filling = begun("<a/>", f"<itext>{itext}</itext><instance id='c'><root><item><itextId>t</itextId><name>r</name>"
                    "</item></root></instance>", f"<select1 ref='/data/a'><itemset nodeset=\"{items('c')}\">"
                    "<value ref='name'/><label ref='jr:itext(itextId)'/></itemset></select1>")
    assert filling.look("/data/a", "bn").choices == (("r", "লাল"),)
    assert filling.look("/data/a", "en").choices == (("r", "red"),)


@pytest.mark.parametrize(("name", "content"), [
    ("jr://file-csv/l.csv", "name;label\na;A\n"),
    ("jr://file/l.xml", "<root><item><name>a</name><label>A</label></item></root>"),
    ("jr://file/l.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
                            '{"name":"a","label":"A"},"geometry":{"type":"Point","coordinates":[90.4,23.8]}}]}'),
])
def test_a_list_beside_the_form_is_read_as_csv_xml_or_geojson(name: str, content: str) -> None:
    xml = xform("<a/>", f'<instance id="l" src="{name}"/>', f"<select1 ref='/data/a'><itemset "
                f"nodeset=\"{items('l')}\"><value ref='name'/><label ref='label'/></itemset></select1>")
    filling = forms.load(xml, {name: content.encode()}).fill(today=TODAY, now=NOW)
    assert filling.look("/data/a").choices == (("a", "A"),)


def test_a_place_keeps_its_own_name_and_geometry_beside_properties_of_those_names() -> None:
    name, feature = "jr://file/l.geojson", {
        "id": "p1", "geometry": {"type": "Point", "coordinates": [90.4, 23.8, 7]},
        "properties": {"id": "other", "geometry": "other"}}
    xml = xform("<a/>", f'<instance id="l" src="{name}"/>', f"<select1 ref='/data/a'><itemset "
                f"nodeset=\"{items('l')}\"><value ref='id'/><label ref='geometry'/></itemset></select1>")
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert forms.load(xml, {name: content}).fill(today=TODAY, now=NOW).look("/data/a").choices == (
        ("p1", "23.8 90.4 7 0"),)


def test_a_choice_without_a_label_shows_its_value() -> None:
    filling = begun("<a/>", "", '<select1 ref="/data/a"><item><value>x</value></item></select1>')
    assert filling.look("/data/a").choices == (("x", "x"),)


def test_actions_set_values_when_their_event_comes() -> None:
    filling = begun("<a/><b/><r><n/></r>", '<setvalue event="odk-instance-first-load" ref="/data/a" value="1 + 1"/>',
                    '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/a * 2"/>'
                    '</input><repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/n" '
                    'value="position(..)"/><input ref="/data/r/n"/></repeat>')
    assert (filling.look("/data/a").value, filling.look("/data/b").value) == ("2", "")
    filling.answer("/data/a", "5")
    assert filling.look("/data/b").value == "10"
    filling.add_repeat("/data/r")
    assert [filling.look(f"/data/r[{row}]/n").value for row in (1, 2)] == ["", "2"]


def test_an_edit_names_the_instance_that_it_replaces() -> None:
    form = forms.load(xform("<a/>", "", '<input ref="/data/a"/>'))
    first = form.fill(today=TODAY, now=NOW)
    first.answer("/data/a", "x")
    sent = form.edit(first.submission("uuid:one"), "uuid:two", today=TODAY, now=NOW).submission("uuid:two")
    meta = {etree.QName(node).localname: node.text for node in etree.fromstring(sent)[-1]}
    assert meta == {"instanceID": "uuid:two", "deprecatedID": "uuid:one"}


@pytest.mark.parametrize("rule", [
    "(" * 5000 + "1" + ")" * 5000, "+".join(["1"] * 20_000), "uuid(1000000000)", "nothing-of-that-name()",
    "regex(., '((((a{1000}){1000}){1000}){1000})')", "'unfinished", "distance('here')",
])
def test_an_expression_that_can_not_work_or_never_ends_is_refused(rule: str) -> None:
    with pytest.raises(forms.BadForm):
        begun("<a/>", bind("a", calculate=rule))


def test_a_pattern_made_to_hang_does_not() -> None:
    filling = begun("<a/>", bind("a", constraint="regex(., '^(a+)+$')"), '<input ref="/data/a"/>')
    filling.answer("/data/a", "a" * 60 + "b")
    assert filling.errors()


def test_rows_without_end_are_refused() -> None:
    body = ('<repeat nodeset="/data/r" jr:count="1000000"><repeat nodeset="/data/r/s" jr:count="1000000">'
            '<input ref="/data/r/s/n"/></repeat></repeat>')
    with pytest.raises(forms.BadForm, match="rows"):
        begun("<r><s><n/></s></r>", "", body)
