"""Whole pages out of the counter: saved where they can be found, and to the system's own printer where there is one."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.screens.desk import Desk
from printing.document import Document
from printing.pages import print_pdf
from printing.results import Done


def print_applications(desk: Desk, papers: Sequence[Document]) -> None:
    """Print applications for their applicants to sign; what became of it is told."""
    from printing import pdf  # noqa: PLC0415 reportlab is slow to import

    for paper in papers:
        target = desk.app.save(desk.at_work(), f"{paper.id}.pdf", pdf.render(paper, "A4"))
        printed = isinstance(print_pdf(target), Done)
        desk.told.emit(desk.say("ui.form_printed" if printed else "ui.form_saved", file=target.name),
                       "good" if printed else "")
    if not papers:
        desk.told.emit(desk.say("ui.no_form_here"), "")
