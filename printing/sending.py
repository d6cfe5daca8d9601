"""Sending: a job goes out in fragments, each followed by a fence, and the end of it is told truly (promise 3).

Nothing is sent before a printer that answers says that it can print; nothing is said to be printed that nobody
vouches for. What is never done here is to begin again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from printing.lines import Line
from printing.profiles import Answers, Profile
from printing.results import Done, NotStarted, Result, Uncertain
from printing.status import FENCE, Ear

_SLOWEST = 900  # bytes a second: a serial line at 9600 baud


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds; what is on its way over a slow line is counted on top."""

    answer: float = 10.0  # for a fence, and for a byte to be taken
    state: float = 1.0  # for a question that is answered at once
    look: float = 2.0  # between two looks at a printer that stands still
    looks: int = 6  # times `answer` that a printer which says why it stopped is given: somebody brings paper


class _Talk(Enum):
    """How much this printer tells today."""

    BLIND = auto()
    STATE = auto()
    FENCES = auto()


class _Stopped(Exception):
    """The job can't go on; the text is the reason."""


def send(
    line: Line, job: Iterable[bytes], profile: Profile, patience: Patience, tell: Callable[[str], None],
    clears: bytes = b"",
) -> Result:
    """Print `job`, given in whole commands, over an open line.

    `tell` hears why it stands still, and "" when it goes on; `clears` ends what the last job may have left half said.
    """
    try:
        talk = _greet(Ear(line), line, profile, patience, clears)
    except OSError:
        return NotStarted("no_printer")
    if isinstance(talk, NotStarted):
        return talk
    way = _Way(line, profile, patience, talk, tell)
    try:
        for fragment in fragments(job, profile.fragment_bytes):
            way.put(fragment)
        way.finish()
    except _Stopped as stopped:
        return Uncertain(str(stopped), way.passed + 1)
    except TimeoutError:
        return Uncertain("stalled", way.passed + 1)
    except OSError:
        return Uncertain("cut_off", way.passed + 1)
    return Done(told=talk is _Talk.FENCES)


def trouble(line: Line, profile: Profile, patience: Patience) -> str:
    """Why nothing can be printed over an open line now, as far as it tells at once; "" when it could."""
    if profile.answers is Answers.NEVER:
        return ""
    try:
        ear = Ear(line)
        ear.forget()
        told = ear.trouble(patience.state)
    except OSError:
        return "no_printer"
    return ("no_answer" if profile.answers is Answers.ALWAYS else "") if told is None else told


def fragments(job: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Whole commands together, about `size` bytes each time: a fence inside a picture would be printed as dots."""
    some: list[bytes] = []
    for command in job:
        if some and sum(map(len, some)) + len(command) > size:
            yield b"".join(some)
            some = []
        some.append(command)
    if some:
        yield b"".join(some)


def _greet(ear: Ear, line: Line, profile: Profile, patience: Patience, clears: bytes) -> _Talk | NotStarted:
    """Ask whether it can print, and try a fence, before the first byte that could mark paper. Raises OSError."""
    if profile.answers is Answers.NEVER:
        line.write(clears, patience.answer)
        return _Talk.BLIND
    ear.forget()
    trouble = ear.trouble(patience.state)
    if trouble is None and profile.answers is Answers.ALWAYS:
        return NotStarted("no_answer")
    if trouble:
        return NotStarted(trouble)
    line.write(clears, patience.answer)
    if trouble is None:
        return _Talk.BLIND
    line.write(FENCE, patience.state)
    told = ear.fence(patience.state + len(clears) / _SLOWEST)
    ear.forget()
    if told is None:
        return NotStarted("busy") if profile.answers is Answers.ALWAYS else _Talk.STATE
    return NotStarted(told) if told else _Talk.FENCES


class _Way:
    """One job under way. `passed` fragments are vouched for: by their fence, or where there is none, by the line."""

    def __init__(
        self, line: Line, profile: Profile, patience: Patience, talk: _Talk, tell: Callable[[str], None]
    ) -> None:
        self.passed = 0
        self._tell = tell
        self._line = line
        self._ear = Ear(line)
        self._ahead = profile.ahead
        self._patience = patience
        self._talk = talk
        self._flying: deque[int] = deque()

    def put(self, fragment: bytes) -> None:
        """Send a fragment. Raises _Stopped, OSError."""
        if self._talk is not _Talk.FENCES:
            self._stop_if_troubled()
            self._line.write(fragment, self._wait(len(fragment)))
            self.passed += 1
            return
        self._flying.append(len(fragment))
        self._line.write(fragment + FENCE, self._wait(sum(self._flying)))
        self._land(self._ahead)

    def finish(self) -> None:
        """Wait for what is still under way. Raises _Stopped, OSError."""
        if self._talk is _Talk.FENCES:
            self._land(0)
            return
        self._stop_if_troubled()
        self._line.finish(self._patience.state)

    def _land(self, flying: int) -> None:
        while len(self._flying) > flying:
            told = self._fence()
            if told:
                raise _Stopped(told)
            self._flying.popleft()
            self.passed += 1

    def _fence(self) -> str:
        """The next fence's word. A printer that says why it stopped is waited for: it goes on by itself."""
        patience, standing = self._patience, ""
        quiet, helped = self._wait(sum(self._flying)), patience.answer * patience.looks
        while (told := self._ear.fence(patience.look)) is None:
            trouble = self._ear.trouble(patience.state) or ""
            quiet, helped = (quiet, helped - patience.look) if trouble else (quiet - patience.look, helped)
            if quiet <= 0 or helped <= 0:
                raise _Stopped(trouble or "no_answer")
            if trouble != standing:
                standing = trouble
                self._tell(trouble)
        if standing:
            self._tell("")
        return told

    def _stop_if_troubled(self) -> None:
        if self._talk is _Talk.STATE:
            trouble = self._ear.trouble(self._patience.state)
            if trouble != "":
                raise _Stopped(trouble or "no_answer")

    def _wait(self, flying: int) -> float:
        return self._patience.answer + flying / _SLOWEST
