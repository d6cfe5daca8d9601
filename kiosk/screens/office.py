"""The office: what is done beside serving. A digit opens each; what only a supervisor may do is said, not hidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from kiosk import bangla
from kiosk.counter import close_day, recovery, statement, tail
from kiosk.counter.context import Counter
from kiosk.ledger import export
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import button, card, label, scrolled, top
from kiosk.store.clock import ClockState
from kiosk.words import portal
from printing.document import Document


class OfficeScreen(Screen):
    """Digits choose."""

    name = "office"
    keys = (("F5", "ui.carry"), ("F6", "ui.look"), ("F8", "ui.printer_setup"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("ui.close_day", lambda: self._go("closing")),
            ("ui.cashbook", lambda: self._go("cashbook")),
            ("ui.month_statement", self._month),
            ("ui.price_list", self._prices),
            ("ui.books_out", self._books),
            ("ui.operators", lambda: self._go("operators")),
            ("ui.centre", lambda: self._go("centre")),
            ("ui.backup_now", self._back_up),
            ("ui.print_recovery", self._recovery),
            ("ui.confirm_date", self._confirm_date),
        )
        self.notes = label(name="told", wrap=True)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        title, grid = label(name="title"), QGridLayout()
        self.bind(title.setText, "ui.office")
        grid.setSpacing(12)
        self.buttons = []
        for place, (word, act) in enumerate(self.acts):
            made = button(lambda act=act: self.desk.attempt(act))  # type: ignore[misc]
            made.setMinimumHeight(54)
            self.bind(partial(self._label, made, place), word)
            grid.addWidget(made, place % 5, place // 5)
            self.buttons.append(made)
        inside = QVBoxLayout()
        for widget in (title, self.notes):
            inside.addWidget(widget)
        inside.addLayout(grid)
        frame = card(inside)
        frame.setMaximumWidth(980)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(scrolled(top(frame)), 8)
        outer.addStretch(1)

    def _label(self, made: QPushButton, place: int, text: str) -> None:
        made.setText(f"{self._digit(place)}   {text}")

    def _digit(self, place: int) -> str:
        text = str((place + 1) % 10)
        return bangla.digits(text) if self.desk.lang == "bn" else text

    def shown(self) -> None:
        self.buttons[0].setFocus()

    def refresh(self) -> None:
        told = self._told(self.desk.at_work())
        self.notes.setText("\n".join(told))
        self.notes.setVisible(bool(told))

    def _told(self, counter: Counter) -> list[str]:
        """What somebody must know of: the clock, lost operations, the last close, backups that failed."""
        say, home = self.desk.say, self.desk.app.home
        told = [] if home.clock_state is ClockState.RIGHT else [say(f"ui.clock_{home.clock_state}_long")]
        if tail.was_cut(counter):
            told.append(say("ui.journal_cut"))
        told += [
            say("ui.lost_operation", portal=portal(self.desk.lang, one.portal), amount_poisha=one.amount_poisha,
                reference=one.reference)
            for one in tail.lost_operations(counter)
        ]
        if home.secret_kept_in == "file":
            told.append(say("ui.secret_in_file"))
        if not close_day.closes(counter, 1):
            told.append(say("ui.never_closed"))
        return [*told, *self.desk.app.backup_trouble()]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        digit = bangla.ascii_digits(event.text())
        if digit.isdigit() and digit.isascii():
            self.desk.attempt(self.acts[(int(digit) - 1) % 10][1])
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def press(self, key: str) -> bool:
        screens = {"F5": "carry", "F6": "look", "F8": "printer"}
        if key in screens:
            self._go(screens[key])
        return key in screens

    def _go(self, name: str) -> None:
        self.desk.go.emit(name, {})

    def _month(self) -> None:
        counter = self.desk.at_work()
        self._save_pdf(statement.month(counter, counter.today()))

    def _prices(self) -> None:
        self._save_pdf(statement.price_list(self.desk.at_work()))

    def _save_pdf(self, document: Document) -> None:
        from printing import pdf  # noqa: PLC0415 reportlab is slow to import

        self._saved(f"{document.id}.pdf", pdf.render(document, "A4"))

    def _books(self) -> None:
        """The whole book twice: for a spreadsheet, and for an accountant's checker."""
        connection, code = self.desk.at_work().store.connection(), self.desk.at_work().device.code
        self._saved(f"{code}.beancount", export.as_beancount(connection).encode())
        self._saved(f"{code}.csv", b"\xef\xbb\xbf" + export.as_csv(connection).encode())  # the mark is for spreadsheets

    def _saved(self, name: str, body: bytes) -> None:
        target = self.desk.app.save(self.desk.at_work(), name, body)
        self.desk.told.emit(self.desk.say("ui.saved_for_a_day", file=f"{target.parent.name}/{name}"), "good")

    def _back_up(self) -> None:
        made, wrong = self.desk.app.back_up(self.desk.at_work())
        text = "  ".join([*(str(one.folder) for one in made), *wrong])
        self.desk.told.emit(self.desk.say("ui.backed_up", places=text), "bad" if wrong else "good")

    def _recovery(self) -> None:
        recovery.print_code(self.desk.at_work(), self.desk.app.home.recovery_code())
        self.desk.app.something_new()
        self.desk.told.emit(self.desk.say("ui.recovery_printed"), "good")

    def _confirm_date(self) -> None:
        self.desk.app.confirm_date(self.desk.at_work())
        self.refresh()
