"""The first screen: who is at the counter. At the first run it makes the first supervisor."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kiosk import bangla
from kiosk import words as spoken
from kiosk.counter import recovery
from kiosk.people import WrongPin
from kiosk.refusals import REFUSALS, told
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, scrolled


class UnlockScreen(Screen):
    """Choose a name, write the PIN, press Enter."""

    name = "unlock"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.people = desk.app.home.envelopes.names()
        self.first = not self.people
        self.who = Field("operator", list(self.people.items())) if self.people else Field("name")
        self.pin, self.again = Field("pin"), Field("pin_again")
        self.go = button(self._go, main=True)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QVBoxLayout()
        inside.setSpacing(12)
        title, hint = label(name="title"), label(name="muted", wrap=True)
        self.bind(title.setText, "ui.first_run" if self.first else "ui.welcome")
        self.bind(hint.setText, "ui.first_run_hint" if self.first else "ui.unlock_hint")
        self.bind(self.who.label.setText, "ui.name" if self.first else "ui.operator")
        self.bind(self.pin.label.setText, "ui.pin")
        self.bind(self.again.label.setText, "ui.pin_again")
        self.bind(self.go.setText, "ui.make" if self.first else "ui.unlock")
        for widget in (title, hint, self.who, self.pin, *([self.again] if self.first else []), self.go):
            inside.addWidget(widget)
        for field in (self.pin, self.again):
            if field.edit is not None:
                field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        last = self.again if self.first else self.pin
        if last.edit is not None:
            last.edit.returnPressed.disconnect()
            last.edit.returnPressed.connect(self._go)
        frame = card(inside)
        frame.setFixedWidth(460)
        sheet = QWidget()
        middle, across = QVBoxLayout(sheet), QHBoxLayout()
        across.addStretch(1)
        across.addWidget(frame)
        across.addStretch(1)
        middle.addStretch(1)
        middle.addLayout(across)
        middle.addStretch(2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(sheet))

    def shown(self) -> None:
        if not self.first and self.who.choice is not None:
            self.who.choice.setCurrentIndex(1)
        (self.who if self.first else self.pin).input.setFocus()

    def _go(self) -> None:
        """Raises nothing: what is wrong is told beside the PIN."""
        pin = bangla.ascii_digits(self.pin.value().strip())
        app = self.desk.app
        try:
            operator_id = self._make(pin) if self.first else self.who.value()
            if operator_id:
                self.desk.unlocked(app.unlock(operator_id, pin))
                self.desk.go.emit("serve", {})
                if self.first:
                    recovery.print_code(self.desk.at_work(), app.home.recovery_code())
                    app.something_new()
                    self.desk.told.emit(self.desk.say("ui.recovery_printed"), "")
        except tuple(REFUSALS) as error:
            word, facts = told(error)
            self.pin.wrong(spoken.trouble(self.desk.lang, word, **facts))
            if isinstance(error, WrongPin):
                self.pin.set("")

    def _make(self, pin: str) -> str:
        if not self.who.value().strip():
            self.who.wrong(self.desk.say("error.name_missing"))
            return ""
        if pin != bangla.ascii_digits(self.again.value().strip()):
            self.again.wrong(self.desk.say("error.pins_differ"))
            return ""
        return self.desk.app.create_first(self.who.value(), pin).id
