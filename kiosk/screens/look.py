"""The look of the papers: what is typed stands in the receipt beside it at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from kiosk import bangla
from kiosk.counter import centre, look
from kiosk.counter.context import Look
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, Paper, button, card, label, row, scrolled, top
from kiosk.screens.receipt import preview
from kiosk.screens.small_form import count


class LookScreen(Screen):
    """F4 chooses a logo, F5 takes it off, F9 writes it down."""

    name = "look"
    keys = (("F4", "ui.choose_logo"), ("F5", "ui.no_logo"), ("F9", "ui.write_down"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.logo = desk.at_work().device.look.logo
        yes_no = (("1", desk.say("ui.yes")), ("0", desk.say("ui.no")))
        languages = (("bn", "বাংলা"), ("en", "English"))
        self.names = {name: Field(name) for name in centre.NAMES}
        self.foot, self.days = Field("foot"), Field("days")
        self.lang, self.office = Field("lang", languages), Field("office", yes_no)
        self.paper = Paper()
        self.write = button(lambda: self.press("F9"), main=True)
        self.choose, self.none = button(lambda: self.press("F4")), button(lambda: self.press("F5"))
        self._lay_out()
        self._show()
        for field in self._fields():
            field.on_change(self.refresh)
        self.refresh()

    def _fields(self) -> list[Field]:
        return [*self.names.values(), self.foot, self.days, self.lang, self.office]

    def _lay_out(self) -> None:
        title = label(name="title")
        self.bind(title.setText, "ui.look")
        words = ("ui.name_bn", "ui.name_en", "ui.address", "ui.foot", "ui.ask_after_days", "ui.paper_language",
                 "ui.office_copies")
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(title)
        for field, word in zip(self._fields(), words, strict=True):
            self.bind(field.label.setText, word)
            side.addWidget(field)
        for made, word in ((self.write, "ui.write_down"), (self.choose, "ui.choose_logo"), (self.none, "ui.no_logo")):
            self.bind(made.setText, word)
        side.addLayout(row(self.write, self.choose, self.none))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(18)
        outer.addWidget(scrolled(top(card(side))), 3)
        outer.addWidget(scrolled(top(self.paper)), 2)

    def _show(self) -> None:
        device = self.desk.at_work().device
        for name, field in self.names.items():
            field.set(str(getattr(device, name)))
        self.foot.set(device.look.foot)
        self.days.set(str(device.look.ask_after_days))
        self.lang.set(device.look.lang)
        self.office.set("1" if device.look.office_copy else "0")

    def shown(self) -> None:
        self.names["centre_bn"].input.setFocus()

    def refresh(self) -> None:
        """The receipt as it would be; a number of days that is none yet changes nothing."""
        counter = self.desk.at_work()
        days = bangla.ascii_digits(self.days.value().strip())
        right = days.isascii() and days.isdigit() and len(days) < 3
        wanted = self._look(int(days) if right else counter.device.look.ask_after_days)
        self.paper.show_paper(preview(look.tried(counter, self._names(), wanted), counter.printing.width_dots))
        self.none.setEnabled(self.logo is not None)

    def _names(self) -> dict[str, str]:
        return {name: field.value() for name, field in self.names.items()}

    def _look(self, days: int) -> Look:
        return replace(
            self.desk.at_work().device.look, foot=self.foot.value(), logo=self.logo, lang=self.lang.value() or "bn",
            ask_after_days=days, office_copy=self.office.value() == "1",
        )

    def press(self, key: str) -> bool:
        acts = {"F4": self._choose, "F5": self._no_logo, "F9": self._write}
        if key in acts:
            self.desk.attempt(acts[key])
        return key in acts

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, self.desk.say("ui.choose_logo"))
        if chosen:
            self.take_logo(Path(chosen))

    def take_logo(self, file: Path) -> None:
        """Raises: CounterError, OSError."""
        self.logo = look.logo(file.read_bytes())
        self.refresh()

    def _no_logo(self) -> None:
        self.logo = None
        self.refresh()

    def _write(self) -> None:
        look.put(self.desk.at_work(), self._names(), self._look(count(self.days)))
        self.desk.renew()
        self.desk.told.emit(self.desk.say("ui.written_down"), "good")
