"""What a holding owes its municipality: find it, choose a due, Enter adds it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from kiosk import bangla
from kiosk.counter import pay_due
from kiosk.counter.judged import judged
from kiosk.counter.pay_due import Due, Holding
from kiosk.counter.records import Kind
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, label, row


class DuesScreen(Screen):
    """`ref` is municipality/number, or empty to search first."""

    name = "dues"
    with_basket = True

    def __init__(self, desk: Desk, ref: str) -> None:
        super().__init__(desk)
        self.ref = ref
        self.title = label(name="title", wrap=True)
        self.search = Field("holding")
        self.bind(self.search.label.setText, "ui.holding_search")
        self.search.on_change(self.refresh)
        if self.search.edit is not None:
            self.search.edit.returnPressed.disconnect()
            self.search.edit.returnPressed.connect(self._choose)
        self.list = QListWidget()
        self.list.setObjectName("dues")
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.back = button(lambda: desk.go.emit("serve", {}))
        self.bind(self.back.setText, "ui.back")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for widget in (self.title, self.search, self.list):
            layout.addWidget(widget)
        layout.addLayout(row(self.back))
        self.refresh()

    def shown(self) -> None:
        (self.list if self.ref else self.search.input).setFocus()

    def refresh(self) -> None:
        self.search.setVisible(not self.ref)
        self.list.clear()
        if self.ref:
            self._show_dues(self._holding())
        else:
            self.title.setText(self.desk.say("line.holding_tax"))
            for found in pay_due.holdings(self.desk.at_work(), self.search.value()):
                self._put(f"{self._digits(found.number)}   {found.owner}", found)
        self.list.setCurrentRow(0)

    def _holding(self) -> Holding:
        municipality, _, number = self.ref.partition("/")
        return pay_due.holding(self.desk.at_work(), municipality, number)

    def _show_dues(self, holding: Holding) -> None:
        say = self.desk.say
        self.title.setText(f"{self._digits(holding.number)} · {holding.owner} · {say('ui.ward')} "
                           f"{self._digits(holding.ward)}")
        for due in holding.dues:
            amount = bangla.taka(due.amount_poisha, lang=self.desk.lang)
            text = f"{say(f'line.{due.kind}')}   {self._digits(due.period)}   {amount}"
            if due.paid:
                text = f"{text}   {say('ui.due_paid')}"
            self._put(text, due)

    def _digits(self, text: str) -> str:
        return bangla.digits(text) if self.desk.lang == "bn" else text

    def _put(self, text: str, data: Holding | Due) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, data)
        font = item.font()
        font.setPixelSize(18)
        item.setFont(font)
        self.list.addItem(item)

    def _choose(self) -> None:
        item = self.list.currentItem()
        chosen = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(chosen, Holding):
            self.ref = f"{chosen.municipality_id}/{chosen.number}"
            self.refresh()
            self.shown()
        elif isinstance(chosen, Due):
            self._add(chosen)

    def _add(self, due: Due) -> None:
        holding, opened = self._holding(), self.desk.open_visit()
        if self.desk.attempt(lambda: self.desk.show_visit(pay_due.add(
                self.desk.at_work(), opened.id, holding.municipality_id, holding.number, due.id))):
            self.desk.go.emit("serve", {})
            portal = self.desk.app.catalogue.municipality(holding.municipality_id).portal
            self.desk.warn(judged(self.desk.at_work(), Kind.DUE, portal))
