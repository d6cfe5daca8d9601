"""The photo and the signature that were taken stand on the application where they belong; a file that can't be read
costs no paper."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageDraw
from pyxform.xls2xform import convert

import forms
from kiosk.counter import application_paper, apply, attach, visit
from kiosk.counter.context import Counter
from printing import pdf
from printing.document import Document
from tests.conftest import Room
from tests.kiosk.test_application_paper import squeezed

PHOTO, SERVICE = "/data/documents/photo", "nationality"
HERE, UNREAD = "পাসপোর্ট আকারের ছবি এখানে লাগান", "ছবির ফাইলটি পড়া যায়নি। ছবি এখানে লাগান।"
SIGNED = """
| survey |
|  | type | name | label::বাংলা (bn) | appearance |
|  | text | name | নাম | |
|  | image | hand | আবেদনকারীর স্বাক্ষর | signature |
| settings |
|  | form_title | form_id | version | default_language |
|  | নমুনা | signed | 1 | বাংলা (bn) |
"""


@dataclass(frozen=True)
class Placed:
    """A picture on a page: its edges in mm from the page's left and top."""

    left: float
    top: float
    right: float
    bottom: float


def face(ending: str = "PNG") -> bytes:
    """Red at the left, blue at the right."""
    picture = Image.new("RGB", (300, 300), "red")
    ImageDraw.Draw(picture).rectangle((150, 0, 300, 300), fill="blue")
    return saved(picture, ending)


def saved(picture: Image.Image, ending: str = "PNG") -> bytes:
    target = io.BytesIO()
    picture.save(target, ending)
    return target.getvalue()


def page_of(paper: Document) -> pypdfium2.PdfPage:
    found = pypdfium2.PdfDocument(pdf.render(paper, "A4"))
    assert len(found) == 1
    return found[0]


def pictures(page: pypdfium2.PdfPage) -> list[Placed]:
    high = page.get_height()
    edges = [thing.get_bounds() for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4)]
    return [Placed(*(dots * 25.4 / 72 for dots in (left, high - top, right, high - bottom)))
            for left, bottom, right, top in edges]


def place_of(page: pypdfium2.PdfPage, words: str) -> Placed:
    """Where a line with these words stands."""
    text = page.get_textpage()
    found = text.search(words)
    start, count = found.get_next()
    boxes = [text.get_charbox(at) for at in range(start, start + count)]
    edge = [min(box[0] for box in boxes), page.get_height() - max(box[3] for box in boxes),
            max(box[2] for box in boxes), page.get_height() - min(box[1] for box in boxes)]
    return Placed(*(dots * 25.4 / 72 for dots in edge))


def with_photo(counter: Counter, body: bytes, visit_id: str) -> forms.Filling:
    form = apply.form(counter, SERVICE)
    assert form is not None
    filling = form.fill(today=counter.today(), now=counter.now())
    filling.answer("/data/applicant/name", "নমুনা আবেদনকারী")
    if body:
        filling.answer(PHOTO, attach.keep(counter, visit_id, SERVICE, PHOTO, "face.png", body, square=300))
    return filling


def test_the_photo_that_was_taken_stands_once_at_the_top_right(room: Room) -> None:
    counter, opened = room.counter, visit.open_visit(room.counter)
    filling = with_photo(counter, face(), opened.id)
    page = page_of(application_paper.of_filling(counter, SERVICE, filling, "", opened.id))
    [photo] = pictures(page)
    assert photo.left > 155 and photo.right < 200 and photo.top > 14 and photo.bottom < 65
    assert 32 < photo.right - photo.left <= 35
    assert squeezed(HERE) not in squeezed(page.get_textpage().get_text_range())
    seen = page.render(scale=2).to_pil().convert("RGB")
    dot = 2 * 72 / 25.4
    middle = (photo.top + photo.bottom) / 2 * dot
    for left, coloured, bare in ((photo.left + 5, 0, 2), (photo.right - 5, 2, 0)):
        colours = seen.getpixel((left * dot, middle))
        assert isinstance(colours, tuple)
        assert colours[coloured] > 200
        assert colours[bare] < 60


