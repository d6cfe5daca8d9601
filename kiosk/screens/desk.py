"""What every screen leans on: the counter, the language, where to go next, what to tell the operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from forms import BadForm
from kiosk import refusals
from kiosk import words as spoken
from kiosk.app import App
from kiosk.counter import visit
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Verdict, Visit
from kiosk.people import LastSupervisor, WeakPin
from kiosk.store.engine import DatabaseError, OperationalError
from sync.carry.sealed import BadCarry


class Desk(QObject):
    """Shared by the screens of one window. `changed` comes when the workers changed something."""

    changed = Signal()
    visit_changed = Signal()
    go = Signal(str, dict)  # a screen's name and what it needs
    told = Signal(str, str)  # words, and mood: bad | good | "" (a warning)

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.lang = "bn"
        self.counter: Counter | None = None
        self.visit: Visit | None = None
        self.looked_at = ""  # the settled line that was looked at last: the list begins there

    def say(self, word: str, /, **facts: Any) -> str:
        return spoken.words(self.lang)(word, **facts)

    def reason(self, word: str) -> str:
        return spoken.reason(self.lang, word)

    def title(self, thing: Any, name: str = "title") -> str:
        """The side of a two-language record that the operator reads."""
        return str(getattr(thing, f"{name}_{self.lang}"))

    def at_work(self) -> Counter:
        """The counter, once somebody has unlocked it."""
        if self.counter is None:
            raise CounterError("wrong_pin")
        return self.counter

    def unlocked(self, counter: Counter) -> None:
        """Somebody is at the counter; their unfinished visit is there again."""
        self.counter = counter
        self.visit = visit.current(counter)
        self.visit_changed.emit()

    def renew(self) -> None:
        """What the centre says of itself has changed."""
        if self.counter is not None:
            self.counter = self.app.counter(self.counter.operator)
            self.changed.emit()

    def locked(self) -> None:
        self.counter = None
        self.visit = None

    def open_visit(self) -> Visit:
        """The visit at hand, begun if there is none."""
        if self.visit is None:
            self.visit = visit.open_visit(self.at_work())
        return self.visit

    def show_visit(self, changed: Visit | None) -> None:
        self.visit = changed
        self.visit_changed.emit()

    def warn(self, verdict: Verdict) -> None:
        """What is to be known of a line that was taken all the same."""
        if verdict.rule:
            self.told.emit(spoken.trouble(self.lang, verdict.rule, **verdict.facts), "")

    def attempt(self, work: Callable[[], Any]) -> bool:
        """Do `work`; what goes wrong is told in words. Whether it went well."""
        try:
            work()
        except CounterError as error:
            self.told.emit(spoken.trouble(self.lang, error.reason, **error.facts), "bad")
        except BadForm as error:
            self.told.emit(spoken.trouble(self.lang, "bad_form", detail=str(error)), "bad")
        except BadCarry as error:
            self.told.emit(spoken.trouble(self.lang, error.reason), "bad")
        except LastSupervisor:
            self.told.emit(self.say("error.last_supervisor"), "bad")
        except WeakPin as error:
            self.told.emit(self.say("error.weak_pin", least=error.least), "bad")
        except OSError as error:
            word, facts = refusals.told(error)
            self.told.emit(spoken.trouble(self.lang, word, **facts), "bad")
        except OperationalError as error:
            full = "full" in str(error)
            self.told.emit(self.say("error.disc_full" if full else "error.busy"), "bad")
        except DatabaseError as error:
            self.told.emit(self.say("error.bad_store", detail=str(error)), "bad")
        else:
            return True
        return False


class Screen(QWidget):
    """One thing that the operator does. Texts are bound to word ids, so that the language can change under them."""

    name = ""
    keys: tuple[tuple[str, str], ...] = ()  # extra keys for the foot bar: ("F6", word id)
    with_basket = False
    roomy = False  # in a narrow window it needs the basket's room

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._bound: list[tuple[Callable[[str], object], str]] = []

    def bind(self, setter: Callable[[str], object], word: str) -> None:
        """Set a text now and whenever the language changes."""
        self._bound.append((setter, word))
        setter(self.desk.say(word))

    def speak(self) -> None:
        """The language changed."""
        for setter, word in self._bound:
            setter(self.desk.say(word))
        self.refresh()

    def refresh(self) -> None:
        """Something that is shown may have changed."""

    def shown(self) -> None:
        """The screen has come to the front: put the cursor where work begins."""

    def press(self, key: str) -> bool:
        """A key of `keys` was pressed; whether this screen took it."""
        return not key
