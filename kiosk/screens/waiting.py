"""What waits: for the line, for a decision, for a citizen to fetch money or a paper. One or two actions end each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout

from kiosk import bangla
from kiosk.counter import decide, waiting
from kiosk.counter.records import LineState, Tender, TenderKind, WaitingLine
from kiosk.counter.refund import pay_back
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import button, card, label
from printing.pages import print_pdf
from printing.printers import Done

_COLUMNS = ("receipt", "citizen", "what", "amount", "state", "tries")


class WaitingScreen(Screen):
    """Arrow to a line; F4 pays back, F6 goes on at the new amount, F5 tries the line now."""

    name = "waiting"
    keys = (("F4", "ui.pay_back"), ("F5", "ui.try_now"), ("F6", "ui.accept_new"), ("F8", "ui.print_document"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines: list[WaitingLine] = []
        self.title, self.story = label(name="title"), label(wrap=True)
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setObjectName("waiting")
        self.back_money, self.go_on = button(self._back_money), button(self._go_on, main=True)
        self.open_document, self.try_now = button(self._open_document), button(self._try_now)
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._tell)
        self.refresh()

    def _lay_out(self) -> None:
        self.bind(self.title.setText, "ui.waiting")
        self.bind(self.try_now.setText, "ui.try_now")
        self.bind(self.open_document.setText, "ui.print_document")
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(46)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        below = QHBoxLayout()
        for made in (self.go_on, self.back_money, self.open_document, self.try_now):
            below.addWidget(made)
        inside = QVBoxLayout()
        inside.addWidget(self.story)
        inside.addLayout(below)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(self.title)
        outer.addWidget(self.table, 1)
        outer.addWidget(card(inside))

    def shown(self) -> None:
        self.table.setFocus()
        if self.lines and self.table.currentRow() < 0:
            self.table.selectRow(0)

    def refresh(self) -> None:
        before = self._chosen()
        say, lang = self.desk.say, self.desk.lang
        self.table.setHorizontalHeaderLabels([say(f"ui.col_{column}") for column in _COLUMNS])
        self.lines = waiting.waiting(self.desk.at_work()) if self.desk.counter else []
        papers = waiting.documents(self.desk.at_work()) if self.desk.counter else []
        self.documents = {paper.line_id for paper in papers}
        self.table.setRowCount(len(self.lines))
        for place, waits in enumerate(self.lines):
            state = say(f"state.{waits.line.state}")
            reason = self.desk.reason(waits.last_reason) if waits.last_reason else ""
            receipt, tries = waits.receipt, str(waits.attempts)
            shown = (
                bangla.digits(receipt) if lang == "bn" else receipt, waits.citizen, self.desk.title(waits.line),
                bangla.taka(waits.line.total_poisha, lang=lang), f"{state}: {reason}" if reason else state,
                bangla.digits(tries) if lang == "bn" else tries,
            )
            for column, text in enumerate(shown):
                self.table.setItem(place, column, QTableWidgetItem(text))
        same = next((place for place, waits in enumerate(self.lines) if before and waits.line.id == before.line.id), 0)
        if self.lines:
            self.table.selectRow(same)
        self._tell()

    def _chosen(self) -> WaitingLine | None:
        place = self.table.currentRow()
        return self.lines[place] if 0 <= place < len(self.lines) else None

    def _tell(self) -> None:
        """What happened to the chosen line, and what can be done about it."""
        chosen, say = self._chosen(), self.desk.say
        state = chosen.line.state if chosen else None
        self.back_money.setVisible(state in (LineState.REFUND_DUE, LineState.DECIDE))
        self.back_money.setText(say("ui.pay_back" if state is LineState.REFUND_DUE else "ui.give_back") + "  F4")
        self.go_on.setVisible(state is LineState.DECIDE)
        self.open_document.setVisible(bool(chosen and chosen.line.id in self.documents))
        if chosen is None:
            self.story.setText(say("ui.waiting_none"))
            return
        if state is LineState.DECIDE:
            self.go_on.setText(f"{say('ui.accept_new')}: {self._difference(chosen)}  F6")
        told = waiting.timeline(self.desk.at_work(), chosen.line.id)[-5:]
        lines = [
            f"{bangla.time_bn(at, self.desk.lang)}   {in_bangla if self.desk.lang == 'bn' else in_english}"
            for at, in_bangla, in_english in told
        ]
        self.story.setText("\n".join(lines))

    def _difference(self, chosen: WaitingLine) -> str:
        owed = decide.difference(self.desk.at_work(), chosen.line.id)
        return self.desk.say("ui.collect" if owed > 0 else "ui.return", amount_poisha=abs(owed))

    def _back_money(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        counter, line_id = self.desk.at_work(), chosen.line.id
        if chosen.line.state is LineState.DECIDE:
            self._do(lambda: decide.give_back(counter, line_id), "ui.giving_back")
        elif chosen.line.state is LineState.REFUND_DUE:
            self._do(lambda: pay_back(counter, line_id), "ui.paid_back", amount_poisha=chosen.line.total_poisha)

    def _go_on(self) -> None:
        """The difference is taken or given in cash, as the button says."""
        chosen = self._chosen()
        if chosen is None or chosen.line.state is not LineState.DECIDE:
            return
        counter, line_id = self.desk.at_work(), chosen.line.id

        def go_on() -> None:
            owed = decide.difference(counter, line_id)
            decide.pay_new_amount(counter, line_id, [Tender(TenderKind.CASH, owed)] if owed > 0 else [])

        self._do(go_on, "ui.decided")

    def _do(self, work: Callable[[], object], said: str, **facts: int) -> None:
        if self.desk.attempt(work):
            self.desk.app.something_new()
            self.desk.told.emit(self.desk.say(said, **facts), "good")
            self.refresh()

    def _open_document(self) -> None:
        chosen = self._chosen()
        if chosen is None or chosen.line.id not in self.documents:
            return
        body = waiting.document_bytes(self.desk.at_work(), chosen.line.id)
        target = self.desk.app.save(self.desk.at_work(), f"{chosen.line.reference}.pdf", body)
        printed = isinstance(print_pdf(target), Done)
        self.desk.told.emit(self.desk.say("ui.document_printed" if printed else "ui.document_saved", file=target.name),
                            "good" if printed else "")

    def _try_now(self) -> None:
        self.desk.app.try_line_now()

    def press(self, key: str) -> bool:
        acts = {"F4": self._back_money, "F5": self._try_now, "F6": self._go_on, "F8": self._open_document}
        if key in acts:
            acts[key]()
        return key in acts
