"""Whose visit it is: name, mobile, NID; and what this citizen has running."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QVBoxLayout

from kiosk import bangla
from kiosk.counter import personal, visit, waiting
from kiosk.counter.records import WaitingLine
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, row


class CitizenScreen(Screen):
    """Enter goes on, and saves after the last field; arrow down to what is running, Enter opens its receipt.

    F5 gives the citizen what is kept of them, F6 forgets it."""

    name = "citizen"
    with_basket = True
    keys = (("F5", "ui.show_kept"), ("F6", "ui.forget"))

    def __init__(self, desk: Desk, answers: Mapping[str, str] | None = None) -> None:
        super().__init__(desk)
        self.sure = False
        title, self.heading = label(name="title"), label(name="section")
        self.lines: list[WaitingLine] = []
        self.running = QListWidget()
        self.running.setObjectName("running")
        self.running.setWordWrap(True)
        self.running.itemActivated.connect(lambda _item: self._open())
        self.who, self.mobile, self.nid = Field("name"), Field("mobile"), Field("nid")
        save, back = button(self._save, main=True), button(lambda: desk.go.emit("serve", {}))
        for setter, word in (
            (title.setText, "ui.citizen"), (self.who.label.setText, "ui.name"), (save.setText, "ui.save"),
            (self.mobile.label.setText, "ui.mobile"), (self.nid.label.setText, "ui.nid"), (back.setText, "ui.back"),
            (self.heading.setText, "ui.running"),
        ):
            self.bind(setter, word)
        inside = QVBoxLayout()
        inside.setSpacing(10)
        for widget in (title, self.who):
            inside.addWidget(widget)
        inside.addLayout(row(self.mobile, self.nid, stretch_last=True))
        inside.addLayout(row(save, back))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card(inside))
        outer.addWidget(self.heading)
        outer.addWidget(self.running, 1)
        outer.addStretch()
        self._fill(answers or {})
        self.refresh()
        if self.nid.edit is not None:
            self.nid.edit.returnPressed.disconnect()
            self.nid.edit.returnPressed.connect(self._save)

    def _fill(self, answers: Mapping[str, str]) -> None:
        known = self.desk.visit.citizen if self.desk.visit else None
        self.who.set(known.name if known else "")
        self.mobile.set(answers.get("mobile", known.mobile if known else ""))
        self.nid.set(answers.get("nid", known.nid if known else ""))

    def refresh(self) -> None:
        known, say, lang = self.desk.visit.citizen if self.desk.visit else None, self.desk.say, self.desk.lang
        self.lines = waiting.of_citizen(self.desk.at_work(), known.id) if known else []
        self.running.clear()
        for one in self.lines:
            number = bangla.digits(one.receipt) if lang == "bn" else one.receipt
            self.running.addItem(f"{self.desk.title(one.line)} · {say(one.stands, **one.facts)}\n"
                                 f"{number} · {bangla.date_bn(one.taken_at, lang)}")
        for widget in (self.heading, self.running):
            widget.setVisible(bool(self.lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        if event.key() == Qt.Key.Key_Down and self.lines:
            self.running.setFocus()
            self.running.setCurrentRow(max(0, self.running.currentRow()))
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        chosen = self.lines[self.running.currentRow()]
        self.desk.go.emit("receipt", {"number": chosen.receipt, "line": chosen.line.id})

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
