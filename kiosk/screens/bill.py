"""A bill: what its biller asks for, the amount on the paper, and what the rules say, in words, while it is typed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout

from kiosk import bangla, words
from kiosk.counter import pay_bill
from kiosk.counter.records import Answer, Verdict
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, mood, row, scrolled, top


class BillScreen(Screen):
    """Enter goes from field to field and at last adds the bill."""

    name = "bill"
    with_basket = True

    def __init__(self, desk: Desk, biller_id: str, answers: Mapping[str, str] | None = None) -> None:
        super().__init__(desk)
        self.biller = desk.at_work().catalogue.biller(biller_id)
        self.fields = [Field(asked.name) for asked in self.biller.inputs]
        self.amount = Field("amount")
        self.title, self.verdict = label(name="title"), label(name="told", wrap=True)
        self.add = button(self._add, main=True)
        self.back = button(lambda: desk.go.emit("serve", {}))
        self._lay_out()
        for field in self.fields:
            field.set((answers or {}).get(field.name, ""))
        for field in (*self.fields, self.amount):
            field.on_left(lambda field=field: self._check(field.name))  # type: ignore[misc]
        if self.amount.edit is not None:
            self.amount.edit.returnPressed.disconnect()
            self.amount.edit.returnPressed.connect(self._add)
        self.refresh()

    def _lay_out(self) -> None:
        inside = QVBoxLayout()
        inside.setSpacing(10)
        inside.addWidget(self.title)
        inside.addWidget(self.verdict)
        for field in (*self.fields, self.amount):
            inside.addWidget(field)
        self.bind(self.add.setText, "ui.add")
        self.bind(self.back.setText, "ui.back")
        inside.addLayout(row(self.add, self.back))
        inside.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(top(card(inside))))

    def shown(self) -> None:
        empty = [field for field in (*self.fields, self.amount) if not field.value()]
        (empty or [self.amount])[0].input.setFocus()

    def refresh(self) -> None:
        self.title.setText(self.desk.title(self.biller, "name"))
        for field, asked in zip(self.fields, self.biller.inputs, strict=True):
            star = " *" if asked.required else ""
            field.label.setText(f"{self.desk.title(asked, 'label')}{star}")
            if field.edit is not None and asked.hint:
                field.edit.setPlaceholderText(bangla.digits(asked.hint) if self.desk.lang == "bn" else asked.hint)
        self.amount.label.setText(f"{self.desk.say('ui.amount')} *")
        if self.amount.edit is not None:
            self.amount.edit.setPlaceholderText(self.desk.say("ui.amount_hint"))
        self._check("")

    def _answers(self) -> dict[str, str]:
        return {field.name: field.value() for field in self.fields}

    def _poisha(self) -> int | None:
        try:
            return bangla.parse_taka(self.amount.value())
        except ValueError:
            return None

    def _check(self, left: str) -> None:
        """Say what the rules say; beside a field what is wrong with it, once it was written in."""
        verdict, problems = pay_bill.check(self.desk.at_work(), self.biller.id, self._answers(), self._poisha())
        self._show(verdict)
        by_name = {problem.name: problem for problem in problems}
        for field in self.fields:
            problem = by_name.get(field.name) if field.value() else None
            text = words.trouble(self.desk.lang, problem.reason, **problem.facts) if problem else ""
            field.wrong(text, soft=bool(problem and not problem.hard))
        if left == "amount" or self.amount.value():
            wrong = bool(self.amount.value()) and (self._poisha() is None or "amount" in by_name)
            self.amount.wrong(self.desk.say("error.bad_amount") if wrong else "")

    def _show(self, verdict: Verdict) -> None:
        text = words.trouble(self.desk.lang, verdict.rule, **verdict.facts) if verdict.rule else ""
        if verdict.answer is Answer.WARN:
            text = f"{self.desk.say('ui.warned')}: {text}"
        self.verdict.setText(text)
        self.verdict.setVisible(bool(text))
        refused = verdict.answer in (Answer.REFUSE, Answer.CALL_BACK)
        mood(self.verdict, "bad" if refused else "")
        self.add.setEnabled(not refused)

    def _add(self) -> None:
        self._check("amount")
        poisha = self._poisha()
        if poisha is None:
            self.amount.wrong(self.desk.say("error.bad_amount"))
            self.amount.input.setFocus()
            return
        opened = self.desk.open_visit()

        def add() -> None:
            self.desk.show_visit(
                pay_bill.add(self.desk.at_work(), opened.id, self.biller.id, self._answers(), poisha)
            )

        if self.desk.attempt(add):
            self.desk.go.emit("serve", {})
