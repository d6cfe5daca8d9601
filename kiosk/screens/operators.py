"""Who serves here: a supervisor adds, resets and removes; the data stays as it is."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from kiosk import bangla
from kiosk.counter.records import CounterError
from kiosk.people import operators
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, label
from kiosk.screens.small_form import SmallForm, sheet


class OperatorsScreen(Screen):
    """Three small forms under the list."""

    name = "operators"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        roles = [(role, desk.say(f"role.{role}")) for role in operators.ROLES]
        serving = [(one.id, one.name) for one in operators.serving(desk.at_work().store.connection())]
        self.list = label(wrap=True)
        self.new, self.role, self.new_pin = Field("name"), Field("role", roles), Field("pin")
        self.who, self.reset_pin = Field("operator", serving), Field("pin")
        self.leaver = Field("operator", serving)
        for field in (self.new_pin, self.reset_pin):
            if field.edit is not None:
                field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        if self.role.choice is not None:
            self.role.choice.setCurrentIndex(1)
        inside = sheet(
            self, "ui.operators",
            SmallForm(self, "ui.operator_add", (self.new, self.role, self.new_pin), ("ui.name", "ui.role", "ui.pin"),
                      "ui.add_operator", self._add),
            SmallForm(self, "ui.operator_reset", (self.who, self.reset_pin), ("ui.operator", "ui.pin"),
                      "ui.reset_pin", self._reset),
            SmallForm(self, "ui.operator_remove", (self.leaver,), ("ui.operator",), "ui.remove_operator",
                      self._remove),
        )
        inside.insertWidget(1, self.list)
        self.refresh()

    def shown(self) -> None:
        self.new.input.setFocus()

    def refresh(self) -> None:
        serving = operators.serving(self.desk.at_work().store.connection())
        self.list.setText("   ·   ".join(f"{one.name} ({self.desk.say(f'role.{one.role}')})" for one in serving))

    def _add(self) -> None:
        name = bangla.clean(self.new.value())
        if not name:
            raise CounterError("name_missing")
        self.desk.app.add_operator(self.desk.at_work(), name, _pin(self.new_pin), self.role.value())
        self._done()

    def _reset(self) -> None:
        self.desk.app.reset_pin(self.desk.at_work(), self.who.value(), _pin(self.reset_pin))
        self._done()

    def _remove(self) -> None:
        self.desk.app.remove_operator(self.desk.at_work(), self.leaver.value())
        self._done()

    def _done(self) -> None:
        self.desk.go.emit("operators", {})
        self.desk.told.emit(self.desk.say("ui.written_down"), "good")


def _pin(field: Field) -> str:
    return bangla.ascii_digits(field.value().strip())
