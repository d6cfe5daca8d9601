"""The little Markdown that XLSForm labels may hold, as the rich text that Qt draws (ODK documentation, "Form styling").

Emphasis, headings, links, lists of one level, escapes with a backslash; of HTML `span` with a colour or a font, a few
tags without attributes. Everything else is text. A link is shown by its words: nothing here opens an address.
"""

from __future__ import annotations

import html
import re

_LETTER = r"\w\u0980-\u09ff"  # Bangla's vowel signs are no letters to `\w`
_INSIDE = r"(?:[^{0}\n]|[{0}][^{0}\n]+[{0}]|[{0}](?=[^{0}]))+?"  # what is bold may hold what is in italics
_BOLD = re.compile(
    rf"\*\*(?=\S)({_INSIDE.format('*')})(?<=\S)\*\*"
    rf"|(?<![{_LETTER}])__(?=\S)({_INSIDE.format('_')})(?<=\S)__(?![{_LETTER}])")
_ITALIC = re.compile(
    rf"(?<![{_LETTER}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![{_LETTER}*])"
    rf"|(?<![{_LETTER}])_(?=\S)([^_\n]+?)(?<=\S)_(?![{_LETTER}])")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\s]*\)")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?=\S)", re.MULTILINE)  # a numbered line is one as it is written
_ESCAPED = re.compile(r"\\([\\*_#\[\]<])")
_SPAN = re.compile(
    r"&lt;span style=(?:&quot;|&#x27;)([^&\n]*)(?:&quot;|&#x27;)&gt;((?:(?!&lt;/?span).)*)&lt;/span&gt;", re.DOTALL)
_TAG = re.compile(r"&lt;(b|i|u|em|strong|sup|sub|small)&gt;((?:(?!&lt;\1&gt;).)*?)&lt;/\1&gt;", re.DOTALL)
_BREAK = re.compile(r"&lt;br ?/?&gt;")
_BLOCK = re.compile(r"&lt;/?(?:p|div)(?: style=&quot;[^&]*&quot;)?&gt;")  # alignment: the words alone
_STYLE = re.compile(r"(color):(#[0-9a-f]{3,8}|[a-z]+)|(font-family):([\w ,-]+)", re.IGNORECASE)
_SIZES = (22, 20, 18, 17, 16, 15)  # px, of the headings
_DEEPEST = 4  # spans in spans
_MAY_MARK = re.compile(r"[*_\\#<\[]|\n[ \t]*[-+][ \t]")
_LONGEST = 4_000  # letters: no label is longer, and patterns take their time


def rich(text: str) -> str:
    """As rich text; what is no markup is shown as it was written."""
    shown = html.escape(text)
    if not _may_mark(text):
        return shown.replace("\n", "<br>")
    shown = _ESCAPED.sub(lambda found: f"&#{ord(found[1])};", shown.replace(r"\&lt;", "&#60;"))
    shown = _LINK.sub(r"\1", _BULLET.sub("&nbsp;&nbsp;•&nbsp;", shown) if "\n" in shown else shown)
    shown = _HEADING.sub(_heading, shown)
    shown = _BOLD.sub(lambda found: f"<b>{found[1] or found[2]}</b>", shown)
    shown = _ITALIC.sub(lambda found: f"<i>{found[1] or found[2]}</i>", shown)
    for _level in range(_DEEPEST):
        shown = _TAG.sub(r"<\1>\2</\1>", _SPAN.sub(_span, shown))
    return _BREAK.sub("<br>", _BLOCK.sub("", shown)).replace("\n", "<br>")


def is_marked(text: str) -> bool:
    """Whether there is anything that plain text can't show."""
    return _may_mark(text) and rich(text) != html.escape(text).replace("\n", "<br>")


def plain(text: str) -> str:
    """The words alone, for paper and for lines that are typed in."""
    if not _may_mark(text):
        return text
    return html.unescape(re.sub(r"<[^>]*>", "", rich(text).replace("<br>", "\n"))).replace("\xa0", " ")


def _may_mark(text: str) -> bool:
    return len(text) <= _LONGEST and _MAY_MARK.search(text) is not None


def _heading(found: re.Match[str]) -> str:
    return f'<span style="font-size:{_SIZES[len(found[1]) - 1]}px"><b>{found[2]}</b></span>'


def _span(found: re.Match[str]) -> str:
    """Its colour and font; whatever else it asks for is left out."""
    kept = (_STYLE.fullmatch("".join(one.split(" ")) if one.strip().lower().startswith("color") else one.strip())
            for one in found[1].split(";"))
    style = ";".join(f"{one[1] or one[3]}:{one[2] or one[4]}" for one in kept if one)
    return f'<span style="{style}">{found[2]}</span>' if style else found[2]
