"""No line for weeks: what waits goes on a stick, a stick is sent from here for another centre, outcomes come home."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal

from kiosk import bangla, carrying
from kiosk.counter.records import CounterError
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, label
from kiosk.screens.small_form import SmallForm, count, sheet
from kiosk.store import backup
from sync.carry.road import SUFFIX, Sent
from sync.carry.sealed import BadCarry


class CarryScreen(Screen):
    """Three small forms under the list of what is out, with the codes that open it. F6 goes to the way without a
    stick."""

    name = "carry"
    keys = (("F6", "ui.beside"),)
    _on_the_way = Signal(object)  # Sent, from the thread that sends
    _ended = Signal(object)  # Sent, or why it could not begin

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.out, self.keep = label(name="title", wrap=True), label(wrap=True)
        self.days = Field("days")
        self.days.set(bangla.digits(str(carrying.DAYS)))
        self.brought, self.file = Field("file", _found(SUFFIX)), Field("file", _found(".carry"))
        self.code = Field("code")
        for field in (self.brought, self.file):
            if field.choice is not None:
                field.choice.setCurrentIndex(1)
        self._sending: threading.Thread | None = None
        self._stop = threading.Event()
        inside = sheet(
            self, "ui.carry",
            SmallForm(self, "ui.carry_pack", (self.days,), ("ui.carry_days",), "ui.carry_take", self._pack),
            SmallForm(self, "ui.carry_home", (self.brought,), ("ui.carry_file",), "ui.carry_bring", self._bring),
            SmallForm(self, "ui.carry_for_others", (self.file, self.code), ("ui.carry_file", "ui.carry_code"),
                      "ui.carry_send", self._send),
        )
        inside.insertWidget(1, self.out)
        inside.insertWidget(2, self.keep)
        self._on_the_way.connect(self._show_way)
        self._ended.connect(self._show_end)
        self.destroyed.connect(self._stop.set)
        self.refresh()

    def shown(self) -> None:
        self.days.input.setFocus()

    def refresh(self) -> None:
        say, lang = self.desk.say, self.desk.lang
        out = carrying.carries(self.desk.app, self.desk.at_work())
        told = [
            say("ui.carry_out", count=one.out, code=one.code, until=bangla.date_bn(one.send_until, lang)) for one in out
        ]
        self.out.setText("\n".join(told) if told else say("ui.carry_none"))
        self.keep.setText(say("ui.carry_keep_code" if told else "ui.carry_why"))

    def press(self, key: str) -> bool:
        if key == "F6":
            self.desk.go.emit("beside", {})
        return key == "F6"

    def _pack(self) -> None:
        days = count(self.days)
        if not 1 <= days <= 30:
            raise CounterError("carry_days")
        packed = carrying.pack(self.desk.app, self.desk.at_work(), _stick(), days)
        names = ", ".join(one.name for one in packed)
        self.desk.told.emit(self.desk.say("ui.carry_packed", count=sum(one.out for one in packed), file=names), "good")
        self.refresh()

    def _bring(self) -> None:
        brought = carrying.bring(self.desk.app, self.desk.at_work(), _file(self.brought))
        self.desk.app.something_new()
        if brought.differ:
            self.desk.told.emit(self.desk.say("ui.carry_differ", count=len(brought.differ)), "bad")
        else:
            self.desk.told.emit(self.desk.say("ui.carry_brought", new=brought.new, out=brought.out), "good")
        self.refresh()

    def _send(self) -> None:
        """In a thread of its own: a slow line must not hold the window."""
        if self._sending is not None and self._sending.is_alive():
            raise CounterError("busy")
        app, file, code = self.desk.app, _file(self.file), self.code.value()
        who = app.home.credentials.of

        def send() -> None:
            try:
                sent = carrying.send(
                    file, code, app.settings.portals, carrying.SECONDS, who, self._on_the_way.emit, self._stop,
                    app.clock,
                )
            except (BadCarry, CounterError) as error:
                self._ended.emit(error.reason)
            except OSError:
                self._ended.emit("carry_stick_gone")
            else:
                self._ended.emit(sent)

        self._sending = threading.Thread(target=send, name="carry", daemon=True)
        self._sending.start()
        self.desk.told.emit(self.desk.say("ui.carry_begun"), "")

    def _show_way(self, sent: Sent) -> None:
        self.desk.told.emit(self.desk.say("ui.carry_sending", count=sent.count, ended=sent.ended), "")

    def _show_end(self, told: Sent | str) -> None:
        if isinstance(told, str):
            self.desk.attempt(_raising(CounterError(told)))
            return
        text = self.desk.say("ui.carry_sent", count=told.count, ended=told.ended)
        trouble = f"  {self.desk.reason(told.trouble)}" if told.trouble else ""
        self.desk.told.emit(text + trouble, "good" if told.ended == told.count else "bad")


def _found(suffix: str) -> list[tuple[str, str]]:
    """The files on the sticks that are there, newest first."""
    files = [file for stick in backup.sticks() for file in stick.glob(f"udc-carry-*{suffix}")]
    return [(str(file), file.name) for file in sorted(files, key=lambda file: file.name, reverse=True)]


def _stick() -> Path:
    """Raises: CounterError, `no_stick`."""
    there = backup.sticks()
    if not there:
        raise CounterError("no_stick")
    return there[0]


def _file(field: Field) -> Path:
    """The file that was chosen; where no stick was there, its name may be written. Raises: CounterError, `no_stick`."""
    if not field.value().strip():
        raise CounterError("no_stick")
    return Path(field.value().strip())


def _raising(error: CounterError) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail
