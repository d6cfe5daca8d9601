"""Operations: what is to have exactly one effect at a portal, made once and kept in the caller's transaction.

What an operation means is the caller's business. The engine (engine.py) moves it, an adapter (portals/) translates it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where an operation stands. `waiting` has a parent without a known end, `ready` may be sent in its turn."""

    WAITING = "waiting"
    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Operation:
    """One intended effect. `key` is made once and travels with every attempt; portals deduplicate by it."""

    key: str
    portal: str
    kind: str
    payload: Mapping[str, Any]
    depends_on: Sequence[str] = ()
    priority: int = 5  # lower goes first: payments 1, applications 3, attachments 7
    made_at: datetime | None = None
    expires_at: datetime | None = None  # not to be begun after this moment
    body: bytes = b""  # an attachment's bytes; kept beside the payload, and only until there is an end


@dataclass(frozen=True, slots=True)
class Accepted:
    """The portal has taken it and will go on with it (an application, an order). `reference` is the portal's own."""

    reference: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The effect is complete (a bill paid, a fee taken)."""

    reference: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """It is not done and will not be. `reason` is a word of the contract (`already_paid`, `amount_changed`,
    `out_of_stock`, `refused`, ...) or ours (`parent_rejected`, `expired`); `facts` say what was found."""

    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was done there and it may be tried again: no line, portal down, float low. `reason` as in line.py.

    `there`, of an attachment that is `in_part` there: how many of its bytes, of how many.
    """

    reason: str
    after_seconds: float | None = None
    there: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have been done: the answer was lost or unreadable."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotKnownThere:
    """The answer to asking by key: the portal has never seen it, so it may be sent."""


FORGOT = "portal_forgot"  # why an unknown one waits: the portal knows neither it nor what it surely had done before

Outcome = Accepted | Confirmed | Rejected | Later | Unknown
