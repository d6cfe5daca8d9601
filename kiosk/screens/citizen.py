"""Whose visit it is: name, mobile, NID."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout

from kiosk.counter import visit
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, row


class CitizenScreen(Screen):
    """Enter goes on, and saves after the last field."""

    name = "citizen"
    with_basket = True

    def __init__(self, desk: Desk, answers: Mapping[str, str] | None = None) -> None:
        super().__init__(desk)
        title = label(name="title")
        self.who, self.mobile, self.nid = Field("name"), Field("mobile"), Field("nid")
        save, back = button(self._save, main=True), button(lambda: desk.go.emit("serve", {}))
        for setter, word in (
            (title.setText, "ui.citizen"), (self.who.label.setText, "ui.name"), (save.setText, "ui.save"),
            (self.mobile.label.setText, "ui.mobile"), (self.nid.label.setText, "ui.nid"), (back.setText, "ui.back"),
        ):
            self.bind(setter, word)
        inside = QVBoxLayout()
        inside.setSpacing(10)
        for widget in (title, self.who, self.mobile, self.nid):
            inside.addWidget(widget)
        inside.addLayout(row(save, back))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card(inside))
        outer.addStretch(1)
        self._fill(answers or {})
        if self.nid.edit is not None:
            self.nid.edit.returnPressed.disconnect()
            self.nid.edit.returnPressed.connect(self._save)

    def _fill(self, answers: Mapping[str, str]) -> None:
        known = self.desk.visit.citizen if self.desk.visit else None
        self.who.set(known.name if known else "")
        self.mobile.set(answers.get("mobile", known.mobile if known else ""))
        self.nid.set(answers.get("nid", known.nid if known else ""))

    def shown(self) -> None:
        self.who.input.setFocus()

    def _save(self) -> None:
        opened = self.desk.open_visit()
        if self.desk.attempt(lambda: self.desk.show_visit(visit.set_citizen(
                self.desk.at_work(), opened.id, self.who.value(), self.mobile.value(), self.nid.value()))):
            self.desk.go.emit("serve", {})
