"""A sandbox behind an emulated line, in a process of its own, so that a measured kiosk pays for neither.

    python -m tests.bench.behind_a_line PROFILE      prints the port; ends with the word that it reads
"""

from __future__ import annotations

import json
import sys

from sync.sandbox import Sandbox
from tests.line import PROFILES, Line


def main(profile: str) -> None:
    sandbox = Sandbox()
    sandbox.start()
    for name in ("ekpay", "ekpay:prepaid", "eksheba", "ekshop", "municipality"):
        sandbox.set_float(name, 2_000_000_000)
    line = Line(PROFILES[profile], int(sandbox.address.rpartition(":")[2]))
    sys.stdout.write(f"{line.start()}\n")
    sys.stdout.flush()
    sys.stdin.readline()
    effects = sandbox.books.effects()
    sys.stdout.write(json.dumps({
        "up": line.up.bytes, "down": line.down.bytes, "packets": line.up.packets + line.down.packets,
        "connections": line.connections, "effects": len(effects),
        "amount": sum(effect["amount_poisha"] for effect in effects),
    }))


if __name__ == "__main__":
    main(sys.argv[1])
