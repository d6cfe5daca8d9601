"""When an application may go to its portal, by the rules of time of its service (resources/packs/rules.json).

The rules are asked when it is taken, and again each time before it is sent: a line that comes back on the 21st does not
send what is taken to the 20th. A rule about days that only warns holds nothing back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from kiosk import times
from kiosk.catalogue import windows
from kiosk.catalogue.catalogue import Rule
from kiosk.counter import rules
from kiosk.counter.context import Counter
from kiosk.counter.operations import Terms
from kiosk.counter.records import Answer, Kind, Line, LineState, Timing
from kiosk.store.engine import row
from kiosk.times import DHAKA
from sync.operations import Operation

_FEE_PAID = """SELECT max(at_utc) AS at FROM line_events WHERE line_id = ? AND state IN ('waiting', 'unknown')
               AND json_extract(facts, '$.kind') = ?"""


def terms(counter: Counter, line: Line) -> Terms:
    """How the operations of a line that is being paid for depend on each other and on time."""
    if line.kind is not Kind.APPLICATION:
        return Terms()
    first = any(rule.test == "minutes_after_fee" for rule in _binding(counter, line.portal, _service(line.facts)))
    by = hand_in_by(counter, line.portal, _service(line.facts), line.facts.get("answers", {}))
    return Terms(first, _midnight(by + timedelta(days=1)) if by else None)


def hand_in_by(counter: Counter, portal: str, service_id: str, answers: Mapping[str, str]) -> date | None:
    """The last day on which an application with these answers may be handed in; None where no rule says one."""
    found = [rules.last_day(answers, rule.params) for rule in _in_force(counter, portal, service_id)
             if rule.test == "days_since" and rule.answer != Answer.WARN]
    return min((days[1] for days in found if days), default=None)


def not_before(counter: Counter, operation: Operation) -> datetime | None:
    """Until when the engine has to leave an operation where it is; None when it may go now."""
    binding = _binding_of(counter, operation)
    found = _strictest(counter, binding, operation.portal, _line_id(counter, operation)) if binding else None
    return found.at if found else None


def leave_by(counter: Counter, operation: Operation) -> datetime | None:
    """Until when somebody who does not know our rules (a stick's carrier) may begin an operation: not at all when that
    is over, or when it waits for its fee; None when there is no limit."""
    binding = _binding_of(counter, operation)
    unpaid = operation.depends_on and _fee_paid_at(counter, operation.portal, _line_id(counter, operation)) is None
    if not_before(counter, operation) or (unpaid and any(rule.test == "minutes_after_fee" for rule in binding)):
        return counter.now()
    closing = [windows.closes(counter.today(), **_window(rule)) for rule in binding if rule.test == "days_of_month"]
    return min((_midnight(day + timedelta(days=1)) for day in closing if day), default=None)


def of_line(counter: Counter, line: Line) -> Timing | None:
    """Until when a line that was paid for is held back, or by when it has to go; None when no rule says either."""
    if line.kind is not Kind.APPLICATION or line.state is not LineState.WAITING:
        return None
    held = _strictest(counter, _binding(counter, line.portal, _service(line.facts)), line.portal, line.id)
    if held is not None:
        return held
    by = hand_in_by(counter, line.portal, _service(line.facts), line.facts.get("answers", {}))
    return Timing("by", _midnight(by)) if by else None


def _strictest(counter: Counter, binding: Sequence[Rule], portal: str, line_id: str) -> Timing | None:
    """What lets it go the latest; None when all let it go now."""
    found = [_HOLDS[rule.test](counter, rule, portal, line_id) for rule in binding]
    later = [timing for timing in found if timing is not None and timing.at > counter.now()]
    return max(later, key=lambda timing: timing.at, default=None)


def _until_its_days(counter: Counter, rule: Rule, _portal: str, _line_id: str) -> Timing | None:
    """A rule that ends before its days come again is over then."""
    today = counter.today()
    if windows.is_open(today, **_window(rule)):
        return None
    opens = windows.opens(today, **_window(rule))
    return Timing("days", _midnight(min(opens, rule.until) if rule.until else opens))


def _after_its_fee(counter: Counter, rule: Rule, portal: str, line_id: str) -> Timing | None:
    paid_at = _fee_paid_at(counter, portal, line_id)
    return Timing("fee", paid_at + timedelta(minutes=rule.params["minutes"])) if paid_at else None


def _fee_paid_at(counter: Counter, portal: str, line_id: str) -> datetime | None:
    """When we were told that it is paid; an answer that came late tells it late."""
    found = row(counter.store.connection(), _FEE_PAID, (line_id, f"{portal}.fee.pay"))
    return times.moment(found["at"]) if found and found["at"] else None


def _line_id(counter: Counter, operation: Operation) -> str:
    sql = "SELECT line_id FROM line_operations WHERE operation_key = ?"
    found = row(counter.store.connection(), sql, (operation.key,))
    return str(found["line_id"]) if found else ""


_HOLDS: Mapping[str, Callable[[Counter, Rule, str, str], Timing | None]] = {
    "days_of_month": _until_its_days, "minutes_after_fee": _after_its_fee,
}


def _binding_of(counter: Counter, operation: Operation) -> Sequence[Rule]:
    if not operation.kind.endswith(".application.submit"):
        return []
    return _binding(counter, operation.portal, _service(operation.payload))


def _binding(counter: Counter, portal: str, service_id: str) -> Sequence[Rule]:
    """The rules that may hold an application for this service back today."""
    return [
        rule for rule in _in_force(counter, portal, service_id)
        if rule.test in _HOLDS and (rule.answer != Answer.WARN or rule.test == "minutes_after_fee")
    ]


def _in_force(counter: Counter, portal: str, service_id: str) -> Sequence[Rule]:
    asked = rules.Subject(portal, Kind.APPLICATION, counter.today(), "", online=True, service=service_id)
    return [rule for rule in counter.catalogue.rules() if rules.in_force(rule, asked)]


def _service(facts: Mapping[str, object]) -> str:
    return str(facts.get("service_id", ""))


def _window(rule: Rule) -> dict[str, int]:
    return {name: rule.params[name] for name in ("first", "last")}


def _midnight(day: date) -> datetime:
    """The beginning of a day in Dhaka."""
    return datetime.combine(day, time(), DHAKA)
