"""An application: its questions, its price, consent. Answers are kept at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout
from uuid6 import uuid7

from kiosk import words
from kiosk.counter import application_paper, apply, bring
from kiosk.counter.records import Answer
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.filling_in import questions_of
from kiosk.screens.inputs import ENTER, Asked
from kiosk.screens.outline import row_of
from kiosk.screens.parts import Field, button, card, label, row, scrolled, top
from kiosk.screens.price import Price
from kiosk.screens.questions import Questions
from kiosk.screens.sheets_out import print_applications


class ApplicationScreen(Screen):
    """F6 adds a row to a table, F4 asks one question at a time, F5 shows both languages, Ctrl+Enter is done."""

    name = "application"
    with_basket = True
    roomy = True

    def __init__(self, desk: Desk, service_id: str) -> None:
        super().__init__(desk)
        counter = desk.at_work()
        self.service = counter.catalogue.service(service_id)
        self.questions = questions_of(desk, self.service)
        if self.questions is not None:
            self.questions.answered.connect(self._answered)
            self.questions.drawn.connect(self._chain)
            self.questions.over.connect(self._over)
        self.sure: tuple[str, int] | None = None
        self.title = label(name="title", wrap=True)
        self.verdict = label(name="told", wrap=True)
        self.offer = button(self._take_known)
        self.offer.setObjectName("offer")
        self.offer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.price = Price(desk, self.service, self._variant_said())
        self.guardian, self.note = Field("guardian"), Field("note")
        self.consent = QCheckBox()
        self.consent.setObjectName("consent")
        self.consent.installEventFilter(self)
        self.add = button(self._add, main=True)
        self.back = button(lambda: desk.go.emit("serve", {}))
        self.bring = button(lambda: desk.attempt(self._bring))
        self._lay_out()
        self._shortcuts()
        self.refresh()

    @property
    def fields(self) -> Mapping[str, Asked]:
        """The questions' inputs by ref."""
        return self.questions.fields if self.questions else {}

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:  # type: ignore[override]
        if self.questions is None:
            return ()
        rows = (("F6", "ui.key.add_row"), ("Shift+F6", "ui.key.remove_row")) if self.questions.repeats else ()
        return (*rows, ("F4", "ui.one_by_one"), ("F5", "ui.both_languages"), ("Ctrl+F", "ui.key.print_form"))

    def _variant_said(self) -> Callable[[], str | None] | None:
        """Which fee it is by the form's own answers, where the form decides that."""
        filling = self.questions.filling if self.questions else None
        if filling is None or not apply.decides_fee(filling):
            return None
        return lambda: apply.variant_said(filling.values())

    def _over(self) -> None:
        self.consent.setFocus()
        self.area.ensureWidgetVisible(self.add)

    def _bring(self) -> None:
        bring.print_check_list(self.desk.at_work(), self.service.id)
        self.desk.app.something_new()
        self.desk.told.emit(self.desk.say("ui.list_printed", name=self.desk.title(self.service, "name")), "good")

    def _lay_out(self) -> None:
        inside = QVBoxLayout()
        inside.setSpacing(8)
        for widget in (self.verdict, self.price, self.offer):
            inside.addWidget(widget)
        if self.questions is not None:
            inside.addWidget(self.questions)
        for asked in (self.note, self.guardian, self.consent):
            inside.addWidget(asked)
        self.bind(self.note.label.setText, "ui.note")
        self.bind(self.guardian.label.setText, "ui.guardian")
        self.bind(self.consent.setText, "ui.consent")
        self.bind(self.back.setText, "ui.back")
        self.bind(self.bring.setText, "ui.print_list")
        inside.addLayout(row(self.add, self.back, self.bring))
        self.area = scrolled(top(card(inside)))
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 4, 0)
        head.addWidget(self.title, 1)
        if self.questions is not None:
            head.addWidget(self.questions.progress)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addLayout(head)
        outer.addWidget(self.area)
        self.note.setVisible(self.questions is None)  # not before it stands in here: it would be a window
        self.guardian.hide()

    def _shortcuts(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "Ctrl+Return": self._add, "Ctrl+Enter": self._add, "Ctrl+Down": self._take_known, "Ctrl+F": self._print,
            "Shift+F6": self._remove_row, "PgDown": lambda: self._section(1), "PgUp": lambda: self._section(-1),
        }
        for keys, act in acts.items():
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WindowShortcut)

    def _section(self, by: int) -> None:
        if self.questions is not None:
            self.questions.section(by)

    def shown(self) -> None:
        self._chain()
        self._show_offer()
        if self.questions is None or not self.questions.begin():
            self.note.input.setFocus()

    def speak(self) -> None:
        if self.questions is not None:
            self.questions.speak(self.desk.lang)
        super().speak()

    def refresh(self) -> None:
        self.title.setText(self.desk.title(self.service, "name"))
        self.add.setText(f"{self.desk.say('ui.add')}  Ctrl+Enter")
        self.price.refresh()
        self._show_offer()
        self._judge()

    def _judge(self) -> None:
        """What the rules say of it now, by what was answered so far."""
        answers = self.questions.filling.values() if self.questions else {}
        verdict = apply.check(self.desk.at_work(), self.service.id, answers)
        self.verdict.setText(words.trouble(self.desk.lang, verdict.rule, **verdict.facts) if verdict.rule else "")
        self.verdict.setVisible(bool(verdict.rule))
        self.add.setEnabled(verdict.answer in (Answer.ACCEPT, Answer.WARN))

    def _show_offer(self) -> None:
        count = self.questions.known_count() if self.questions else 0
        self.offer.setText(self.desk.say("ui.known_offer", count=count))
        self.offer.setVisible(count > 1)

    def _take_known(self) -> None:
        taken = self.questions.take_known() if self.questions else 0
        if taken and self.questions is not None:
            self.desk.told.emit(self.desk.say("ui.known_taken", count=taken), "good")
            self.questions.begin()

    def _chain(self) -> None:
        """Tab goes from question to question, then to the consent and the button, whatever was drawn when."""
        asked = [stop for field in self.fields.values() for stop in field.stops()]
        stops = [*self.price.stops(), *asked, self.note.input, self.guardian.input, self.consent, self.add, self.back]
        for place in range(len(stops) - 1):
            self.setTabOrder(stops[place], stops[place + 1])

    def _answered(self) -> None:
        """The half-filled form is in the store before the next question."""
        opened, asking = self.desk.open_visit(), self.questions
        self.sure = None
        self._show_offer()
        self._judge()
        self.price.refresh()
        if asking is not None:
            self.desk.attempt(
                lambda: apply.save_draft(self.desk.at_work(), opened.id, self.service.id, asking.filling.draft())
            )

    def press(self, key: str) -> bool:
        asking = self.questions
        if asking is None or key not in ("F4", "F5", "F6"):
            return False
        if key == "F6" and asking.repeats:
            at = asking.at()
            asking.add_row(at[0] if at else asking.repeats[0])
        elif key == "F4":
            asking.one_by_one()
        elif key == "F5":
            asking.both_languages()
        return True

    def _remove_row(self) -> None:
        """A row that holds answers goes at the second press."""
        at = self.questions.at() if self.questions else None
        if at is None or self.questions is None:
            return
        repeat, place = at
        filled = any(field.value() for ref, field in self.fields.items() if row_of(ref, repeat) == place + 1)
        if filled and self.sure != at:
            self.sure = at
            self.desk.told.emit(self.desk.say("ui.remove_row_sure"), "")
            return
        self.sure = None
        self.questions.remove_row(repeat, place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt's name
        """Enter at the consent goes on: it is the last question."""
        key = event.key() if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress else 0
        if watched is self.consent and key in ENTER:
            self._add()
            return True
        return super().eventFilter(watched, event)

    def _is_filled(self, asking: Questions) -> bool:
        """Whether every question is answered as it should be; the cursor goes to the first that is not."""
        asking.take_all()
        errors = asking.filling.errors(self.desk.lang)
        if errors:
            asking.show_errors(errors)
            self.desk.told.emit(self.desk.say("ui.errors_left", count=len(errors)), "bad")
        return not errors

    def _print(self) -> None:
        """The application on paper, for the applicant to sign."""
        asking = self.questions
        if asking is None or not self._is_filled(asking):
            return
        guardian, counter, visit = self.guardian.value(), self.desk.at_work(), self.desk.open_visit()
        self.desk.attempt(lambda: print_applications(self.desk, [
            application_paper.of_filling(counter, self.service.id, asking.filling, guardian, visit.id)]))

    def _add(self) -> None:
        submission, answers = None, {"note": self.note.value()}
        if self.questions is not None:
            if not self._is_filled(self.questions):
                return
            filling = self.questions.filling
            submission, answers = filling.submission(f"uuid:{uuid7()}"), dict(filling.values())
        if self._is_ready(answers):
            self._put_in_basket(answers, submission)

    def _is_ready(self, answers: dict[str, str]) -> bool:
        """Whether amount, guardian and consent are there, where they are needed; the cursor goes where one is not."""
        if not self.price.is_ready():
            return False
        guardian = self.guardian.value().strip() or apply.guardian_said(answers)
        if apply.is_minor(self.desk.at_work(), answers) and not guardian:
            self.guardian.show()
            self.guardian.wrong(self.desk.say("error.guardian_missing"))
            self.guardian.input.setFocus()
            return False
        if not self.consent.isChecked():
            self.desk.told.emit(self.desk.say("error.consent_missing"), "bad")
            self._over()
            return False
        return True

    def _put_in_basket(self, answers: dict[str, str], submission: bytes | None) -> None:
        opened = self.desk.open_visit()
        if self.desk.attempt(lambda: self.desk.show_visit(apply.add(
                self.desk.at_work(), opened.id, self.service.id, answers, submission,
                consent=self.consent.isChecked(), guardian=self.guardian.value(), variant=self.price.fee().variant,
                assessed_poisha=self.price.assessed_poisha()))):
            self.desk.go.emit("serve", {})
            self.desk.told.emit(self.desk.say("ui.added", name=self.desk.title(self.service, "name")), "good")