def test_it_stands_there_again_when_the_visit_is_opened_again(room: Room) -> None:
    counter, opened = room.counter, visit.open_visit(room.counter)
    filling = with_photo(counter, face(), opened.id)
    visit.set_citizen(counter, opened.id, "নমুনা আবেদনকারী", "01712345678")
    first = application_paper.of_filling(counter, SERVICE, filling, "", opened.id)
    apply.add(counter, opened.id, SERVICE, filling.values(), filling.submission("uuid:x"), consent=True)
    [again] = application_paper.of_visit(counter, opened.id, "K1-000001")
    assert pictures(page_of(again)) == pictures(page_of(first)) != []


def test_a_form_that_asks_for_a_photo_leaves_a_frame_for_it_and_another_form_does_not(room: Room) -> None:
    counter, opened = room.counter, visit.open_visit(room.counter)
    page = page_of(application_paper.of_filling(counter, SERVICE, with_photo(counter, b"", ""), "", opened.id))
    assert pictures(page) == []
    frame = place_of(page, "পাসপোর্ট আকারের")
    assert frame.left > 155 and frame.bottom < 65
    heirs = apply.form(counter, "heirs")
    assert heirs is not None
    paper = application_paper.of_filling(counter, "heirs", heirs.fill(today=counter.today(), now=counter.now()))
    assert HERE not in paper.strings()


@pytest.mark.parametrize("body", [b"not a picture", face("JPEG")[:400], b"%PDF-1.7 nothing"])
def test_a_photo_that_cant_be_read_is_told_of_on_the_paper_and_the_paper_is_made(room: Room, body: bytes) -> None:
    counter, opened = room.counter, visit.open_visit(room.counter)
    filling = with_photo(counter, face(), opened.id)
    files = {PHOTO: body}
    service, parts = counter.catalogue.service(SERVICE), filling.questions("bn")
    paper = application_paper.paper(
        counter.device, service, parts, application_paper.applicant(parts), counter.now(), files=files)
    page = page_of(paper)
    assert pictures(page) == []
    assert squeezed(UNREAD) in squeezed(page.get_textpage().get_text_range())


@pytest.mark.parametrize(("hand", "stands"), [("drawn", True), ("empty", False), ("broken", False), ("none", False)])
def test_the_signature_that_was_drawn_stands_above_its_line_and_else_the_line_is_empty(
    room: Room, hand: str, stands: bool
) -> None:
    counter = room.counter
    pad = Image.new("RGB", (360, 120), "white")
    if hand == "drawn":
        ImageDraw.Draw(pad).line((60, 90, 160, 30, 240, 80), fill="black", width=3)
    form = forms.load(convert(xlsform=SIGNED, file_type=".md").xform.encode())
    filling = form.fill(today=counter.today(), now=counter.now())
    filling.answer("/data/hand", "" if hand == "none" else "signature.jpg")
    files = {"/data/hand": b"\xff\xd8broken" if hand == "broken" else saved(pad, "JPEG")}
    parts = filling.questions("bn")
    page = page_of(application_paper.paper(
        counter.device, counter.catalogue.service(SERVICE), parts, application_paper.Applicant("নমুনা"), counter.now(),
        files=files))
    found, caption = pictures(page), place_of(page, "আবেদনকারীর স্বাক্ষর বা টিপসই")
    assert bool(found) is stands
    assert ("স্বাক্ষরের ফাইলটি পড়া যায়নি" in page.get_textpage().get_text_range()) is (hand == "broken")
    if stands:
        [signature] = found
        assert 0 < caption.top - signature.bottom < 4
        assert 4 < signature.bottom - signature.top < 14
        assert signature.left > 120
