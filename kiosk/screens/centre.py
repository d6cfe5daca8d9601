"""What the centre says for itself: limits, VAT, backups, its own fees. A supervisor's to change."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from kiosk import bangla
from kiosk.counter import centre
from kiosk.counter.records import CounterError
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field
from kiosk.screens.small_form import SmallForm, count, poisha, sheet
from kiosk.words import every, portal

_MONEY = ("min_poisha", "limit_poisha")


class CentreScreen(Screen):
    """One small form for each thing; what holds now stands in the fields."""

    name = "centre"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        counter = desk.at_work()
        rules = [(rule.id, desk.say(f"limit.{rule.id}")) for rule in counter.catalogue.rules()
                 if f"limit.{rule.id}" in every(desk.lang)]  # a month's days are no limit of ours
        services = [
            (f"{service.id}:{fee.variant}", " · ".join(filter(None, (desk.title(service, "name"),
                                                                    desk.title(fee, "label")))))
            for service in counter.catalogue.services() for fee in centre.fees(counter, service.id)
        ]
        self.refund, self.idle, self.vat = Field("refund"), Field("idle"), Field("vat")
        self.backup, self.days = Field("backup"), Field("days")
        self.rule, self.limit = Field("rule", rules), Field("limit")
        self.thrift = Field("thrift", [(word, desk.say(f"ui.thrift_{word}")) for word in ("all", "payments")])
        self.megabytes = Field("megabytes")
        known = [(name, portal(desk.lang, name)) for name in desk.app.settings.portals]
        self.portal, self.user, self.secret = Field("portal", known or [("", "—")]), Field("user"), Field("secret")
        assert self.secret.edit is not None
        self.secret.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.service, self.official, self.charge = Field("service", services), Field("official"), Field("charge")
        say = "ui.write_down"
        self._limits_form = SmallForm(self, "ui.centre_limits", (self.refund, self.idle, self.vat),
                                      ("ui.refund_limit", "ui.idle_minutes", "ui.vat_percent"), say, self._limits)
        sheet(
            self, "ui.centre", self._limits_form,
            SmallForm(self, "ui.centre_keeping", (self.backup, self.days), ("ui.backup_folder", "ui.retention_days"),
                      say, self._keeping),
            SmallForm(self, "ui.centre_line", (self.thrift, self.megabytes), ("ui.thrift", "ui.megabytes_a_day"),
                      say, self._line),
            SmallForm(self, "ui.centre_portal", (self.portal, self.user, self.secret),
                      ("ui.portal", "ui.portal_user", "ui.portal_secret"), "ui.sign_in", self._sign_in),
            SmallForm(self, "ui.centre_rules", (self.rule, self.limit), ("ui.limit_of", "ui.limit"), say, self._rule),
            SmallForm(self, "ui.centre_fees", (self.service, self.official, self.charge),
                      ("ui.service", "ui.official", "ui.charge"), say, self._fee),
        )
        self.service.on_change(self._show_fee)
        self.rule.on_change(self._show_rule)
        self._show()

    def shown(self) -> None:
        self.refund.input.setFocus()

    def _show(self) -> None:
        counter = self.desk.at_work()
        self.refund.set(self._taka(centre.number(counter, "refund_limit", "limit_poisha")))
        self.idle.set(str(centre.number(counter, "idle_lock", "minutes")))
        self.vat.set(str(centre.number(counter, "vat", "permille") // 10))
        self.backup.set(str(centre.value(counter.store.connection(), "backup", counter.today())["folder"]))
        self.days.set(str(centre.number(counter, "retention", "days")))
        self.thrift.set("payments" if centre.number(counter, "line", "payments_only") else "all")
        self.megabytes.set(str(centre.number(counter, "line", "megabytes_a_day")))

    def _taka(self, amount_poisha: int) -> str:
        return bangla.taka(amount_poisha, lang=self.desk.lang)

    def _show_fee(self) -> None:
        service_id, _, variant = self.service.value().partition(":")
        if service_id:
            fee = centre.fee(self.desk.at_work(), service_id, variant)
            self.official.set(self._taka(fee.official_poisha))
            self.charge.set(self._taka(fee.charge_poisha))

    def _show_rule(self) -> None:
        for rule in centre.rules(self.desk.at_work()):
            if rule.id == self.rule.value():
                [(name, limit)] = rule.params.items()
                self.limit.set(self._taka(limit) if name in _MONEY else str(limit))

    def _limits(self) -> None:
        counter = self.desk.at_work()
        percent = count(self.vat)
        if percent > 100:
            raise CounterError("bad_count")
        limits = (("refund_limit", {"limit_poisha": poisha(self.refund)}), ("idle_lock", {"minutes": count(self.idle)}),
                  ("vat", {"permille": percent * 10}))
        for subject, body in limits:
            centre.put(counter, subject, body)
        self._done()

    def _keeping(self) -> None:
        folder = self.backup.value().strip()
        if folder and not Path(folder).is_dir():
            raise CounterError("no_such_folder", folder=folder)
        centre.put(self.desk.at_work(), "backup", {"folder": folder})
        centre.put(self.desk.at_work(), "retention", {"days": count(self.days)})
        self._done()

    def _line(self) -> None:
        """What the line may cost, from the worker's next round on."""
        only = int(self.thrift.value() == "payments")
        body = {"payments_only": only, "megabytes_a_day": count(self.megabytes)}
        centre.put(self.desk.at_work(), "line", body)
        self.desk.app.try_line_now()
        self._done()

    def _sign_in(self) -> None:
        """An empty user signs out. What was written here is nowhere to be read again."""
        self.desk.app.sign_in(
            self.desk.at_work(), self.portal.value(), self.user.value().strip(), self.secret.value()
        )
        self.secret.set("")
        self._done()

    def _rule(self) -> None:
        rule = next((one for one in self.desk.at_work().catalogue.rules() if one.id == self.rule.value()), None)
        if rule is None:
            raise CounterError("no_such_rule")
        [name] = rule.params
        value = poisha(self.limit) if name in _MONEY else count(self.limit)
        centre.set_rule(self.desk.at_work(), rule.id, {name: value})
        self._done()

    def _fee(self) -> None:
        service_id, _, variant = self.service.value().partition(":")
        centre.set_fee(self.desk.at_work(), service_id, variant, poisha(self.official), poisha(self.charge))
        self._done()

    def _done(self) -> None:
        self.desk.renew()
        self.desk.told.emit(self.desk.say("ui.written_down"), "good")
