"""The application on paper: what was answered stands on it as the applicant will read and sign it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2
import pytest

import forms
from kiosk.counter import application_paper, apply, visit
from kiosk.counter.context import Counter
from printing import pdf
from printing.document import Beside, Block, Document, Grid, Text, Together
from printing.fonts import safe
from tests.conftest import Room as Counterroom

HEIRS = {"name": "নমুনা ওয়ারিশ", "relation": "son", "nid": "1234567890", "born_on": "1985-03-12"}


def filled(counter: Counter, heirs: int = 4) -> forms.Filling:
    form = apply.form(counter, "heirs")
    assert form is not None
    filling = form.fill(today=counter.today(), now=counter.now())
    for name, value in {"deceased/name": "নমুনা মৃত ব্যক্তি", "deceased/father": "নমুনা পিতা",
                        "deceased/died_on": "2026-09-01", "address/village": "নমুনা গ্রাম", "address/ward": "5",
                        "applicant/name": "নমুনা আবেদনকারী", "applicant/mobile": "01712345678",
                        "documents/papers": "death_certificate nid"}.items():
        filling.answer(f"/data/{name}", value)
    for row in range(1, heirs + 1):
        if row > 1:
            filling.add_repeat("/data/heir")
        for name, value in HEIRS.items():
            filling.answer(f"/data/heir[{row}]/{name}", value)
    return filling


def flat(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks and what is in them."""
    for block in blocks:
        yield block
        if isinstance(block, Together):
            yield from flat(block.blocks)
        elif isinstance(block, Beside):
            yield from flat((*block.left, *block.right))


def squeezed(text: str) -> str:
    return "".join(safe(text).replace("\u00a0", " ").split())


def test_it_is_laid_out_as_applications_are_written(room: Counterroom) -> None:
    paper = application_paper.of_filling(room.counter, "heirs", filled(room.counter))
    said = [text for text in paper.strings() if text]
    order = ["তারিখ: ২৩ নভেম্বর ২০২৬", "বরাবর", "চেয়ারম্যান / প্রশাসক,", "বিষয়: ওয়ারিশ সনদ প্রসঙ্গে আবেদন।", "জনাব,",
             "মৃত ব্যক্তি", "১ সেপ্টেম্বর ২০২৬", "ওয়ারিশগণ", "সংযুক্ত কাগজপত্র", "১। মৃত্যু সনদ", "বিনীত নিবেদক",
             "আবেদনকারীর স্বাক্ষর বা টিপসই", "অফিসের ব্যবহারের জন্য"]
    places = [said.index(safe(text)) if safe(text) in said else said.index(text) for text in order]
    assert places == sorted(places)
    assert "যেসব কাগজ এখনো জমা হয়নি: ওয়ারিশদের তালিকা, হোল্ডিং ট্যাক্স রশিদ" in said
    heirs = next(block for block in flat(paper.blocks) if isinstance(block, Grid) and block.header)
    assert [row[:4] for row in heirs.rows] == [
        (number, "নমুনা ওয়ারিশ", "পুত্র", "১২৩৪৫৬৭৮৯০") for number in "১২৩৪"]
    assert heirs.rows[0][4] == "১২ মার্চ ১৯৮৫"


def test_an_office_elsewhere_is_written_to_through_the_centre(room: Counterroom) -> None:
    service = next(one for one in room.counter.catalogue.services() if one.office == "ইউএনও")
    paper = application_paper.paper(
        room.counter.device, service, [], application_paper.Applicant("নমুনা"), room.counter.now())
    said = paper.strings()
    assert "উপজেলা নির্বাহী অফিসার।" in said
    assert any(text.startswith("মাধ্যম:") for text in said)


@pytest.mark.parametrize("heirs", [1, 4, 40])
def test_its_text_copies_out_of_the_pdf_exactly(room: Counterroom, heirs: int) -> None:
    paper = application_paper.of_filling(room.counter, "heirs", filled(room.counter, heirs))
    read = pypdfium2.PdfDocument(pdf.render(paper, "A4"))
    copied = "".join(squeezed(page.get_textpage().get_text_range()) for page in read)
    for text in paper.strings():
        assert squeezed(text) in copied
    assert len(read) == {1: 1, 4: 1, 40: 2}[heirs]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="Poppler reads it where it is installed")
def test_poppler_reads_the_same(room: Counterroom, tmp_path: Path) -> None:
    paper = application_paper.of_filling(room.counter, "heirs", filled(room.counter))
    file = tmp_path / "application.pdf"
    file.write_bytes(pdf.render(paper, "A4"))
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    copied = squeezed(done.stdout.decode())
    assert all(squeezed(text) in copied for text in paper.strings())


def test_it_is_printed_again_from_the_visit_as_it_was_handed_in(room: Counterroom) -> None:
    counter = room.counter
    taken = visit.open_visit(counter)
    visit.set_citizen(counter, taken.id, "নমুনা আবেদনকারী", "01712345678")
    filling = filled(counter)
    apply.add(counter, taken.id, "heirs", filling.values(), filling.submission("uuid:x"), consent=True)
    [paper] = application_paper.of_visit(counter, taken.id, "K1-000001")
    first = application_paper.of_filling(counter, "heirs", filling)
    assert paper.blocks[:-1] == first.blocks[:-1]
    assert "K১-০০০০০১" in paper.strings()[-1]


@pytest.mark.parametrize("held", [False, True])
def test_what_belongs_together_is_not_torn_apart_at_the_end_of_a_page(held: bool) -> None:
    lines = tuple(Text(f"সারি {place}") for place in range(60))
    sign = Together(lines[40:]) if held else Together(())
    rest = () if held else lines[40:]
    pages = pypdfium2.PdfDocument(pdf.render(Document("T", "T", (*lines[:40], sign, *rest)), "A4"))
    first = pages[0].get_textpage().get_text_range()
    assert "সারি 39" in first
    assert ("সারি 40" in first) is not held


def test_a_tables_head_comes_again_on_its_next_page_and_its_end_stays_with_the_signature(room: Counterroom) -> None:
    paper = application_paper.of_filling(room.counter, "heirs", filled(room.counter, 46))
    pages = [squeezed(page.get_textpage().get_text_range())
             for page in pypdfium2.PdfDocument(pdf.render(paper, "A4"))]
    signed = next(page for page in pages if squeezed("বিনীত নিবেদক") in page)
    assert all(squeezed("মৃত ব্যক্তির সঙ্গে সম্পর্ক") in page for page in pages if "নমুনাওয়ারিশ" in page)
    assert signed.count("নমুনাওয়ারিশ") >= 3
    assert [page[-3:] for page in pages] == ["১/২", "২/২"]
