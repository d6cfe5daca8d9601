"""A newcomer's mistakes and a damaged folder: each is told in words, in both languages, and nothing is made worse."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from installer.setup import ROOT, STAMP
from kiosk import cli
from kiosk.app import App
from resources import path
from tests.conftest import CHEAP, PIN


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UDC_KIOSK_PIN", PIN)
    app = App(tmp_path / "home")
    app.create_first("নমুনা অপারেটর", PIN, CHEAP)
    app.stop()
    return app.folder


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    def asked(*arguments: object) -> tuple[str, str]:
        status = cli.main([str(one) for one in arguments])
        told = capsys.readouterr()
        assert status in (0, 2)
        return json.loads(told.out).get("error", ""), told.err

    return asked


def kept(home: Path) -> dict[str, bytes]:
    return {name: (home / name).read_bytes() for name in ("keys.json", "device.secret", "witness.json")
            if (home / name).exists()}


@pytest.mark.parametrize("lost", ["gone", "emptied", "gone, and the witness is garbage"])
def test_a_store_that_is_gone_is_not_replaced_by_an_empty_one(home: Path, ask: Any, lost: str) -> None:
    for file in home.glob("work.db*"):
        file.unlink()
    if lost == "emptied":
        (home / "work.db").touch()
    if "garbage" in lost:
        (home / "witness.json").write_text("?")
    before = kept(home)
    for command in ("sync", "books", "status"):
        error, words = ask(command, "--home", home)
        assert error in ("store_gone", "bad_store")
        assert "Restore a backup" in words or "from a backup" in words
    assert kept(home) == before  # the witness still tells of what was there


def test_without_its_keys_a_store_gets_no_new_ones(home: Path, ask: Any) -> None:
    (home / "keys.json").unlink()
    before = kept(home)
    assert ask("setup", "--operator", "নমুনা", "--home", home)[0] == "bad_keys"
    assert kept(home) == before


@pytest.mark.parametrize("secret", [b"", b"no hex", b"\xff\xfe", b"abcd"])
def test_a_damaged_secret_is_told_as_another_machine(home: Path, ask: Any, secret: bytes) -> None:
    (home / "device.secret").write_bytes(secret)
    assert ask("status", "--home", home)[0] == "wrong_machine"


def test_a_folder_without_a_counter_is_named_and_nobody_is_sent_to_a_backup(tmp_path: Path, ask: Any) -> None:
    (tmp_path / "elsewhere").mkdir()
    for command in ("status", "verify", "sync", "books", "recover", "carry status", "portal list"):
        error, words = ask(*command.split(), "--home", tmp_path / "elsewhere")
        assert error == "no_counter_here"
        assert "elsewhere" in words
        assert "setup" in words
    assert list((tmp_path / "elsewhere").iterdir()) == []  # nor is anything made there


def test_where_nobody_can_be_asked_the_variable_is_named(
    home: Path, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_asked: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    assert ask("portal", "login", "ekpay", "--user", "x", "--home", home)[0] == "nobody_to_ask"
    monkeypatch.delenv("UDC_KIOSK_PIN")
    error, words = ask("status", "--home", home)
    assert error == "nobody_to_ask"
    assert "UDC_KIOSK_PIN" in words


def test_a_backup_is_not_made_where_no_stick_is(home: Path, tmp_path: Path, ask: Any) -> None:
    error, words = ask("backup", "--to", tmp_path / "stick", "--home", home)
    assert error == "no_such_folder"
    assert "stick" in words
    assert not (tmp_path / "stick").exists()


def test_a_restore_says_which_folder_it_wants(home: Path, tmp_path: Path, ask: Any) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert ask("backup", "--to", stick, "--home", home)[0] == ""
    assert ask("restore", "--from", stick, "--home", home)[0] == "backup_not_one"
    (copy,) = stick.iterdir()
    assert ask("restore", "--from", copy, "--home", home)[0] == ""


def test_nothing_is_restored_or_recovered_under_an_open_window(
    home: Path, tmp_path: Path, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("backup", "--to", tmp_path, "--home", home)
    (copy,) = tmp_path.glob("udc-kiosk-*")
    monkeypatch.setenv("UDC_KIOSK_CODE", "WRONG")
    window = App(home)
    try:
        assert ask("restore", "--from", copy, "--home", home)[0] == "second_copy"
        assert ask("recover", "--home", home)[0] == "second_copy"
    finally:
        window.stop()


def test_a_wrong_recovery_code_is_not_called_a_pin(
    home: Path, tmp_path: Path, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UDC_KIOSK_CODE", "WRONG")
    ask("backup", "--to", tmp_path, "--home", home)
    (copy,) = tmp_path.glob("udc-kiosk-*")
    assert ask("recover", "--home", home)[0] == "wrong_code"
    assert ask("restore", "--from", copy, "--with-code", "--home", tmp_path / "other")[0] == "wrong_code"


def test_what_the_system_refuses_is_told_with_the_file_and_not_in_its_own_words(
    home: Path, tmp_path: Path, ask: Any
) -> None:
    for file, word in ((tmp_path / "none.outcomes", "not_there"), (tmp_path, "is_a_folder")):
        error, words = ask("carry", "bring", file, "--home", home)
        assert error == word
        assert str(file) in words
        assert "Errno" not in words
        assert "directory" not in words


def test_several_operators_are_asked_for_a_name(home: Path, ask: Any) -> None:
    app = App(home)
    try:
        who = app.unlock(next(iter(app.home.envelopes.names())), PIN).operator
        app.home.add("নমুনা দ্বিতীয়", PIN, "operator", who, CHEAP)
    finally:
        app.stop()
    error, words = ask("status", "--home", home)
    assert error == "several_operators"
    assert "নমুনা দ্বিতীয়" in words
    assert ask("status", "--operator", "nobody", "--home", home)[0] == "no_operator"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of a pipe that nobody reads in another way")
def test_who_reads_the_first_lines_only_gets_no_traceback(home: Path) -> None:
    told = subprocess.Popen([sys.executable, "-m", "kiosk.cli", "status", "--home", str(home)], cwd=ROOT,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert told.stdout is not None
    told.stdout.close()
    assert told.stderr is not None
    assert told.stderr.read() == ""
    assert told.wait(60) == 141


def test_ctrl_c_ends_a_command_without_a_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(_asked: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.delenv("UDC_KIOSK_PIN")
    monkeypatch.setattr("getpass.getpass", pressed)
    assert cli.main(["status", "--home", str(home)]) == 130


def test_a_python_that_does_not_run_is_not_passed_over(tmp_path: Path) -> None:
    run = path("words").parent.parent / "run"
    if os.name == "nt" or shutil.which("sh") is None:
        pytest.skip("run.cmd is Windows's")
    environment = {**os.environ, "UDC_PYTHON": str(tmp_path / "python9")}
    done = subprocess.run([run, "lint"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "python9" in done.stderr


def test_the_files_that_run_is_given_are_where_it_was_called_from(tmp_path: Path) -> None:
    if os.name == "nt" or not STAMP.exists():
        pytest.skip("needs sh and an environment that ./run made")
    done = subprocess.run([ROOT / "run", "kiosk", "receipt", "page", "--to", "page.html"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.html").exists()


def test_without_a_display_no_unseen_window_is_opened(
    home: Path, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    error, words = ask("open", "--home", home)
    assert error == "no_display"
    assert "There is no display" in words


def test_sending_without_a_portal_is_refused_in_words(home: Path, ask: Any) -> None:
    error, words = ask("sync", "--home", home)
    assert error == "sync_no_portals"
    assert "nothing was sent" in words


@pytest.mark.parametrize("wrong", [
    ("sandbox", "--port", "80000"), ("carry", "listen", "--port", "80000"),
    ("carry", "pack", "--to", "x", "--days", "99"),
])
def test_a_number_out_of_its_bounds_is_told_with_them(
    capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit):
        cli.main(wrong)
    said = capsys.readouterr().err.splitlines()[-1]
    assert f"not {wrong[-1]}" in said
    assert "3, 4, 5" not in said


def test_a_file_to_send_is_looked_for_before_its_code_is_asked(
    home: Path, tmp_path: Path, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_asked: str) -> str:
        raise AssertionError

    monkeypatch.setattr("getpass.getpass", never)
    assert ask("carry", "send", tmp_path / "none.carry", "--home", home)[0] == "not_there"


def test_a_file_that_notepad_wrote_is_read(home: Path, tmp_path: Path, ask: Any) -> None:
    (home / "settings.json").write_text('{"paper_mm": 80}', encoding="utf-8-sig")
    (tmp_path / "visit.json").write_text('{"lines": []}', encoding="utf-8-sig")
    assert ask("visit", "--file", tmp_path / "visit.json", "--home", home)[0] == "empty_basket"


@pytest.mark.parametrize("text", ['{"portals": []}', '{"portals": "x"}', "[]", "null", ""])
def test_settings_of_another_shape_are_told(home: Path, ask: Any, text: str) -> None:
    (home / "settings.json").write_text(text, encoding="utf-8")
    error, words = ask("sync", "--home", home)
    assert error in ("settings_not_object", "settings_not_json")
    assert words.startswith("settings.json")


@pytest.mark.parametrize(("key", "value", "reason"), [
    ("papper_mm", 80, "settings_unknown_key"), ("cut", "no", "settings_not_yes_no"),
    ("drawer", "false", "settings_not_yes_no"), ("printer_port", "9100", "settings_not_whole"),
    ("printer_port", 91000, "settings_not_port"), ("printer_profile", "epson81", "settings_one_of"),
    ("paper_mm", True, "settings_not_whole"), ("scans", 5, "settings_not_text"), ("density", 4, "settings_not_step"),
    ("publishers", {"a": "no key"}, "settings_not_key"), ("publishers", ["a"], "settings_not_object"),
    ("portals", {"ekpay": {"address": "http://127.0.0.1", "adress": 1}}, "settings_unknown_key"),
    ("portals", {"ekpay": {"address": "http://127.0.0.1", "lacks": "batch"}}, "settings_not_list"),
    ("portals", {"ekpay": 5}, "settings_not_object"), ("printer", "network", "settings_address_missing"),
])
def test_a_setting_that_does_not_hold_is_named_and_what_belongs_there(
    home: Path, ask: Any, key: str, value: object, reason: str
) -> None:
    (home / "settings.json").write_text(json.dumps({key: value}), encoding="utf-8")
    error, words = ask("sync", "--home", home)
    assert error == reason
    assert key in words or (key, value) == ("printer", "network")
    assert "__init__" not in words
    assert "।।" not in words
