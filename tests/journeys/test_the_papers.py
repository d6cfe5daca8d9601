"""Small papers and the look of all of them, through the real window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtGui import QPixmap

from kiosk.counter import deliver
from kiosk.demo.hands import Hands
from kiosk.screens.window import Window
from kiosk.verify import verify
from printing import spool
from printing.document import Document, Picture
from tests.journeys.test_the_office import serve_a_bill


def queued(window: Window) -> list[Document]:
    return [job.document for job in spool.jobs(window.app.store.connection())]


def shown(pixmap: QPixmap) -> bytes:
    return bytes(pixmap.toImage().constBits())


def test_a_token_is_one_key_away(window: Window) -> None:
    hands = Hands(window)
    hands.press("F4")
    assert "টোকেন ১" in window.told.text()
    hands.press("F4")
    assert [paper.id.rpartition("-")[2] for paper in queued(window)] == ["001", "002"]
    assert "২" in queued(window)[-1].strings()


def test_what_to_bring_is_printed_from_the_list_and_from_the_form(window: Window) -> None:
    hands = Hands(window)
    hands.write("নাগরিকত্ব")
    hands.press("F6")
    [paper] = queued(window)
    service = window.desk.at_work().catalogue.service("nationality")
    assert all(any(text.endswith(wanted) for text in paper.strings()) for wanted in service.papers)
    hands.press("Enter")
    screen: Any = window.screen_shown
    screen.bring.click()
    assert len(queued(window)) == 1  # at the very same moment: a key that was held down
    clock: Any = window.app.home._system
    clock.forward(seconds=2)
    screen.bring.click()
    assert len(queued(window)) == 2


def test_without_a_service_chosen_it_says_so(window: Window) -> None:
    hands = Hands(window)
    hands.write("ধান বীজ বিনা")
    hands.press("F6")
    assert "সেবা" in window.told.text()
    assert queued(window) == []


def test_the_look_is_seen_while_it_is_typed_and_holds_when_written_down(window: Window, tmp_path: Path) -> None:
    hands = Hands(window)
    hands.press("F1", "F6")
    screen: Any = window.screen_shown
    before = shown(screen.paper.pixmap())
    screen.foot.set("ধন্যবাদ, আবার আসবেন")
    typed = shown(screen.paper.pixmap())
    assert typed != before
    Image.new("RGB", (400, 120), (20, 60, 20)).save(tmp_path / "logo.png")
    screen.take_logo(tmp_path / "logo.png")
    assert shown(screen.paper.pixmap()) != typed
    screen.office.set("1")
    assert queued(window) == []
    hands.press("F9")
    hands.press("F2")
    serve_a_bill(hands)
    mine, office, *_final = queued(window)
    assert isinstance(mine.blocks[1], Picture)
    assert "ধন্যবাদ, আবার আসবেন" in mine.strings()
    assert (mine.strings()[0], office.strings()[0]) == ("গ্রাহকের কপি", "অফিসের কপি")
    assert mine.strings()[1:] == office.strings()[1:]
    assert verify(window.app.store.connection()) == []


def test_a_file_that_is_no_picture_and_words_that_are_too_long_are_told(window: Window, tmp_path: Path) -> None:
    hands = Hands(window)
    hands.press("F1", "F6")
    screen: Any = window.screen_shown
    (tmp_path / "logo.png").write_text("no picture")
    window.desk.attempt(lambda: screen.take_logo(tmp_path / "logo.png"))
    assert "ছবি" in window.told.text()
    screen.foot.set("ক" * 500)
    hands.press("F9")
    assert "২০০" in window.told.text()


def test_a_parcel_is_handed_over_once_from_its_receipt(window: Window) -> None:
    hands = Hands(window)
    hands.press("F3")
    hands.fill("নমুনা নাগরিক", "01712345678")
    hands.press("Enter")
    hands.find("ধান বীজ বিনা")
    hands.fill("২")
    hands.press("Enter", "F9")
    hands.write("১০০০")
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "receipt", "the receipt")
    screen: Any = window.screen_shown
    visit_id = screen.receipt.visit_id
    hands.wait(lambda: len(queued(window)) == 2, "the final receipt")
    hands.press("F4")
    assert "এখনো পৌঁছায়নি" in window.told.text()
    sandbox_moves_the_parcel(window)
    hands.wait(lambda: bool(deliver.ready(window.desk.at_work(), visit_id)), "the parcel to arrive")
    hands.wait(lambda: "পণ্য কেন্দ্রে এসেছে। F4" in screen.explain.text(), "that it is said beside the receipt")
    assert "পণ্য পৌঁছে গেছে" in screen.story.text()
    hands.press("F4")
    slips = [paper for paper in queued(window) if paper.title.startswith("পণ্য হস্তান্তর")]
    assert [paper.strings()[0] for paper in slips] == ["গ্রাহকের কপি", "অফিসের কপি"]
    assert deliver.ready(window.desk.at_work(), visit_id) == []
    assert "বুঝে নিয়েছেন" in screen.story.text()
    hands.press("F4")
    assert "আগেই নেওয়া হয়েছে" in window.told.text()
    assert len([paper for paper in queued(window) if paper.title.startswith("পণ্য হস্তান্তর")]) == 2
    assert verify(window.app.store.connection()) == []


def sandbox_moves_the_parcel(window: Window) -> None:
    """The portal's word comes with the next look at it; here it is written down as the feed would."""
    from kiosk.counter import feeds

    counter = window.desk.at_work()
    with counter.store.transaction() as connection:
        key, facts = connection.execute(
            """SELECT operation_key, json_extract(lines.facts, '$.orders[0].code') FROM line_operations
               JOIN lines ON lines.id = line_id"""
        ).fetchone()
        feeds.order_statuses(counter, connection, [
            {"order_key": key, "code": facts, "status": "delivered", "status_bn": "পণ্য পৌঁছে গেছে"}])
    window.app.try_line_now()  # after whose look the window reads again
