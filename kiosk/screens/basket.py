"""The basket at the side: what is taken in this visit, the official part and the charge apart, the total large."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kiosk import bangla
from kiosk.counter import visit
from kiosk.counter.records import Kind, Line
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import button, label

_WIDTH = 358  # of a line, inside the basket


class Lines(QListWidget):
    """The lines; Delete takes one out."""

    def __init__(self, remove: object) -> None:
        super().__init__()
        self.setObjectName("basket")
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._remove = remove

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt's name
        if event.key() == Qt.Key.Key_Delete and callable(self._remove):
            self._remove()
        else:
            super().keyPressEvent(event)


class Basket(Screen):
    """Shown beside every screen that adds to it."""

    name = "basket"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setFixedWidth(400)
        self.citizen = button(lambda: desk.go.emit("citizen", {}))
        self.citizen.setObjectName("citizen")
        self.lines = Lines(self._remove)
        self.total, self.split = label(name="huge"), label(name="muted")
        self.pay, self.park = button(lambda: desk.go.emit("payment", {}), main=True), button(self._park)
        self._lay_out()
        desk.visit_changed.connect(self.refresh)

    def _lay_out(self) -> None:
        frame = QFrame()
        frame.setObjectName("sheet")
        inside = QVBoxLayout(frame)
        title = label(name="large")
        self.bind(title.setText, "ui.basket")
        inside.addWidget(title)
        inside.addWidget(self.citizen)
        inside.addWidget(self.lines, 1)
        for widget in (self.total, self.split):
            inside.addWidget(widget, alignment=Qt.AlignmentFlag.AlignRight)
        below = QHBoxLayout()
        below.addWidget(self.park)
        below.addWidget(self.pay, 1)
        inside.addLayout(below)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.refresh()

    def refresh(self) -> None:
        opened = self.desk.visit
        say = self.desk.say
        person = opened.citizen if opened else None
        known = f"{person.name}  {self._masked(person.mobile)}" if person else say("ui.citizen_add")
        self.citizen.setText(f"{known}  F3")
        self.pay.setText(f"{say('ui.pay')}  F9")
        self.park.setText(f"{say('ui.park')}  F8")
        self.lines.clear()
        for line in opened.lines if opened else ():
            self._add(line)
        if not self.lines.count():
            self._hint(say("ui.basket_empty"))
        total = opened.total_poisha if opened else 0
        self.total.setText(bangla.taka(total, lang=self.desk.lang))
        self.split.setText(self._parts())
        self.pay.setEnabled(bool(opened and opened.lines))

    def _masked(self, mobile: str) -> str:
        shown = bangla.mask(mobile)
        return bangla.digits(shown) if self.desk.lang == "bn" else shown

    def _parts(self) -> str:
        lines = self.desk.visit.lines if self.desk.visit else ()
        official, charge = (sum(getattr(line, name) for line in lines) for name in ("official_poisha", "charge_poisha"))
        lang, say = self.desk.lang, self.desk.say
        return (f"{say('ui.official')} {bangla.taka(official, lang=lang)}   ·   "
                f"{say('ui.charge')} {bangla.taka(charge, lang=lang)}")

    def _add(self, line: Line) -> None:
        item = QListWidgetItem()
        item.setData(Qt.ItemDataRole.UserRole, line.id)
        shown = _line_widget(self.desk, line)
        item.setSizeHint(QSize(_WIDTH, shown.heightForWidth(_WIDTH)))
        self.lines.addItem(item)
        self.lines.setItemWidget(item, shown)

    def _hint(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.lines.addItem(item)

    def _remove(self) -> None:
        item = self.lines.currentItem()
        opened = self.desk.visit
        if item is not None and opened is not None and item.data(Qt.ItemDataRole.UserRole):
            line_id = str(item.data(Qt.ItemDataRole.UserRole))
            self.desk.attempt(lambda: self.desk.show_visit(visit.remove_line(self.desk.at_work(), opened.id, line_id)))

    def _park(self) -> None:
        opened = self.desk.visit
        if opened is not None and self.desk.attempt(lambda: visit.park(self.desk.at_work(), opened.id)):
            self.desk.show_visit(None)
            self.desk.go.emit("serve", {})

    def press(self, key: str) -> bool:
        if key == "F8":
            self._park()
        return key == "F8"


def _line_widget(desk: Desk, line: Line) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(10, 7, 10, 7)
    layout.setSpacing(1)
    head = QHBoxLayout()
    title = label(desk.title(line), wrap=True)
    title.setStyleSheet("font-weight: 700; font-size: 16px;")
    amount = label(bangla.taka(line.total_poisha, lang=desk.lang))
    amount.setStyleSheet("font-weight: 700; font-size: 16px;")
    head.addWidget(title, 1, Qt.AlignmentFlag.AlignTop)
    head.addWidget(amount, alignment=Qt.AlignmentFlag.AlignTop)
    layout.addLayout(head)
    for text in _details(desk, line):
        layout.addWidget(label(text, "muted", wrap=True))
    return made


def _details(desk: Desk, line: Line) -> list[str]:
    lang = desk.lang
    found = []
    if line.kind is Kind.ORDER:
        found = [f"{item[f'name_{lang}']} × {bangla.grouped(item['quantity'], lang)}" for item in line.facts["items"]]
    shown = line.facts.get("shown", [])
    if shown:
        in_bangla, in_english, value = shown[0]
        found.append(f"{in_bangla} {bangla.digits(value)}" if lang == "bn" else f"{in_english} {value}")
    official = bangla.taka(line.official_poisha, lang=lang)
    charge = bangla.taka(line.charge_poisha, lang=lang)
    return [*found, f"{desk.say('ui.official')} {official} + {desk.say('ui.charge')} {charge}"]
