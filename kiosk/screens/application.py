"""An application: its papers, its form on one page, errors beside the question, consent. Answers are kept at once."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget
from uuid6 import uuid7

import forms
from kiosk import bangla, words
from kiosk.catalogue.catalogue import Fee
from kiosk.counter import apply
from kiosk.counter.records import Answer
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, row, scrolled, top

_BASE = "base"  # the choice that stands for the variant without a name


class ApplicationScreen(Screen):
    """A service with a form shows its questions; one without takes a few words. F6 adds a row to a table."""

    name = "application"
    with_basket = True

    def __init__(self, desk: Desk, service_id: str) -> None:
        super().__init__(desk)
        counter = desk.at_work()
        self.service = counter.catalogue.service(service_id)
        form = apply.form(counter, service_id)
        self.filling = self._begin(form) if form is not None else None
        self.fields: dict[str, Field] = {}
        self.repeats: list[str] = []
        self.title, self.about = label(name="title", wrap=True), label(wrap=True)
        self.verdict = label(name="told", wrap=True)
        self.variant = self._variants()
        self.amount, self.guardian, self.note = Field("amount"), Field("guardian"), Field("note")
        self.consent = QCheckBox()
        self.consent.setObjectName("consent")
        self.add = button(self._add, main=True)
        self.back = button(lambda: desk.go.emit("serve", {}))
        self.questions = QWidget()
        self.sheet = QVBoxLayout()
        self.sheet.addWidget(self.questions)
        self._lay_out()
        self.refresh()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:  # type: ignore[override]
        return (("F6", "ui.add_row"),) if self.repeats else ()

    def _begin(self, form: forms.Form) -> forms.Filling:
        counter, opened = self.desk.at_work(), self.desk.open_visit()
        draft = apply.draft(counter, opened.id, self.service.id)
        filling = form.fill(draft, today=counter.today(), now=counter.now())
        if draft is None and opened.citizen is not None:
            for ref, value in (("/data/applicant/name", opened.citizen.name), ("/data/owner/name", opened.citizen.name),
                               ("/data/applicant/mobile", opened.citizen.mobile),
                               ("/data/owner/mobile", opened.citizen.mobile)):
                _offer(filling, ref, value)
        return filling

    def _variants(self) -> Field:
        """The service's kinds, each with its fee, where there is more than one."""
        fees = apply.prices(self.desk.at_work(), self.service.id)
        labels = [(fee.variant or _BASE, f"{self.desk.title(fee, 'label')} · {self._taka(fee.official_poisha)}")
                  for fee in fees]
        return Field("variant", labels if len(fees) > 1 else ())

    def _taka(self, poisha: int) -> str:
        return bangla.taka(poisha, lang=self.desk.lang)

    def _lay_out(self) -> None:
        inside = QVBoxLayout()
        inside.setSpacing(8)
        for widget in (self.title, self.about, self.verdict, self.variant, self.amount):
            inside.addWidget(widget)
        inside.addLayout(self.sheet)
        for asked in (self.note, self.guardian, self.consent):
            inside.addWidget(asked)
        for field, word in ((self.note, "ui.note"), (self.variant, "ui.variant"), (self.amount, "ui.assessed"),
                            (self.guardian, "ui.guardian")):
            self.bind(field.label.setText, word)
        self.variant.on_change(self._show_price)
        self.variant.set(_BASE)
        self.variant.setVisible(self.variant.choice is not None)
        self.guardian.hide()
        self.bind(self.consent.setText, "ui.consent")
        self.bind(self.add.setText, "ui.add")
        self.bind(self.back.setText, "ui.back")
        self.note.setVisible(self.filling is None)
        inside.addLayout(row(self.add, self.back))
        self.area = scrolled(top(card(inside)))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def shown(self) -> None:
        first = next((field for field in self.fields.values() if not field.value()), None)
        (first or self.note).input.setFocus()

    def refresh(self) -> None:
        lang = self.desk.lang
        self.title.setText(self.desk.title(self.service, "name"))
        self._show_price()
        verdict = apply.check(self.desk.at_work(), self.service.id)
        self.verdict.setText(words.trouble(lang, verdict.rule, **verdict.facts) if verdict.rule else "")
        self.verdict.setVisible(bool(verdict.rule))
        self.add.setEnabled(verdict.answer in (Answer.ACCEPT, Answer.WARN))
        self._draw()

    def _show_price(self) -> None:
        say, fee = self.desk.say, self._fee()
        official = say("paper.assessed") if fee.assessed else self._taka(fee.official_poisha)
        self.about.setText(
            f"{say('ui.official')} {official} + {say('ui.charge')} {self._taka(fee.charge_poisha)}"
            + (f"   ·   {say('ui.time')}: {self.service.time_bn}" if self.service.time_bn else "")
            + f"\n{say('ui.papers')}: {' · '.join(self.service.papers) or '—'}"
        )
        self.amount.setVisible(fee.assessed)

    def _fee(self) -> Fee:
        chosen = self.variant.value().removeprefix(_BASE)
        fees = apply.prices(self.desk.at_work(), self.service.id)
        return next((fee for fee in fees if fee.variant == chosen), fees[0])

    def _draw(self) -> None:
        """Lay the questions out anew: what is asked may have changed with the last answer."""
        focused = next((ref for ref, field in self.fields.items() if field.input.hasFocus()), "")
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        self.fields, self.repeats = {}, []
        place = 0
        for part in self.filling.questions(self.desk.lang) if self.filling else []:
            if isinstance(part, forms.Question):
                grid.addWidget(self._field(part), place // 2, place % 2)
                place += 1
                continue
            place += place % 2
            grid.addWidget(label(part.label, "section"), place // 2, 0, 1, 2)
            place += 2
            if isinstance(part, forms.Repeat):
                grid.addWidget(self._table(part), place // 2, 0, 1, 2)
                place += 2
        self.sheet.replaceWidget(self.questions, fresh)
        self.questions.hide()
        self.questions.deleteLater()
        self.questions = fresh
        self._chain()
        if focused in self.fields:
            self.fields[focused].input.setFocus()

    def _chain(self) -> None:
        """Tab goes from question to question, then to the consent and the button, whatever was drawn when."""
        priced = [field.input for field in (self.variant, self.amount) if not field.isHidden()]
        asked = [field.input for field in self.fields.values()]
        stops = [*priced, *asked, self.note.input, self.guardian.input, self.consent, self.add, self.back]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _field(self, asked: forms.Question, *, labelled: bool = True) -> Field:
        field = Field(asked.ref, asked.choices)
        field.label.setText(f"{asked.label}{' *' if asked.required else ''}")
        field.label.setVisible(labelled)
        in_bangla = self.desk.lang == "bn" and asked.kind in ("int", "decimal")
        field.set(bangla.digits(asked.value) if in_bangla else asked.value)
        field.wrong(asked.error)
        field.setToolTip(asked.hint)
        if asked.kind == "date" and field.edit is not None:
            field.edit.setPlaceholderText("২০২৬-১১-২৩" if self.desk.lang == "bn" else "2026-11-23")
        field.on_left(lambda: self._answer(asked.ref))
        self.fields[asked.ref] = field
        return field

    def _table(self, repeat: forms.Repeat) -> QWidget:
        self.repeats.append(repeat.ref)
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, asked in enumerate(repeat.rows[0]):
            grid.addWidget(label(f"{asked.label}{' *' if asked.required else ''}"), 0, column)
        for line, questions in enumerate(repeat.rows, start=1):
            for column, asked in enumerate(questions):
                grid.addWidget(self._field(asked, labelled=False), line, column, Qt.AlignmentFlag.AlignTop)
            remove = button(lambda line=line: self._remove_row(repeat.ref, line - 1))  # type: ignore[misc]
            remove.setText(self.desk.say("ui.remove_row"))
            remove.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            grid.addWidget(remove, line, len(questions), Qt.AlignmentFlag.AlignTop)
        more = button(lambda: self._add_row(repeat.ref))
        more.setText(self.desk.say("ui.add_row"))
        more.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        grid.addWidget(more, len(repeat.rows) + 1, 0)
        return made

    def _answer(self, ref: str) -> None:
        """Keep an answer as its field is left, draft and all; redraw when other questions depend on it."""
        field, filling = self.fields.get(ref), self.filling
        if field is None or filling is None:
            return
        before = filling.questions(self.desk.lang)
        filling.answer(ref, field.value())
        after = filling.questions(self.desk.lang)
        self._save_draft()
        if _refs(before) != _refs(after):
            self._draw()
        else:
            self._show_error(ref, after)

    def _show_error(self, ref: str, parts: list[forms.Question | forms.Repeat | forms.Heading]) -> None:
        for part in parts:
            asked = part.rows if isinstance(part, forms.Repeat) else [[part]]
            for question in (item for line in asked for item in line):
                if isinstance(question, forms.Question) and question.ref == ref:
                    self.fields[ref].wrong(question.error)

    def _save_draft(self) -> None:
        opened, filling = self.desk.open_visit(), self.filling
        if filling is not None:
            self.desk.attempt(
                lambda: apply.save_draft(self.desk.at_work(), opened.id, self.service.id, filling.draft())
            )

    def _add_row(self, ref: str) -> None:
        if self.filling is not None:
            self.filling.add_repeat(ref)
            self._save_draft()
            self._draw()
            last = [name for name in self.fields if name.startswith(f"{ref}[")]
            row_start = next((name for name in last if name.startswith(last[-1].rsplit("/", 1)[0])), None)
            if row_start:
                self.fields[row_start].input.setFocus()

    def _remove_row(self, ref: str, place: int) -> None:
        if self.filling is not None:
            self.filling.remove_repeat(ref, place)
            self._save_draft()
            self._draw()

    def press(self, key: str) -> bool:
        if key == "F6" and self.repeats:
            self._commit()
            self._add_row(self.repeats[0])
            return True
        return False

    def _commit(self) -> None:
        """What is in the fields now is the answer, also in the one that still has the cursor."""
        for ref, field in list(self.fields.items()):
            if self.filling is not None and ref in self.fields:
                self.filling.answer(ref, field.value())

    def _add(self) -> None:
        submission, answers = None, {"note": self.note.value()}
        if self.filling is not None:
            self._commit()
            errors = self.filling.errors(self.desk.lang)
            if errors:
                self._show_errors(errors)
                return
            submission, answers = self.filling.submission(f"uuid:{uuid7()}"), dict(self.filling.values())
        assessed = self._assessed()
        if assessed is None:
            self.amount.wrong(self.desk.say("error.bad_amount"))
            self.amount.input.setFocus()
            return
        if apply.is_minor(self.desk.at_work(), answers) and not self.guardian.value().strip():
            self.guardian.show()
            self.guardian.wrong(self.desk.say("error.guardian_missing"))
            self.guardian.input.setFocus()
            return
        opened = self.desk.open_visit()
        if self.desk.attempt(lambda: self.desk.show_visit(apply.add(
                self.desk.at_work(), opened.id, self.service.id, answers, submission,
                consent=self.consent.isChecked(), guardian=self.guardian.value(), variant=self._fee().variant,
                assessed_poisha=assessed))):
            self.desk.go.emit("serve", {})

    def _assessed(self) -> int | None:
        """What the office set, where it sets the fee; None when that can't be read."""
        fee = self._fee()
        if not fee.assessed:
            return fee.official_poisha
        try:
            return bangla.parse_taka(self.amount.value())
        except ValueError:
            return None

    def _show_errors(self, errors: list[tuple[str, str]]) -> None:
        """Beside each question, a count on top, and the cursor in the first."""
        self._draw()
        for ref, said in errors:
            if ref in self.fields:
                self.fields[ref].wrong(said)
        self.desk.told.emit(self.desk.say("ui.errors_left", count=len(errors)), "bad")
        if errors[0][0] in self.fields:
            self.fields[errors[0][0]].input.setFocus()


def _offer(filling: forms.Filling, ref: str, value: str) -> None:
    """Fill in what is known of the citizen, where the form asks for it."""
    asked = {part.ref for part in filling.questions() if isinstance(part, forms.Question)}
    if ref in asked and value:
        filling.answer(ref, value)


def _refs(parts: list[forms.Question | forms.Repeat | forms.Heading]) -> list[str]:
    return [part.ref for part in parts if not isinstance(part, forms.Heading)]
