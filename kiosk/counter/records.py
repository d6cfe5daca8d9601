"""What the counter hands to whoever asks: plain frozen records. Screens, the command line and tests read these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kiosk.times import DHAKA
from printing.document import Document


class Kind(StrEnum):
    """The four kinds of line."""

    APPLICATION = "application"
    BILL = "bill"
    ORDER = "order"
    DUE = "due"


class TenderKind(StrEnum):
    CASH = "cash"
    MFS = "mfs"
    CARD = "card"
    WALLET = "wallet"


class LineState(StrEnum):
    """Where a line stands, in the operator's terms."""

    DRAFT = "draft"  # in a basket, nothing taken
    WAITING = "waiting"  # money taken, waits for the line
    UNKNOWN = "unknown"  # sent, the answer was lost, being asked about
    ACCEPTED = "accepted"  # the portal has it and works on it
    CONFIRMED = "confirmed"  # done
    OFFICE_REFUSED = "office_refused"  # the office said no after the fee was paid; the fee is not owed back
    DECIDE = "decide"  # a person must choose (changed amount, changed price)
    REFUND_DUE = "refund_due"  # refused; money owed to the citizen
    REFUNDED = "refunded"


class ReceiptKind(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"
    REFUND = "refund"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Citizen:
    id: str
    name: str
    mobile: str  # ASCII digits, 01XXXXXXXXX
    nid: str  # empty when not given


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    kind: Kind
    portal: str
    title_bn: str
    title_en: str
    facts: Mapping[str, Any]  # what the portal needs; ASCII digits
    official_poisha: int
    charge_poisha: int
    state: LineState
    reason: str = ""  # a word of the contract, translated for people by kiosk/words.py
    reference: str = ""  # the portal's own
    fee_version: str = ""  # id of the fee row it was priced by
    warning: str = ""  # rule id of a warning that was read to the citizen
    vat_poisha: int = 0  # the part of the charge that is VAT

    @property
    def total_poisha(self) -> int:
        return self.official_poisha + self.charge_poisha


@dataclass(frozen=True, slots=True)
class Tender:
    kind: TenderKind
    amount_poisha: int
    reference: str = ""  # needed for everything but cash


@dataclass(frozen=True, slots=True)
class Visit:
    id: str
    state: str  # open | parked | settled
    opened_at: datetime
    citizen: Citizen | None
    lines: Sequence[Line]
    tenders: Sequence[Tender] = ()
    label: str = ""

    @property
    def total_poisha(self) -> int:
        return sum(line.total_poisha for line in self.lines)


@dataclass(frozen=True, slots=True)
class Receipt:
    number: int
    shown_number: str  # device code and number, as printed: "K1-000042"
    kind: ReceiptKind
    visit_id: str
    issued_at: datetime
    document: Document


@dataclass(frozen=True, slots=True)
class Settled:
    receipt: Receipt
    change_poisha: int


class Answer(StrEnum):
    """What a rule says of taking something offline (promise 5)."""

    ACCEPT = "accept"
    WARN = "warn"  # accept, with a warning read to the citizen
    CALL_BACK = "call_back"  # take the data, no money; call the citizen back
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    answer: Answer
    rule: str = ""  # id of the rule that decided; the words come from translations by it
    facts: Mapping[str, Any] = field(default_factory=dict)
    since: date | None = None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """`hard` problems stop; soft ones are told and may be passed (the rule is a belief)."""

    name: str  # the field's
    reason: str  # words id
    hard: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of the search box."""

    kind: str  # service | biller | product | holding | citizen | receipt | proof | parked
    ref: str
    title_bn: str
    title_en: str
    note_bn: str = ""
    note_en: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # e.g. the account number that was typed


class Wants(StrEnum):
    """What a line, or the counter itself, wants of a person."""

    NOTHING = "nothing"
    DECIDE = "decide"  # another amount or price: go on at it, or give the money back
    PAY_BACK = "pay_back"  # the citizen's money lies here
    ASK_THERE = "ask_there"  # the answer was lost, and the portal can't be asked by key
    PAPER = "paper"  # the office misses a paper
    TELL = "tell"  # the office refused; the citizen has to know


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the counter itself that wants a person: a `bad_pack`. `facts` fill its words."""

    subject: str
    reason: str
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """What a rule of time does to a line that was taken: `days`, those of the month are over, it goes from `at` on;
    `fee`, it goes so long after its fee, at `at`; `by`, the day of `at` is the last on which it may go."""

    why: str
    at: datetime


_EXPLAINED = frozenset({"carried", "no_portal"})  # why a line waits, where that is not for want of a line


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A settled line: how it stands, and what it wants of a person."""

    line: Line
    visit_id: str
    receipt: str  # shown_number
    citizen: str
    taken_at: datetime
    attempts: int
    next_try_at: datetime | None
    last_reason: str
    has_document: bool  # what the portal issued is here
    timing: Timing | None = None

    @property
    def wants(self) -> Wants:
        match self.line.state, self.line.reason:
            case LineState.DECIDE, _:
                return Wants.DECIDE
            case LineState.REFUND_DUE, _:
                return Wants.PAY_BACK
            case LineState.UNKNOWN, "ask_there" | "portal_forgot":
                return Wants.ASK_THERE
            case LineState.ACCEPTED | LineState.WAITING, "paper_missing":
                return Wants.PAPER
            case LineState.OFFICE_REFUSED, "office_refused":
                return Wants.TELL
        return Wants.NOTHING

    @property
    def facts(self) -> Mapping[str, Any]:
        """What fills those words."""
        if self.timing is None:
            return {}
        at = self.timing.at.astimezone(DHAKA)
        return {"day": at.date(), "clock": at.strftime("%H:%M")}

    @property
    def stands(self) -> str:
        """The id of the words for how it stands."""
        if self.wants is not Wants.NOTHING:
            return f"wants.{self.wants}"
        if self.timing is not None:
            return f"state.timed_{self.timing.why}"
        return "state.document" if self.has_document else f"state.{self.line.state}"

    @property
    def is_carried(self) -> bool:
        """Whether it is on a stick: whether it was sent is not known here."""
        return self.line.state is LineState.WAITING and self.last_reason == "carried"

    @property
    def may_be_cancelled(self) -> bool:
        """Whether nothing of it has left, as far as is known here."""
        paid = self.timing is not None and self.timing.why == "fee"
        return self.line.state is LineState.WAITING and not self.is_carried and not paid

    @property
    def explained(self) -> str:
        """The id of the words for what that means and what to do."""
        if self.timing is None and self.line.state is LineState.WAITING and self.last_reason in _EXPLAINED:
            return f"explain.{self.last_reason}"
        return f"explain.{self.stands.partition('.')[2]}"


@dataclass(frozen=True, slots=True)
class RefundDue:
    line_id: str
    receipt: str
    citizen: str
    title_bn: str
    title_en: str
    amount_poisha: int
    reason: str


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """What a portal issued for an application, and arrived."""

    line_id: str
    citizen: str
    title_bn: str
    title_en: str
    file_name: str
    arrived_at: datetime


class CounterError(Exception):
    """What an operator can be told about. `reason` picks the words, `facts` fill them in."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
