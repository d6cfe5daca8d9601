"""A product for the citizen's order: how many, and where it goes."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from kiosk import bangla
from kiosk.counter import order
from kiosk.counter.judged import judged
from kiosk.counter.records import CounterError, Kind
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, row, scrolled, top


class OrderScreen(Screen):
    """Enter on the quantity goes to the address, Enter there adds."""

    name = "order"
    with_basket = True

    def __init__(self, desk: Desk, product_id: str) -> None:
        super().__init__(desk)
        self.product = desk.at_work().catalogue.product(product_id)
        self.title, self.price, self.seller = label(name="title", wrap=True), label(name="large"), label(name="muted")
        self.quantity, self.address = Field("quantity"), Field("address")
        self.quantity.set("1")
        self.add = button(self._add, main=True)
        back = button(lambda: desk.go.emit("serve", {}))
        self.bind(self.quantity.label.setText, "ui.quantity")
        self.bind(self.address.label.setText, "ui.address")
        self.bind(self.add.setText, "ui.add")
        self.bind(back.setText, "ui.back")
        inside = QVBoxLayout()
        inside.setSpacing(10)
        for widget in (self.title, self.price, self.seller, self.quantity, self.address):
            inside.addWidget(widget)
        inside.addLayout(row(self.add, back))
        if self.address.edit is not None:
            self.address.edit.returnPressed.disconnect()
            self.address.edit.returnPressed.connect(self._add)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(top(card(inside))))
        self.refresh()

    def shown(self) -> None:
        if self.quantity.edit is not None:
            self.quantity.edit.setFocus()
            self.quantity.edit.selectAll()

    def refresh(self) -> None:
        lang = self.desk.lang
        self.title.setText(self.desk.title(self.product, "name"))
        self.price.setText(f"{bangla.taka(self.product.price_poisha, lang=lang)} / {self.product.unit}")
        charge = bangla.taka(self.product.charge_poisha, lang=lang)
        self.seller.setText(f"{self.desk.title(self.product, 'seller')}  ·  {self.desk.say('ui.charge')} {charge}")

    def _add(self) -> None:
        opened = self.desk.open_visit()
        typed = bangla.ascii_digits(self.quantity.value().strip())
        quantity = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0

        def add() -> None:
            counter = self.desk.at_work()
            if not quantity:
                raise CounterError("bad_quantity", most=999)
            added = order.add(counter, opened.id, self.product.id, quantity)
            if self.address.value().strip():
                added = order.set_address(counter, opened.id, self.address.value())
            self.desk.show_visit(added)

        if self.desk.attempt(add):
            self.desk.go.emit("serve", {})
            self.desk.warn(judged(self.desk.at_work(), Kind.ORDER, self.product.portal))
