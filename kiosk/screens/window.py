"""The window: a head with the line's state in words, one screen, the basket beside it, and the keys at the foot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from kiosk import bangla
from kiosk.app import App
from kiosk.counter import at_printer, centre, waiting
from kiosk.screens.basket import Basket
from kiosk.screens.desk import Desk, Screen
from kiosk.screens.header import Header
from kiosk.screens.line_words import how_far
from kiosk.screens.parts import label, mood
from kiosk.screens.unlock import UnlockScreen
from kiosk.screens.watch import Watch
from kiosk.store.clock import ClockState
from kiosk.words import print_words
from sync.worker import LineState

_TELL_MS, _TICK_MS = 9_000, 15_000
_NARROW = 1200  # px: below it a screen with much on it gets the basket's room
_BASKET_KEYS = (("F3", "ui.key.citizen"), ("F8", "ui.key.park"), ("F9", "ui.key.pay"), ("Del", "ui.key.remove"))
_ALWAYS_KEYS = (
    ("F1", "ui.key.office"), ("F7", "ui.key.waiting"), ("Ctrl+P", "ui.key.printing"), ("F11", "ui.key.line"),
    ("F10", "ui.key.lock"), ("F12", "ui.key.language"),
)


class Window(QWidget):
    """One operator at a time. Everything is reached by a key; what the workers do is shown as it happens."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.app = app
        self.desk = Desk(app)
        self.desk.go.connect(self.open)
        self.desk.told.connect(self.tell)
        self.desk.changed.connect(self.refresh)
        app.on_change(self.desk.changed.emit)
        self.watch = Watch(self)
        self.watch.left_alone.connect(self.lock)
        self.stack = QStackedWidget()
        self.basket = Basket(self.desk)
        self.header = Header(lambda: self._if_unlocked("printing"))
        self.told = label(name="told", wrap=True)
        self.keys_shown: list[tuple[str, str]] = []
        self.quiet = QTimer(self)
        self.quiet.setSingleShot(True)
        self.quiet.timeout.connect(self.told.hide)
        ticking = QTimer(self)
        ticking.timeout.connect(self._tick)
        ticking.start(_TICK_MS)
        self._lay_out()
        self._shortcuts()
        self.show_screen(UnlockScreen(self.desk))

    @property
    def screen_shown(self) -> Screen:
        shown = self.stack.currentWidget()
        assert isinstance(shown, Screen)
        return shown

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        body = QHBoxLayout()
        body.setContentsMargins(18, 14, 18, 14)
        body.setSpacing(18)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.told)
        left.addWidget(self.stack, 1)
        body.addLayout(left, 1)
        body.addWidget(self.basket)
        outer.addLayout(body, 1)
        self.foot = QFrame()
        self.foot.setObjectName("foot")
        self.foot_keys = QHBoxLayout(self.foot)
        self.foot_keys.setContentsMargins(12, 2, 12, 2)
        self.foot_keys.setSpacing(2)  # fifteen keys of a form with rows fit into 1024
        outer.addWidget(self.foot)
        self.told.hide()

    def _shortcuts(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "F1": lambda: self._if_unlocked("office"), "F2": self._serve, "F3": lambda: self._if_unlocked("citizen"),
            "F7": lambda: self._if_unlocked("waiting"), "F10": partial(self.lock, "key"), "F12": self.switch_language,
            "Ctrl+P": lambda: self._if_unlocked("printing"), "F11": self._pause_line, "Escape": self._serve,
            "F9": self._pay,
        }
        for key in ("F4", "F5", "F6", "F8"):
            acts[key] = lambda key=key: self._press(key)  # type: ignore[misc]
        for key, act in acts.items():
            QShortcut(QKeySequence(key), self, act)

    def open(self, name: str, needs: dict[str, object]) -> None:
        """Bring a screen to the front."""
        from kiosk.screens import screens  # noqa: PLC0415 all screens at once, after the first paint

        made: list[Screen] = []
        if self.desk.attempt(lambda: made.append(screens.SCREENS[name](self.desk, **needs))):
            self.show_screen(made[0])

    def show_screen(self, made: Screen) -> None:
        before = self.stack.currentWidget()
        self.stack.addWidget(made)
        self.stack.setCurrentWidget(made)
        if before is not None:
            self.stack.removeWidget(before)
            before.deleteLater()
        self._make_room()
        self.refresh()
        made.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt's name
        super().resizeEvent(event)
        self._make_room()
        self._show_keys()

    def _make_room(self) -> None:
        shown = self.screen_shown
        self.basket.setVisible(shown.with_basket and not (shown.roomy and self.width() < _NARROW))

    def refresh(self) -> None:
        """Show what may have changed: the line, the counts, the screen in front."""
        self._tick()
        say, status = self.desk.say, self.app.line_status()
        counter = self.desk.counter
        self.watch.minutes = centre.number(counter, "idle_lock", "minutes") if counter else 0
        self.setWindowTitle(say("ui.app"))
        self.header.names(self.desk.title(counter.device, "centre") if counter else say("ui.app"),
                          counter.operator.name if counter else "")
        count = waiting.waiting_count(counter) if counter else 0
        waits = say("ui.waiting_count", count=count) if count else say("ui.none_waiting")
        if status.progress is not None:
            waits = how_far(say, status.progress)
        wanting = waiting.wanting_count(counter) if counter else 0
        wants = f"  ·  {say('ui.wanting_count', count=wanting)}" if wanting else ""
        self.header.line(say(f"line_state.{status.state}"), waits + wants,
                         "" if status.state is LineState.ONLINE and not wanting else "bad")
        self._show_printer()
        self._show_keys()
        if self.screen_shown.name in ("waiting", "serve", "printing", "receipt"):
            self.screen_shown.refresh()

    def _show_printer(self) -> None:
        """What a printer wants stands at the top of every screen, until somebody has seen to it."""
        count, reason = at_printer.trouble(self.desk.counter) if self.desk.counter else (0, "")
        wrong, _do = print_words(self.desk.lang, reason)
        told = wrong if reason else self.desk.say("ui.papers_ask", count=count)
        self.header.paper(told if count else "")

    def _tick(self) -> None:
        now = self.app.clock()
        right = self.app.home.clock_state is ClockState.RIGHT
        wrong = "" if right else f"  ·  {self.desk.say(f'ui.clock_{self.app.home.clock_state}')}"
        self.header.time(f"{bangla.date_bn(now, self.desk.lang)}  {bangla.time_bn(now, self.desk.lang)}{wrong}")

    def _show_keys(self) -> None:
        """The keys at the foot, made anew only when they are others: a foot that is drawn again flickers."""
        keys = [(key, self.desk.say(word)) for key, word in self._keys()]
        if keys == self.keys_shown:
            return
        self.keys_shown = keys
        while self.foot_keys.count():
            taken = self.foot_keys.takeAt(0)
            widget = taken.widget() if taken else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for key, text in keys:
            self.foot_keys.addWidget(self._key(key, text))
        self.foot_keys.addStretch(1)

    def _keys(self) -> list[tuple[str, str]]:
        if self.desk.counter is None:
            return [("F12", "ui.key.language")]
        basket = [key for key in _BASKET_KEYS if key[0] != "Del" or not self.basket.isHidden()]
        if not self.screen_shown.with_basket:
            basket = []
        return [("F2", "ui.key.serve"), *self.screen_shown.keys, *basket, *_ALWAYS_KEYS]

    def _key(self, key: str, text: str) -> QPushButton:
        made = QPushButton(f"{key}\n{text}")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        shortcut = next((one for one in self.findChildren(QShortcut) if one.key() == QKeySequence(key)), None)
        if shortcut is not None:
            made.clicked.connect(shortcut.activated)
        return made

    def tell(self, text: str, feeling: str) -> None:
        """Say something above the screen; what went well goes away by itself, what went wrong stays."""
        self.told.setText(text)
        mood(self.told, feeling)
        self.told.show()
        if feeling == "good":
            self.quiet.start(_TELL_MS)
        else:
            self.quiet.stop()

    def switch_language(self) -> None:
        """Bangla and English, with nothing lost on the screen."""
        self.desk.lang = "en" if self.desk.lang == "bn" else "bn"
        self.basket.speak()
        self.screen_shown.speak()
        self.told.hide()
        self.refresh()

    def lock(self, why: str) -> None:
        """Nobody is at the counter; the visit at hand waits for its operator."""
        if self.desk.counter is None:
            return
        self.app.lock(self.desk.counter.operator, why)
        self.desk.locked()
        self.told.hide()
        self.show_screen(UnlockScreen(self.desk))

    def _serve(self) -> None:
        self.told.hide()
        self._if_unlocked("serve")

    def _if_unlocked(self, name: str) -> None:
        if self.desk.counter is not None:
            self.open(name, {})

    def _pay(self) -> None:
        opened = self.desk.visit
        if self.desk.counter is not None and self.screen_shown.press("F9"):
            return
        if opened is not None and opened.lines:
            self.open("payment", {})
        elif self.desk.counter is not None:
            self.tell(self.desk.say("error.empty_basket"), "")

    def _press(self, key: str) -> None:
        if self.desk.counter is not None and not self.screen_shown.press(key) and self.screen_shown.with_basket:
            self.basket.press(key)

    def _pause_line(self) -> None:
        self.app.pause_line(self.app.line_status().state is not LineState.PAUSED)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 Qt's name
        self.watch.stop()
        self.app.stop()
        event.accept()
