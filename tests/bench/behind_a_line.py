"""A sandbox and a catalogue behind an emulated line, in a process of its own: a measured kiosk pays for neither.

    python -m tests.bench.behind_a_line PROFILE      prints the two ports; ends with the line that it reads
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sync.sandbox import Sandbox
from sync.sandbox.serving import Serving
from tests.line import PROFILES, Line

CATALOGUE = 200_000_000  # bytes


def main(profile: str) -> None:
    sys.setswitchinterval(0.0005)  # the line keeps its time also while the portals work
    sandbox = Sandbox()
    sandbox.start()
    for name in ("ekpay", "ekpay:prepaid", "eksheba", "ekshop", "municipality"):
        sandbox.set_float(name, 2_000_000_000)
    line = Line(PROFILES[profile])
    posts: list[tuple[float, str]] = []
    line.up.on_packet = lambda data: posts.append((time.time(), _first_line(data))) if data[:4] == b"POST" else None
    ports = [line.before(int(sandbox.address.rpartition(":")[2])), line.before(Serving(_catalogue, 0).port)]
    sys.stdout.write(f"{json.dumps(ports)}\n")
    sys.stdout.flush()
    sys.stdin.readline()
    effects = sandbox.books.effects()
    sys.stdout.write(json.dumps({
        "up": line.up.bytes, "down": line.down.bytes, "connections": line.connections, "effects": len(effects),
        "posts": posts,
    }))


def _first_line(data: bytes) -> str:
    return data.partition(b"\r\n")[0].decode("latin-1").split(" ")[1]


def _catalogue(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(CATALOGUE))])
    return _pieces()


def _pieces() -> Iterator[bytes]:
    for _piece in range(CATALOGUE // 50_000):
        yield bytes(50_000)


if __name__ == "__main__":
    main(sys.argv[1])
