"""The printers and the papers that ask: which printer, what is wrong, what to do, with a picture of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QTableWidgetItem, QVBoxLayout

from kiosk import bangla
from kiosk.counter import at_printer
from kiosk.counter.reprint import mark_of_copy
from kiosk.screens import theme
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import button, card, label, listing
from kiosk.words import print_words
from printing.spool import CameOut, Job

_COLUMNS = ("paper", "printer", "state")
_PICTURE = 150
_PICTURES = {
    "paper_out": "paper", "cover_open": "cover", "no_printer": "cable", "no_answer": "off", "busy": "off",
    "fault": "off", "paused": "off", "stalled": "off", "not_told": "ask", "disc": "part",
}


class PrintingScreen(Screen):
    """Arrow to a paper; Enter says that it came out."""

    name = "printing"
    keys = (("Enter", "ui.key.came_out"), ("F4", "ui.key.came_in_part"), ("F5", "ui.key.came_not"),
            ("F6", "ui.key.give_up"), ("F8", "ui.printer_setup"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.jobs: list[Job] = []
        self.title, self.picture = label(name="title"), label()
        self.where, self.wrong, self.todo = label(name="section"), label(name="large", wrap=True), label(wrap=True)
        self.table = listing(len(_COLUMNS), 2)
        self.table.setObjectName("printing")
        self.whole, self.part = button(self._whole, main=True), button(self._part)
        self.nothing, self.up = button(self._nothing_or_here), button(self._give_up)
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._tell)
        self.table.activated.connect(lambda _at: self._whole())
        self.refresh()

    def _lay_out(self) -> None:
        self.bind(self.title.setText, "ui.printing")
        self.picture.setFixedSize(_PICTURE, _PICTURE)
        said = QVBoxLayout()
        for widget in (self.where, self.wrong, self.todo):
            said.addWidget(widget)
        said.addStretch(1)
        above = QHBoxLayout()
        above.setSpacing(24)
        above.addWidget(self.picture)
        above.addLayout(said, 1)
        below = QHBoxLayout()
        for made in (self.whole, self.part, self.nothing, self.up):
            below.addWidget(made)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(self.title)
        outer.addWidget(card(above))
        outer.addWidget(self.table, 1)
        outer.addLayout(below)

    def shown(self) -> None:
        self.table.setFocus()

    def refresh(self) -> None:
        before = self._chosen()
        self.jobs = at_printer.asked(self.desk.at_work()) if self.desk.counter else []
        self.table.setHorizontalHeaderLabels([self.desk.say(f"ui.col_{column}") for column in _COLUMNS])
        self.table.setRowCount(len(self.jobs))
        for place, job in enumerate(self.jobs):
            wrong, _do = print_words(self.desk.lang, job.reason)
            state = self.desk.say(f"ui.job_{job.state}")
            for column, text in enumerate((self._paper(job), self._printer(job.printer), f"{state} · {wrong}")):
                self.table.setItem(place, column, QTableWidgetItem(text))
        same = next((place for place, job in enumerate(self.jobs) if before and job.id == before.id), 0)
        if self.jobs:
            self.table.selectRow(same)
        self._tell()

    def _paper(self, job: Job) -> str:
        shown = bangla.digits(job.document.title) if self.desk.lang == "bn" else job.document.title
        return f"{shown}  ({mark_of_copy(job.copy)})" if job.copy else shown

    def _printer(self, name: str) -> str:
        kind, _colon, address = name.partition(":")
        return f"{self.desk.say(f'ui.printer_{kind}')}  {address}".strip()

    def _chosen(self) -> Job | None:
        place = self.table.currentRow()
        return self.jobs[place] if 0 <= place < len(self.jobs) else None

    def _tell(self) -> None:
        """The chosen paper's printer, what is wrong with it, what to do; which answers it takes."""
        job, say = self._chosen(), self.desk.say
        asks = job is not None and job.state == "uncertain"
        waits = job is not None and job.state == "queued"
        for made, word, shown in (
            (self.whole, "ui.came_out", asks), (self.part, "ui.came_in_part", asks),
            (self.nothing, "ui.came_not" if asks else "ui.print_here", asks or self._is_elsewhere(job)),
            (self.up, "ui.give_up_paper", asks or waits),
        ):
            made.setText(f"{say(word)}  {_KEY_OF[word]}")
            made.setVisible(shown)
        reason = job.reason if job else ""
        wrong, todo = print_words(self.desk.lang, reason) if job else (say("ui.all_printed"), "")
        self.where.setText(self._printer(job.printer if job else self._own()))
        self.wrong.setText(wrong)
        self.todo.setText(f"{todo}\n{say('ui.answer_for_paper')}" if asks else todo)
        self.picture.setPixmap(theme.icon(picture_of(reason) if job else "printer-good", theme.BAD if job
                                          else theme.ACCENT, _PICTURE).pixmap(_PICTURE, _PICTURE))

    def _own(self) -> str:
        return self.desk.at_work().printing.printer if self.desk.counter else "file"

    def _is_elsewhere(self, job: Job | None) -> bool:
        return job is not None and job.state == "queued" and job.printer != self._own()

    def _whole(self) -> None:
        self._answer(CameOut.WHOLE, "ui.answer_kept")

    def _part(self) -> None:
        self._answer(CameOut.PART, "ui.copy_follows")

    def _nothing_or_here(self) -> None:
        job = self._chosen()
        if job is not None and self._is_elsewhere(job):
            self._do(lambda: at_printer.send_here(self.desk.at_work(), job.id), "ui.goes_here")
        else:
            self._answer(CameOut.NOTHING, "ui.copy_follows")

    def _answer(self, came_out: CameOut, said: str) -> None:
        job = self._chosen()
        if job is not None and job.state == "uncertain":
            self._do(lambda: at_printer.answer(self.desk.at_work(), job.id, came_out), said)

    def _give_up(self) -> None:
        job = self._chosen()
        if job is not None:
            self._do(lambda: at_printer.give_up(self.desk.at_work(), job.id), "ui.given_up")

    def _do(self, work: Callable[[], object], said: str) -> None:
        if self.desk.attempt(work):
            self.desk.told.emit(self.desk.say(said), "good")
            self.desk.app.something_new()
            self.desk.changed.emit()

    def press(self, key: str) -> bool:
        acts: dict[str, Callable[[], object]] = {
            "F4": self._part, "F5": self._nothing_or_here, "F6": self._give_up,
            "F8": lambda: self.desk.go.emit("printer", {}), "Enter": self._whole,
        }
        if key in acts:
            acts[key]()
        return key in acts


_KEY_OF = {"ui.came_out": "Enter", "ui.came_in_part": "F4", "ui.came_not": "F5", "ui.print_here": "F5",
           "ui.give_up_paper": "F6"}


def picture_of(reason: str) -> str:
    """The drawing that shows what is wrong."""
    return f"printer-{_PICTURES.get(reason, 'part')}"
