"""Labels' little Markdown: what ODK's documentation of form styling promises, and that nothing else gets through."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QTextDocument

from kiosk.marked import is_marked, plain, rich

SHOWN = [
    ("**জমি** ও _ফসল_", "<b>জমি</b> ও <i>ফসল</i>", "জমি ও ফসল"),
    ("__জমি__ ও *ফসল*", "<b>জমি</b> ও <i>ফসল</i>", "জমি ও ফসল"),
    ("***both***", "<b><i>both</i></b>", "both"),
    ("**bold *and italic***", "<b>bold <i>and italic</i></b>", "bold and italic"),
    ("*italic **and bold***", "<i>italic <b>and bold</b></i>", "italic and bold"),
    ("_**both**_", "<i><b>both</b></i>", "both"),
    ("a [form](https://example.org/x_y_z) here", "a form here", "a form here"),
    (r"\*no\* \_no\_ \\ \# no", "&#42;no&#42; &#95;no&#95; &#92; &#35; no", r"*no* _no_ \ # no"),
    (r"\# no heading", "&#35; no heading", "# no heading"),
    ("one\ntwo\n\nthree", "one<br>two<br><br>three", "one\ntwo\n\nthree"),
    ("papers:\n- one\n* two", "papers:<br>&nbsp;&nbsp;•&nbsp;one<br>&nbsp;&nbsp;•&nbsp;two",
     "papers:\n  • one\n  • two"),
    ("1. one\n2. two", "1. one<br>2. two", "1. one\n2. two"),
    ('Going <span style="color:red">red</span>', 'Going <span style="color:red">red</span>', "Going red"),
    ("<span style='color: #008000'>green</span>", '<span style="color:#008000">green</span>', "green"),
    ('<span style="font-family:cursive;color:purple">x</span>',
     '<span style="font-family:cursive;color:purple">x</span>', "x"),
    ('<span style="color:red">a <span style="color:blue">b</span></span>',
     '<span style="color:red">a <span style="color:blue">b</span></span>', "a b"),
    ("m<sup>2</sup>, H<sub>2</sub>O", "m<sup>2</sup>, H<sub>2</sub>O", "m2, H2O"),
    ('<p style="text-align:center">middle</p>', "middle", "middle"),
]
AS_WRITTEN = [
    "my_file_name", "জমি_খতিয়ান_নম্বর", "5*3*2", "2 * 3 * 4", "a < b & c > d", "- none -", "#1", "</span>", "<b>",
    "<script>alert(1)</script>", '<img src="file:///etc/passwd">', '<a href="https://example.org">x</a>',
    '<span onclick="x()">y</span>', "<table><tr><td>x</td></tr></table>", "&lt;b&gt;", "[only] (words)",
]


@pytest.mark.parametrize(("text", "shown", "words"), SHOWN)
def test_what_the_documentation_promises_is_shown(text: str, shown: str, words: str) -> None:
    assert (rich(text), plain(text)) == (shown, words)


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_what_is_no_markup_is_shown_as_it_was_written(text: str) -> None:
    seen = QTextDocument()
    seen.setHtml(f"<p>{rich(text)}</p>")
    assert seen.toPlainText() == text
    assert plain(text) == text
    assert not is_marked(text)


def test_six_levels_of_headings_grow_smaller() -> None:
    sizes = [int(re.findall(r"font-size:(\d+)px", rich(f"{'#' * level} শিরোনাম"))[0]) for level in range(1, 7)]
    assert sizes == sorted(set(sizes), reverse=True)
    assert plain("## শিরোনাম\nতার নিচে") == "শিরোনাম\nতার নিচে"


@pytest.mark.parametrize("style", [
    "background:url(https://example.org/x.png)", "font-size:400px", "color:red;position:fixed", "color:red;}body{",
    "font-family:x;background-image:url(file:///x)", "color:expression(1)",
])
def test_of_a_style_only_colour_and_font_are_kept(style: str) -> None:
    shown = rich(f'<span style="{style}">words</span>')
    assert set(re.findall(r"([\w-]+):", shown)) <= {"color", "font-family"}
    assert not re.search(r"url|expression|[{}(]", shown)
    assert "words" in shown


def test_a_label_made_to_take_time_is_shown_as_it_was_written() -> None:
    for text in ("**a " * 50_000, "_" * 100_000, '<span style="color:red">' * 10_000, "[" * 100_000):
        assert "<b>" not in rich(text)
        assert plain(text) == text
    for text in ("**a " * 900, "*" * 3_900, '<span style="color:red">' * 160, "<b>" * 1_000):
        assert plain(text)
