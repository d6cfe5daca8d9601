"""Scores the forms engine against ODK's own recorded behaviour.

The recordings (UDC_ODK_CASES, else ../shared/odk beside the checkout) are no part of the project; without them nothing
is compared.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.conformance import expressions, scenarios
from tests.conformance.score import told

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "odk"


def holds() -> bool:
    """Print both scores; False when less was met than was promised (99 % of expressions, 97 % of assertions)."""
    folder = Path(os.environ.get("UDC_ODK_CASES") or _BESIDE)
    if not (folder / "xpath_cases.json").exists():
        sys.stdout.write(f"There are no recorded cases in {folder}; nothing to compare with.\n")
        return True
    found = {
        "expressions": (list(expressions.verdicts(folder)), 0.99),
        "scenarios": (list(scenarios.verdicts(folder)), 0.97),
    }
    for title, (verdicts, _promised) in found.items():
        sys.stdout.write("\n".join(told(title, verdicts)) + "\n")
    return all(sum(not item.difference for item in verdicts) >= promised * len(verdicts)
               for verdicts, promised in found.values())
