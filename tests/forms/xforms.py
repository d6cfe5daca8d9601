"""Small XForms for the scenarios, written as little as XML allows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from xml.sax.saxutils import quoteattr

import forms

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def bind(path: str, **rules: str) -> str:
    """A bind of `/data/PATH`."""
    return f"<bind nodeset='/data/{path}' {' '.join(f'{name}={quoteattr(rule)}' for name, rule in rules.items())}/>"


def xform(instance: str, model: str = "", body: str = "") -> bytes:
    """A form whose instance holds `instance`."""
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" '
        'xmlns:odk="http://www.opendatakit.org/xforms"><h:head><h:title>form</h:title><model>'
        f'<instance><data id="form" version="1">{instance}</data></instance>{model}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    ).encode()


def begun(instance: str, model: str = "", body: str = "") -> forms.Filling:
    """The form, freshly opened."""
    return forms.load(xform(instance, model, body)).fill(today=TODAY, now=NOW)


def items(name: str, chosen: str = "") -> str:
    """The path of the rows of a list beside the form."""
    return "/".join((f"instance('{name}')", "root", f"item{chosen}"))
