"""A thousand operations over slow lines, against a plain loop of posts (./run benchmarks lines [PROFILE ...])."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from kiosk.app import App
from sync import outbox
from sync.operations import Operation, State
from tests.bench.timing import say
from tests.bench.work import APPLICATIONS, BILLS, ORDERS, a_home_with_work
from tests.conftest import PIN
from tests.line import PROFILES, Profile

_PATHS = {"ekpay": "/ekpay/syndicate/api", "eksheba": "/eksheba", "ekshop": "/ekshop"}
_SAMPLE = 50  # of how many operations the plain loop sends one


@dataclass(slots=True)
class Behind:
    """A sandbox behind a line; `told` is what both counted, once it has ended."""

    portals: dict[str, str]
    catalogue: str
    told: dict[str, Any] = field(default_factory=dict)


@contextmanager
def behind(profile: str) -> Iterator[Behind]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.behind_a_line", profile], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    port, catalogue = json.loads(child.stdout.readline())
    portals = {name: f"http://127.0.0.1:{port}{path}" for name, path in _PATHS.items()}
    there = Behind(portals, f"http://127.0.0.1:{catalogue}")
    try:
        yield there
    finally:
        there.told = json.loads(child.communicate("end\n", timeout=30)[0])


def main(names: Sequence[str]) -> None:
    """Drain the same work over each line."""
    with tempfile.TemporaryDirectory() as folder:
        home = a_home_with_work(Path(folder))
        for name in names or PROFILES:
            _drained(PROFILES[name], Path(shutil.copytree(home, Path(folder) / name)))


def _drained(profile: Profile, home: Path) -> None:
    with behind(profile.name) as there:
        app = App(home, portals=there.portals)
        app.unlock(next(iter(app.home.envelopes.names())), PIN)
        connection = app.store.connection()
        operations = [kept.operation for kept in outbox.every(connection)]
        seconds, processor = _drain(app)
        kinds = _bytes_by_kind(connection)
        wrong = sum(kept.state not in (State.ACCEPTED, State.CONFIRMED) for kept in outbox.every(connection))
        reasons = _reasons(connection)
        app.stop()
    with behind(profile.name) as plain:
        one_by_one = _plain_loop(operations, plain.portals)
    _tell(profile, operations, seconds, processor, kinds, there, one_by_one)
    say(f"  {wrong} without the end that they should have; attempts that did not succeed: {reasons or 'none'}")


def _drain(app: App) -> tuple[float, float]:
    """Seconds on the wall and of the processor until nothing is open."""
    kit = app.sync_kit()
    began, cpu = time.monotonic(), time.process_time()
    kit.engine.recover()
    while outbox.open_count(kit.connection):
        if not kit.engine.step():
            due = kit.engine.next_due_at()
            pause = (due - app.clock()).total_seconds() if due is not None else 0.0
            time.sleep(min(5.0, max(0.02, pause)))
    took = time.monotonic() - began, time.process_time() - cpu
    kit.engine.close()
    return took


def _tell(
    profile: Profile, operations: Sequence[Operation], seconds: float, processor: float,
    kinds: Sequence[tuple[str, int, int, int]], there: Behind, one_by_one: float,
) -> None:
    sent, received = sum(kind[2] for kind in kinds), sum(kind[3] for kind in kinds)
    alone = max(sent * 8 / profile.up, received * 8 / profile.down)
    packed = len(zlib.compress("".join(json.dumps(dict(one.payload)) for one in operations).encode(), 9))
    say(f"{profile.name}: {len(operations)} operations in {seconds:.1f} s; their {sent} bytes up and {received} down "
        f"alone need {alone:.1f} s: {seconds / alone:.2f} times; the line carried {there.told['up']} and "
        f"{there.told['down']} with TCP's over {there.told['connections']} connections; payloads in one gzip: {packed}")
    say(f"  processor {processor / len(operations) * 1000:.1f} ms an operation; a plain loop of posts: "
        f"{one_by_one:.0f} s (measured on one in {_SAMPLE}), {one_by_one / seconds:.0f} times as long")
    for kind, count, up, down in kinds:
        say(f"  {kind}: {count}, {up / count:.0f} bytes up and {down / count:.0f} down each")


def _bytes_by_kind(connection: Any) -> list[tuple[str, int, int, int]]:
    return list(connection.execute(
        """SELECT kind, count(DISTINCT key), sum(bytes_sent), sum(bytes_received)
           FROM operations JOIN attempts ON operation_key = key GROUP BY kind ORDER BY kind"""
    ).fetchall())


def _reasons(connection: Any) -> dict[str, int]:
    sql = "SELECT outcome || ' ' || reason, count(*) FROM attempts WHERE reason <> '' GROUP BY 1"
    return dict(connection.execute(sql).fetchall())


def _plain_loop(operations: Sequence[Operation], portals: dict[str, str]) -> float:
    """Seconds that one post after the other would take for all of them."""
    sample = [one for kind, count in (("ekpay.bill.pay", BILLS), ("eksheba.application.submit", APPLICATIONS),
                                      ("ekshop.order.place", ORDERS))
              for one in [one for one in operations if one.kind == kind][: count // _SAMPLE]]
    began = time.monotonic()
    token = _post(f"{portals['ekpay']}/get-token", {"user_id": "sandbox", "pass_key": "sandbox"})["security_token"]
    for one in sample:
        _one_by_one(one, portals, {"Authorization": f"Bearer {token}"})
    return (time.monotonic() - began) * _SAMPLE


def _one_by_one(one: Operation, portals: dict[str, str], headers: dict[str, str]) -> None:
    """An operation as the simplest program would send it; an application with its fee."""
    base = portals[one.portal]
    if one.portal == "ekpay":
        names = {"account_no": "bllr_accno", "bill_period": "bll_period", "mobile": "bill_mobno"}
        amount = f"{one.payload['amount_poisha'] / 100:.2f}"
        bill = {names[name]: text for name, text in one.payload["inputs"].items()}
        asked = {"bll_inf": {"bllr_id": one.payload["biller_id"], "amount": amount, **bill}}
        found = _post(f"{base}/fetch-bill", asked, headers)
        _post(f"{base}/update-billPayment", {
            "trx": {"refno_ack": found["resp_status"]["refno_ack"]}, "bllr_inf": found["bllr_inf"],
            "pyd_inf": {"pyd_trxn_refid": one.key, "pyd_amnt": amount},
        }, headers)
    elif one.portal == "eksheba":
        _post(f"{base}/applications", {**one.payload, "key": one.key})
        _post(f"{base}/applications/{one.key}/fee", {"key": f"{one.key}-fee", "amount_poisha": 20_00})
    else:
        _post(f"{base}/orders", {**one.payload, "key": one.key})


def _post(address: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    return requests.post(address, json=body, headers=headers, timeout=60).json()
