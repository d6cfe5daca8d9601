"""udc-kiosk portal list | login | logout, on a machine whose keyring keeps the device's secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from kiosk import cli
from kiosk.app import App
from sync.sandbox import Sandbox
from tests.conftest import CHEAP, PIN

OTHER_PIN, SECRET = "975318", "kept apart"


class MadeUp(KeyringBackend):
    """A keyring in memory that says it is one of those that are trusted."""

    __module__ = "keyring.backends.SecretService"
    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[MadeUp]:
    before, made = keyring.get_keyring(), MadeUp()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path: Path, sandbox: Sandbox, ring: MadeUp, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A counter with a supervisor and an operator."""
    made = tmp_path / "home"
    made.mkdir()
    portals = {name: sandbox.portals()[name] for name in ("ekpay", "municipality")}
    (made / "settings.json").write_text(json.dumps({"portals": portals}), encoding="utf-8")
    monkeypatch.setenv("UDC_KIOSK_PIN", PIN)
    monkeypatch.setenv("UDC_KIOSK_SECRET", SECRET)
    app = App(made)
    counter = app.counter(app.create_first("নমুনা প্রধান", PIN, CHEAP))
    app.add_operator(counter, "নমুনা অপারেটর", OTHER_PIN, "operator")
    app.stop()
    return made


def ask(
    capsys: pytest.CaptureFixture[str], home: Path, *arguments: str, operator: str = "নমুনা প্রধান"
) -> tuple[int, Any, str]:
    status = cli.main([*arguments, "--home", str(home), "--operator", operator])
    told = capsys.readouterr()
    return status, json.loads(told.out), told.out + told.err


def users(capsys: pytest.CaptureFixture[str], home: Path) -> dict[str, str]:
    _status, told, text = ask(capsys, home, "portal", "list")
    assert SECRET not in text
    return {portal["name"]: portal["user"] for portal in told["portals"]}


def test_the_list_says_which_portals_there_are_and_what_each_can_do(
    home: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told, _text = ask(capsys, home, "portal", "list")
    assert status == 0
    ekpay, municipality = told["portals"]
    assert (ekpay["name"], ekpay["address"], ekpay["user"]) == ("ekpay", sandbox.portals()["ekpay"], "")
    assert ekpay["query_by_key"] is True
    assert ekpay["batch"]["bill.pay"] > 1
    assert municipality["adapter"] == "municipality"


def test_who_signs_in_is_let_in_until_he_signs_out_and_his_secret_lies_nowhere_to_be_read(
    home: Path, sandbox: Sandbox, ring: MadeUp, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.accept_only("municipality", "centre-7", SECRET)
    assert ask(capsys, home, "sync")[1]["line"] == "credentials"
    status, told, text = ask(capsys, home, "portal", "login", "municipality", "--user", "centre-7")
    assert (status, told) == (0, {"portal": "municipality", "user": "centre-7"})
    assert SECRET not in text
    assert users(capsys, home) == {"ekpay": "", "municipality": "centre-7"}
    assert ask(capsys, home, "sync")[1]["line"] == "online"
    assert not (home / "device.secret").exists()
    assert len(ring.kept) == 1
    assert [file for file in home.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()] == []
    assert ask(capsys, home, "portal", "logout", "municipality")[1] == {"portal": "municipality", "user": ""}
    assert users(capsys, home) == {"ekpay": "", "municipality": ""}
    assert ask(capsys, home, "sync")[1]["line"] == "credentials"


def test_a_secret_that_no_variable_holds_is_asked_for_unseen(
    home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.accept_only("ekpay", "centre-7", "typed")
    monkeypatch.delenv("UDC_KIOSK_SECRET")
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "typed")
    ask(capsys, home, "portal", "login", "ekpay", "--user", "centre-7")
    assert ask(capsys, home, "sync")[1]["line"] == "online"


def test_only_a_supervisor_says_who_we_are_and_only_where_there_is_a_portal(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told, _text = ask(capsys, home, "portal", "login", "nobody", "--user", "centre-7")
    assert (status != 0, told["error"]) == (True, "no_such_portal")
    monkeypatch.setenv("UDC_KIOSK_PIN", OTHER_PIN)
    for words in (("login", "ekpay", "--user", "centre-7"), ("logout", "ekpay")):
        status, told, _text = ask(capsys, home, "portal", *words, operator="নমুনা অপারেটর")
        assert (status != 0, told["error"]) == (True, "supervisor_needed")
    monkeypatch.setenv("UDC_KIOSK_PIN", PIN)
    assert users(capsys, home) == {"ekpay": "", "municipality": ""}


def test_where_the_keyring_was_emptied_nothing_opens_and_that_is_said(
    home: Path, ring: MadeUp, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.kept.clear()
    status, told, _text = ask(capsys, home, "portal", "list")
    assert (status != 0, told["error"]) == (True, "wrong_machine")
