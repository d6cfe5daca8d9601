"""What a service costs: which of its fees it is, and the amount where the office sets one for each case."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk import bangla
from kiosk.catalogue.catalogue import Fee, Service
from kiosk.counter import apply
from kiosk.screens.desk import Desk
from kiosk.screens.parts import Field, label

_BASE = "base"  # the choice that stands for the variant without a name


class Price(QWidget):
    """`said`: the variant that the form works out, where it does; else the operator chooses where there are several."""

    def __init__(self, desk: Desk, service: Service, said: Callable[[], str | None] | None) -> None:
        super().__init__()
        self._desk, self._service, self._said = desk, service, said
        self.about = label(wrap=True)
        choices = [(fee.variant or _BASE, "") for fee in self._fees()]
        self.variant = Field("variant", choices if len(choices) > 1 and said is None else ())
        self.amount = Field("amount")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.about, self.variant, self.amount):
            layout.addWidget(widget)
        self.variant.setVisible(self.variant.choice is not None)
        self.variant.set(_BASE)
        self.refresh()
        self.variant.on_change(self.refresh)

    def _fees(self) -> list[Fee]:
        return apply.prices(self._desk.at_work(), self._service.id)

    def fee(self) -> Fee:
        """The fee as things stand."""
        chosen = (self._said() or "") if self._said else self.variant.value().removeprefix(_BASE)
        fees = self._fees()
        return next((fee for fee in fees if fee.variant == chosen), fees[0])

    def assessed_poisha(self) -> int | None:
        """What the office takes, also where it set the amount; None when that can't be read."""
        fee = self.fee()
        if not fee.assessed:
            return fee.official_poisha
        try:
            return bangla.parse_taka(self.amount.value())
        except ValueError:
            return None

    def is_ready(self) -> bool:
        """Whether the amount is known; the cursor goes where it is not."""
        if self.assessed_poisha() is not None:
            return True
        self.amount.wrong(self._desk.say("error.bad_amount"))
        self.amount.input.setFocus()
        return False

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [field.input for field in (self.variant, self.amount) if not field.isHidden()]

    def refresh(self) -> None:
        """The fee, the language or the answers have changed."""
        say, fee, service = self._desk.say, self.fee(), self._service
        self.variant.label.setText(say("ui.variant"))
        self.amount.label.setText(say("ui.assessed"))
        if self.variant.choice is not None:
            for place, one in enumerate(self._fees(), start=1):
                text = f"{self._desk.title(one, 'label')} · {self._taka(one.official_poisha)}"
                self.variant.choice.setItemText(place, text)
        official = say("paper.assessed") if fee.assessed else self._taka(fee.official_poisha)
        self.about.setText(
            f"{say('ui.official')} {official} + {say('ui.charge')} {self._taka(fee.charge_poisha)}"
            + (f"   ·   {say('ui.time')}: {service.time_bn}" if service.time_bn else "")
            + f"\n{say('ui.papers')}: {' · '.join(service.to_bring) or '—'}"
        )
        self.amount.setVisible(fee.assessed)

    def _taka(self, poisha: int) -> str:
        return bangla.taka(poisha, lang=self._desk.lang)
