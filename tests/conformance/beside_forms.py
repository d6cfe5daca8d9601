"""Forms that are played on our engine and on ODK's, and what is done with them: one for each thing that a form can ask
of an engine."""

from __future__ import annotations

from dataclasses import dataclass

import forms
from tests.forms.xforms import bind, items, xform


@dataclass(frozen=True, slots=True)
class Step:
    op: str
    ref: str = ""
    value: str = ""
    lang: str = ""

    def plain(self) -> dict[str, str]:
        """As the other engine's script reads it."""
        return {"op": self.op, "ref": self.ref, "value": self.value, "lang": self.lang}

    def on(self, filling: forms.Filling) -> None:
        """The same, here."""
        if self.op == "set":
            filling.answer(self.ref, self.value)
        elif self.op == "add_repeat":
            filling.add_repeat(self.ref)
        elif self.op == "remove_repeat":
            filling.take_row(self.ref)
        else:
            filling.set_language(self.lang)


@dataclass(frozen=True, slots=True)
class Play:
    name: str
    xml: str
    steps: tuple[Step, ...]


def put(path: str, value: str) -> Step:
    return Step("set", f"/data/{path}", value)


def more(path: str) -> Step:
    return Step("add_repeat", f"/data/{path}")


def less(path: str) -> Step:
    return Step("remove_repeat", f"/data/{path}")


def asked(*paths: str) -> str:
    return "".join(f'<input ref="/data/{path}"><label>{path}</label></input>' for path in paths)


def repeated(path: str, inner: str, attributes: str = "") -> str:
    return (f'<group ref="/data/{path}"><label>rows</label><repeat nodeset="/data/{path}" {attributes}>{inner}</repeat>'
            "</group>")


def chosen(tag: str, path: str, inner: str) -> str:
    return f'<{tag} ref="/data/{path}"><label>{path}</label>{inner}</{tag}>'


def listed(nodes: str) -> str:
    return f'<itemset nodeset="{nodes}"><value ref="name"/><label ref="label"/></itemset>'


def play(name: str, instance: str, model: str, body: str, *steps: Step) -> Play:
    return Play(name, xform(instance, model, body).decode(), steps)


_ONES = "".join(f"<item><value>{name}</value><label>Is {name}</label></item>" for name in "xyz")
_LEVELS = (("d", 3, "", 1), ("u", 9, "d", 3), ("v", 27, "u", 9))  # list, rows, list above, its rows
_PLACES = "".join(
    f'<instance id="{name}"><root>' + "".join(
        f"<item><name>{name}{at}</name><label>Place {at}</label><up>{up}{at % share}</up></item>"
        for at in range(count)) + "</root></instance>"
    for name, count, up, share in _LEVELS)
_SPOKEN = "<itext>" + "".join(
    f'<translation lang="{lang}"><text id="q"><value>{text} <output value="/data/a"/></value></text>'
    "</translation>"
    for lang, text in (("English", "Question"), ("Bangla", "প্রশ্ন"))) + "</itext>"
_SET = '<setvalue event="{}" ref="{}" value="{}"/>'.format
_BEFORE = "/data/r[position() = position(current()/..) - 1]/n"

