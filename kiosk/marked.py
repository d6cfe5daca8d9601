"""The little Markdown that XLSForm labels may hold, as the rich text that Qt draws (XLSForm reference, "Markdown")."""

from __future__ import annotations

import html
import re

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])")
_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)
_SPAN = re.compile(r"&lt;(/?)span( style=&quot;[\w\s:;#-]*&quot;)?&gt;")


def rich(text: str) -> str:
    """As rich text; what is no markup is shown as it was written."""
    shown = _LINK.sub(r"\1", html.escape(text))
    shown = _HEADING.sub(r"<b>\1</b>", shown)
    shown = _BOLD.sub(lambda found: f"<b>{found[1] or found[2]}</b>", shown)
    shown = _ITALIC.sub(lambda found: f"<i>{found[1] or found[2]}</i>", shown)
    shown = _SPAN.sub(lambda found: html.unescape(found[0]), shown)
    return shown.replace("\n", "<br>")


def plain(text: str) -> str:
    """The words alone, for paper and for lists."""
    bare = re.sub(r"</?span[^>]*>", "", _LINK.sub(r"\1", text))
    bare = _HEADING.sub(r"\1", bare)
    return _ITALIC.sub(lambda found: found[1] or found[2], _BOLD.sub(lambda found: found[1] or found[2], bare))
