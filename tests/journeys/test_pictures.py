"""A form's pictures in its face: bounded, in the language that is shown, and told in words where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pyxform.xls2xform import convert

import forms
from forms.media import LARGEST
from kiosk.demo.hands import Hands
from kiosk.screens.choosing import Pick
from kiosk.screens.pictures import CHOICE, Headed, decoded
from kiosk.screens.questions import Questions
from kiosk.screens.theme import dress
from kiosk.screens.ticking import Cards, Few, Several
from kiosk.words import words
from sync.sandbox import Sandbox
from tests.conftest import TestClock
from tests.journeys.conftest import TODAY, with_form
from tests.journeys.pictured import FILES, PICTURED, picture


@pytest.fixture
def seen(qapp: QApplication) -> Iterator[Questions]:
    """The form with pictures, alone."""
    form = forms.load(convert(xlsform=PICTURED, file_type=".md").xform.encode())
    made = Questions(form.fill(today=TODAY, now=TestClock()()), words("bn"), "bn", TODAY, {},
                     lambda _ref, name, _body: name, file=FILES.get)
    dress(qapp)
    made.resize(900, 1400)
    made.show()
    made.activateWindow()
    yield made
    made.deleteLater()


def test_a_picture_stands_under_its_label_in_the_language_that_is_shown(seen: Questions) -> None:
    plot = seen.fields["/data/field/plot"].illustration
    assert plot is not None
    blue = plot.picture.pixmap().toImage().pixelColor(60, 150).name()
    seen.speak("en")
    plot = seen.fields["/data/field/plot"].illustration
    assert plot is not None
    assert (blue, plot.picture.pixmap().toImage().pixelColor(60, 150).name()) == ("#355c8a", "#8a3557")
    [headed] = seen.sheet.findChildren(Headed)
    assert headed.illustration.picture.pixmap().width() == 360


def test_a_picture_grows_by_key_and_by_touch_and_shrinks_again(seen: Questions) -> None:
    field = seen.fields["/data/field/plot"]
    assert field.illustration is not None
    wide = [field.illustration.picture.pixmap().width()]
    QTest.keyClick(field.input, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    wide.append(field.illustration.picture.pixmap().width())
    QTest.mouseClick(field.illustration, Qt.MouseButton.LeftButton)
    wide.append(field.illustration.picture.pixmap().width())
    assert wide == [333, 800, 333]
    assert field.value() == ""


def test_what_did_not_come_along_is_told_beside_the_question_and_the_form_goes_on(seen: Questions) -> None:
    lost = seen.fields["/data/field/lost"]
    assert lost.illustration is not None
    assert "gone.png" in lost.illustration.told.text()
    assert not lost.illustration.picture.isVisible()
    lost.set("১২")
    seen.take("/data/field/lost")
    assert seen.filling.values()["/data/field/lost"] == "12"
    crops = seen.fields["/data/main"].illustration
    assert crops is not None
    assert "lost.png, broken.png" in crops.told.text()


def test_choices_with_pictures_are_cards_for_digits_arrows_and_a_finger(seen: Questions) -> None:
    cards = seen.fields["/data/main"]
    assert isinstance(cards, Cards)
    QTest.keyClick(cards.input, Qt.Key.Key_2)
    assert seen.filling.values()["/data/main"] == "jute"
    QTest.keyClick(cards.input, Qt.Key.Key_Right)
    assert seen.filling.values()["/data/main"] == "wheat"
    QTest.keyClick(cards.input, Qt.Key.Key_Left)
    QTest.keyClick(cards.input, Qt.Key.Key_Left)
    QTest.keyClick(cards.input, Qt.Key.Key_Down)
    assert seen.filling.values()["/data/main"] == "mango"
    QTest.keyClick(cards.input, Qt.Key.Key_Down)
    assert seen.filling.values()["/data/main"] == "mango"
    QTest.mouseClick(cards.buttons[0], Qt.MouseButton.LeftButton)
    assert seen.filling.values()["/data/main"] == "rice"
    assert len({(button.width(), button.y()) for button in cards.buttons[:5]}) <= 2


def test_a_box_with_a_picture_is_ticked_anywhere_on_it(seen: Questions) -> None:
    several = seen.fields["/data/others"]
    assert isinstance(several, Several)
    box = several.boxes["jute"]
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    QTest.keyClick(box, Qt.Key.Key_3)
    assert seen.filling.values()["/data/others"] == "jute wheat"


def test_a_list_that_typing_filters_shows_pictures_and_marks(seen: Questions) -> None:
    pick = seen.fields["/data/second"]
    assert isinstance(pick, Pick)
    pick.input.setFocus()
    QTest.keyClick(pick.input, Qt.Key.Key_Down)
    suggested = pick._suggestions()
    assert [suggested.item(row).icon().isNull() for row in range(6)] == [False, False, False, True, True, True]
    assert suggested.item(1).text() == "২  পাট"
    QTest.keyClick(pick.input, Qt.Key.Key_2)
    assert pick.edit is not None
    assert (pick.edit.text(), seen.filling.values()["/data/second"]) == ("পাট", "jute")


def test_marked_choices_are_drawn_with_their_colours_and_read_without(seen: Questions) -> None:
    sure = seen.fields["/data/sure"]
    assert isinstance(sure, Few)
    drawn = sure.buttons[0].grab().toImage()
    colours = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())}
    assert "#008000" in colours
    assert sure.buttons[0].accessibleName() == "হ্যাঁ, পুরোপুরি"


@pytest.mark.parametrize(("body", "why"), [
    (None, "missing"), (b"", "broken"), (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "broken"),
    (FILES["rice.png"][:100], "broken"), (b"\x89PNG" + b"0" * LARGEST, "large"),
    (picture("#fff", (9000, 3000)), "large"),
])
def test_a_file_that_is_no_small_picture_is_told_by_its_trouble(qapp: object, body: bytes | None, why: str) -> None:
    assert decoded(body, CHOICE) == why


def test_a_picture_never_takes_more_room_than_it_has(qapp: object) -> None:
    for size in ((4000, 10), (10, 4000), (5000, 4000), (3, 3)):
        found = decoded(picture("#123456", size), CHOICE)
        assert isinstance(found, QPixmap)
        assert found.size().boundedTo(CHOICE) == found.size()
        assert found.size().boundedTo(QSize(*size)) == found.size()


def test_pictures_that_came_with_the_packs_are_in_the_form_at_the_counter(
    qapp: QApplication, tmp_path: Path, sandbox: Sandbox
) -> None:
    files = {f"media-{name}": body for name, body in FILES.items()}
    with with_form(qapp, tmp_path, sandbox, PICTURED, files) as window:
        hands = Hands(window)
        hands.find("নাগরিকত্ব")
        asking = window.screen_shown.findChild(Questions)
        assert asking is not None
        plot = asking.fields["/data/field/plot"].illustration
        assert plot is not None
        assert plot.picture.pixmap().width() == 333
