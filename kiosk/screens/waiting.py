"""The one list of all that waits, for the line or for a person. What wants a person stands first, and one or two keys
end it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QTableWidgetItem, QVBoxLayout

from kiosk import bangla
from kiosk.counter import answer, cancel, decide, notices, unfinished, waiting
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Notice, Tender, TenderKind, WaitingLine, Wants
from kiosk.counter.refund import pay_back
from kiosk.screens import story
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.line_words import how_far
from kiosk.screens.parts import Field, button, card, label, listing, mood
from kiosk.words import trouble

_STEPS = 5  # of a line's story
_COLUMNS = ("receipt", "citizen", "what", "amount", "state", "tries")


@dataclass(frozen=True, slots=True)
class Act:
    """What a key does to a line: the word on its button, what is said when it is done."""

    word: str
    said: str
    work: Callable[[Counter, WaitingLine], object]
    sure: str = ""  # asked so first; done when the key comes again


def _go_on(counter: Counter, chosen: WaitingLine) -> None:
    """The difference is taken or given in cash, as the button says."""
    owed = decide.difference(counter, chosen.line.id)
    decide.pay_new_amount(counter, chosen.line.id, [Tender(TenderKind.CASH, owed)] if owed > 0 else [])


_GO_ON = Act("ui.accept_new", "ui.decided", _go_on)
_GIVE_BACK = Act("ui.give_back", "ui.giving_back", lambda counter, one: decide.give_back(counter, one.line.id))
_PAY_BACK = Act("ui.pay_back", "ui.paid_back", lambda counter, one: pay_back(counter, one.line.id))
_NOT_DONE = Act("ui.was_not_done", "ui.sent_again", lambda counter, one: answer.was_not_done(counter, one.line.id),
                sure="ui.was_not_done_sure")
_TOLD = Act("ui.citizen_told", "ui.written_down", lambda counter, one: answer.citizen_told(counter, one.line.id))
_CANCEL = Act("ui.cancel_line", "ui.giving_back", lambda counter, one: cancel.cancel(counter, one.line.id),
              sure="ui.cancel_sure")


class WaitingScreen(Screen):
    """Arrow to a line; F6 and F4 do what the buttons say, F5 tries the line now, F8 prints what came."""

    name = "waiting"
    keys = (("F5", "ui.try_now"), ("F8", "ui.print_document"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lines: list[WaitingLine] = []
        self.notices: list[Notice] = []
        self.sure = ""  # the line whose act was asked for once
        self.title, self.line, self.story = label(name="title"), label(wrap=True), label(wrap=True)
        self.explain = label(name="explain", wrap=True)
        self.reference = Field("reference")
        self.table = listing(len(_COLUMNS), 4)
        self.table.setObjectName("waiting")
        self.buttons = {
            "F6": button(partial(self.press, "F6"), main=True), "F4": button(partial(self.press, "F4")),
            "F8": button(partial(self.press, "F8")), "F5": button(partial(self.press, "F5")),
        }
        self._acts: Mapping[Wants, Mapping[str, Act]] = {
            Wants.DECIDE: {"F6": _GO_ON, "F4": _GIVE_BACK}, Wants.PAY_BACK: {"F4": _PAY_BACK},
            Wants.ASK_THERE: {"F6": Act("ui.was_done", "ui.written_down", self._was_done), "F4": _NOT_DONE},
            Wants.PAPER: {"F6": Act("ui.send_paper", "ui.paper_sent", self._send_paper)}, Wants.TELL: {"F6": _TOLD},
        }
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._tell)
        self.refresh()

    def _lay_out(self) -> None:
        self.bind(self.title.setText, "ui.waiting")
        self.bind(self.reference.label.setText, "ui.portal_reference")
        below = QHBoxLayout()
        for made in self.buttons.values():
            below.addWidget(made)
        inside = QVBoxLayout()
        for widget in (self.explain, self.story, self.reference):
            inside.addWidget(widget)
        inside.addLayout(below)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addWidget(self.title)
        head.addWidget(self.line, 1)
        outer.addLayout(head)
        outer.addWidget(self.table, 1)
        outer.addWidget(card(inside))

    def shown(self) -> None:
        self.table.setFocus()
        if self.table.rowCount() and self.table.currentRow() < 0:
            self.table.selectRow(0)

    def refresh(self) -> None:
        before = self._chosen()
        self._read()
        say = self.desk.say
        self.table.setHorizontalHeaderLabels([say(f"ui.col_{column}") for column in _COLUMNS])
        rows = [*map(self._of_notice, self.notices), *map(self._of_line, self.lines)]
        self.table.setRowCount(len(rows))
        for place, shown in enumerate(rows):
            for column, text in enumerate(shown):
                self.table.setItem(place, column, QTableWidgetItem(text))
        if rows:
            self.table.selectRow(self._place_of(before))
        self._tell()

    def _read(self) -> None:
        if self.desk.counter is None:
            self.lines, self.notices = [], []
            return
        counter = self.desk.at_work()
        self.lines = waiting.waiting(counter)
        self.notices = [*notices.notices(counter), *unfinished.unfinished(counter)]

    @property
    def rows(self) -> list[WaitingLine | Notice]:
        return [*self.notices, *self.lines]

    def _place_of(self, before: WaitingLine | Notice | None) -> int:
        """The row of what was chosen before, here or on the screen before, or the first."""
        wanted = _id(before) or self.desk.looked_at
        same = [place for place, one in enumerate(self.rows) if _id(one) == wanted]
        return same[0] if same else 0

    def _of_notice(self, notice: Notice) -> tuple[str, ...]:
        return ("", "", self.desk.say(f"notice.{notice.reason}", **notice.facts), "", self.desk.say("wants.notice"), "")

    def _of_line(self, waits: WaitingLine) -> tuple[str, ...]:
        lang = self.desk.lang
        state = self.desk.say(waits.stands, **waits.facts)
        reason = self.desk.reason(waits.last_reason) if waits.last_reason and waits.timing is None else ""
        receipt, tries = waits.receipt, str(waits.attempts)
        return (
            bangla.digits(receipt) if lang == "bn" else receipt, waits.citizen, self.desk.title(waits.line),
            bangla.taka(waits.line.total_poisha, lang=lang), f"{state}: {reason}" if reason else state,
            bangla.digits(tries) if lang == "bn" else tries,
        )

    def _chosen(self) -> WaitingLine | Notice | None:
        place = self.table.currentRow()
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def acts(self) -> Mapping[str, Act]:
        """What F6 and F4 do to the chosen line."""
        chosen = self._chosen()
        if not isinstance(chosen, WaitingLine):
            return {}
        acts = self._acts.get(chosen.wants, {})
        return {**acts, "F4": _CANCEL} if chosen.may_be_cancelled and "F4" not in acts else acts

    def _tell(self) -> None:
        """How the line is, what happened to the chosen one, and what can be done about it."""
        say, chosen, acts = self.desk.say, self._chosen(), self.acts()
        status = self.desk.app.line_status()
        self.line.setText(how_far(say, status.progress) if status.progress else say(f"line_help.{status.state}"))
        if _id(chosen) != self.sure:
            self.sure = ""
        for key in ("F6", "F4"):
            self.buttons[key].setVisible(key in acts)
            if key in acts:
                self.buttons[key].setText(f"{self._word(acts[key])}  {key}")
        self.buttons["F5"].setText(f"{say('ui.try_now')}  F5")
        self.buttons["F8"].setText(f"{say('ui.print_document')}  F8")
        self.buttons["F8"].setVisible(isinstance(chosen, WaitingLine) and chosen.has_document)
        self.reference.setVisible(isinstance(chosen, WaitingLine) and chosen.wants is Wants.ASK_THERE)
        self._explain(chosen)

    def _explain(self, chosen: WaitingLine | Notice | None) -> None:
        if isinstance(chosen, Notice):
            self.explain.setText(trouble(self.desk.lang, chosen.reason, **chosen.facts))
            self.story.setText("")
        elif chosen is None:
            self.explain.setText(self.desk.say("ui.waiting_none"))
            self.story.setText("")
        else:
            self.explain.setText(self.desk.say(chosen.explained, **chosen.facts))
            self.story.setText(story.told(self.desk, chosen.line.id, _STEPS))
        mood(self.explain, "bad" if isinstance(chosen, Notice) or _wants_somebody(chosen) else "")

    def _word(self, act: Act) -> str:
        if act is not _GO_ON:
            return self.desk.say(act.word)
        chosen = self._chosen()
        assert isinstance(chosen, WaitingLine)
        owed = decide.difference(self.desk.at_work(), chosen.line.id)
        difference = self.desk.say("ui.collect" if owed > 0 else "ui.return", amount_poisha=abs(owed))
        return f"{self.desk.say(act.word)}: {difference}"

    def _was_done(self, counter: Counter, chosen: WaitingLine) -> None:
        answer.was_done(counter, chosen.line.id, self.reference.value())
        self.reference.set("")

    def choose(self) -> str:
        """A file's path; empty when none was chosen."""
        return QFileDialog.getOpenFileName(self, self.desk.say("ui.choose_file"))[0]

    def _send_paper(self, counter: Counter, chosen: WaitingLine) -> None:
        file = Path(self.choose())
        if not file.name:
            raise CounterError("no_file_chosen")
        answer.send_paper(counter, chosen.line.id, file.name, file.read_bytes())

    def _do(self, act: Act) -> None:
        """Done at once; what can't be taken back when the key comes a second time."""
        chosen = self._chosen()
        if not isinstance(chosen, WaitingLine):
            return
        if act.sure and self.sure != chosen.line.id:
            self.sure = chosen.line.id
            self.desk.told.emit(self.desk.say(act.sure), "bad")
            return
        self.sure = ""
        if self.desk.attempt(lambda: act.work(self.desk.at_work(), chosen)):
            self.desk.app.something_new()
            self.desk.told.emit(self.desk.say(act.said, amount_poisha=chosen.line.total_poisha), "good")
            self.refresh()

    def _print(self) -> None:
        chosen = self._chosen()
        if isinstance(chosen, WaitingLine):
            self.desk.attempt(lambda: story.print_document(self.desk, chosen))

    def press(self, key: str) -> bool:
        acts = self.acts()
        if key in acts:
            self._do(acts[key])
        elif key == "F5":
            self.desk.app.try_line_now()
        elif key == "F8":
            self._print()
        return key in ("F4", "F5", "F6", "F8")


def _id(one: WaitingLine | Notice | None) -> str:
    if one is None:
        return ""
    return one.line.id if isinstance(one, WaitingLine) else one.subject


def _wants_somebody(chosen: WaitingLine | None) -> bool:
    return chosen is not None and chosen.wants is not Wants.NOTHING
