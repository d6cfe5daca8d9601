"""What became of a job: done, surely not started, or uncertain. Only what surely did not start is tried again alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """The job is on paper (or in the file, or with the system's queue), as far as this printer can tell."""

    told: bool  # whether the printer itself said so


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Not one dot was printed: no_printer, no_answer, busy, paused, paper_out, cover_open, fault, disc."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Some of it may be on paper: paper_out, cover_open, fault, no_answer, stalled, cut_off, cannot_draw:TYPE."""

    reason: str
    fragment: int = 0  # at which it stopped, from 1: those before it are out where fences are answered; 0: unknown


Result = Done | NotStarted | Uncertain
