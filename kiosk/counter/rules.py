"""What may be accepted, decided by data (promise 5): each rule is a catalogue row that names one of the tests below.

The gravest answer wins. Words for the operator come from translations by the rule's id, or by its test where the rule
has none of its own: a rule of time for another service needs no release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kiosk.catalogue import windows
from kiosk.catalogue.catalogue import Rule
from kiosk.counter.records import Answer, Verdict

_GRAVITY = {Answer.ACCEPT: 0, Answer.WARN: 1, Answer.CALL_BACK: 2, Answer.REFUSE: 3}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is about to be taken, and in what situation. Unknown amounts and floats are None."""

    portal: str
    kind: str
    on: date
    clock: str  # "HH:MM" in Dhaka
    online: bool
    opens: str = ""
    closes: str = ""
    prepaid: bool = False
    one_time_code: bool = False
    a_challan: bool = False
    amount_poisha: int | None = None
    float_left_poisha: int | None = None
    due_on: date | None = None
    payer_bills_today: int = 0
    taken_today_poisha: int = 0
    set_up: bool = True  # the portal has an address here
    unlisted_since: date | None = None  # the portal's list of billers of that day lacks this one
    service: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # of the application's form so far, by ref


def judge(rules: Iterable[Rule], subject: Subject) -> Verdict:
    """The gravest of what the rules in force say of `subject`; `accept` when none of them speaks."""
    verdict = Verdict(Answer.ACCEPT)
    for rule in rules:
        if rule.test not in TESTS or not in_force(rule, subject):
            continue  # a newer pack may name a test that this program does not have yet
        facts = _TESTS[rule.test](subject, rule.params)
        answer = Answer(rule.answer)
        if facts is not None and _GRAVITY[answer] > _GRAVITY[verdict.answer]:
            verdict = Verdict(answer, rule.id, {**facts, "test": rule.test}, rule.since)
    return verdict


def in_force(rule: Rule, subject: Subject) -> bool:
    """Whether the rule holds on the subject's day and is about it."""
    return (
        rule.since <= subject.on
        and (rule.until is None or subject.on < rule.until)
        and rule.portal in ("", "*", subject.portal)
        and rule.kind in ("", "*", subject.kind)
        and rule.service in ("", "*", subject.service)
    )


Facts = Mapping[str, Any] | None  # the facts that make the rule speak, None when it is silent


def _hours(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    if not subject.opens or subject.opens <= subject.clock < subject.closes:
        return None
    return {"opens": subject.opens, "closes": subject.closes}


def _prepaid(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    return {} if subject.prepaid and not subject.online else None


def _one_time_code(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    return {} if subject.one_time_code and not subject.online else None


def _a_challan(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    return {} if subject.a_challan and not subject.online else None


def _float_min(subject: Subject, params: Mapping[str, Any]) -> Facts:
    if subject.float_left_poisha is None or subject.amount_poisha is None:
        return None
    left = subject.float_left_poisha - subject.amount_poisha
    return {"left_poisha": left} if left < params["min_poisha"] else None


def _per_bill_limit(subject: Subject, params: Mapping[str, Any]) -> Facts:
    limit = params["limit_poisha"]
    return {"limit_poisha": limit} if (subject.amount_poisha or 0) > limit else None


def _per_day_limit(subject: Subject, params: Mapping[str, Any]) -> Facts:
    limit = params["limit_poisha"]
    taken = subject.taken_today_poisha + (subject.amount_poisha or 0)
    return {"limit_poisha": limit} if taken > limit else None


def _bills_per_payer_day(subject: Subject, params: Mapping[str, Any]) -> Facts:
    limit = params["limit"]
    return {"limit": limit} if subject.payer_bills_today >= limit else None


def _due_date(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    if subject.online or subject.due_on is None or subject.due_on > subject.on:
        return None
    return {"due": subject.due_on.isoformat()}


def _not_set_up(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    return None if subject.set_up else {"portal": subject.portal}


def _unlisted(subject: Subject, _params: Mapping[str, Any]) -> Facts:
    return {"seen": subject.unlisted_since.isoformat()} if subject.unlisted_since else None


def _days_of_month(subject: Subject, params: Mapping[str, Any]) -> Facts:
    first, last = params["first"], params["last"]
    if windows.is_open(subject.on, first, last):
        return None
    return {"first": first, "last": last, "opens_on": windows.opens(subject.on, first, last)}


def _days_of_month_left(subject: Subject, params: Mapping[str, Any]) -> Facts:
    """Without a line, when no more than `left` days of the window are left: what is taken now may miss it."""
    first, last = params["first"], params["last"]
    closes = windows.closes(subject.on, first, last) if windows.is_open(subject.on, first, last) else None
    if subject.online or closes is None or (closes - subject.on).days > params.get("left", 0):
        return None
    return {"closes_on": closes, "opens_on": windows.opens(closes, first, last)}


def last_day(answers: Mapping[str, str], params: Mapping[str, Any]) -> tuple[date, date] | None:
    """The day that an answer of the form names, and the last of the `days` after it; None where it names none."""
    try:
        since = date.fromisoformat(answers.get(params["answer"], ""))
        return since, since + timedelta(days=params["days"])
    except (ValueError, OverflowError):
        return None


def _days_since(subject: Subject, params: Mapping[str, Any]) -> Facts:
    days = last_day(subject.answers, params)
    if days is None or subject.on <= days[1]:
        return None
    return {"since": days[0], "days": params["days"], "by": days[1]}


def _days_since_left(subject: Subject, params: Mapping[str, Any]) -> Facts:
    """While no more than `left` of the days are left."""
    days = last_day(subject.answers, params)
    if days is None or not 0 <= (days[1] - subject.on).days <= params.get("left", params["days"]):
        return None
    return {"since": days[0], "days": params["days"], "by": days[1]}


def _minutes_after_fee(_subject: Subject, params: Mapping[str, Any]) -> Facts:
    """Always told: its fee goes first, and it so long after (timing.py)."""
    return {"minutes": params["minutes"]}


_TESTS: dict[str, Callable[[Subject, Mapping[str, Any]], Facts]] = {
    "hours": _hours,
    "prepaid": _prepaid,
    "one_time_code": _one_time_code,
    "a_challan": _a_challan,
    "float_min": _float_min,
    "per_bill_limit": _per_bill_limit,
    "per_day_limit": _per_day_limit,
    "bills_per_payer_day": _bills_per_payer_day,
    "due_date": _due_date,
    "not_set_up": _not_set_up,
    "unlisted": _unlisted,
    "days_of_month": _days_of_month,
    "days_of_month_left": _days_of_month_left,
    "days_since": _days_since,
    "days_since_left": _days_since_left,
    "minutes_after_fee": _minutes_after_fee,
}
TESTS = frozenset(_TESTS)
