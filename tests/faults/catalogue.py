"""Reads catalogue.md: the faults, and the steps of every kind of operation at which each is tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("catalogue.md")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of the catalogue; `times` below 0 is always."""

    name: str
    words: str
    times: int
    steps: str
    ends: tuple[str, ...]
    safe_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """A request that can go wrong. `work` is what the operator did (works.py); `after` is a step whose answers must be
    lost first, so that this one is asked for at all."""

    name: str
    work: str
    after: str = ""

    @property
    def is_batch(self) -> bool:
        return ".batch-" in self.name

    @property
    def is_read(self) -> bool:
        return self.name.rpartition(".")[2] in _READS

    def fits(self, fault: Fault) -> bool:
        return {
            "every": True, "batches": self.is_batch, "reads": self.name.endswith(("ask", "statuses")),
            "effects": not self.is_read and not self.name.endswith("fetch"),
        }[fault.steps]


_READS = frozenset({
    "ask", "token", "fetch", "received", "document", "statuses", "order-statuses", "holdings", "balance", "journal",
})
STEPS = (
    Step("ekpay.token", "bill"), Step("ekpay.fetch", "bill"), Step("ekpay.pay", "bill"),
    Step("ekpay.ask", "bill", "ekpay.pay"), Step("ekpay.batch-fetch", "bills"), Step("ekpay.batch-pay", "bills"),
    Step("eksheba.submit", "application"), Step("eksheba.pay", "application"),
    Step("eksheba.ask", "application", "eksheba.submit"), Step("eksheba.batch-submit", "applications"),
    Step("eksheba.batch-pay", "applications"), Step("eksheba.document", "document"),
    Step("eksheba.received", "file"), Step("eksheba.piece", "file"), Step("eksheba.done", "file"),
    Step("ekshop.order", "order"), Step("ekshop.ask", "order", "ekshop.order"), Step("ekshop.batch-order", "orders"),
    Step("municipality.pay", "due"), Step("municipality.ask", "due", "municipality.pay"),
    Step("municipality.batch-pay", "dues"),
    Step("ekpay.balance", "bill"), Step("ekpay.journal", "bill"), Step("eksheba.statuses", "news"),
    Step("ekshop.order-statuses", "news"), Step("municipality.holdings", "due"),
)


def faults() -> list[Fault]:
    """Every row of every table."""
    return list(_rows(_FILE.read_text(encoding="utf-8")))


def _rows(text: str) -> Iterator[Fault]:
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 6 and cells[0] != "fault" and "---" not in cells[0]:
            name, words, times, steps, ends, safe_by = cells
            yield Fault(name, words, -1 if times == "always" else int(times), steps, tuple(ends.split(" or ")), safe_by)
