"""The same counter without a window, and what it says to bad input: clear words, and nothing lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kiosk import cli
from kiosk.app import App
from kiosk.store import engine
from sync.sandbox import Sandbox
from tests.conftest import CHEAP, PIN

VISIT: dict[str, Any] = {
    "citizen": {"name": "নমুনা নাগরিক", "mobile": "০১৭১২৩৪৫৬৭৮"},
    "lines": [
        {"kind": "bill", "biller": "breb", "amount": "৬৫০",
         "inputs": {"account_no": "১২৩৪৫৬৭৮৯০১২৩", "bill_period": "২০২৬-১০", "mobile": "০১৭১২৩৪৫৬৭৮"}},
        {"kind": "order", "product": "p0001", "quantity": 2},
    ],
    "tenders": [{"kind": "cash", "amount": "১০০০"}],
}


@pytest.fixture
def home(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    (made / "settings.json").write_text(json.dumps({"portals": sandbox.portals()}), encoding="utf-8")
    monkeypatch.setenv("UDC_KIOSK_PIN", PIN)
    app = App(made)
    app.create_first("নমুনা অপারেটর", PIN, CHEAP)
    app.stop()
    return made


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    status = cli.main(arguments)
    told = capsys.readouterr()
    return status, json.loads(told.out), told.err


def visit(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> tuple[int, Any, str]:
    file = tmp_path / "visit.json"
    file.write_text(text, encoding="utf-8")
    return ask(capsys, "visit", "--file", str(file), "--home", str(home))


def test_a_visit_goes_in_as_json_and_its_result_comes_out(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result, _words = visit(home, tmp_path, capsys, json.dumps(VISIT))
    assert status == 0
    assert result["receipt"].endswith("-000001")
    assert result["change_poisha"] == 1000_00 - result["total_poisha"]
    assert ask(capsys, "sync", "--home", str(home))[1]["lines"] == {"accepted": 1, "confirmed": 1}
    assert ask(capsys, "status", "--home", str(home))[1]["waiting"] == []
    status, proof, _words = ask(capsys, "verify", "--home", str(home))
    assert (status, proof["findings"]) == (0, [])
    assert len(list((home / "paper").glob("*.escpos"))) == 2


@pytest.mark.parametrize("text", [
    "", "{", "[]", "null", "[" * 5000, '{"lines": 5}', '{"lines": [5]}', '{"lines": [{"kind": "gift"}]}',
    '{"lines": [{"kind": "bill", "biller": "nobody", "amount": "5"}]}',
    '{"lines": [{"kind": "bill", "biller": "breb", "amount": "-5"}]}',
    '{"lines": [{"kind": "bill", "biller": "breb", "amount": "1e9"}]}',
    '{"lines": [{"kind": "order", "product": "p0001", "quantity": true}]}',
    '{"lines": [{"kind": "order", "product": "p0001", "quantity": -1}]}',
    '{"lines": [{"kind": "application", "service": "nationality", "answers": {"/data/no": "x"}, "consent": true}]}',
    '{"citizen": 7, "lines": []}', '{"lines": []}', '{"lines": [], "tenders": [{"kind": "shells", "amount": "5"}]}',
])
def test_a_bad_visit_file_takes_nothing_and_says_where(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    status, result, words = visit(home, tmp_path, capsys, text)
    assert status == 2
    assert result["error"]
    assert words.strip()
    assert ask(capsys, "status", "--home", str(home))[1]["visits"] == {}


@pytest.mark.parametrize(("line", "where", "wanted"), [
    ({"kind": "order", "product": "p0001", "quanttiy": 3}, "lines[0]", "quantity"),
    ({"kind": "bill", "biller": "breb", "amount": "650", "inputs": {"acount_no": "1"}}, "lines[0].inputs",
     "account_no"),
    ({"kind": "bil"}, "lines[0].kind", "bill"),
    ({"kind": "application", "service": "nationality", "answers": {"/data/applicant/nmae": "x"}, "consent": True},
     "lines[0].answers", "/data/applicant/name"),
])
def test_a_misspelt_name_in_a_visit_file_is_refused_with_the_nearest_one(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: dict[str, Any], where: str, wanted: str
) -> None:
    file = {"lines": [line], "tenders": [{"kind": "cash", "amount": "1000"}]}
    status, result, words = visit(home, tmp_path, capsys, json.dumps(file))
    assert (status, result["where"], result["instead"]) == (2, where, wanted)
    assert f"Write instead: {wanted}." in words or f"Write: {wanted}." in words
    assert "।।" not in words


def test_tender_for_tenders_is_no_missing_money(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = {"lines": VISIT["lines"], "tender": VISIT["tenders"]}
    _status, result, words = visit(home, tmp_path, capsys, json.dumps(file))
    assert (result["error"], result["instead"]) == ("visit_file_unknown_key", "tenders")
    assert "“tender”" in words


@pytest.mark.parametrize(("inputs", "reason"), [({}, "field_missing"), ({"account_no": "12"}, "wrong_length")])
def test_what_is_wrong_with_a_bill_is_told_with_its_line_and_field(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], inputs: dict[str, str], reason: str
) -> None:
    bill = {**VISIT["lines"][0], "inputs": {"bill_period": "2026-10", **inputs}}
    _status, result, words = visit(home, tmp_path, capsys, json.dumps({**VISIT, "lines": [VISIT["lines"][1], bill]}))
    assert (result["error"], result["where"]) == (reason, "lines[1].inputs.account_no")
    assert words.count("lines[1].inputs.account_no: ") == 2


def test_what_a_form_says_is_told_in_both_languages(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"kind": "application", "service": "nationality", "answers": {}, "consent": True}
    _status, result, words = visit(home, tmp_path, capsys, json.dumps({"lines": [line]}))
    assert result["where"].startswith("lines[0].answers./data/")
    assert "।।" not in words
    assert result["said_en"] in words
    assert result["said_bn"] != result["said_en"]


def test_a_visit_file_that_is_not_there_is_told_without_the_systems_words(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _status, result, words = ask(capsys, "visit", "--file", str(tmp_path / "none.json"), "--home", str(home))
    assert result["error"] == "not_there"
    assert "none.json" in words
    assert "Errno" not in words


def test_a_second_copy_on_the_same_store_is_told_and_changes_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = App(home)
    try:
        status, result, words = visit(home, tmp_path, capsys, json.dumps(VISIT))
        assert (status, result["error"]) == (2, "second_copy")
        assert "আগেই খোলা" in words
    finally:
        first.stop()


def test_a_wrong_pin_opens_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UDC_KIOSK_PIN", "1111")
    assert [visit(home, tmp_path, capsys, json.dumps(VISIT))[1]["error"] for _try in range(4)] == [
        "wrong_pin", "wrong_pin", "locked_out", "locked_out",
    ]


def test_settings_that_are_wrong_are_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "settings.json").write_text('{"paper_mm": 70}', encoding="utf-8")
    status, result, _words = ask(capsys, "sync", "--home", str(home))
    assert (status, result["error"], result["instead"]) == (2, "settings_one_of", "58, 80")


def test_a_store_that_is_not_one_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in home.glob("work.db*"):
        file.unlink()
    (home / "work.db").write_bytes(b"not a database " * 500)
    assert ask(capsys, "sync", "--home", str(home))[1]["error"] == "bad_store"


def test_a_store_of_a_newer_program_is_left_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = App(home)
    app.unlock(next(iter(app.home.envelopes.names())), PIN)
    app.store.connection().execute("PRAGMA user_version=99")
    app.stop()
    assert ask(capsys, "sync", "--home", str(home))[1]["error"] == "newer_store"


def test_a_damaged_catalogue_is_made_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "catalogue.db").write_bytes(b"garbage" * 1000)
    assert ask(capsys, "sync", "--home", str(home))[0] == 0


def test_a_full_disc_takes_nothing_and_works_again_when_there_is_room(
    home: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    from kiosk.counter import visit_file
    from kiosk.counter.visit import parked
    from kiosk.verify import verify

    app = App(home, portals=sandbox.portals())
    counter = app.unlock(next(iter(app.home.envelopes.names())), PIN)
    connection = app.store.connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    bills = [
        {"kind": "bill", "biller": "b523", "amount": "100", "inputs": {"bill_no": f"{place:09d}"}}
        for place in range(60)
    ]
    big = {**VISIT, "lines": [VISIT["lines"][0], *bills], "tenders": [{"kind": "cash", "amount": "99999"}]}
    with pytest.raises(engine.OperationalError, match="full"):
        visit_file.serve(counter, json.dumps(big))
    assert verify(connection) == []
    connection.execute("PRAGMA max_page_count=1000000")
    assert visit_file.serve(counter, json.dumps(VISIT))["receipt"].endswith("-000001")
    assert verify(connection) == []
    assert parked(counter) == []
    app.stop()


def test_the_store_is_copied_and_brought_back_by_command(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visit(home, tmp_path, capsys, json.dumps(VISIT))[0] == 0
    (tmp_path / "stick").mkdir()
    status, made, _words = ask(capsys, "backup", "--to", str(tmp_path / "stick"), "--home", str(home))
    assert status == 0
    app = App(home)
    app.unlock(next(iter(app.home.envelopes.names())), PIN)
    code = app.home.recovery_code()
    app.stop()
    other = tmp_path / "other"
    monkeypatch.setenv("UDC_KIOSK_PIN", "975310")
    refused = ask(capsys, "restore", "--from", str(tmp_path / "stick"), "--home", str(other))
    assert (refused[0], refused[1]["error"]) == (2, "backup_not_one")
    monkeypatch.setenv("UDC_KIOSK_CODE", code)
    status, restored, _words = ask(
        capsys, "restore", "--with-code", "--from", made["backup"], "--home", str(other)
    )
    assert (status, restored["asked_about"]) == (0, 2)
    assert ask(capsys, "verify", "--home", str(other))[1]["receipts"] == 1
    monkeypatch.setenv("UDC_KIOSK_PIN", "864200")
    assert ask(capsys, "recover", "--home", str(other))[0] == 0
    assert ask(capsys, "status", "--home", str(other))[0] == 0


def test_what_was_tried_and_what_was_said_can_be_asked_for_by_the_receipts_number(
    home: Path, tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = visit(home, tmp_path, capsys, json.dumps(VISIT))[1]["receipt"]
    sandbox.fail_next("ekshop.order", "refuse", "out_of_stock")
    ask(capsys, "sync", "--home", str(home))
    status, told, _words = ask(capsys, "attempts", receipt.lower(), "--home", str(home))
    assert status == 0
    bill, order = sorted(told, key=lambda one: one["kind"])
    assert (bill["state"], bill["attempts"][-1]["outcome"], bill["attempts"][-1]["said"]) == (
        "confirmed", "confirmed", "")
    assert (order["state"], order["attempts"][-1]["outcome"]) == ("rejected", "rejected")
    assert order["attempts"][-1]["said"].startswith("409 ")
    assert "out_of_stock" in order["attempts"][-1]["said"]
    assert ask(capsys, "attempts", "ZZ-000009", "--home", str(home))[1]["error"] == "no_such_receipt"


def test_the_books_come_out_by_command_and_a_wrong_pin_tells_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(home, tmp_path, capsys, json.dumps(VISIT))
    assert cli.main(["books", "--form", "beancount", "--home", str(home)]) == 0
    assert "open Assets:Cash:Drawer BDT" in capsys.readouterr().out
    monkeypatch.setenv("UDC_KIOSK_PIN", "000001")
    status, told, _words = ask(capsys, "books", "--home", str(home))
    assert (status, told["error"]) == (2, "wrong_pin")


def test_a_cut_off_tail_is_found_by_verify(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = shutil.copy(home / "work.db", tmp_path / "old.db")
    visit(home, tmp_path, capsys, json.dumps(VISIT))
    assert ask(capsys, "verify", "--home", str(home))[0] == 0
    shutil.copy(old, home / "work.db")
    status, told, _words = ask(capsys, "verify", "--home", str(home))
    assert status == 1
    assert "rolled back" in told["findings"][0]["difference"]


def test_a_restored_store_is_not_called_rolled_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy ends before what this machine remembers, and whoever restored it meant so."""
    folder = tmp_path / "stick"
    folder.mkdir()
    made = ask(capsys, "backup", "--to", str(folder), "--home", str(home))[1]["backup"]
    visit(home, tmp_path, capsys, json.dumps(VISIT))
    assert ask(capsys, "restore", "--from", made, "--home", str(home))[0] == 0
    status, told, _words = ask(capsys, "verify", "--home", str(home))
    assert (status, told["findings"], told["receipts"]) == (0, [], 0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seq": 1, "head": "f", "seal": "none"}'])
def test_a_witness_that_is_none_is_told_of(home: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (home / "witness.json").write_text(text, encoding="utf-8")
    status, told, _words = ask(capsys, "verify", "--home", str(home))
    assert (status, [one["where"] for one in told["findings"]]) == (1, ["witness.json"])


def test_what_waits_is_carried_by_command(
    home: Path, tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(home, tmp_path, capsys, json.dumps(VISIT))
    stick, elsewhere = tmp_path / "stick", tmp_path / "elsewhere"
    for folder in (stick, elsewhere):
        folder.mkdir()
    shutil.copy(home / "settings.json", elsewhere)
    status, packed, _words = ask(capsys, "carry", "pack", "--to", str(stick), "--home", str(home))
    [carry] = packed["carries"]
    assert (status, carry["out"]) == (0, 2)
    file = stick / carry["file"]
    assert {line["reason"] for line in ask(capsys, "status", "--home", str(home))[1]["waiting"]} == {"carried"}
    monkeypatch.setenv("UDC_KIOSK_CODE", "AAAA-BBBB-CCCC-DDDD")
    status, told, words = ask(capsys, "carry", "send", str(file), "--home", str(elsewhere))
    assert (status, told["error"]) == (2, "carry_wrong_code")
    assert "১৬ অক্ষরের" in words
    monkeypatch.setenv("UDC_KIOSK_CODE", carry["code"])
    assert ask(capsys, "carry", "send", str(file), "--home", str(elsewhere))[1] == {
        "count": 2, "ended": 2, "trouble": ""
    }
    assert sorted(one.name for one in elsewhere.iterdir()) == ["settings.json"]
    assert ask(capsys, "carry", "status", "--home", str(home))[1]["carries"][0]["code"] == carry["code"]
    status, brought, _words = ask(capsys, "carry", "bring", str(file.with_suffix(".outcomes")), "--home", str(home))
    assert (status, brought) == (0, {"new": 2, "known": 0, "out": 0, "differ": []})
    status, proof, _words = ask(capsys, "verify", "--home", str(home))
    assert (status, proof["lines"]) == (0, {"accepted": 1, "confirmed": 1})
    assert ask(capsys, "carry", "pack", "--to", str(stick), "--home", str(home))[1]["error"] == "carry_nothing"
    assert ask(capsys, "carry", "bring", str(tmp_path / "gone"), "--home", str(home))[1]["error"] == "not_there"
    status, told, words = ask(capsys, "carry", "listen", "--host", "203.0.113.9", "--home", str(elsewhere))
    assert (status, told["error"]) == (2, "not_our_address")
    assert "203.0.113.9" in words
