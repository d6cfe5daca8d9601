"""A stolen folder, a stolen laptop, a guessed PIN, a forgotten one: the store opens for none but its operators."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.home import Home, NotEncrypted
from kiosk.people import Cost, LastSupervisor, WeakPin, WrongPin
from kiosk.people.envelopes import BadKeys
from kiosk.store import engine
from kiosk.store.engine import DatabaseError
from kiosk.store.secret import WrongMachine
from tests.conftest import CHEAP, PIN, Room, TestClock
from tests.kiosk.stories import begin, pay, take_application, take_bill

NAME = "নমুনা সুপারভাইজার"


class Seconds:
    """A monotonic clock that tests put forward."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def home(tmp_path: Path, seconds: Seconds) -> Iterator[Home]:
    made = Home(tmp_path, TestClock(), seconds)
    made.begin(NAME, PIN, CHEAP)
    made.close()
    again = Home(tmp_path, TestClock(), seconds)
    yield again
    again.close()


def first(home: Home) -> str:
    return next(iter(home.envelopes.names()))


def wrong(home: Home, times: int = 1) -> WrongPin:
    for _time in range(times):
        with pytest.raises(WrongPin) as raised:
            home.envelopes.open(first(home), "999990")
    return raised.value


def test_the_pin_opens_the_store_and_another_does_not(home: Home) -> None:
    wrong(home)
    assert not home.is_open
    assert home.unlock(first(home), PIN).role == "supervisor"


def test_wrong_pins_wait_longer_and_no_restart_or_clock_shortens_it(home: Home, seconds: Seconds) -> None:
    assert wrong(home, 3).wait_seconds == 15
    seconds.now += 14
    assert wrong(home).wait_seconds == 1
    restarted = Home(home.path, TestClock(), seconds)
    with pytest.raises(WrongPin) as raised:
        restarted.unlock(first(restarted), PIN)
    assert raised.value.wait_seconds == 15
    seconds.now += 15
    assert restarted.unlock(first(restarted), PIN)
    restarted.close()


def test_after_ten_wrong_pins_only_a_supervisor_or_the_code_opens_it(home: Home, seconds: Seconds) -> None:
    boss = home.unlock(first(home), PIN)
    other = home.add("নমুনা অপারেটর", "135790", "operator", boss, CHEAP)
    for _time in range(10):
        seconds.now += 10_000
        with pytest.raises(WrongPin):
            home.envelopes.open(other.id, "000001")
    seconds.now += 10_000
    with pytest.raises(WrongPin) as raised:
        home.unlock(other.id, "135790")
    assert raised.value.locked
    home.reset(other.id, "975310", boss, CHEAP)
    assert home.unlock(other.id, "975310") == other


def test_the_recovery_code_sets_a_new_pin_and_a_wrong_code_does_not(home: Home, tmp_path: Path) -> None:
    home.unlock(first(home), PIN)
    code = home.recovery_code()
    home.close()
    forgetful = Home(tmp_path, TestClock())
    with pytest.raises(WrongPin):
        forgetful.recover("AAAAAA-BBBBBB-CCCCCC-DDDDDD-EE", first(forgetful), "112233", CHEAP)
    forgetful.recover(code.lower().replace("-", " "), first(forgetful), "112233", CHEAP)
    assert forgetful.unlock(first(forgetful), "112233").name == NAME
    forgetful.close()


def test_adding_and_removing_an_operator_leaves_the_data_as_it_is(home: Home) -> None:
    boss = home.unlock(first(home), PIN)
    other = home.add("নমুনা অপারেটর", "135790", "field", boss, CHEAP)
    assert home.unlock(other.id, "135790").role == "field"
    home.remove(other.id, boss)
    with pytest.raises(WrongPin):
        home.unlock(other.id, "135790")
    with pytest.raises(LastSupervisor):
        home.remove(boss.id, boss)
    events = [row["kind"] for row in home.store.rows("SELECT kind FROM events ORDER BY id")]
    assert events == [
        "operator_added", "unlocked", "operator_added", "unlocked", "operator_left"
    ]


@pytest.mark.parametrize("pin", ["", "1234", "12345", "777777"])
def test_a_weak_pin_makes_nothing(tmp_path: Path, pin: str) -> None:
    home = Home(tmp_path, TestClock())
    with pytest.raises(WeakPin):
        home.begin(NAME, pin, CHEAP)
    assert not (tmp_path / "keys.json").exists()
    assert not (tmp_path / "work.db").exists()


def test_a_folder_copied_to_another_machine_does_not_open(home: Home) -> None:
    (home.path / "device.secret").write_text("00" * 32)
    with pytest.raises(WrongMachine):
        Home(home.path, TestClock())
    (home.path / "device.secret").unlink()
    with pytest.raises(WrongMachine):
        Home(home.path, TestClock())


def test_an_envelope_made_cheaper_or_put_in_anothers_place_does_not_open(home: Home) -> None:
    kept = json.loads((home.path / "keys.json").read_text())
    kept["envelopes"][first(home)]["passes"] = 2
    (home.path / "keys.json").write_text(json.dumps(kept))
    with pytest.raises(WrongPin):
        Home(home.path, TestClock()).unlock(first(home), PIN)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"v": 2}', '{"v": 1}'])
def test_a_damaged_key_file_is_told_and_left_alone(home: Home, text: str) -> None:
    (home.path / "keys.json").write_text(text)
    with pytest.raises(BadKeys):
        Home(home.path, TestClock())
    assert (home.path / "keys.json").read_text() == text


def test_a_store_under_another_key_is_refused_and_a_plain_one_is_not_touched(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    stranger = Home(other, TestClock())
    stranger.begin(NAME, PIN, CHEAP)
    stranger.close()
    (other / "work.db").replace(home.path / "work.db")
    with pytest.raises(DatabaseError):
        home.unlock(first(home), PIN)
    plain = tmp_path / "plain"
    plain.mkdir()
    engine.connect(plain / "work.db").execute("CREATE TABLE t (x)")
    before = (plain / "work.db").read_bytes()
    with pytest.raises(NotEncrypted):
        Home(plain, TestClock())
    assert (plain / "work.db").read_bytes() == before


def test_the_power_is_cut_between_the_first_envelope_and_the_register(home: Home) -> None:
    connection = home.read(first(home), PIN)
    key = home.envelopes.open(first(home), PIN)
    connection.close()
    for file in (*home.path.glob("work.db*"), home.path / "witness.json"):  # nothing has seen a store yet
        file.unlink()
    assert home.unlock(first(home), PIN).role == "supervisor"
    assert home.key == key


def test_the_default_price_of_a_try_is_what_was_chosen() -> None:
    assert (Cost().memory_kib, Cost().passes, Cost().lanes) == (65536, 3, 2)


def test_no_name_number_or_pin_can_be_read_in_any_file(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    take_bill(room, opened)
    pay(room, opened)
    room.sync()
    room.app.stop()
    secrets = ["নমুনা নাগরিক", "নমুনা পিতা", "নমুনা অপারেটর", "নমুনা গ্রাম", "01712345678", "১২৩৪৫৬৭৮৯০", "1234567890", PIN]
    for file in sorted(room.home.rglob("*")):
        if file.is_file() and file.name != "catalogue.db":
            body = file.read_bytes()
            for secret in secrets:
                forms = (secret.encode(), secret.encode("utf-16-le"), json.dumps(secret).strip('"').encode())
                assert not any(form in body for form in forms), f"{secret} in {file.name}"
