"""What is kept of a citizen is theirs: asked for, shown, masked, deleted; the books and the chain stay provable."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kiosk.counter import apply, personal, visit, waiting
from kiosk.counter.records import CounterError, ReceiptKind, Visit
from kiosk.people import Operator
from kiosk.verify import verify
from printing.spooler import Spooler
from tests.conftest import Room
from tests.kiosk.stories import begin, line, pay, settled_bill, take_application, take_bill


def printed(room: Room) -> None:
    spooler, _close = room.app.spooler()
    assert isinstance(spooler, Spooler)
    while spooler.step():
        pass


def ended(room: Room) -> Visit:
    opened = settled_bill(room)
    room.sync()
    printed(room)
    return visit.get(room.counter, opened.id)


def everything(room: Room) -> str:
    connection = room.app.store.connection()
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return "".join(str(row) for table in tables for row in connection.execute(f"SELECT * FROM {table}"))


def citizen(served: Visit) -> str:
    assert served.citizen is not None
    return served.citizen.id


def test_consent_is_kept_with_time_and_operator(room: Room) -> None:
    taken = take_application(room, begin(room)).lines[0]
    found = room.app.store.row("SELECT * FROM lines WHERE id = ?", taken.id)
    assert found is not None
    assert found["consent_at_utc"].startswith("2026-11-23T04:00")
    assert found["consent_operator_id"] == room.counter.operator.id


@pytest.mark.parametrize(("answers", "minor"), [
    ({"/data/applicant/born_on": "2010-01-01"}, True), ({"/data/applicant/born_on": "2008-11-23"}, False),
    ({"/data/applicant/born_on": "২০০৮-১১-২৪"}, True), ({"/data/applicant/brn": "20151234567890123"}, True),
    ({"/data/applicant/brn": "19901234567890123"}, False), ({"/data/applicant/name": "নমুনা"}, False),
])
def test_a_guardian_consents_for_one_under_eighteen(room: Room, answers: dict[str, str], minor: bool) -> None:
    assert apply.is_minor(room.counter, answers) is minor
    opened = begin(room)
    if minor:
        with pytest.raises(CounterError, match="guardian_missing"):
            apply.add(room.counter, opened.id, "character", answers, b"<data/>", consent=True)
    apply.add(room.counter, opened.id, "character", answers, b"<data/>", consent=True, guardian="নমুনা অভিভাবক")
    found = room.app.store.row("SELECT consent_by FROM lines")
    assert found == {"consent_by": "নমুনা অভিভাবক"}


def test_the_guardian_whom_the_form_asked_for_is_not_asked_for_again(room: Room) -> None:
    opened = begin(room)
    answers = {"/data/applicant/born_on": "2015-01-01", "/data/guardian/name": "নমুনা মাতা"}
    apply.add(room.counter, opened.id, "character", answers, b"<data/>", consent=True)
    assert room.app.store.row("SELECT consent_by FROM lines") == {"consent_by": "নমুনা মাতা"}


def test_a_citizen_is_shown_what_is_kept_of_them(room: Room) -> None:
    served = ended(room)
    told = personal.export(room.counter, citizen(served))
    assert told["citizen"]["mobile"] == "01712345678"
    assert told["visits"][0]["lines"][0]["official_poisha"] == 650_00
    assert json.dumps(told, ensure_ascii=False)
    assert room.app.store.row("SELECT kind FROM events ORDER BY id DESC LIMIT 1") == {"kind": "exported"}


def test_a_citizen_is_forgotten_and_the_store_still_proves_itself(room: Room) -> None:
    served = ended(room)
    before = room.balances()
    with room.app.store.transaction() as connection:  # as a portal that refuses may say it
        connection.execute("UPDATE attempts SET said = '409 নমুনা নাগরিক'")
    assert personal.forget(room.counter, citizen(served)) == 1
    left = everything(room)
    for secret in ("নমুনা নাগরিক", "01712345678", "1234567890123"):
        assert secret not in left
    assert verify(room.app.store.connection()) == []
    assert room.balances() == before
    assert line(room, served).official_poisha == 650_00
    paper = waiting.receipts(room.counter, served.id)[0]
    assert paper.kind is ReceiptKind.PROVISIONAL
    assert paper.document.strings() == ["ব্যক্তিগত তথ্য মুছে ফেলা হয়েছে"]


def test_nobody_is_forgotten_whose_work_is_not_done(room: Room) -> None:
    served = ended(room)
    opened = begin(room)
    take_bill(room, opened, 100_00)
    with pytest.raises(CounterError, match="still_open"):
        personal.forget(room.counter, citizen(served))
    pay(room, opened)
    with pytest.raises(CounterError, match="still_open"):
        personal.forget(room.counter, citizen(served))
    with pytest.raises(CounterError, match="supervisor_needed"):
        personal.forget(replace(room.counter, operator=Operator("x", "x", "operator")), citizen(served))


def test_what_ended_long_ago_is_emptied_and_what_is_fresh_or_open_stays(room: Room) -> None:
    old = ended(room)
    room.sandbox.fail_next("ekpay.fetch", "refuse")
    owed = settled_bill(room, 200_00)
    room.sync()
    printed(room)
    assert personal.purge_old(room.counter) == 0
    room.clock.forward(days=91)
    room.app.confirm_date(room.counter)
    fresh = ended(room)
    assert personal.purge_old(room.counter) == 1
    assert line(room, old).facts == {}
    assert line(room, owed).facts
    assert line(room, fresh).facts
    assert verify(room.app.store.connection()) == []
    assert personal.purge_old(room.counter) == 0


def test_an_emptied_row_without_a_purge_is_named(room: Room) -> None:
    ended(room)
    room.app.store.connection().execute("UPDATE receipts SET document = '{}' WHERE number = 1")
    assert "was emptied without a purge" in {finding.difference for finding in verify(room.app.store.connection())}
