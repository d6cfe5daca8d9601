"""When to try again: random waits that grow, and a rest for a portal whose line failed several times in a row."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
LONGEST_ASKED = 600.0  # of what a portal asks for: one that asks for a day is asked about again all the same
_FAILURES_BEFORE_REST = 3
LINE_FAULTS = frozenset(
    {"no_line", "timeout", "portal_down", "portal_busy", "not_the_portal", "credentials", "clock_wrong", "answer_lost",
     "bad_answer"}
)


@dataclass(slots=True)
class Rest:
    """How a portal has been answering: whether it was tried at all, line faults in a row and when the last of them was
    heard of, until when it is left alone."""

    tried: bool = False
    failures: int = 0
    failed_at: datetime | None = None
    until: datetime | None = None
    reason: str = ""


class Rests(dict[str, Rest]):
    """Each portal's rest, by its name."""

    def __init__(self, portals: list[str], rng: random.Random) -> None:
        super().__init__({name: Rest() for name in portals})
        self._rng = rng

    def next_try(self, tries: int, now: datetime, after_seconds: float | None) -> datetime:
        """Full jitter: many centres come back in the same minute. Or what was asked for; then the portal rests too."""
        if after_seconds is not None:
            return now + timedelta(seconds=min(after_seconds, LONGEST_ASKED))
        ceiling = _ceiling(tries)
        return now + timedelta(seconds=self._rng.uniform(ceiling / 10, ceiling))

    def note(
        self, portal: str, reason: str, after_seconds: float | None, now: datetime, left_at: datetime | None = None
    ) -> bool:
        """After some line faults in a row the portal rests; the first answer ends it. Whether this was that answer.
        Faults of requests that were under way together are one: what left before one was heard of does not count."""
        rest = self.setdefault(portal, Rest())
        rest.tried = True
        if reason not in LINE_FAULTS:
            was_failing = rest.failures > 0
            rest.failures, rest.failed_at, rest.until, rest.reason = 0, None, None, ""
            return was_failing
        if rest.failed_at is not None and left_at is not None and left_at < rest.failed_at:
            return False
        rest.failed_at = now
        rest.failures, rest.reason = rest.failures + 1, reason
        if after_seconds is not None:  # one draw for all that waits, so that it comes back in one request
            rest.until = now + timedelta(seconds=min(after_seconds, LONGEST_ASKED) * self._rng.uniform(1, 2))
        elif rest.failures >= _FAILURES_BEFORE_REST:
            ceiling = _ceiling(rest.failures)
            rest.until = now + timedelta(seconds=self._rng.uniform(ceiling / 2, ceiling))
        return False

    def resting(self, now: datetime) -> list[str]:
        """The portals that are to be left alone."""
        return [name for name, rest in self.items() if rest.until is not None and rest.until > now]

    def soonest(self, portal: str, due: datetime) -> datetime:
        """When what is due at `due` may really be tried."""
        rest = self.get(portal)
        return max(due, rest.until) if rest is not None and rest.until is not None else due

    def next_look(self, portal: str, seconds: float, now: datetime) -> datetime:
        """When to pull from `portal` again: after `seconds`, sooner while its line is being watched for."""
        failures = self[portal].failures if portal in self else 0
        return self.next_try(failures, now, None) if failures else now + timedelta(seconds=seconds)

    def end(self) -> None:
        """The line may be back."""
        for rest in self.values():
            rest.until = None


def _ceiling(failures: int) -> float:
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures, 10))
