"""A carry file on a stick: what may befall it on the way, and what is then said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.carry import sealed
from sync.carry.sealed import BadCarry, Head, Key

AT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC).isoformat()
CODE = sealed.new_code()
SALT = sealed.new_salt()
KEY = Key(CODE, SALT)
INSIDE = {"operations": [{"key": "k1", "payload": {"name": "নমুনা নাগরিক", "nid": "1234567890"}}]}


def made(about: str = sealed.OPERATIONS) -> bytes:
    head = Head(about, "an-id", "ABCD", AT, AT, 1, SALT)
    return sealed.seal(head, INSIDE, KEY, Ed25519PrivateKey.generate())


def refused(data: bytes) -> str:
    with pytest.raises(BadCarry) as error:
        sealed.read(data)
    return error.value.reason


def test_what_goes_in_comes_out_with_the_code_as_people_type_it() -> None:
    file = sealed.read(made())
    assert (file.head.sender, file.head.count) == ("ABCD", 1)
    assert file.open(Key(CODE.lower().replace("-", " ").replace("o", "0"), file.head.salt)) == INSIDE


def test_a_thief_of_the_stick_reads_nothing_of_a_citizen() -> None:
    data = made()
    for told in ("নমুনা", "1234567890", CODE, CODE.replace("-", "")):
        assert told.encode() not in data
    with pytest.raises(BadCarry, match="carry_wrong_code"):
        sealed.read(data).open(Key(sealed.new_code(), SALT))


def test_two_codes_are_never_the_same_and_have_eighty_bits() -> None:
    codes = {sealed.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 19 and set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567-") for code in codes)


def test_a_file_that_was_cut_anywhere_is_told_as_cut() -> None:
    data = made()
    head_ends = data.index(b"\n", data.index(b"\n") + 1) + 1
    for length in [*range(head_ends + 40), *range(head_ends + 40, len(data), 7), len(data) - 1]:
        assert refused(data[:length]) == "carry_cut", length


def test_no_byte_can_be_changed_added_or_taken_out() -> None:
    data = made()
    for place in range(len(data)):
        altered = data[:place] + bytes([data[place] ^ 0x01]) + data[place + 1:]
        assert refused(altered) in ("carry_altered", "carry_cut", "carry_not_one", "carry_newer"), place
        assert refused(data[:place] + data[place + 1:]).startswith("carry_"), place
    assert refused(data + b"\n") == "carry_altered"


def test_a_head_cannot_be_put_before_another_body() -> None:
    """Signed anew by a stranger who has both files: the body is bound to its own head."""
    first, second = sealed.read(made()), sealed.read(made(sealed.OUTCOMES))
    swapped = sealed.Sealed(first.head, "", first._bound, second._body)
    with pytest.raises(BadCarry, match="carry_wrong_code"):
        swapped.open(KEY)


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "carry_cut"), (b"udc-c", "carry_cut"), (b"PK\x03\x04 not ours", "carry_not_one"),
    (b"udc-carry 2\n{}\n", "carry_newer"), (b"udc-carry 1\n" + b"[" * 5000, "carry_altered"),
    (b"udc-carry 1\n{}\nbody", "carry_altered"), (b"udc-carry 1\n[1]\nbody", "carry_altered"),
    (b"\n", "carry_not_one"), (b"\xff" * 100, "carry_not_one"),
])
def test_what_is_no_carry_file_is_named(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_a_write_that_fails_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a.carry"
    sealed.write_file(file, b"first")
    (tmp_path / "a.carry.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        sealed.write_file(file, b"second")
    assert file.read_bytes() == b"first"
