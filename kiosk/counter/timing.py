"""When an application may go to its portal, by the rules of time of its service (resources/packs/rules.json).

The rules are asked when it is taken, and again each time before it is sent: a line that comes back on the 21st does not
send what is taken to the 20th. A rule that only warns holds nothing back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from kiosk.catalogue import windows
from kiosk.catalogue.catalogue import Rule
from kiosk.counter import rules
from kiosk.counter.context import Counter
from kiosk.counter.records import Answer, Hold, Kind, Line, LineState
from kiosk.times import DHAKA
from sync.operations import Operation

_SUBMIT = ".application.submit"


def not_before(counter: Counter, operation: Operation) -> datetime | None:
    """Until when the engine has to leave an operation where it is; None when it may go now."""
    hold = _hold(counter, _binding_of(counter, operation))
    return hold.until if hold else None


def leave_by(counter: Counter, operation: Operation) -> datetime | None:
    """Until when somebody who does not know our rules (a stick's carrier) may begin an operation: not at all when that
    is over; None when there is no limit."""
    binding = _binding_of(counter, operation)
    if _hold(counter, binding):
        return counter.now()
    closing = [windows.closes(counter.today(), **_window(rule)) for rule in binding]
    return min((_midnight(day + timedelta(days=1)) for day in closing if day), default=None)


def held(counter: Counter, line: Line) -> Hold | None:
    """Why a line that was paid for is not sent yet although it could be, and until when; None when nothing holds it."""
    if line.kind is not Kind.APPLICATION or line.state is not LineState.WAITING:
        return None
    return _hold(counter, _binding(counter, line.portal, line.facts.get("service_id", "")))


def _hold(counter: Counter, binding: Sequence[Rule]) -> Hold | None:
    days = [day for rule in binding if (day := _opens_on(rule, counter.today()))]
    return Hold("days", _midnight(max(days))) if days else None


def _opens_on(rule: Rule, today: date) -> date | None:
    """From which day on a rule lets it go; None when it does so today. A rule that ends before that is over then."""
    if windows.is_open(today, **_window(rule)):
        return None
    opens = windows.opens(today, **_window(rule))
    return min(opens, rule.until) if rule.until else opens


def _binding_of(counter: Counter, operation: Operation) -> Sequence[Rule]:
    if not operation.kind.endswith(_SUBMIT):
        return []
    return _binding(counter, operation.portal, operation.payload.get("service_id", ""))


def _binding(counter: Counter, portal: str, service_id: str) -> Sequence[Rule]:
    """The rules that hold an application for this service back today: those that would not let it be taken."""
    asked = rules.Subject(portal, Kind.APPLICATION, counter.today(), "", online=True, service=service_id)
    return [
        rule for rule in counter.catalogue.rules()
        if rule.test == "days_of_month" and rule.answer != Answer.WARN and rules.in_force(rule, asked)
    ]


def _window(rule: Rule) -> dict[str, int]:
    return {name: rule.params[name] for name in ("first", "last")}


def _midnight(day: date) -> datetime:
    """The beginning of a day in Dhaka."""
    return datetime.combine(day, time(), DHAKA)
