"""A stick instead of a line, through the real window: out, sent from the same desk for another, home again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.counter.records import LineState
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from kiosk.store import backup
from kiosk.verify import verify
from sync.sandbox import Sandbox
from tests.journeys.test_the_office import serve_a_bill


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    monkeypatch.setattr(backup, "sticks", lambda: [made])
    return made


def opened(hands: Hands) -> Any:
    hands.press("F1", "F5")
    assert hands.window.screen_shown.name == "carry"
    return hands.window.screen_shown


def test_what_waits_goes_out_on_a_stick_and_its_outcomes_come_home(
    window: Window, sandbox: Sandbox, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(window)
    window.app.pause_line(True)
    serve_a_bill(hands)
    screen = opened(hands)
    assert "নেই" in screen.out.text()
    hands.press("Enter")
    assert window.told.property("mood") == "good", window.told.text()
    [file] = stick.glob("*.carry")
    code = screen.out.text().rsplit(" ", 1)[1]
    assert len(code) == 19
    window.switch_language()
    assert code in screen.out.text()
    window.switch_language()

    hands.press("F7")
    waiting: Any = window.screen_shown
    assert "পেনড্রাইভে গেছে" in waiting.explain.text()
    assert "F4" not in waiting.acts()

    screen = opened(hands)
    screen.code.set("AAAA-AAAA-AAAA-AAAA")
    screen._send()
    hands.wait(lambda: "কোডটি মেলেনি" in window.told.text(), "a wrong code is told")
    screen.code.set(code)
    screen._send()
    hands.wait(lambda: file.with_suffix(".outcomes").exists() and "ফেরত দিন" in window.told.text(), "all is sent")
    assert sandbox.seen("ekpay").count("pay") == 1

    screen = opened(hands)
    screen.desk.attempt(screen._bring)
    assert "১টি ফলাফল" in window.told.text()
    assert window.app.store.rows("SELECT state FROM lines") == [{"state": LineState.CONFIRMED}]
    assert verify(window.app.store.connection()) == []


def test_every_failure_is_told_in_words(window: Window, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hands = Hands(window)
    screen = opened(hands)
    for act, said in ((screen._pack, "অপেক্ষায় নেই"), (screen._bring, "পেনড্রাইভ লাগিয়ে"), (screen._send, "পেনড্রাইভ লাগিয়ে")):
        screen.desk.attempt(act)
        assert said in window.told.text()
    screen.days.set("৩১")
    screen.desk.attempt(screen._pack)
    assert "১ থেকে ৩০" in window.told.text()
    (stick / "udc-carry-X.outcomes").write_bytes(b"not one")
    screen = opened(hands)
    screen.desk.attempt(screen._bring)
    assert "বহনের ফাইল নয়" in window.told.text()
    monkeypatch.setattr(backup, "sticks", list)
    screen.days.set("৭")
    screen.desk.attempt(screen._pack)
    assert "পেনড্রাইভ পাওয়া যায়নি" in window.told.text()
