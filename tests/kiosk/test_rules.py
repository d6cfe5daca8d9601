"""Rules are rows: a pack that is newer than the program may name a test that it does not have."""

from __future__ import annotations

from dataclasses import replace

from kiosk.counter import centre, rules
from kiosk.counter.records import Answer, Kind
from tests.conftest import Room


def test_a_rule_of_a_newer_pack_is_passed_over_and_the_others_hold(room: Room) -> None:
    known = centre.rules(room.counter)
    newer = [replace(rule, id=f"newer-{rule.id}", test="of_tomorrow", answer="refuse") for rule in known]
    asked = rules.Subject("ekpay", Kind.BILL, room.counter.today(), "12:00", online=False, prepaid=True)
    assert rules.judge(newer, asked).answer is Answer.ACCEPT
    assert rules.judge([*newer, *known], asked).rule == "prepaid-offline"
