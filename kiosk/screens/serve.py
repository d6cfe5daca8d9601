"""The counter itself: one search box that understands everything, and what it found."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kiosk.counter import bring, find, token, visit
from kiosk.counter.records import Found
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import label
from kiosk.screens.theme import icon

_ICONS = {
    "service": "file-text", "biller": "zap", "product": "shopping-basket", "holding": "house", "citizen": "user",
    "new_citizen": "user-plus", "receipt": "receipt", "proof": "receipt", "parked": "clock",
}


class ServeScreen(Screen):
    """Write a few letters, arrow to what is meant, Enter."""

    name = "serve"
    keys = (("F4", "ui.key.token"), ("F6", "ui.key.bring"))
    with_basket = True

    def __init__(self, desk: Desk, text: str = "") -> None:
        super().__init__(desk)
        self.search = QLineEdit(text)
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self.bind(self.search.setPlaceholderText, "ui.search")
        self.found = QListWidget()
        self.found.setObjectName("found")
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = label(name="muted", wrap=True)
        self.search.textChanged.connect(lambda _text: self.refresh())
        self.search.returnPressed.connect(self._choose)
        self.search.installEventFilter(self)
        self.found.itemActivated.connect(lambda _item: self._choose())
        self.found.itemClicked.connect(lambda _item: self._choose())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for widget in (self.search, self.nothing, self.found):
            layout.addWidget(widget)
        layout.setStretchFactor(self.found, 1)
        self.refresh()

    def shown(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        """Arrows move in the list while the cursor stays in the box."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.found.count():
                self.found.setCurrentRow((self.found.currentRow() + step) % self.found.count())
                return True
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        before = self.found.currentRow()
        self.found.clear()
        answers = find.find(self.desk.at_work(), self.search.text()) if self.desk.counter else []
        for answer in answers:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, answer)
            item.setSizeHint(QSize(100, 62))
            self.found.addItem(item)
            self.found.setItemWidget(item, self._widget(answer))
        self.nothing.setText("" if answers else self.desk.say("ui.nothing_found"))
        self.nothing.setVisible(not answers)
        self.found.setVisible(bool(answers))
        same = 0 <= before < self.found.count() and not self.search.hasFocus()
        self.found.setCurrentRow(before if same else 0)

    def _widget(self, answer: Found) -> QWidget:
        made = QWidget()
        layout = QHBoxLayout(made)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.setSpacing(14)
        picture = label()
        picture.setPixmap(icon(_ICONS[answer.kind]).pixmap(28, 28))
        layout.addWidget(picture)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title = label(self.desk.title(answer))
        title.setStyleSheet("font-size: 18px; font-weight: 600;")
        texts.addWidget(title)
        note = self.desk.title(answer, "note")
        if note:
            texts.addWidget(label(note, "muted"))
        layout.addLayout(texts, 1)
        layout.addWidget(label(self.desk.say(f"ui.kind.{answer.kind}"), "muted"))
        return made

    def press(self, key: str) -> bool:
        acts = {"F4": self._token, "F6": self._bring}
        if key in acts:
            self.desk.attempt(acts[key])
        return key in acts

    def _token(self) -> None:
        number = token.give(self.desk.at_work())
        self.desk.app.something_new()
        self.desk.told.emit(self.desk.say("ui.token_given", number=number), "good")

    def _bring(self) -> None:
        """What to bring for the service that is chosen in the list."""
        item = self.found.currentItem()
        chosen: Found | None = item.data(Qt.ItemDataRole.UserRole) if item else None
        if chosen is None or chosen.kind != "service":
            self.desk.told.emit(self.desk.say("ui.choose_service_first"), "")
            return
        bring.print_check_list(self.desk.at_work(), chosen.ref)
        self.desk.app.something_new()
        self.desk.told.emit(self.desk.say("ui.list_printed", name=self.desk.title(chosen)), "good")

    def _choose(self) -> None:
        if self.found.currentRow() < 0:
            return
        chosen: Found = self.found.currentItem().data(Qt.ItemDataRole.UserRole)
        where: dict[str, tuple[str, dict[str, Any]]] = {
            "biller": ("bill", {"biller_id": chosen.ref, "answers": dict(chosen.answers)}),
            "product": ("order", {"product_id": chosen.ref}),
            "holding": ("dues", {"ref": chosen.ref}),
            "new_citizen": ("citizen", {"answers": dict(chosen.answers)}),
            "receipt": ("receipt", {"number": chosen.ref, **chosen.answers}),
            "service": ("application", {"service_id": chosen.ref}),
        }
        if chosen.kind == "service" and chosen.ref == "holding-tax":
            self.desk.go.emit("dues", {"ref": ""})
        elif chosen.kind in where:
            self.desk.go.emit(*where[chosen.kind])
        elif chosen.kind == "citizen":
            self._take_up(chosen.ref)
        elif chosen.kind == "parked":
            self._resume(chosen.ref)

    def _take_up(self, citizen_id: str) -> None:
        opened = self.desk.open_visit()
        self.desk.attempt(
            lambda: self.desk.show_visit(visit.take_up(self.desk.at_work(), opened.id, citizen_id))
        )
        self.search.clear()

    def _resume(self, visit_id: str) -> None:
        """Take a parked visit up; the one at hand is parked in its place."""
        counter, opened = self.desk.at_work(), self.desk.visit

        def swap() -> None:
            if opened is not None:
                visit.park(counter, opened.id)
            self.desk.show_visit(visit.resume(counter, visit_id))

        self.desk.attempt(swap)
        self.search.clear()
