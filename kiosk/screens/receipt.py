"""The receipt as it prints, dot for dot, and beside it how each of its lines stands; copies are marked as copies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from kiosk import bangla
from kiosk.counter import application_paper, at_printer, deliver, visit, waiting
from kiosk.counter.records import Kind, Receipt, WaitingLine, Wants
from kiosk.counter.reprint import reprint
from kiosk.counter.slips import Parcel
from kiosk.screens import story
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Paper, button, card, label, mood, scrolled, top
from kiosk.screens.sheets_out import print_applications
from printing.document import Document
from printing.spool import CameOut, Job

_MOST_SHOWN = 3  # lines at once in their list


class ReceiptScreen(Screen):
    """Enter goes on to the next citizen; arrows choose a line; the papers of the same visit are a button away."""

    name = "receipt"

    def __init__(self, desk: Desk, number: str, change_poisha: int = 0, line: str = "") -> None:
        """`line`: the id of the one that is asked about."""
        super().__init__(desk)
        self.receipt: Receipt = waiting.receipt(desk.at_work(), number)
        self.change_poisha = change_poisha
        self.title, self.change = label(name="title", wrap=True), label(name="huge", wrap=True)
        self.paper = Paper()
        self.next, self.print_state = button(self._next, main=True), label(wrap=True)
        self.lines: list[WaitingLine] = []
        self.parcels: Sequence[Parcel] = ()
        self.list, self.explain, self.story = QListWidget(), label(name="explain", wrap=True), label(wrap=True)
        self.list.setObjectName("lines")
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(lambda _item: self._next())
        self.list.currentRowChanged.connect(lambda _place: self._tell())
        self.document = button(self._print)
        self.copy, self.pdf, self.parcel = button(self._copy), button(self._pdf), button(self._hand_over)
        self.forms = button(self._forms)
        self._lay_out()
        self.refresh()
        self._choose(line)

    def _lay_out(self) -> None:
        for made, word in ((self.parcel, "ui.hand_over"), (self.copy, "ui.print_again"), (self.pdf, "ui.save_pdf"),
                           (self.forms, "ui.print_forms"), (self.document, "ui.print_document")):
            self.bind(made.setText, word)
        side = QVBoxLayout()
        side.setSpacing(10)
        for widget in (self.title, self.change, self.print_state):
            side.addWidget(widget)
        side.addWidget(scrolled(self._standing()), 1)
        side.addWidget(self.next)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(18)
        outer.addWidget(scrolled(top(self.paper)), 3)
        outer.addWidget(card(side), 2)
        QShortcut(QKeySequence("Ctrl+F"), self, self._forms)

    def _standing(self) -> QWidget:
        """The lines, what became of the chosen one, and what can be done with the visit's papers."""
        inside = QWidget()
        inside.setObjectName("plain")
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        others = [self._other(other) for other in waiting.receipts(self.desk.at_work(), self.receipt.visit_id)
                  if other.number != self.receipt.number]
        for widget in (self.list, self.explain, self.story, self.document, self.parcel, self.forms, self.copy, self.pdf,
                       *others):
            below.addWidget(widget)
        below.addStretch(1)
        return inside

    def _other(self, other: Receipt) -> QPushButton:
        opens = button(lambda: self.desk.go.emit("receipt", {"number": other.shown_number}))
        opens.setText(other.document.title)
        return opens

    def shown(self) -> None:
        self.list.setFocus()

    def refresh(self) -> None:
        self.title.setText(self.receipt.document.title)
        text = self.desk.say("ui.change_to_give", change_poisha=self.change_poisha) if self.change_poisha else ""
        self.change.setText(text)
        self.change.setVisible(bool(text))
        served = visit.get(self.desk.at_work(), self.receipt.visit_id)
        self.forms.setVisible(any(line.kind is Kind.APPLICATION for line in served.lines))
        self.parcels = deliver.ready(self.desk.at_work(), self.receipt.visit_id)
        self.parcel.setVisible(bool(self.parcels))
        asks = self._unseen() is not None
        self.print_state.setText(self.desk.say("ui.look_at_paper") if asks else "")
        self.print_state.setVisible(asks)
        self.next.setText(self.desk.say("ui.came_out_next" if asks else "ui.next"))
        self.paper.show_paper(preview(self.receipt.document, self.desk.at_work().printing.width_dots))
        self._list_lines()

    def _list_lines(self) -> None:
        chosen, say, lang = max(0, self.list.currentRow()), self.desk.say, self.desk.lang
        self.lines = waiting.of_visit(self.desk.at_work(), self.receipt.visit_id)
        self.list.clear()
        self.list.addItems([
            f"{self.desk.title(one.line)}  {bangla.taka(one.line.total_poisha, lang=lang)}\n"
            f"{say(one.stands, **one.facts)}"
            for one in self.lines
        ])
        heights = [self.list.sizeHintForRow(place) for place in range(min(len(self.lines), _MOST_SHOWN))]
        self.list.setFixedHeight(sum(heights) + 2 * self.list.frameWidth() + 4)
        self.list.setCurrentRow(min(chosen, len(self.lines) - 1))

    def _choose(self, line_id: str) -> None:
        """The line that was asked about, or the first that there is something to do about."""
        asked = [place for place, one in enumerate(self.lines) if one.line.id == line_id]
        to_do = [place for place, one in enumerate(self.lines) if one.has_document or one.wants is not Wants.NOTHING]
        self.list.setCurrentRow([*asked, *to_do, 0][0])

    def _chosen(self) -> WaitingLine | None:
        return self.lines[self.list.currentRow()] if self.list.currentRow() >= 0 else None

    def _tell(self) -> None:
        """What became of the chosen line, what it means and what to do."""
        chosen = self._chosen()
        if chosen is None:
            return
        self.desk.looked_at = chosen.line.id
        here = any(parcel.line_id == chosen.line.id for parcel in self.parcels)
        self.explain.setText(self.desk.say("explain.parcel") if here else story.explained(self.desk, chosen))
        self.story.setText(story.told(self.desk, chosen.line.id))
        mood(self.explain, "" if chosen.wants is Wants.NOTHING else "bad")
        self.document.setVisible(chosen.has_document)

    def _print(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.desk.attempt(lambda: story.print_document(self.desk, chosen))

    def _next(self) -> None:
        """On to the next citizen; where the printer can't tell, this says that the paper came out."""
        unseen = self._unseen()
        if unseen is not None:
            self.desk.attempt(lambda: at_printer.answer(self.desk.at_work(), unseen.id, CameOut.WHOLE))
        self.desk.go.emit("serve", {})

    def _unseen(self) -> Job | None:
        """The paper's job, when the printer can't tell and nobody has said yet that it came out."""
        asks = at_printer.asks_about(self.desk.at_work(), self.receipt.shown_number)
        return asks if asks is not None and asks.reason == "not_told" else None

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:  # type: ignore[override]
        parcels = (("F4", "ui.hand_over"),) if self.parcel.isVisibleTo(self) else ()
        forms = (("Ctrl+F", "ui.key.print_form"),) if self.forms.isVisibleTo(self) else ()
        return (*parcels, ("F5", "ui.try_now"), ("F6", "ui.key.copy"), ("F8", "ui.print_document"), *forms,
                ("Enter", "ui.key.next"))

    def _hand_over(self) -> None:
        def hand_over() -> None:
            deliver.hand_over(self.desk.at_work(), self.receipt.visit_id)
            self.desk.app.something_new()
            self.desk.told.emit(self.desk.say("ui.handed_over"), "good")
            self.desk.changed.emit()

        self.desk.attempt(hand_over)
        self.refresh()

    def _copy(self) -> None:
        def print_again() -> None:
            count = reprint(self.desk.at_work(), self.receipt.number)
            self.desk.app.something_new()
            self.desk.told.emit(self.desk.say("ui.copy_queued", count=count), "good")

        self.desk.attempt(print_again)

    def _forms(self) -> None:
        """The applications of this visit, for their applicants to sign."""
        visit_id, number = self.receipt.visit_id, self.receipt.shown_number
        self.desk.attempt(lambda: print_applications(
            self.desk, application_paper.of_visit(self.desk.at_work(), visit_id, number)))

    def _pdf(self) -> None:
        from printing import pdf  # noqa: PLC0415 reportlab is slow to import

        name = f"{self.receipt.shown_number}.pdf"
        self.desk.app.save(self.desk.at_work(), name, pdf.render(self.receipt.document))
        self.desk.told.emit(self.desk.say("ui.pdf_saved", file=name), "good")

    def press(self, key: str) -> bool:
        if key == "F4":
            self._hand_over()
        if key == "F5":
            self.desk.app.try_line_now()
        if key == "F6":
            self._copy()
        if key == "F8":
            self._print()
        return key in ("F4", "F5", "F6", "F8")


def preview(document: Document, width_dots: int) -> QPixmap:
    """The very dots that go to the printer."""
    from printing import raster  # noqa: PLC0415 after the first paint

    picture = raster.render(document, width_dots).convert("L")
    image = QImage(picture.tobytes(), picture.width, picture.height, picture.width, QImage.Format.Format_Grayscale8)
    return QPixmap.fromImage(image.copy())

