"""Whole pages out of the counter: saved where they can be found, and to the system's own printer where there is one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from kiosk.screens.desk import Desk
from printing.document import Document
from printing.pages import print_pdf
from printing.results import Done


def print_applications(desk: Desk, papers: Sequence[Document]) -> None:
    """Print applications for their applicants to sign; what became of it is told."""
    from printing import pdf  # noqa: PLC0415 reportlab is slow to import

    saved = [desk.app.save(desk.at_work(), f"{paper.id}.pdf", pdf.render(paper, "A4")) for paper in papers]
    if saved:
        hand_over(desk, saved, "ui.form_printed", "ui.form_saved")
    else:
        desk.told.emit(desk.say("ui.no_form_here"), "")


def hand_over(desk: Desk, files: Sequence[Path], printed: str, kept: str) -> None:
    """Give files to the system's printer. The window does not wait: one that hangs may take its time to say so.

    `printed`, `kept`: the words for a file that the printer took, and for one that is only saved.
    """
    def one_by_one() -> None:
        for file in files:
            went = isinstance(print_pdf(file), Done)
            desk.told.emit(desk.say(printed if went else kept, file=file.name), "good" if went else "")

    threading.Thread(target=one_by_one, name="pages", daemon=True).start()