PLAYS = (
    *(play(f"type {kind}", "<a/><c/>", bind("a", type=kind) + bind("c", calculate="/data/a"), asked("a"),
           *(put("a", value) for value in values.split("|")))
      for kind, values in {
          "int": "1|-05|10.9|abc|2147483647|2147483648||7", "decimal": "1.50|.5|5.|abc||-0.25",
          "date": "2012-07-23|2012-7-3|2012-02-30|abc||2024-02-29", "time": "10:00:00|10:00|24:00:00|10:00:00+15:00|",
          "dateTime": "2012-07-23T10:00:00.000+06:00|2012-07-23|2012-07-23T25:00:00|",
          "geopoint": "1 2|1 2 3 4|91 0|a b|", "geotrace": "1 2;3 4|1 2|1 2;3 4;1 2|", "string": "a|<&>|রহিম|",
      }.items()),
    play("rules of one question", "<a/><b/>",
         bind("a", required="true()", constraint=". != 'x'") + bind("b", required="/data/a = 'r'", constraint=". > 5"),
         asked("a", "b"), put("a", "x"), put("a", "r"), put("b", "3"), put("b", "7"), put("b", ""), put("a", "")),
    play("relevance comes down", "<t>y</t><g><h><a>v</a><c/></h></g><o/>",
         bind("g", relevant="/data/t = 'y'") + bind("g/h/c", calculate="concat(/data/g/h/a, '!')")
         + bind("o", calculate="/data/g/h/c"), asked("t", "g/h/a"), put("t", "n"), put("t", "y"), put("g/h/a", "w")),
    play("readonly comes down", "<t/><g><a>v</a></g>", bind("g", readonly="/data/t = 'y'"), asked("t", "g/a"),
         put("t", "y"), put("t", "n")),
    play("calculations in a chain", "<a>1</a>" + "".join(f"<c{at}/>" for at in range(9)),
         bind("c0", calculate="/data/a") + "".join(bind(f"c{at}", calculate=f"/data/c{at - 1} + 1")
                                                     for at in range(1, 9)), asked("a"), put("a", "5"), put("a", "")),
    play("dates", "<a/><b/><c/><d/><e/>",
         bind("a", type="date") + bind("b", calculate="int((today() - /data/a) div 365.25)")
         + bind("c", calculate="format-date(/data/a, '%d %b %Y')") + bind("d", calculate="date(/data/a + 30)")
         + bind("e", calculate="/data/a > '2000-01-01'"), asked("a"), put("a", "1990-05-04"), put("a", "")),
    play("rows by hand", "<r><n/><p/><w/></r><s/><l/>",
         bind("r/p", calculate="position(..)") + bind("r/w", calculate=_BEFORE) + bind("s", calculate="count(/data/r)")
         + bind("l", calculate="/data/r[last()]/n"), repeated("r", asked("r/n")),
         put("r[1]/n", "a"), more("r"), put("r[2]/n", "b"), more("r"), put("r[3]/n", "c"), less("r[2]"), less("r[1]")),
    play("rows in rows", "<r><a/><s><b/><c/></s></r><t/>",
         bind("r/s/c", calculate="concat(position(../..), '.', position(..))")
         + bind("t", calculate="count(/data/r/s)"), repeated("r", asked("r/a") + repeated("r/s", asked("r/s/b"))),
         more("r"), more("r[1]/s"), more("r[2]/s"), put("r[2]/s[2]/b", "z"), less("r[1]")),
    play("rows that are counted", "<k>2</k><r><n>d</n></r>", bind("k", type="int"),
         asked("k") + repeated("r", asked("r/n"), 'jr:count="/data/k"'), put("k", "4"), put("r[4]/n", "x"),
         put("k", ""), put("k", "1"), put("k", "3")),
    play("counted rows that came in a row", '<r jr:template=""><k>1</k><s jr:template=""><n>t</n></s></r>'
         "<r><k>2</k><s><n>1</n></s><s><n>2</n></s></r>", bind("r/k", type="int"),
         repeated("r", asked("r/k") + repeated("r/s", asked("r/s/n"), 'jr:count="../k"')), put("r[1]/k", "3"),
         more("r"), put("r[2]/k", "3"), put("r[1]/k", "1")),
    play("a choice without a label", "<a/>", "", chosen("select1", "a", "<item><value>x</value></item>"),
         put("a", "x")),
    play("rows of a template", '<r jr:template=""><n>t</n></r><r><n>1</n></r>', "", repeated("r", asked("r/n")),
         more("r"), less("r[1]")),
    play("sums of rows", "<r><q/><p/><t/></r><all/>",
         bind("r/t", calculate="../q * ../p") + bind("all", calculate="round(sum(/data/r/t), 2)"),
         repeated("r", asked("r/q", "r/p")), put("r[1]/q", "2"), put("r[1]/p", "1.5"), more("r"), put("r[2]/q", "3"),
         put("r[2]/p", "0.1"), less("r[1]")),
    play("a row beside a row", "<r><a/><b/></r>", bind("r/b", relevant="../preceding-sibling::r[1]/a = 'y'"),
         repeated("r", asked("r/a", "r/b")), put("r[1]/a", "y"), more("r"), put("r[1]/a", "n")),
    play("one and many", "<a/><m/><c/><k/>",
         bind("c", calculate="selected(/data/m, 'y')") + bind("k", calculate="jr:choice-name(/data/a, '/data/a')"),
         chosen("select1", "a", _ONES) + chosen("select", "m", _ONES), put("a", "y"), put("m", "z x"), put("m", "y z"),
         put("a", "")),
    play("a cascade", "<d/><u/><v/>", _PLACES,
         chosen("select1", "d", listed(items("d"))) + chosen("select1", "u", listed(items("u", "[up = /data/d]")))
         + chosen("select1", "v", listed(items("v", "[up = /data/u]"))), put("d", "d1"), put("u", "u1"), put("v", "v1"),
         put("d", "d2"), put("d", "d1"), put("u", "u4"), put("u", "u1")),
    play("a cascade in rows", "<r><d/><u/></r>", _PLACES,
         repeated("r", chosen("select1", "r/d", listed(items("d")))
                  + chosen("select1", "r/u", listed(items("u", "[up = current()/../d]")))), put("r[1]/d", "d1"),
         more("r"), put("r[2]/d", "d2"), put("r[2]/u", "u2"), less("r[1]")),
    play("choices out of rows", "<r><name/><label/></r><a/>", "",
         repeated("r", asked("r/name", "r/label")) + chosen("select1", "a", listed("/data/r[name != '']")),
         put("r[1]/name", "A"), more("r"), put("r[2]/name", "B"), put("a", "B"), put("r[2]/name", "C"), less("r[1]")),
    play("shuffled by a seed", "<a/><s>7</s>", _PLACES,
         asked("s") + chosen("select1", "a", listed(f"randomize({items('u')}, /data/s)")), put("s", "8")),
    play("a range", "<a/>", bind("a", type="decimal"),
         '<range ref="/data/a" start="-5" end="5" step="0.5"><label>r</label></range>', put("a", "-4.5"),
         put("a", "9")),
    play("two languages", "<a/>", _SPOKEN, '<input ref="/data/a"><label ref="jr:itext(\'q\')"/></input>', put("a", "1"),
         Step("set_language", lang="Bangla"), Step("set_language", lang="English")),
    play("actions", "<a/><b/><r><n/></r>",
         _SET("odk-instance-first-load odk-instance-load", "/data/a", "concat(/data/a, '+')"),
         f'<input ref="/data/a"><label>a</label>{_SET("xforms-value-changed", "/data/b", "/data/a")}</input>'
         + repeated("r", _SET("odk-new-repeat", "/data/r/n", "position(..)") + asked("r/n")), put("a", "5"), more("r"),
         more("r"), less("r[1]"), more("r")),
    play("text and numbers", "<a>Hello World</a><b/><c/><d/><e/><f/>",
         bind("b", calculate="substr(/data/a, 0, 5)") + bind("c", calculate="translate(/data/a, 'lo', '01')")
         + bind("d", calculate="string-length(/data/a)") + bind("e", calculate="round(10 div 3, 2)")
         + bind("f", calculate="digest(/data/a, 'SHA-256', 'hex')"), asked("a"), put("a", "রহিম মিয়া"), put("a", "")),
)
