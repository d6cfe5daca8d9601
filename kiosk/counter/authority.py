"""Who may do what. An operator serves; a supervisor also answers for limits, people and money taken out."""

from __future__ import annotations

from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.people.operators import FIELD, SUPERVISOR

_NOT_IN_THE_FIELD = frozenset({"refund", "close_day", "move_money"})
_SUPERVISOR_ONLY = frozenset({
    "refund_above_limit", "centre", "limits", "fees", "printer", "operators", "clock", "personal", "backup_place",
    "portals",
})


def require(counter: Counter, act: str) -> None:
    """Refuse what this operator's role may not do.

    Raises:
        CounterError: `supervisor_needed` or `not_in_the_field`.
    """
    if not may(counter, act):
        raise CounterError("supervisor_needed" if act in _SUPERVISOR_ONLY else "not_in_the_field", act=act)


def may(counter: Counter, act: str) -> bool:
    """Whether this operator's role may do `act`."""
    if act not in _SUPERVISOR_ONLY | _NOT_IN_THE_FIELD:
        raise ValueError(act)
    role = counter.operator.role
    return role == SUPERVISOR or (act in _NOT_IN_THE_FIELD and role != FIELD)
