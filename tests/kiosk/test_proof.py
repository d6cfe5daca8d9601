"""A receipt proves itself: what a device signed is believed, and nothing else is, however little differs."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import cli
from kiosk.commands import receipt
from kiosk.counter import find
from kiosk.proof import authorities, base45, certificate, check, cose, statement, told
from kiosk.proof.check import Verdict
from kiosk.proof.statement import REST, Item
from kiosk.words import LANGUAGES
from printing import pdf, qr
from printing.document import QR, Document
from tests.conftest import PIN, Room
from tests.kiosk import certified, stories
from tests.kiosk.certified import FINAL, KEY, PROVISIONAL, known, proved
from tests.kiosk.stories import PALLI


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")])
def test_base45_is_the_standards(data: bytes, text: str) -> None:
    assert base45.encode(data) == text  # RFC 9285, 4.3
    assert base45.decode(text) == data


@given(st.binary(max_size=90))
def test_base45_gives_back_every_byte(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(alphabet="0A:% /Za\n", max_size=9))
def test_no_two_texts_stand_for_the_same_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(data) == text


def test_a_true_final_receipt_says_what_was_signed() -> None:
    found = check.check(proved(), known())
    assert found.verdict is Verdict.TRUE_FINAL
    assert found.read is not None and found.authority is not None
    assert found.read.statement == FINAL
    assert found.read.shown_number == "TEST-000042"
    assert found.read.identity.name == "নমুনা"
    assert found.authority.sandbox


def test_a_provisional_receipt_says_when_to_ask() -> None:
    found = check.check(proved(PROVISIONAL), known())
    assert found.verdict is Verdict.TRUE_PROVISIONAL
    assert "২৭ নভেম্বর ২০২৬" in told.told(found, {}, "bn")[1]


def test_every_single_bit_that_is_changed_is_found() -> None:
    trusted = known()
    for text in (proved(), proved(PROVISIONAL), proved(certificate_=b"")):
        for flipped in certified.every_flip(text):
            assert check.check(flipped, trusted).verdict is Verdict.ALTERED


def test_every_letter_that_is_lost_added_or_mistyped_is_found() -> None:
    text, trusted = proved(), known()
    for place in range(len(text)):
        for instead in ("", text[place] * 2, "X" if text[place] != "X" else "Y", text[place].lower() + " "):
            changed = text[:place] + instead + text[place + 1:]
            assert check.check(changed, trusted).verdict is Verdict.ALTERED
    assert check.check(text[:-1], known()).verdict is Verdict.ALTERED


@given(st.one_of(st.text(), st.binary(max_size=300).map(lambda data: statement.MARK + base45.encode(data))))
def test_no_text_is_believed_or_raises(text: str) -> None:
    assert check.check(text, known()).verdict is Verdict.ALTERED


def test_a_device_that_nobody_vouches_for_is_an_unknown_centre() -> None:
    found = check.check(proved(certificate_=b""), known())
    assert found.verdict is Verdict.UNKNOWN
    assert found.read is not None and found.read.statement == FINAL


def test_an_authority_that_nobody_knows_makes_no_centre_known() -> None:
    stranger = certified.certified(authority=os.urandom(32))
    assert check.check(proved(certificate_=stranger), known()).verdict is Verdict.UNKNOWN


def test_a_strangers_word_under_the_authoritys_name_is_a_forgery() -> None:
    asks = certificate.Identity("TEST", certificate.public_of(KEY), "")
    claims = {**certificate.unsigned(asks), certificate.EXP: 2_000_000_000, certificate.NAME: "নমুনা"}
    real = certificate.key_id(certificate.public_of(authorities.SANDBOX_KEY))[:4]
    forged = cose.sign({cose.KID: real}, claims, os.urandom(32))
    assert check.check(proved(certificate_=forged), known()).verdict is Verdict.ALTERED


def test_another_devices_certificate_vouches_for_nothing() -> None:
    others = certified.certified(key=os.urandom(32))
    assert check.check(proved(certificate_=others), known()).verdict is Verdict.ALTERED


def test_a_withdrawn_device_is_told_with_the_day() -> None:
    found = check.check(proved(), known(revoked=True))
    assert found.verdict is Verdict.REVOKED
    assert "২০ নভেম্বর ২০২৬" in told.told(found, {}, "bn")[1]


def test_what_is_signed_after_the_certificate_ended_is_not_believed() -> None:
    late = replace(FINAL, at=datetime(2029, 1, 1, tzinfo=UTC))
    assert check.check(proved(late), known()).verdict is Verdict.UNKNOWN
    last_day = replace(FINAL, at=datetime(2028, 12, 31, 17, 59, tzinfo=UTC))
    assert check.check(proved(last_day), known()).verdict is Verdict.TRUE_FINAL


@pytest.mark.parametrize("count", [1, 3, 10, 25, 200])
def test_the_code_fits_narrow_paper_at_four_dots_and_sums_up_what_does_not_fit(count: int) -> None:
    items = tuple(Item(f"passport.48p-5y-{place % 9}", 4_025_00, 100_00) for place in range(count))
    text = proved(replace(FINAL, items=items))
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # what QR codes pack as alphanumeric
    wide, _dots = qr.code(text)
    assert 0 < (wide + 8) * 4 <= 384
    found = check.check(text, known()).read
    assert found is not None
    *named, last = found.statement.items
    whole = [*named, last] if last.what != REST else named
    assert whole == list(items[:len(whole)])
    assert sum(one.official_poisha for one in found.statement.items) == count * 4_025_00
    assert last.what != REST or len(named) + int(last.tail) == count


@given(st.builds(
    Item, st.text(max_size=20).filter(lambda what: what != REST), st.integers(0, 10**11), st.integers(0, 10**9),
    st.sampled_from(statement.End), st.text(max_size=4),
).map(lambda item: (item,)), st.integers(0, 10**6), st.integers(-10**11, 10**11))
def test_a_statement_comes_back_as_it_was_signed(items: tuple[Item, ...], number: int, total: int) -> None:
    said = replace(FINAL, items=items, number=number, total_poisha=total)
    found = check.check(proved(said), known()).read
    assert found is not None and found.statement == said


def test_a_verdict_is_told_in_both_languages() -> None:
    names = receipt.names()
    for text in (proved(), proved(PROVISIONAL), proved(certificate_=b""), "x"):
        for lang in LANGUAGES:
            assert all(told.told(check.check(text, known()), names, lang))
    assert any("পল্লী বিদ্যুৎ বিল" in line for line in told.told(check.check(proved(), known()), names, "bn"))


def test_a_request_proves_that_its_sender_holds_the_key() -> None:
    asked = certificate.request("TEST", "Sample", KEY)
    assert certificate.read_request(asked).key == certificate.public_of(KEY)
    other = asked[:-2] + ("00" if asked[-2:] != "00" else "10")
    with pytest.raises(ValueError, match=r"."):
        certificate.read_request(other)


def test_a_name_that_would_crowd_the_code_is_refused() -> None:
    asks = certificate.Identity("TEST", certificate.public_of(KEY), "")
    with pytest.raises(ValueError, match="48 bytes"):
        certificate.certify(asks, "ক" * 17, date(2028, 1, 1), authorities.SANDBOX_KEY)


def test_a_device_is_certified_and_its_receipts_checked_by_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        status = cli.main(arguments)
        return status, capsys.readouterr().out

    monkeypatch.setenv("UDC_KIOSK_PIN", PIN)
    monkeypatch.setenv("UDC_AUTHORITY_PASSWORD", "a sample's password")
    home, key, list_ = tmp_path / "home", tmp_path / "authority.pem", tmp_path / "known.json"
    run("setup", "--operator", "নমুনা", "--home", str(home))
    _, row = run("receipt", "authority", "--key", str(key))
    known_ = {"as_of": "2026-11-24", "authorities": [{**json.loads(row), "name_bn": "নমুনা", "name_en": "Sample"}],
              "revoked": []}
    list_.write_text(json.dumps(known_), encoding="utf-8")
    (tmp_path / "request").write_text(run("receipt", "request", "--home", str(home))[1], encoding="ascii")
    ends = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()
    _, given = run("receipt", "certify", str(tmp_path / "request"), "--key", str(key), "--name", "নমুনা", "--until", ends)
    assert run("receipt", "install", given.strip(), "--home", str(home))[0] == 0
    foreign = certificate.to_text(certified.certified())
    assert run("receipt", "install", foreign, "--home", str(home))[0] == 2

    (tmp_path / "visit.json").write_text(json.dumps({
        "citizen": {"name": "নমুনা নাগরিক", "mobile": "01712345678"},
        "lines": [{"kind": "bill", "biller": "breb", "inputs": PALLI, "amount": "650"}],
        "tenders": [{"kind": "cash", "amount": "700"}],
    }), encoding="utf-8")
    status, _ = run("visit", "--file", str(tmp_path / "visit.json"), "--home", str(home))
    assert status == 0
    [printed] = (home / "paper").glob("*.escpos")
    picture = tmp_path / "photo.png"
    from tests.printing.escpos_reader import read

    read(printed.read_bytes(), 384)[0].save(picture)
    status, said = run("receipt", "check", str(picture), "--authorities", str(list_))
    assert (status, json.loads(said)["verdict"]) == (0, "true_provisional")
    assert json.loads(said)["total_poisha"] >= 650_00
    status, said = run("receipt", "check", str(picture))  # by the list that knows the sandbox only
    assert (status, json.loads(said)["verdict"]) == (1, "unknown")
    assert run("receipt", "check", str(key))[0] == 2  # no picture
    (tmp_path / "UDC.txt").write_text(proved(), encoding="ascii")
    assert json.loads(run("receipt", "check", str(tmp_path / "UDC.txt"))[1])["number"] == "TEST-000042"


@pytest.mark.parametrize(("what", "reason"), [
    ("", "nothing_to_check"), ("  ", "nothing_to_check"), ("none.png", "neither_code_nor_file"),
    ("HELLO", "neither_code_nor_file"), (".", "is_a_folder"), ("empty.txt", "nothing_to_check"),
    ("receipt.pdf", "receipt_is_pdf"), ("wall.png", "no_code"),
])
def test_where_there_is_nothing_to_read_no_receipt_is_called_altered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, what: str, reason: str
) -> None:
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    Path("empty.txt").touch()
    Path("receipt.pdf").write_bytes(pdf.render(Document("নমুনা", "নমুনা", (QR(proved(), ""),))))
    Image.new("L", (40, 40), 255).save("wall.png")
    status = cli.main(["receipt", "check", what])
    told_ = capsys.readouterr()
    assert (status, json.loads(told_.out)["error"]) == (2, reason)
    assert "Altered" not in told_.err


def test_an_authority_gives_no_certificate_that_is_over_and_its_password_is_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def certify(key: str, until: str) -> str:
        cli.main(["receipt", "certify", certificate.request("TEST", "Sample", KEY), "--key", key, "--name", "নমুনা",
                  "--until", until])
        told_ = capsys.readouterr().out
        return json.loads(told_)["error"] if told_.startswith("{") else told_

    assert certify("sandbox", "2020-01-01") == "certificate_would_be_over"
    key = str(tmp_path / "authority.pem")
    monkeypatch.setenv("UDC_AUTHORITY_PASSWORD", "a sample's password")
    cli.main(["receipt", "authority", "--key", key])
    capsys.readouterr()
    assert certify(key, "2099-01-01").startswith("UDCC1:")
    monkeypatch.setenv("UDC_AUTHORITY_PASSWORD", "another")
    assert certify(key, "2099-01-01") == "wrong_authority_password"
    (tmp_path / "other.pem").write_text("-----", encoding="ascii")
    assert certify(str(tmp_path / "other.pem"), "2099-01-01") == "not_authority_key"


def test_the_page_that_was_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["receipt", "page", "--to", str(tmp_path / "check.html")]) == 0
    assert json.loads(capsys.readouterr().out) == {"page": str(tmp_path / "check.html")}




def test_a_scanned_code_brings_its_receipt_or_the_verdict_on_another_counters(room: Room) -> None:
    opened = stories.begin(room)
    stories.take_bill(room, opened)
    receipt = stories.pay(room, opened).receipt
    [code] = [block.payload for block in receipt.document.blocks if isinstance(block, QR)]
    [found] = find.find(room.counter, f"{code}\r\n")
    assert (found.kind, found.ref) == ("receipt", receipt.shown_number)
    [other] = find.find(room.counter, proved())
    assert (other.kind, other.ref) == ("proof", "TEST-000042")
    assert other.title_bn == "আসল ও চূড়ান্ত: TEST-০০০০৪২"
    assert find.find(room.counter, code[:-1]) == []
