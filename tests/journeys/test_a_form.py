"""Forms through the real window: by keyboard alone, in two languages, with files, one question at a time."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk import bangla
from kiosk.counter import attach, visit
from kiosk.counter.records import CounterError
from kiosk.demo.hands import Hands
from kiosk.screens.choosing import Pick
from kiosk.screens.filing import Attachment
from kiosk.screens.inputs import Asked
from kiosk.screens.questions import Questions
from kiosk.screens.signing import Signature
from kiosk.screens.ticking import Few
from kiosk.screens.window import Window
from tests.conftest import PIN
from tests.journeys.every_screen import heir

TODAY = date(2026, 11, 23)


def test_an_heirs_certificate_with_four_heirs_is_filled_in_by_keyboard_alone(window: Window) -> None:
    hands = Hands(window)
    hands.press("F3")
    hands.fill("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
    hands.press("Enter")
    hands.find("warish")
    hands.fill("নমুনা মৃত ব্যক্তি", "নমুনা পিতা", "১/৯/২৬", "")
    hands.fill("সিলেট", "habiganj", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৫", "", "", "", "", "")
    for place in range(4):
        heir(hands, place)
        if place == 1:
            hands.press("F12")
    hands.press("Tab", "1", "2", "Enter", "Tab", "Space", "Tab", "Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the basket")
    assert window.desk.visit is not None
    [line] = window.desk.visit.lines
    answers = line.facts["answers"]
    assert answers["/data/deceased/died_on"] == "2026-09-01"
    assert answers["/data/address/union"] == "n2670"
    assert answers["/data/documents/papers"] == "death_certificate heirs"
    assert [answers[f"/data/heir[{row}]/relation"] for row in range(1, 5)] == ["son", "daughter", "mother", "father"]
    assert answers["/data/heir[4]/born_on"] == "1985-03-12"
    assert line.facts["submission_xml"].count("<heir>") == 4


def test_the_price_follows_what_the_form_says(window: Window) -> None:
    hands = Hands(window)
    hands.find("এনআইডি সংশোধন")
    screen: Any = window.screen_shown
    before = screen.price.about.text()
    hands.press("2")
    assert screen.price.fee().variant == "second"
    assert screen.price.variant.isHidden()
    assert screen.price.about.text() != before
    assert "৩৪৫" in screen.price.about.text()


def test_what_the_office_sets_is_asked_for_and_a_wrong_amount_is_told_beside_it(window: Window) -> None:
    hands = Hands(window)
    hands.find("পণ্য ডিলিং")
    screen: Any = window.screen_shown
    assert screen.price.amount.isVisible()
    screen.price.amount.input.setFocus()
    hands.write("দুই শত")
    assert not screen.price.is_ready()
    assert screen.price.amount.problem.text()
    screen.price.amount.set("২০০")
    assert screen.price.assessed_poisha() == 200_00


def test_what_was_filled_in_is_there_again_after_the_program_was_ended(window: Window) -> None:
    hands = Hands(window)
    hands.find("warish")
    hands.fill("নমুনা মৃত ব্যক্তি")
    hands.press("F10")
    hands.write(PIN)
    hands.press("Enter")
    hands.wait(lambda: window.screen_shown.name == "serve", "the counter")
    hands.find("warish")
    screen: Any = window.screen_shown
    assert screen.fields["/data/deceased/name"].value() == "নমুনা মৃত ব্যক্তি"


def test_what_was_answered_in_an_application_before_is_offered_in_one_key(window: Window) -> None:
    hands = Hands(window)
    for _time in range(2):
        hands.press("F3")
        hands.fill("নমুনা নাগরিক", "০১৭১২৩৪৫৬৭৮")
        hands.press("Enter")
        hands.find("নাগরিকত্ব")
        screen: Any = window.screen_shown
        father = screen.fields["/data/applicant/father"]
        if father.known:
            break
        hands.fill("", "নমুনা পিতা", "নমুনা মাতা", "12/3/85")
        hands.press("1", "Tab")
        hands.fill("৮৫১২৩৪৫৬৭৮", "", "সিলেট", "habiganj", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৩", "", "", "", "")
        hands.press("1", "Enter", "Tab", "Space", "Tab", "Enter", "F8")
    assert screen.fields["/data/address/union"].value() == "n2670"
    father.input.setFocus()
    hands.press("Down")
    assert father.value() == "নমুনা পিতা"


def put(asking: Questions, name: str, value: str) -> None:
    field = asking.fields[f"/data/{name}"]
    field.set(value)
    asking.take(f"/data/{name}")


def test_every_kind_of_question_takes_its_answer(asking: Questions) -> None:
    for name, value in (("name", "নমুনা"), ("age", "৩২"), ("born", "১২ মার্চ ১৯৮৫"), ("one", "jack"),
                        ("many", "mango lychee"), ("order", "3 1"), ("seen", "OK")):
        put(asking, name, value)
    values = asking.filling.values()
    assert values["/data/age"] == "32"
    assert values["/data/born"] == "1985-03-12"
    assert values["/data/many"] == "mango lychee"
    assert values["/data/order"] == "lychee mango jack"
    assert values["/data/seen"] == "OK"
    assert "১২ মার্চ ১৯৮৫" in asking.fields["/data/born"].value()
    assert asking.filling.errors() == []


def type_into(field: Asked, text: str) -> None:
    assert field.edit is not None
    field.edit.setFocus()
    field.edit.selectAll()
    for letter in text:
        QTest.sendKeyEvent(QTest.KeyAction.Click, field.edit, Qt.Key(0), letter, Qt.KeyboardModifier.NoModifier)


def test_a_digit_chooses_and_typing_filters(asking: Questions) -> None:
    one = asking.fields["/data/one"]
    assert isinstance(one, Pick)
    type_into(one, "২")
    assert one.value() == "jack"
    type_into(one, "লিচ")
    QTest.keyClick(one.input, Qt.Key.Key_Return)
    assert one.value() == "lychee"
    assert asking.filling.values()["/data/one"] == "lychee"
    type_into(one, "নেই")
    QTest.keyClick(one.input, Qt.Key.Key_Return)
    assert one.value() == "lychee"
    assert "নেই" in one.problem.text()


def test_a_few_choices_are_all_to_be_seen_and_answer_to_digits_and_arrows(asking: Questions) -> None:
    few = asking.fields["/data/few"]
    assert isinstance(few, Few)
    assert [button.text() for button in few.buttons] == ["১  আম", "২  কাঁঠাল", "৩  লিচু"]
    QTest.keyClick(few.input, Qt.Key.Key_3)
    assert asking.filling.values()["/data/few"] == "lychee"
    QTest.keyClick(few.input, Qt.Key.Key_Up)
    assert asking.filling.values()["/data/few"] == "jack"


def test_what_is_wrong_is_told_beside_the_question_and_nothing_is_lost(asking: Questions) -> None:
    put(asking, "age", "-৫")
    assert asking.fields["/data/age"].problem.text()
    asking.show_errors(asking.filling.errors())
    assert asking.fields["/data/age"].value() == "-৫"
    assert asking.fields["/data/name"].problem.text()


def test_one_question_at_a_time_goes_on_and_back_and_ends(asking: Questions) -> None:
    ended: list[bool] = []
    asking.over.connect(lambda: ended.append(True))
    asking.one_by_one()
    asking.step = 1
    asking.draw()
    assert list(asking.fields) == ["/data/name"]
    put(asking, "name", "নমুনা")
    edit = asking.fields["/data/name"].edit
    assert edit is not None
    edit.returnPressed.emit()
    assert list(asking.fields) == ["/data/age"]
    asking.back()
    assert asking.fields["/data/name"].value() == "নমুনা"
    asking.step = 99
    asking.draw()
    last = next(iter(asking.fields.values())).edit
    assert last is not None
    last.returnPressed.emit()
    assert ended == [True]


def test_both_languages_stand_at_each_question_when_wanted(asking: Questions) -> None:
    asking.both_languages()
    assert asking.fields["/data/age"].label.text() == "বয়স<br><span style=\"color:#51625a\">Age</span>"


def test_a_signature_is_drawn_and_a_file_is_kept_under_its_name(asking: Questions, tmp_path: Path) -> None:
    sign, photo = asking.fields["/data/sign"], asking.fields["/data/photo"]
    assert isinstance(sign, Signature)
    QTest.mousePress(sign.pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(sign.pad, QPoint(60, 40))
    QTest.mouseRelease(sign.pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    assert sign.pad.png().startswith(b"\x89PNG")
    assert asking.filling.values()["/data/sign"] == "signature.png"
    assert isinstance(photo, Attachment)
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"x")
    photo.take(str(file))
    assert asking.filling.values()["/data/photo"] == "photo.jpg"


def picture(width: int, height: int) -> bytes:
    """A picture that does not compress well."""
    target = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(target, "PNG")
    return target.getvalue()


def test_a_photo_that_is_too_large_is_made_small_enough(window: Window) -> None:
    body, ending = attach.shrink(picture(2400, 1800))
    assert ending == "jpg"
    assert len(body) <= attach.BUDGET
    square, _ending = attach.shrink(picture(900, 700), square=300)
    with Image.open(io.BytesIO(square)) as opened_again:
        assert opened_again.size == (300, 300)
    for bad in (b"", b"not a picture", b"%PDF" + bytes(attach.BUDGET)):
        with pytest.raises(CounterError, match="attachment"):
            attach.shrink(bad)


def test_a_kept_file_travels_with_its_application(window: Window) -> None:
    from kiosk.counter import apply

    counter = window.desk.at_work()
    taken = visit.open_visit(counter)
    visit.set_citizen(counter, taken.id, "নমুনা", "01712345678")
    name = attach.keep(counter, taken.id, "character", "/data/photo", "আমার ছবি.png", picture(50, 50))
    added = apply.add(counter, taken.id, "character", {"/data/photo": name}, b"<data/>", consent=True)
    [file] = added.lines[0].facts["attachments"]
    assert file["name"] == name
    assert counter.store.row("SELECT count(*) AS files FROM attachments") == {"files": 0}


@pytest.mark.parametrize(("text", "day"), [
    ("12/3/85", "1985-03-12"), ("১২-৩-১৯৮৫", "1985-03-12"), ("1985-03-12", "1985-03-12"), ("12.03.26", "2026-03-12"),
    ("১২ মার্চ ১৯৮৫", "1985-03-12"), ("3 dec 2001", "2001-12-03"), ("31/2/2020", None), ("hello", None), ("", None),
    ("1/1/1/1", None), ("12/13/2020", None), ("1/2/27", "1927-02-01"),
])
def test_dates_as_people_write_them(text: str, day: str | None) -> None:
    read = bangla.parse_date(text, TODAY)
    assert (read.isoformat() if read else None) == day
