"""What a recorded case came to, and how a run of them is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """`difference` is empty where the case holds."""

    group: str
    case: str
    difference: str


def told(title: str, verdicts: Iterable[Verdict]) -> Iterator[str]:
    """The lines to print: what differs, the score of each group, the whole."""
    listed = list(verdicts)
    for verdict in listed:
        if verdict.difference:
            yield f"  differs: {verdict.case}: {verdict.difference}"
    groups = Counter(verdict.group for verdict in listed)
    right = Counter(verdict.group for verdict in listed if not verdict.difference)
    for group, total in groups.items():
        yield f"  {right[group]:5} of {total:5}  {group}"
    yield f"{title}: {sum(right.values())} of {len(listed)} ({100 * sum(right.values()) / max(1, len(listed)):.1f} %)"
