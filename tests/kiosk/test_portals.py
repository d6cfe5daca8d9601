"""Portals by configuration: which adapter, where, what it lacks; who we are there, where a copy tells nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.counter.records import CounterError, LineState
from kiosk.settings import BadSettings, PortalAt, portals, read
from kiosk.store.credentials import FILE, Credentials
from kiosk.words import LANGUAGES, every
from sync.portals import names
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.kiosk.stories import begin, pay, settled_bill, state, take_due


def test_an_address_alone_means_the_adapter_with_the_portals_name() -> None:
    assert portals({"ekpay": "https://ekpay.example"})["ekpay"] == PortalAt("https://ekpay.example", "ekpay")


def test_another_portal_may_speak_like_a_known_one_and_lack_something() -> None:
    told = portals({"second": {"address": "https://x.example", "adapter": "eksheba", "lacks": ["query_by_key"]}})
    assert told["second"] == PortalAt("https://x.example", "eksheba", ["query_by_key"])


def test_every_adapter_has_a_sandbox_portal_a_float_there_and_words_in_both_languages(sandbox: Sandbox) -> None:
    assert set(sandbox.portals()) == names()
    for name in names():
        assert sandbox.books.float_left(name) > 0
        for lang in LANGUAGES:
            assert {f"portal.{name}", f"float.{name}"} <= every(lang).keys(), (name, lang)


@pytest.mark.parametrize("wrong", [
    {"nobody": "https://x.example"}, {"ekpay": "ftp://x.example"}, {"ekpay": {"adapter": "ekpay"}},
    {"ekpay": {"address": "https://x.example", "lacks": ["wings"]}},
    {"ekpay": {"address": "https://x.example", "at": 1}},
])
def test_what_can_not_be_used_is_refused_when_the_program_starts(tmp_path: Path, wrong: dict[str, Any]) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"portals": wrong}), encoding="utf-8")
    with pytest.raises(BadSettings, match=r"settings\.json"):
        read(tmp_path)


def test_who_we_are_is_sealed_for_this_machine_and_bound_to_its_portal(tmp_path: Path) -> None:
    kept = Credentials(tmp_path, b"a" * 32)
    kept.put("ekpay", "centre-7", "kept apart")
    kept.put("eksheba", "centre-7", "another")
    assert Credentials(tmp_path, b"a" * 32).of("ekpay") == ("centre-7", "kept apart")
    text = (tmp_path / FILE).read_text(encoding="ascii")
    assert "centre-7" not in text
    assert Credentials(tmp_path, b"b" * 32).of("ekpay") == ("", "")
    sealed = json.loads(text)
    (tmp_path / FILE).write_text(json.dumps({"ekpay": sealed["eksheba"]}), encoding="ascii")
    assert Credentials(tmp_path, b"a" * 32).of("ekpay") == ("", "")
    kept.put("ekpay", "", "")
    assert kept.of("ekpay") == ("", "")


def test_a_portal_that_lets_nobody_else_in_is_paid_when_a_supervisor_has_signed_in(room: Room) -> None:
    room.sandbox.accept_only("ekpay", "centre-7", "secret")
    room.sandbox.accept_only("municipality", "centre-7", "secret")
    bill, due = settled_bill(room), begin(room)
    take_due(room, due)
    pay(room, due)
    assert room.sync() == "credentials"
    assert (state(room, bill), state(room, due)) == (LineState.WAITING, LineState.WAITING)
    with pytest.raises(CounterError, match="no_such_portal"):
        room.app.sign_in(room.counter, "nobody", "centre-7", "secret")
    for portal in ("ekpay", "municipality"):
        room.app.sign_in(room.counter, portal, "centre-7", "secret")
    assert room.sync() == "online"
    assert (state(room, bill), state(room, due)) == (LineState.CONFIRMED, LineState.CONFIRMED)


def test_a_password_that_the_portal_changed_is_a_word_on_the_line_and_loses_nothing(room: Room) -> None:
    room.app.sign_in(room.counter, "ekpay", "centre-7", "old")
    room.sandbox.accept_only("ekpay", "centre-7", "new")
    opened = settled_bill(room)
    assert room.sync() == "credentials"
    room.app.sign_in(room.counter, "ekpay", "centre-7", "new")
    room.sync()
    assert state(room, opened) is LineState.CONFIRMED
    assert len(room.sandbox.books.effects()) == 1
