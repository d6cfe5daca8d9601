"""What the rules say of a line of which only portal and kind matter: an order, a municipal due."""

from __future__ import annotations

from kiosk import times
from kiosk.counter import centre, rules
from kiosk.counter.context import Counter
from kiosk.counter.records import Answer, CounterError, Kind, Verdict


def judged(counter: Counter, kind: Kind, portal: str) -> Verdict:
    """Whether it may be taken now."""
    clock = counter.now().astimezone(times.DHAKA).strftime("%H:%M")
    return rules.judge(centre.rules(counter), rules.Subject(
        portal, kind, counter.today(), clock, counter.line_is_up(), set_up=portal in counter.portals,
    ))


def warning(counter: Counter, kind: Kind, portal: str) -> str:
    """The rule that warns of it, for its line; empty where none does.

    Raises:
        CounterError: the rule's id when it may not be taken now.
    """
    verdict = judged(counter, kind, portal)
    if verdict.answer in (Answer.REFUSE, Answer.CALL_BACK):
        raise CounterError(verdict.rule, **verdict.facts)
    return verdict.rule
