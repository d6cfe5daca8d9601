"""Newer packs come over the line: a price changes at the counter from its day on, and what can't be trusted changes
nothing and says so."""

from __future__ import annotations

import csv
import errno
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from kiosk.catalogue import packs, shelf
from kiosk.counter import apply, notices
from kiosk.counter.records import LineState as Served
from kiosk.counter.records import Notice
from resources import path
from sync.packs import Progress
from sync.sandbox import Sandbox
from sync.worker import LineState, Worker
from tests.conftest import Room
from tests.kiosk.stories import begin, line, pay, take_application

PUBLISHED, FROM = "2099-01-01T00:00:00Z", "2026-12-01"  # published after whatever came with the program


@pytest.fixture
def room(tmp_path: Path, sandbox: Sandbox) -> Iterator[Room]:
    """A counter that believes the sandbox's publisher."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"publishers": sandbox.publishers()}), encoding="utf-8")
    made = Room(home, sandbox)
    made.sync()
    yield made
    made.app.stop()


def fees(change: Callable[[list[dict[str, str]]], None]) -> str:
    """The fees that came with the program, changed."""
    with path("packs/fees.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    target = io.StringIO()
    written = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
    written.writeheader()
    written.writerows(rows)
    return target.getvalue()


def dearer(rows: list[dict[str, str]]) -> None:
    """A national certificate of nationality costs 75 taka from a day on."""
    [now] = [row for row in rows if row["service_id"] == "nationality" and not row["office"] and not row["variant"]]
    rows.append({**now, "version": "nationality@2026-12", "official_poisha": "7500", "from": FROM})
    now["until"] = FROM


def price(room: Room) -> int:
    [fee] = [one for one in apply.prices(room.counter, "nationality") if not one.variant]
    return fee.official_poisha


def wanted(room: Room) -> list[Notice]:
    return notices.notices(room.counter)


def test_a_published_fee_holds_at_the_counter_from_its_day_on(room: Room) -> None:
    before = price(room)
    room.sandbox.publish({"fees.csv": fees(dearer)}, PUBLISHED)
    room.sync()
    assert price(room) == before
    opened = begin(room)
    take_application(room, opened)
    room.clock.forward(days=10)
    assert price(room) == 75_00
    pay(room, opened)
    assert line(room, opened).official_poisha == before, "what was in the basket keeps its price"
    room.app.stop()
    room.restart()
    assert price(room) == 75_00
    assert wanted(room) == []


def test_nothing_new_costs_two_heads_and_a_list_from_before_is_not_believed(room: Room) -> None:
    room.sandbox.publish({"fees.csv": fees(dearer)}, PUBLISHED)
    room.sync()
    room.clock.forward(days=10)
    room.sandbox.publish({"fees.csv": path("packs/fees.csv").read_text(encoding="utf-8")}, "2020-01-01")
    room.sync()
    assert price(room) == 75_00
    base = room.sandbox.portals()["eksheba"]
    tag = requests.get(f"{base}/packs", timeout=10).headers["ETag"]
    again = requests.get(f"{base}/packs", headers={"If-None-Match": tag}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("spoil", ["signature", "hash"])
def test_what_nobody_signed_or_came_damaged_leaves_the_old_and_is_told(room: Room, spoil: str) -> None:
    room.sandbox.publish({"fees.csv": fees(dearer)}, PUBLISHED, spoil)
    room.sync()
    room.clock.forward(days=10)
    assert price(room) != 75_00
    [notice] = wanted(room)
    assert (notice.reason, spoil in str(notice.facts)) == ("bad_pack_arrived", True)
    room.sandbox.publish({"fees.csv": fees(dearer)}, PUBLISHED)
    room.sync()
    assert wanted(room) == []
    assert price(room) == 75_00


def rewritten(rows: list[dict[str, str]]) -> None:
    rows[0]["official_poisha"] = "99900"


def unreadable(rows: list[dict[str, str]]) -> None:
    rows[3]["official_poisha"] = "-5"


@pytest.mark.parametrize("change", [rewritten, unreadable])
def test_fees_that_rewrite_what_was_or_make_no_sense_are_refused_whole(
    room: Room, change: Callable[[list[dict[str, str]]], None]
) -> None:
    def both(rows: list[dict[str, str]]) -> None:
        dearer(rows)
        change(rows)

    room.sandbox.publish({"fees.csv": fees(both)}, PUBLISHED)
    room.sync()
    room.clock.forward(days=10)
    assert price(room) != 75_00
    assert "fees.csv" in str(wanted(room)[0].facts)
    room.app.stop()
    room.restart()
    assert price(room) != 75_00


def test_a_name_that_is_no_pack_of_ours_is_refused(room: Room) -> None:
    room.sandbox.publish({"evil.py": "import os"}, PUBLISHED)
    room.sync()
    assert "evil.py" in str(wanted(room)[0].facts)


def test_a_form_definition_comes_with_the_packs(room: Room) -> None:
    text = path("forms/nationality.xml").read_text(encoding="utf-8")
    room.sandbox.publish({"form-nationality.xml": text.replace("আবেদনকারী", "যিনি আবেদন করছেন")}, PUBLISHED)
    room.sync()
    assert b"\xe0\xa6\xaf\xe0\xa6\xbf\xe0\xa6\xa8\xe0\xa6\xbf" in (room.counter.catalogue.form("nationality") or b"")
    assert apply.form(room.counter, "nationality") is not None
    room.sandbox.publish({"form-nationality.xml": text[: len(text) // 2]}, "2099-01-02")
    room.sync()
    assert "form-nationality.xml" in str(wanted(room)[0].facts)
    assert apply.form(room.counter, "nationality") is not None


def test_a_download_that_broke_off_goes_on_where_it_was(room: Room) -> None:
    room.sandbox.publish({"places.csv": path("packs/places.csv").read_text(encoding="utf-8")}, PUBLISHED)
    kit = room.app.sync_kit()
    pull = kit.pulls[-1]
    first = pull.take()
    assert isinstance(first, Progress)
    assert 0 < first.done < first.total
    kit.close()
    [part] = (room.home / "packs" / "arriving").iterdir()
    had = part.stat().st_size
    again = room.app.sync_kit()
    pull = again.pulls[-1]
    while pull.take():
        pass
    again.close()
    assert first.total - had < pull.line.bytes_received < first.total - had + 3_000
    assert wanted(room) == []
    assert list((room.home / "packs" / "arriving").iterdir()) == []


def test_packs_that_the_power_left_damaged_give_way_to_those_before_and_come_again(room: Room) -> None:
    room.sandbox.publish({"fees.csv": fees(dearer)}, PUBLISHED)
    room.sync()
    room.sandbox.publish({"products.csv": path("packs/products.csv").read_text(encoding="utf-8")}, "2099-01-02")
    room.sync()
    room.app.stop()
    (shelf.newest(room.home) / "fees.csv").write_bytes(b"")
    (room.home / "catalogue.db").unlink()
    room.restart()
    room.clock.forward(days=10)
    assert (price(room), packs.published(shelf.newest(room.home))) == (75_00, PUBLISHED)
    room.sync()
    assert (price(room), packs.published(shelf.newest(room.home))) == (75_00, "2099-01-02")


def test_a_disc_without_room_for_packs_says_so_and_does_not_hold_the_line(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.sandbox.publish({"fees.csv": fees(dearer)}, PUBLISHED)
    seen: list[LineState] = []
    kit = room.app.sync_kit()
    worker = Worker(room.app.sync_kit, room.clock, lambda status: seen.append(status.state))
    with monkeypatch.context() as full:
        full.setattr("shutil.copytree", no_room)
        worker.round(kit)
    assert seen[-1] is LineState.CANNOT_KEEP
    came = kit.pulls[-1].line.bytes_received
    opened = begin(room)
    take_application(room, opened)
    pay(room, opened)
    worker.round(kit)
    assert line(room, opened).state is not Served.WAITING
    assert kit.pulls[-1].line.bytes_received - came < 2_000, "what came stays, and nobody asks again at once"
    room.clock.forward(hours=7)
    worker.round(kit)
    kit.close()
    room.clock.forward(days=10)
    assert price(room) == 75_00


def no_room(*_given: object, **_named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
