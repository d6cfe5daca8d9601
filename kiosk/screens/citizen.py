"""Whose visit it is: name, mobile, NID."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout

from kiosk.counter import personal, visit
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, row


class CitizenScreen(Screen):
    """Enter goes on, and saves after the last field. F5 gives the citizen what is kept of them, F6 forgets it."""

    name = "citizen"
    with_basket = True
    keys = (("F5", "ui.show_kept"), ("F6", "ui.forget"))

    def __init__(self, desk: Desk, answers: Mapping[str, str] | None = None) -> None:
        super().__init__(desk)
        self.sure = False
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

    def press(self, key: str) -> bool:
        known = self.desk.visit.citizen if self.desk.visit else None
        if known is not None and key == "F5":
            self.desk.attempt(lambda: self._give(known.id))
        elif known is not None and key == "F6":
            self.desk.attempt(lambda: self._forget(known.id))
        return key in ("F5", "F6")

    def _give(self, citizen_id: str) -> None:
        told = json.dumps(personal.export(self.desk.at_work(), citizen_id), ensure_ascii=False, indent=1)
        target = self.desk.app.save(self.desk.at_work(), f"citizen-{citizen_id[:8]}.json", told.encode())
        self.desk.told.emit(self.desk.say("ui.saved_for_a_day", file=f"{target.parent.name}/{target.name}"), "good")

    def _forget(self, citizen_id: str) -> None:
        """Asked twice with the same key: what is forgotten does not come back."""
        if not self.sure:
            self.sure = True
            self.desk.told.emit(self.desk.say("ui.forget_sure"), "bad")
            return
        visit.leave(self.desk.at_work(), self.desk.open_visit().id)
        self.desk.show_visit(None)
        count = personal.forget(self.desk.at_work(), citizen_id)
        self.desk.told.emit(self.desk.say("ui.forgotten", count=count), "good")

    def shown(self) -> None:
        self.who.input.setFocus()

    def _save(self) -> None:
        opened = self.desk.open_visit()
        if self.desk.attempt(lambda: self.desk.show_visit(visit.set_citizen(
                self.desk.at_work(), opened.id, self.who.value(), self.mobile.value(), self.nid.value()))):
            self.desk.go.emit("serve", {})
