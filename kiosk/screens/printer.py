"""Setting up the receipt printer: what this machine offers, its model and paper, a test page that measures it."""

from __future__ import annotations

import threading
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from kiosk import bangla
from kiosk.counter import at_printer
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, row, scrolled, top
from kiosk.settings import DOTS, PRINTERS, Settings
from printing import discovery
from printing.discovery import Found
from printing.profiles import PROFILES

_STEPS = range(-3, 4)


class PrinterScreen(Screen):
    """What was found stands at the left; choosing one fills in the rest. A supervisor's to change."""

    name = "printer"
    keys = (("F4", "ui.search_printers"), ("F5", "ui.test_page"), ("F6", "ui.open_drawer"), ("F9", "ui.use_printer"))
    searched = Signal(list)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.offers: list[Found] = []
        self.found, self.told = QListWidget(), label(wrap=True)
        self.found.setObjectName("found")
        self.kind = Field("kind", [(kind, desk.say(f"ui.printer_{kind}")) for kind in PRINTERS])
        self.address = Field("address")
        self.profile = Field("profile", [(profile.name, profile.title) for profile in PROFILES.values()])
        self.paper = Field("paper", [(str(mm), self._figures(f"{mm} ({dots})")) for mm, dots in DOTS.items()])
        steps = [(str(step), self._figures(f"{step:+d}" if step else "0")) for step in _STEPS]
        self.density, self.speed = Field("density", steps), Field("speed", steps)
        yes = [("1", desk.say("ui.yes")), ("0", desk.say("ui.no"))]
        self.cut, self.drawer = Field("cut", yes), Field("drawer", yes)
        self.again, self.test = button(self._search), button(self._test)
        self.kick, self.use = button(self._kick), button(self._use, main=True)
        for field in (self.kind, self.profile):
            if field.choice is not None:  # long names make no wide window
                field.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                field.choice.setMinimumContentsLength(12)
        self._lay_out()
        self._show(desk.app.printer(desk.at_work()))
        self.profile.on_change(self._widen)
        self.found.currentRowChanged.connect(self._take)
        self.searched.connect(self._offer)

    def _lay_out(self) -> None:
        title, found_word = label(name="title"), label(name="section")
        self.bind(title.setText, "ui.printer_setup")
        self.bind(found_word.setText, "ui.printers_found")
        for field, word in (
            (self.kind, "ui.printer_kind"), (self.address, "ui.printer_address"), (self.profile, "ui.printer_profile"),
            (self.paper, "ui.paper_mm"), (self.density, "ui.density"), (self.speed, "ui.speed"),
            (self.cut, "ui.cuts"), (self.drawer, "ui.drawer_on_cash"),
        ):
            self.bind(field.label.setText, word)
        for made, word in ((self.again, "ui.search_printers"), (self.test, "ui.test_page"),
                           (self.kick, "ui.open_drawer"), (self.use, "ui.use_printer")):
            self.bind(made.setText, word)
        left = QVBoxLayout()
        for widget in (found_word, self.found, self.told, self.again):
            left.addWidget(widget)
        right = QVBoxLayout()
        for pair in ((self.kind, self.address), (self.profile, self.paper), (self.density, self.speed),
                     (self.cut, self.drawer)):
            right.addLayout(row(*pair, stretch_last=True))
        right.addLayout(row(self.use, self.test, self.kick))
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        inside = QVBoxLayout()
        inside.addWidget(title)
        inside.addLayout(both)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(top(card(inside))))

    def _figures(self, text: str) -> str:
        return bangla.digits(text) if self.desk.lang == "bn" else text

    def shown(self) -> None:
        self.found.setFocus()
        self._search()

    def _search(self) -> None:
        """Asking the system may take long, so it is done beside the window."""
        self.told.setText(self.desk.say("ui.searching"))
        self.again.setEnabled(False)
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        offers = discovery.discover()
        try:
            self.searched.emit(offers)
        except RuntimeError:
            return  # the screen has been left

    def _offer(self, offers: list[Found]) -> None:
        self.offers = offers
        self.again.setEnabled(True)
        self.found.clear()
        for one in offers:
            self.found.addItem(QListWidgetItem(f"{self.desk.say(f'ui.printer_{one.kind}')}\n{one.title}"))
        self.told.setText("" if offers else self.desk.say("ui.none_found"))

    def _take(self, place: int) -> None:
        if 0 <= place < len(self.offers):
            one = self.offers[place]
            self.kind.set(one.kind)
            self.address.set(one.address)
            self.profile.set(one.profile.name)

    def _widen(self) -> None:
        """The paper follows the profile until somebody says otherwise."""
        chosen = PROFILES.get(self.profile.value())
        if chosen is not None:
            self.paper.set(next(str(mm) for mm, dots in DOTS.items() if dots == chosen.width_dots))

    def _show(self, own: Settings) -> None:
        network = own.printer == "network"
        for field, value in (
            (self.kind, own.printer), (self.profile, own.printer_profile), (self.paper, str(own.paper_mm)),
            (self.address, f"{own.printer_host}:{own.printer_port}" if network else own.printer_address),
            (self.density, str(own.density)), (self.speed, str(own.speed)),
            (self.cut, str(int(own.cut))), (self.drawer, str(int(own.drawer))),
        ):
            field.set(value)

    def _wanted(self) -> Settings:
        kind, address = self.kind.value() or "file", self.address.value().strip()
        host, _colon, port = bangla.ascii_digits(address).partition(":")
        network = kind == "network"
        return replace(
            Settings(), printer=kind, printer_host=host if network else "", printer_address="" if network else address,
            printer_port=int(port) if network and port.isdigit() else 9100, printer_profile=self.profile.value(),
            paper_mm=int(self.paper.value() or 58), density=int(self.density.value() or 0),
            speed=int(self.speed.value() or 0), cut=self.cut.value() != "0", drawer=self.drawer.value() == "1",
        )

    def _use(self) -> None:
        def use() -> None:
            self.desk.app.choose_printer(self.desk.at_work(), self._wanted())
            self.desk.renew()
            self.desk.told.emit(self.desk.say("ui.printer_chosen"), "good")

        self.desk.attempt(use)

    def _test(self) -> None:
        def test() -> None:
            own = self.desk.app.printer(self.desk.at_work())
            at_printer.print_test_page(self.desk.at_work(), PROFILES[own.printer_profile].title)
            self.desk.app.something_new()
            self.desk.told.emit(self.desk.say("ui.test_page_queued"), "good")

        self.desk.attempt(test)

    def _kick(self) -> None:
        def kick() -> None:
            at_printer.open_drawer(self.desk.at_work())
            self.desk.app.something_new()
            self.desk.told.emit(self.desk.say("ui.drawer_opens"), "good")

        self.desk.attempt(kick)

    def press(self, key: str) -> bool:
        acts = {"F4": self._search, "F5": self._test, "F6": self._kick, "F9": self._use}
        if key in acts:
            acts[key]()
        return key in acts
