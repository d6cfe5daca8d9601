"""A field laptop hands over to the counter beside it, on the local network, with no stick: both ends of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from kiosk import bangla, carrying
from kiosk.counter.records import CounterError
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.parts import Field, button, card, label, mood, row, scrolled, top
from kiosk.screens.small_form import SmallForm
from kiosk.words import trouble
from sync.carry.home import Brought
from sync.carry.road import Sent
from sync.carry.sealed import BadCarry


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: words, or the reason of what went wrong; `over` when nothing more comes."""

    word: str
    facts: dict[str, Any] = field(default_factory=dict)
    feeling: str = ""
    over: bool = False


class BesideScreen(Screen):
    """At the counter F5 listens and shows what the laptop is to write; at the laptop it is written, Enter hands over.
    F6 stops either; so does leaving."""

    name = "beside"
    keys = (("F5", "ui.beside_listen"), ("F6", "ui.beside_stop"))
    host, port = carrying.ANYWHERE, carrying.PORT
    _stepped = Signal(object)  # Step, from the thread that works
    _shown = Signal(str)  # what the laptop is to write

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.where, self.state = label(name="large", wrap=True), label(name="explain", wrap=True)
        self.step = Step("ui.beside_why")
        self.address, self.code = Field("address"), Field("code")
        self.listen = button(lambda: self.desk.attempt(self._listen), main=True)
        self.halt = button(self.stop)
        self._stopping = threading.Event()
        self._working: threading.Thread | None = None
        self._lay_out()
        self._stepped.connect(self._show)
        self._shown.connect(self.where.setText)
        self.destroyed.connect(self._stopping.set)
        self.refresh()

    def _lay_out(self) -> None:
        title, here = label(name="title"), label(name="section")
        for setter, word in ((title.setText, "ui.beside"), (here.setText, "ui.beside_here"),
                             (self.listen.setText, "ui.beside_listen"), (self.halt.setText, "ui.beside_stop")):
            self.bind(setter, word)
        inside = QVBoxLayout()
        inside.setSpacing(10)
        for widget in (title, self.state, here, self.where):
            inside.addWidget(widget)
        inside.addLayout(row(self.listen, self.halt))
        inside.addLayout(SmallForm(
            self, "ui.beside_there", (self.address, self.code), ("ui.beside_address", "ui.carry_code"),
            "ui.beside_hand", self._hand,
        ))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(top(card(inside))))

    def shown(self) -> None:
        self.address.input.setFocus()

    def refresh(self) -> None:
        """Where it stands, in the operator's language."""
        step, working = self.step, self._working is not None
        told = trouble(self.desk.lang, step.word, **step.facts) if step.feeling == "bad" else self.desk.say(
            step.word, **step.facts)
        self.state.setText(told)
        mood(self.state, step.feeling)
        self.where.setVisible(bool(self.where.text()))
        self.listen.setEnabled(not working)
        self.halt.setVisible(working)

    def press(self, key: str) -> bool:
        if key == "F5":
            self.desk.attempt(self._listen)
        elif key == "F6":
            self.stop()
        return key in ("F5", "F6")

    def stop(self) -> None:
        """After the step that is under way; what came of it so far is kept."""
        self._stopping.set()

    def _listen(self) -> None:
        app, host, port = self.desk.app, self.host, self.port
        if carrying.own_address(host) == "127.0.0.1" != host:
            raise CounterError("beside_no_network")

        def show(code: str, port: int) -> None:
            with contextlib.suppress(RuntimeError):  # the screen was left
                self._shown.emit(f"{carrying.own_address(host)}:{port}\n{code}")
            self._tell(Step("ui.beside_waits"))

        def work() -> Step:
            came = carrying.listen(
                app.folder / carrying.FOR_OTHERS, app.settings.portals, carrying.SECONDS, app.home.credentials.of, show,
                host, port, self._stopping, app.clock, lambda done, total: self._tell(_bytes("coming", done, total)),
                lambda sent: self._tell(_sent(sent)),
            )
            return Step("ui.beside_over", {"count": came})

        self._start(work)

    def _hand(self) -> None:
        app, counter = self.desk.app, self.desk.at_work()
        address, code = (bangla.ascii_digits(field.value().strip()) for field in (self.address, self.code))

        def work() -> Step:
            brought = carrying.hand(
                app, counter, address, code, carrying.SECONDS,
                lambda done, total: self._tell(_bytes("going", done, total)),
                lambda ended: self._tell(Step("ui.beside_ended", {"ended": ended})), self._stopping,
            )
            app.something_new()
            return _brought(brought)

        self._start(work)

    def _start(self, work: Callable[[], Step]) -> None:
        """In a thread of its own: neither the network nor a slow line may hold the window."""
        if self._working is not None:
            raise CounterError("busy")
        self._stopping.clear()
        self._working = threading.Thread(target=self._run, args=(work,), name="beside", daemon=True)
        self._working.start()
        self._show(Step("ui.beside_begins"))

    def _run(self, work: Callable[[], Step]) -> None:
        store = self.desk.app.store
        try:
            step = work()
        except (BadCarry, CounterError) as error:
            step = Step(error.reason, feeling="bad", over=True)
        except OSError as error:
            step = Step("cannot_write", {"detail": str(error.strerror)}, "bad")
        finally:
            store.close()  # this thread's connection
        self._tell(Step(step.word, step.facts, step.feeling, over=True))

    def _tell(self, step: Step) -> None:
        with contextlib.suppress(RuntimeError):  # the screen was left
            self._stepped.emit(step)

    def _show(self, step: Step) -> None:
        self.step = step
        if step.over:
            self._working = None
            self.where.setText("")
        self.refresh()


def _bytes(way: str, done: int, total: int) -> Step:
    return Step(f"ui.beside_{way}", {"done": -(-done // 1000), "total": -(-total // 1000)})


def _sent(sent: Sent) -> Step:
    """How far what came is at the portals; a trouble that ends a file, or only holds it up."""
    if sent.trouble:
        return Step(sent.trouble, feeling="bad")
    return Step("ui.beside_sent", {"count": sent.count, "ended": sent.ended})


def _brought(brought: Brought) -> Step:
    if brought.differ:
        return Step("ui.carry_differ", {"count": len(brought.differ)})
    word = "ui.beside_left" if brought.out else "ui.beside_done"
    return Step(word, {"new": brought.new, "out": brought.out}, "" if brought.out else "good")
