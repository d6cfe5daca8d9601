"""Reads docs/faults.md: the faults, and the steps of every kind of operation at which each is tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parents[2] / "docs" / "faults.md"


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
    """A request that can go wrong. `work` is what the operator did (works.py); `after` is a request whose answer must
    be lost first (`so`: the name of the trick), so that this one is made at all."""

    name: str
    work: str
    after: str = ""
    so: str = "answer-lost"

    @property
    def request(self) -> str:
        """As the proxy calls it (http_parts.step_of)."""
        return self.name.removesuffix("-of-fee")

    @property
    def is_published(self) -> bool:
        return self.work == "packs"

    @property
    def is_batch(self) -> bool:
        return ".batch-" in self.name

    @property
    def is_read(self) -> bool:
        return self.request.rpartition(".")[2] in _READS

    @property
    def has_effect(self) -> bool:
        return not self.is_read and not self.name.endswith("fetch")

    def fits(self, fault: Fault) -> bool:
        return {
            "every": True, "batches": self.is_batch, "reads": self.request.endswith(("ask", "statuses", "packs")),
            "effects": self.has_effect,
            "echoes": self.request.endswith(("ask", "fetch")) or (self.has_effect and not self.name.endswith("piece")),
            "lists": self.name.endswith("packs"),
            "streams": self.name.endswith(("pack", "rest")), "rests": self.name.endswith("rest"),
            "applying": False,  # no request: test_catalogue_applied.py
        }[fault.steps]


_READS = frozenset({
    "ask", "token", "fetch", "received", "document", "statuses", "order-statuses", "holdings", "balance", "billers",
    "journal", "packs", "pack", "rest",
})
STEPS = (
    Step("ekpay.token", "bill"), Step("ekpay.fetch", "bill"), Step("ekpay.pay", "bill"),
    Step("ekpay.ask", "bill", "ekpay.pay"), Step("ekpay.batch-fetch", "bills"), Step("ekpay.batch-pay", "bills"),
    Step("eksheba.submit", "application"), Step("eksheba.pay", "application"),
    Step("eksheba.ask", "application", "eksheba.submit"), Step("eksheba.ask-of-fee", "application", "eksheba.pay"),
    Step("eksheba.batch-submit", "applications"),
    Step("eksheba.batch-pay", "applications"), Step("eksheba.document", "document"),
    Step("nagorik.submit", "elsewhere"), Step("nagorik.pay", "elsewhere"),
    Step("eksheba.received", "file"), Step("eksheba.piece", "file"), Step("eksheba.done", "file"),
    Step("ekshop.order", "order"), Step("ekshop.ask", "order", "ekshop.order"), Step("ekshop.batch-order", "orders"),
    Step("municipality.pay", "due"), Step("municipality.ask", "due", "municipality.pay"),
    Step("municipality.batch-pay", "dues"),
    Step("ekpay.balance", "bill"), Step("ekpay.billers", "bill"), Step("ekpay.journal", "bill"),
    Step("eksheba.statuses", "news"), Step("ekshop.order-statuses", "news"), Step("municipality.holdings", "levied"),
    Step("eksheba.packs", "packs"), Step("eksheba.pack", "packs"),
    Step("eksheba.rest", "packs", "eksheba.pack", "cut-in-body"),
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
