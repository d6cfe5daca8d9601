"""4,540 centres come back in the same minute, each with 50 operations (./run fleet [CENTRES [OPERATIONS [SECONDS]]]).

After so many seconds the simulation ends as it stands, and what is still open is counted apart.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, select

from sync.sandbox import schema
from sync.sandbox.seed import FLOATS
from tests.fleet.portals import PLENTY
from tests.fleet.postgres import postgres

ROOT = Path(__file__).resolve().parents[2]
_CENTRES, _OPERATIONS, _SECONDS, _PROCESSES, _SEED = 4_540, 50, 3_600, 2, 7
_BUCKET = 15  # seconds


def main(centres: int, operations: int, seconds: int) -> int:
    """0 when nothing was lost and nothing doubled."""
    with postgres() as database:
        servers, portals = [], []
        for _process in range(_PROCESSES):  # on one set of books; a centre stays with one of them
            servers.append(_start("tests.fleet.portals", database.address))
            portals.append(_line(servers[-1]))  # one after the other: the first makes the tables
        edges = [centres * place // _PROCESSES for place in range(_PROCESSES + 1)]
        shares = [
            _start("tests.fleet.centres", str(first), str(last), str(operations), str(seconds), str(_SEED),
                   json.dumps(json.loads(told)["portals"]))
            for (first, last), told in zip(itertools.pairwise(edges), portals, strict=True)
        ]
        _say(f"{centres} centres with {operations} operations each live through an outage ...")
        for share in shares:
            assert _line(share) == "ready"
        _say("... and their lines come back within one minute")
        began, before = time.monotonic(), _processor_seconds(database.pid)
        for share in shares:
            _let_go(share, "go\n")
        told = [json.loads(_line(share)) for share in shares]
        wall = time.monotonic() - began
        database_seconds = _processor_seconds(database.pid) - before
        for server in servers:
            _let_go(server, "")
        said = Counter[str]()
        for server in servers:
            said.update(json.loads(_line(server)))
        every = [centre for share in told for centre in share["centres"]]
        if any(centre["first"] is not None for centre in every):
            _histogram(every)
            _load(told, every, said, database_seconds, wall)
        else:
            _say(f"no centre's turn came within {seconds} s: after an outage they wait for up to five minutes")
        return _judge(every, database.address)


def _histogram(every: Sequence[Mapping[str, Any]]) -> None:
    """When centres were heard of first."""
    heard = Counter(int(centre["first"] // _BUCKET) for centre in every if centre["first"] is not None)
    most = max(heard.values())
    _say(f"centres by their first request, in steps of {_BUCKET} s (the busiest: {most / _BUCKET:.1f} a second):")
    for place in range(max(heard) + 1):
        _say(f"  {place * _BUCKET:5d} s {heard[place]:6d} {'#' * round(50 * heard[place] / most)}")


def _load(
    told: Sequence[Mapping[str, Any]], every: Sequence[Mapping[str, Any]], said: Mapping[str, Any],
    database_seconds: float, wall: float,
) -> None:
    took, late = (sorted(seconds for share in told for seconds in share[name]) for name in ("took", "late"))
    done = sorted(centre["done"] or wall for centre in every)
    operations = sum(len(centre["ends"]) for centre in every)
    _say(f"drained: half of the centres after {_part(done, 0.5):.0f} s, 95 % after {_part(done, 0.95):.0f} s, "
         f"all after {done[-1]:.0f} s")
    _say(f"requests: {said['taken']} taken ({said['taken'] / wall:.0f} a second), {said['turned_away']} asked to come "
         f"again, at most {said['most']} at once; {said['items'] / wall:.0f} items a second; "
         f"{operations / wall:.0f} operations a second")
    _say(f"an answer took {_part(took, 0.5):.2f} s (median), {_part(took, 0.95):.2f} s (p95), at most {took[-1]:.1f} s")
    _say(f"a centre that was due waited for a hand of this simulation {_part(late, 0.5):.2f} s (median), "
         f"{_part(late, 0.95):.2f} s (p95), at most {late[-1]:.1f} s")
    _say(f"processor time over {wall:.0f} s: portals {said['processor_seconds']:.0f} s, PostgreSQL "
         f"{database_seconds:.0f} s, engines {sum(share['processor_seconds'] for share in told):.0f} s "
         f"({sum(share['processor_seconds'] for share in told) / operations * 1000:.1f} ms an operation)")
    _say(f"bytes per operation: {sum(centre['bytes'] for centre in every) / operations:.0f}")


def _judge(every: Sequence[Mapping[str, Any]], address: str) -> int:
    """What the centres believe against what the portals' books say."""
    ends = {key: (state, reference) for centre in every for key, state, reference in centre["ends"]}
    engine = create_engine(address)
    with engine.connect() as connection:
        effects = connection.execute(select(schema.effects)).all()
        spent = PLENTY * len(FLOATS) - connection.execute(select(func.sum(schema.floats.c.amount_poisha))).scalar_one()
        things = [
            connection.execute(select(func.count()).select_from(schema.bills).where(schema.bills.c.paid)).scalar_one(),
            connection.execute(select(func.count()).select_from(schema.applications)).scalar_one(),
            connection.execute(select(func.count(func.distinct(schema.orders.c.key)))).scalar_one(),
        ]
    engine.dispose()
    known = {effect.key: effect.reference for effect in effects}
    over = {key: reference for key, (state, reference) in ends.items() if state in ("accepted", "confirmed")}
    lost = [key for key, reference in over.items() if known.get(key) != reference]
    asked = sum(effect.amount_poisha for effect in effects)
    doubled = abs(sum(things) - len(known)) + len(known.keys() - ends.keys()) + (spent != asked)
    _say(f"{len(ends)} operations, {len(ends) - len(over)} without an end, {len(effects)} effects, {sum(things)} "
         f"things done; duplicates {doubled}, losses {len(lost)}; floats gave {spent} poisha for {asked} asked")
    return 1 if doubled or lost or len(over) < len(ends) else 0


def _part(values: Sequence[float], part: float) -> float:
    return values[min(len(values) - 1, int(part * len(values)))]


def _start(module: str, *arguments: str) -> subprocess.Popen[str]:
    asked = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(asked, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _let_go(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(word)
    process.stdin.close()


def _processor_seconds(parent: int) -> float:
    """Of a process and its children, those that ended too, on Linux; 0 elsewhere."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == parent:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == parent:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:]]
    sys.exit(main(*(given + [_CENTRES, _OPERATIONS, _SECONDS][len(given):])))
