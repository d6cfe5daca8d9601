"""Taking the money: cash in one key, other tenders with their reference, and the change in large figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from kiosk import bangla
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, mood, scrolled, top

_NOTES = (50_00, 100_00, 200_00, 500_00, 1000_00)  # taka notes in everyday use


class PaymentScreen(Screen):
    """The cash field has the cursor; Enter there settles when it is enough, F9 too."""

    name = "payment"
    keys = (("F9", "ui.settle"),)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title, self.total, self.rest = label(name="title"), label(name="huge"), label(name="huge")
        self.rest_word = label(name="large")
        self.cash = Field("cash")
        self.others = {kind: (Field(kind), Field(f"{kind}_reference")) for kind in list(TenderKind)[1:]}
        self.notes = {note: button(lambda note=note: self._more(note)) for note in _NOTES}  # type: ignore[misc]
        self.settle = button(self._settle, main=True)
        self.back = button(lambda: desk.go.emit("serve", {}))
        self._lay_out()
        for field in (self.cash, *(amount for amount, _reference in self.others.values())):
            field.on_change(self.refresh)
        if self.cash.edit is not None:
            self.cash.edit.returnPressed.disconnect()
            self.cash.edit.returnPressed.connect(self._settle)
        self.refresh()

    def _lay_out(self) -> None:
        self.bind(self.title.setText, "ui.payment")
        self.bind(self.cash.label.setText, "ui.cash")
        inside = QVBoxLayout()
        inside.setSpacing(12)
        figures = QGridLayout()
        to_pay = label(name="large")
        self.bind(to_pay.setText, "ui.to_pay")
        figures.addWidget(to_pay, 0, 0)
        figures.addWidget(self.rest_word, 0, 1)
        figures.addWidget(self.total, 1, 0)
        figures.addWidget(self.rest, 1, 1)
        inside.addWidget(self.title)
        inside.addLayout(figures)
        inside.addWidget(self.cash)
        inside.addLayout(self._notes())
        below = QHBoxLayout()
        self.bind(self.settle.setText, "ui.settle")
        self.bind(self.back.setText, "ui.back")
        below.addWidget(self.settle, 2)
        below.addWidget(self.back)
        inside.addLayout(below)
        inside.addLayout(self._other_tenders())
        frame = card(inside)
        frame.setMaximumWidth(980)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(scrolled(top(frame)), 8)
        outer.addStretch(1)

    def _notes(self) -> QHBoxLayout:
        line = QHBoxLayout()
        exact = button(lambda: self.cash.set(bangla.taka(self._missing(without_cash=True), lang=self.desk.lang)))
        self.bind(exact.setText, "ui.exact")
        line.addWidget(exact)
        for made in self.notes.values():
            line.addWidget(made)
        return line

    def _other_tenders(self) -> QGridLayout:
        grid = QGridLayout()
        for column, (kind, (amount, reference)) in enumerate(self.others.items()):
            self.bind(amount.label.setText, f"ui.{kind}")
            self.bind(reference.label.setText, "ui.reference")
            grid.addWidget(amount, 0, column, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(reference, 1, column)
        return grid

    def shown(self) -> None:
        self.cash.input.setFocus()

    def refresh(self) -> None:
        lang, missing = self.desk.lang, self._missing()
        for note, made in self.notes.items():
            made.setText(bangla.grouped(note // 100, lang))
        total = self.desk.visit.total_poisha if self.desk.visit else 0
        self.total.setText(bangla.taka(total, lang=lang))
        self.rest_word.setText(self.desk.say("ui.missing" if missing > 0 else "ui.change"))
        self.rest.setText(bangla.taka(abs(missing), lang=lang))
        self.rest.setAlignment(Qt.AlignmentFlag.AlignLeft)
        mood(self.rest, "bad" if missing > 0 else "good")
        for field in (self.cash, *(amount for amount, _reference in self.others.values())):
            unread = bool(field.value().strip()) and _poisha(field) is None
            field.wrong(self.desk.say("error.bad_amount") if unread else "")

    def _missing(self, *, without_cash: bool = False) -> int:
        fields = [amount for amount, _reference in self.others.values()] + ([] if without_cash else [self.cash])
        given = sum(_poisha(field) or 0 for field in fields)
        return (self.desk.visit.total_poisha if self.desk.visit else 0) - given

    def _more(self, note: int) -> None:
        self.cash.set(bangla.taka((_poisha(self.cash) or 0) + note, lang=self.desk.lang))

    def _tenders(self) -> list[Tender]:
        found = [Tender(TenderKind.CASH, cash)] if (cash := _poisha(self.cash)) else []
        for kind, (amount, reference) in self.others.items():
            if poisha := _poisha(amount):
                found.append(Tender(TenderKind(kind), poisha, bangla.ascii_digits(bangla.clean(reference.value()))))
        return found

    def _settle(self) -> None:
        opened = self.desk.visit
        if opened is None:
            return

        def take() -> None:
            settled = settle(self.desk.at_work(), opened.id, self._tenders())
            self.desk.show_visit(None)
            self.desk.app.something_new()
            self.desk.go.emit(
                "receipt", {"number": settled.receipt.shown_number, "change_poisha": settled.change_poisha}
            )

        self.desk.attempt(take)

    def press(self, key: str) -> bool:
        if key == "F9":
            self._settle()
        return key == "F9"


def _poisha(field: Field) -> int | None:
    try:
        return bangla.parse_taka(field.value())
    except ValueError:
        return None
