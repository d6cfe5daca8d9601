"""Scores the engine against ODK's own recorded behaviour.

    ./run conformance [FOLDER]

The folder (UDC_ODK_CASES, else ../shared/odk beside the checkout) is no part of the project; without it nothing is
done.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.conformance import expressions, scenarios
from tests.conformance.score import told

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "odk"


def main(arguments: list[str]) -> int:
    """Print both scores; 0 unless less than was promised holds (99 % of expressions, 97 % of assertions)."""
    folder = Path(arguments[0] if arguments else os.environ.get("UDC_ODK_CASES") or _BESIDE)
    if not (folder / "xpath_cases.json").exists():
        sys.stdout.write(f"There are no recorded cases in {folder}; nothing to compare with.\n")
        return 0
    found = {
        "expressions": (list(expressions.verdicts(folder)), 0.99),
        "scenarios": (list(scenarios.verdicts(folder)), 0.97),
    }
    for title, (verdicts, _promised) in found.items():
        sys.stdout.write("\n".join(told(title, verdicts)) + "\n")
    return int(any(sum(not item.difference for item in verdicts) < promised * len(verdicts)
                   for verdicts, promised in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
