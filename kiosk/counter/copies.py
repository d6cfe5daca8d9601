"""Two papers of one: the citizen goes home with one, the office keeps the other, and each says whose it is."""

from __future__ import annotations

from dataclasses import replace

from kiosk.counter.context import Counter
from kiosk.speech import Speech
from kiosk.store.engine import Connection
from printing import spool
from printing.document import Align, Document, Text


def queue(counter: Counter, connection: Connection, document: Document, *, office: bool) -> None:
    """Queue a paper for printing; with `office` another one to be signed and kept."""
    printing = counter.printing
    spool.add(connection, document, printer=printing.printer, width_dots=printing.width_dots)
    if office:
        spool.add(
            connection, for_office(document, counter.device.look.lang), printer=printing.printer,
            width_dots=printing.width_dots,
        )


def for_citizen(document: Document, lang: str) -> Document:
    """The paper with the words that it is the citizen's."""
    return replace(document, blocks=(_mark("paper.citizen_copy", lang), *document.blocks))


def for_office(document: Document, lang: str) -> Document:
    """The citizen's paper made the office's."""
    mine = _mark("paper.citizen_copy", lang)
    return Document(f"{document.id}-O", document.title, (
        _mark("paper.office_copy", lang), *(block for block in document.blocks if block != mine),
    ))


def _mark(word: str, lang: str) -> Text:
    return Text(Speech(lang).say(word), align=Align.CENTRE, bold=True)
