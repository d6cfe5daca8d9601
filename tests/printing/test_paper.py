"""The same paper three times: what prints is what is seen, what is copied is what was said."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printing import escpos, pdf, qr, raster
from printing.document import QR, Align, Document, Heading, Row, Rule, Signature, Stamp, Table, Text
from printing.fonts import safe, shape
from printing.wrapping import wrap
from tests.printing.escpos_reader import read

HARD = "ইউনিয়ন বিদ্যুৎ কর্তৃপক্ষ ক্ষুদ্র জ্ঞান র‍্যাব জান্নাতুল জগন্নাথ নির্ভুল পর্তুগাল"
WIDTHS = (384, 576)


def receipt(lines: int = 4) -> Document:
    goods = tuple((str(place), f"ধান বীজ ব্রি {place}", "৳\u00a0১,২০০.০০") for place in range(lines))
    return Document("K1-000042", "প্রাপ্তি স্বীকার K1-000042", (
        Heading("নমুনা ইউনিয়ন ডিজিটাল সেন্টার", 2), Stamp("অস্থায়ী"), Rule(),
        Row("হিসাব নম্বর", "১২৩৪৫৬৭৮৯০১২৩", indent=1), Row("মোট", "৳\u00a0৬৬০.০০", bold=True), Text(HARD),
        Rule(dashed=True),
        Table(("ক্রম", "বিবরণ", "টাকা"), goods, (1, 4, 3), (Align.LEFT, Align.LEFT, Align.RIGHT)),
        QR("UDC:K1-000042", "K১-০০০০৪২"), Signature("গ্রহীতার স্বাক্ষর"),
    ))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lines", [0, 1, 25])
def test_the_bytes_decode_to_the_preview_dot_for_dot(width: int, lines: int) -> None:
    seen = raster.render(receipt(lines), width)
    printed, cut = read(escpos.encode(seen, cut=True), width)
    assert printed.size == seen.size
    assert ImageChops.difference(printed.convert("L"), seen.convert("L")).getbbox() is None
    assert cut


def test_blank_bands_and_margins_are_not_sent() -> None:
    seen = raster.render(receipt(12), 384)
    assert len(escpos.encode(seen)) <= 0.72 * (384 // 8 * seen.height)


def test_no_raster_has_a_height_that_upsets_cheap_printers() -> None:
    image = Image.new("1", (384, 48 * 9), 0)
    heights = [int.from_bytes(piece[6:8], "little") for piece in escpos.pieces(escpos.ink_rows(image))]
    assert sum(heights) == image.height
    assert all(height % 48 for height in heights)
    assert max(heights) <= 128


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_at_the_edges(width: int) -> None:
    long = Document("1", "1", (
        Row("একটি অত্যন্ত দীর্ঘ নাম যা এক লাইনে ধরে না কিছুতেই", "20261124-00310129"), Text("ক" * 200),
        Row("খ", "অ" * 90), Heading("শব্দ" * 30),
    ))
    from printing.layout import layout

    for band in layout(long, width):
        for run in band.runs:
            assert run.x >= 0
            assert run.x + run.shaped.width <= width + 0.5


def test_bangla_is_shaped_and_not_drawn_letter_by_letter() -> None:
    for word in HARD.split():
        apart = sum(len(shape(letter, 22, bold=False).glyphs) for letter in word)
        assert len(shape(word, 22, bold=False).glyphs) < apart
        assert all(glyph.index for glyph in shape(word, 22, bold=False).glyphs)


@pytest.mark.parametrize("paper", ["A4", "A5", "80mm"])
def test_text_copies_out_of_the_pdf_as_it_was_put_in(paper: str) -> None:
    body = pdf.render(receipt(), paper)
    page = pypdfium2.PdfDocument(body)[0]
    copied = "".join(page.get_textpage().get_text_range().replace("\u00a0", " ").split())
    for text in receipt().strings():
        assert "".join(safe(text).replace("\u00a0", " ").split()) in copied


def test_the_same_document_makes_the_same_pdf() -> None:
    assert pdf.render(receipt()) == pdf.render(receipt())


def test_a_long_document_goes_over_several_pages() -> None:
    assert len(pypdfium2.PdfDocument(pdf.render(receipt(120), "A5"))) > 2


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbar reads the code back where it is installed")
@pytest.mark.parametrize("width", WIDTHS)
def test_the_qr_reads_back(tmp_path: Path, width: int) -> None:
    file = tmp_path / "receipt.png"
    raster.render(receipt(), width).save(file)
    told = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "UDC:K1-000042"


def test_two_threads_draw_the_same_paper_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda place: raster.render(receipt(place % 3), 384 + 192 * (place % 2)), range(24)))
    assert drawn[0].tobytes() == raster.render(receipt(0), 384).tobytes()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_prints_something_sane_and_never_a_command(text: str, value: str) -> None:
    seen = raster.render(Document("1", text, (Text(text), Row(text, value), Stamp(value), Heading(text))), 384)
    printed, _cut = read(escpos.encode(seen), 384)
    assert printed.size == seen.size


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="কখগিীুূৃোৌ্য়র‍abc ০১২", max_size=200), st.integers(60, 400))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    kept = "".join(line.text for line in wrap(text, width, 22, bold=False))
    assert kept.replace(" ", "") == safe(text).replace(" ", "")


@given(st.lists(st.text(max_size=20), max_size=3))
def test_a_document_comes_back_from_its_json(texts: list[str]) -> None:
    made = Document("1", "t", (*(Text(text) for text in texts), *receipt().blocks))
    assert Document.from_json(made.to_json()) == made


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.text(max_size=200), st.integers(200, 3200).map("U".__mul__)), st.sampled_from(WIDTHS))
def test_any_code_fits_its_paper_or_is_left_out(payload: str, width: int) -> None:
    seen = raster.render(Document("1", "1", (QR(payload, "ক"),)), width)
    ink = ImageChops.invert(seen.convert("L")).getbbox()
    assert ink is not None and seen.width == width
    wide, _dots = qr.code(payload)
    high = ink[3] - ink[1]
    assert high > wide * 3 if wide and (wide + 8) * 3 <= width else high < 60  # the caption is there in any case
