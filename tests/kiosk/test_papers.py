"""Every paper says what happened, and its code says the same; nothing on it is smaller than can be read."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from kiosk import bangla
from kiosk.counter import papers
from kiosk.counter.context import Look
from kiosk.counter.records import Line, Visit
from kiosk.proof import check, scan
from kiosk.proof.statement import Kind, Read
from kiosk.speech import Speech
from kiosk.words import LANGUAGES
from printing import escpos, pdf, pictures, raster
from printing.document import QR, Document, Heading, Picture
from printing.fonts import safe
from printing.layout import layout
from tests.kiosk import certified
from tests.kiosk.every_paper import AT, LINES, VISIT, device, every, receipts
from tests.printing.camera import photograph
from tests.printing.escpos_reader import read

WIDTHS = (384, 576)
RECEIPTS, PAPERS = tuple(receipts(device())), tuple(every(device()))
_TRUSTED = certified.known()


def said(document: Document) -> Read:
    """What the code on a paper says, once it is believed."""
    [code] = [block.payload for block in document.blocks if isinstance(block, QR)]
    found = check.check(code, _TRUSTED)
    assert found.verdict in (check.Verdict.TRUE_FINAL, check.Verdict.TRUE_PROVISIONAL)
    assert found.read is not None
    return found.read


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", RECEIPTS)
def test_the_code_on_the_paper_says_what_the_paper_says(tmp_path: Path, name: str, lang: str, width: int) -> None:
    document, speech = receipts(device(lang))[name], Speech(lang)
    file = tmp_path / "paper.png"
    raster.render(document, width).save(file)
    [text] = scan.codes(file)
    found = check.check(text, _TRUSTED).read
    assert found is not None and found == said(document)
    told, paper = found.statement, document.strings()
    assert speech.digits(found.shown_number) in paper
    assert speech.moment(told.at) in paper
    assert speech.taka(abs(told.total_poisha)) in paper
    assert speech.say("paper.in_words", amount=speech.in_words(abs(told.total_poisha))) in paper
    for item in told.items:
        assert any(speech.digits(item.tail) in text for text in paper)
        if told.kind in (Kind.PROVISIONAL, Kind.FINAL):
            assert speech.taka(item.official_poisha) in paper
            assert not item.charge_poisha or speech.taka(item.charge_poisha) in paper
        if told.kind is Kind.FINAL:
            assert speech.say(f"paper.state.{item.end}") in paper
    if told.kind is Kind.PROVISIONAL:
        assert told.ask_after is not None
        assert speech.say("paper.ask_after", date=speech.day(told.ask_after)) in paper
        assert speech.say("paper.provisional_stamp") in paper


@pytest.mark.parametrize("gain", [False, True])
def test_a_phone_reads_the_code_off_a_tilted_badly_lit_receipt(tmp_path: Path, gain: bool) -> None:
    document = receipts(device())["final"]
    paper = raster.render(document, 384)
    file = tmp_path / "photo.png"
    photograph(paper.crop((0, paper.height - 520, 384, paper.height)), 7, gain=gain, pixels_a_dot=1.5).save(file)
    [text] = scan.codes(file)
    assert check.check(text, _TRUSTED).read == said(document)


_lines = st.lists(st.sampled_from(LINES).flatmap(lambda line: st.builds(
    lambda official, charge: replace(line, official_poisha=official, charge_poisha=charge),
    st.integers(0, 10**9), st.integers(0, 10**6),
)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(_lines, st.sampled_from(LANGUAGES))
def test_every_amount_on_the_paper_stands_in_its_code_line_by_line(lines: list[Line], lang: str) -> None:
    visit, speech = replace(VISIT, lines=tuple(lines), tenders=()), Speech(lang)
    document = papers.provisional(device(lang), "নমুনা", visit, "TEST-000007", 0, AT)
    told = said(document).statement
    printed = [
        row.value for row in document.blocks  # type: ignore[union-attr]
        if getattr(row, "label", "") in {speech.say(f"paper.official.{kind}") for kind in
                                         ("application", "bill", "order", "due")} | {speech.say("paper.charge")}
    ]
    coded = [amount for item in told.items for amount in (item.official_poisha, item.charge_poisha or None)]
    assert printed == [speech.taka(amount) for amount in coded if amount is not None]
    assert told.total_poisha == visit.total_poisha == sum(
        item.official_poisha + item.charge_poisha for item in told.items
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_decodes_to_its_preview_and_nothing_on_it_is_too_small(name: str, lang: str) -> None:
    document = every(device(lang))[name]
    assert Document.from_json(document.to_json()) == document
    for width in WIDTHS:
        seen = raster.render(document, width)
        printed, _cut = read(escpos.encode(seen), width)
        assert ImageChops.difference(printed.convert("L"), seen.convert("L")).getbbox() is None
        for band in layout(document, width):
            for run in band.runs:
                assert run.shaped.size >= 22
                assert run.x >= 0
                assert run.x + run.shaped.width <= width + 0.5


@pytest.mark.parametrize("name", PAPERS)
def test_figures_on_bangla_paper_are_bangla_and_no_number_of_a_citizen_is_whole(name: str) -> None:
    codes = {"20261124-00310129", "20261124-00310130", "ES944006126", "HT612392165", "8N7A6D5EE7"}
    for text in every(device())[name].strings():
        assert not re.search(r"\d", re.sub("|".join(codes), "", text), re.ASCII), text
        assert "01712345678" not in bangla.ascii_digits(text)
        assert text == "১২৩৪৫৬৭৮৯০১২৩" or "1234567890" not in bangla.ascii_digits(text)


def test_amounts_of_a_table_stay_on_one_line() -> None:
    document = every(device())["prices"]
    drawn = [run.shaped.text for band in layout(document, 384) for run in band.runs]
    assert "৳\u00a0১,৫০,০০০.০০" in drawn


def test_every_paper_makes_the_same_pdf_each_time() -> None:
    document = receipts(device())["final"]
    assert pdf.render(document, "A4") == pdf.render(document, "A4")


def _bare(text: str) -> str:
    return "".join(safe(text).replace("\u00a0", " ").split())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="Poppler copies the text where it is installed")
@pytest.mark.parametrize("paper", ["A4", "A5", "80mm"])
def test_text_copies_out_of_every_paper_exactly_by_two_readers(tmp_path: Path, paper: str) -> None:
    together = Document("all", "সব কাগজ", tuple(block for one in every(device()).values() for block in one.blocks))
    file = tmp_path / "all.pdf"
    file.write_bytes(pdf.render(together, paper))
    copied = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout.decode()
    poppler = _bare(copied)
    pdfium = _bare("".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)))
    for text in together.strings():
        assert _bare(text) in poppler
        assert _bare(text) in pdfium


def test_a_device_without_certificate_says_so_on_its_paper() -> None:
    here = replace(device(), certificate=b"")
    document = papers.provisional(here, "নমুনা", VISIT, "TEST-000007", 0, AT)
    assert Speech().say("paper.uncertified") in document.strings()
    [code] = [block.payload for block in document.blocks if isinstance(block, QR)]
    assert check.check(code, _TRUSTED).verdict is check.Verdict.UNKNOWN


def test_a_visit_of_many_lines_sums_up_in_its_code_what_has_no_room() -> None:
    visit = Visit("1", "settled", AT, None, LINES * 7)
    told = said(papers.provisional(device(), "নমুনা", visit, "TEST-000007", 0, AT)).statement
    assert told.total_poisha == visit.total_poisha
    assert sum(item.official_poisha + item.charge_poisha for item in told.items) == visit.total_poisha


def test_a_logo_is_made_small_one_bit_and_comes_back_dot_for_dot() -> None:
    wide = Image.new("RGBA", (900, 300), (255, 255, 255, 0))
    ImageDraw.Draw(wide).ellipse((50, 20, 500, 280), fill=(0, 80, 40, 255))
    from io import BytesIO

    file = BytesIO()
    wide.save(file, "PNG")
    logo = pictures.from_file(file.getvalue())
    assert (logo.width, logo.height) <= (pictures.MOST_WIDE, pictures.MOST_HIGH)
    here = device(look=Look(logo=(logo.width, logo.height, logo.bits)))
    document = papers.provisional(here, "নমুনা", VISIT, "TEST-000007", 0, AT)
    assert document.blocks[0] == logo
    seen = Image.frombytes("L", (logo.width, logo.height), pictures.light(logo)).convert("1")
    assert pictures.from_dots(seen) == logo
    assert 0 in seen.tobytes()
    printed = raster.render(document, 384)
    assert ImageChops.difference(printed.crop((96, 8, 96 + logo.width, 8 + logo.height)).convert("L"),
                                 seen.convert("L")).getbbox() is None


@given(st.integers(-5, 300), st.integers(-5, 300), st.text(max_size=40))
def test_a_damaged_logo_prints_nothing_and_breaks_nothing(width: int, height: int, bits: str) -> None:
    raster.render(Document("1", "1", (Picture(width, height, bits), Heading("ক"))), 384)


def test_what_is_no_picture_is_refused_as_a_logo() -> None:
    with pytest.raises(pictures.BadPicture):
        pictures.from_file(b"GIF89a, or not")
