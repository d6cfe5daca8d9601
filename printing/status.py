"""What a printer says of itself: questions, and its answers told apart by their fixed bits.

DLE EOT is answered at once, GS r in its turn after what came before it and not while paper is out (Epson's public
ESC/POS reference). A byte of another kind may come between: ASB messages are skipped, early fences kept.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto

from printing.lines import Line

FENCE = b"\x1dr\x01"  # GS r 1: the paper's state, in turn
_QUESTIONS = (  # DLE EOT n, the bits that mean trouble, and which
    (b"\x10\x04\x02", 0x04, "cover_open"), (b"\x10\x04\x04", 0x60, "paper_out"), (b"\x10\x04\x02", 0x40, "fault"),
)
_PAPER_END = 0x0C
_QUIET = 0.01  # seconds
_MOST = 64  # a printer that babbles is not listened to for ever


class _Kind(Enum):
    STATE = auto()
    FENCE = auto()
    ASB = auto()
    OTHER = auto()


def _kind(told: int) -> _Kind:
    """DLE EOT 0xx1xx10, ASB 0xx1xx00, GS r 0xx0xxxx; XON, XOFF and noise are none of these."""
    if told & 0x93 == 0x12:
        return _Kind.STATE
    if told & 0x93 == 0x10:
        return _Kind.ASB
    return _Kind.FENCE if not told & 0x90 else _Kind.OTHER


class Ear:
    """Asks and listens on one line. Raises OSError where the line does."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._fences: deque[int] = deque()

    def forget(self) -> None:
        """Drop what was said before: answers to a job that was given up must not vouch for this one."""
        self._fences.clear()
        for _byte in range(_MOST):
            if self._line.read(_QUIET) is None:
                return

    def trouble(self, seconds: float) -> str | None:
        """Why it can't print now (cover_open, paper_out, fault); "" when it can, None when it doesn't answer."""
        answers: dict[bytes, int] = {}
        for question, mask, reason in _QUESTIONS:
            if question not in answers:
                self._line.write(question, seconds)
                told = self._hear(_Kind.STATE, seconds)
                if told is None:
                    return None
                answers[question] = told
            if answers[question] & mask:
                return reason
        return ""

    def fence(self, seconds: float) -> str | None:
        """What comes with the next fence: "" when there is paper, paper_out; None when it does not come in time."""
        told = self._fences.popleft() if self._fences else self._hear(_Kind.FENCE, seconds)
        if told is None:
            return None
        return "paper_out" if told & _PAPER_END == _PAPER_END else ""

    def _hear(self, wanted: _Kind, seconds: float) -> int | None:
        for _byte in range(_MOST):
            told = self._line.read(seconds)
            if told is None:
                return None
            kind = _kind(told)
            if kind is wanted:
                return told
            if kind is _Kind.FENCE:
                self._fences.append(told)
            elif kind is _Kind.ASB:
                for _rest in range(3):
                    self._line.read(seconds)
        return None
