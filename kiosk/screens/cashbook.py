"""Money that moves without a visit: into a float, to the bank, into the drawer, out of clearing."""

from __future__ import annotations

from kiosk import bangla, words
from kiosk.counter import cashbook
from kiosk.counter.records import TenderKind
from kiosk.ledger import accounts, journal
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, label
from kiosk.screens.small_form import SmallForm, poisha, sheet


class CashbookScreen(Screen):
    """Four small forms, and what every place holds."""

    name = "cashbook"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        say = desk.say
        places = [(name, say(f"ui.place_{name}")) for name in cashbook.PLACES]
        floats = [(name, words.float_name(desk.lang, name)) for name in cashbook.floats(desk.at_work())]
        tenders = [(kind.value, say(f"ui.{kind}")) for kind in list(TenderKind)[1:]]
        self.float, self.source, self.topped = Field("float", floats), Field("source", places), Field("topped")
        self.to, self.deposited = Field("to", places[1:]), Field("deposited")
        self.giver, self.put = Field("giver", places[1:]), Field("put")
        self.tender, self.came = Field("tender", tenders), Field("came")
        self.held = label(wrap=True)
        inside = sheet(
            self, "ui.cashbook",
            SmallForm(self, "ui.top_up", (self.float, self.source, self.topped),
                      ("ui.float", "ui.from", "paper.amount"), "ui.write_down", self._top_up),
            SmallForm(self, "ui.deposit", (self.to, self.deposited), ("ui.to", "paper.amount"), "ui.write_down",
                      self._deposit),
            SmallForm(self, "ui.put_in", (self.giver, self.put), ("ui.from", "paper.amount"), "ui.write_down",
                      self._put_in),
            SmallForm(self, "ui.arrived", (self.tender, self.came), ("ui.how", "paper.amount"), "ui.write_down",
                      self._arrived),
        )
        inside.addWidget(self.held)
        for field in (self.float, self.source, self.to, self.giver, self.tender):
            if field.choice is not None:
                field.choice.setCurrentIndex(1)
        self.refresh()

    def shown(self) -> None:
        self.float.input.setFocus()

    def refresh(self) -> None:
        held = journal.balances(self.desk.at_work().store.connection())
        shown = [(self.desk.say("paper.counted_cash"), held.get(accounts.CASH, 0)),
                 (self.desk.say("ui.place_bank"), held.get(accounts.BANK, 0))]
        lang = self.desk.lang
        shown += [(words.float_name(lang, name), amount) for account, amount in held.items()
                  if (name := accounts.float_name(account))]
        self.held.setText("   ·   ".join(f"{name} {bangla.taka(amount, lang=lang)}" for name, amount in shown))

    def _top_up(self) -> None:
        cashbook.top_up(self.desk.at_work(), self.float.value(), poisha(self.topped), self.source.value())
        self._done(self.topped)

    def _deposit(self) -> None:
        cashbook.deposit(self.desk.at_work(), poisha(self.deposited), self.to.value())
        self._done(self.deposited)

    def _put_in(self) -> None:
        cashbook.put_in(self.desk.at_work(), poisha(self.put), self.giver.value())
        self._done(self.put)

    def _arrived(self) -> None:
        cashbook.arrived(self.desk.at_work(), TenderKind(self.tender.value()), poisha(self.came))
        self._done(self.came)

    def _done(self, amount: Field) -> None:
        amount.set("")
        self.refresh()
        self.desk.told.emit(self.desk.say("ui.written_down"), "good")
