"""Each of the country's 47 services as the paper that its applicant signs: filled in wholly, scarcely, and with the
longest that people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import forms
from kiosk.counter import application_paper, apply, facts_on_paper
from kiosk.counter.context import Counter
from printing import pdf
from printing.document import Document
from printing.fonts import Shaped, safe
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.forms import fillers
from tests.forms.test_service_forms import BORN_EARLY, NAMES
from tests.kiosk.test_application_paper import squeezed

MARKS = re.compile(r"\*\*|__|[#\\<>{}|_]|\]\(|\$")
LATIN = re.compile(r"[A-Za-z]")
LONG = {
    "text": ("মোছাম্মৎ জান্নাতুল ফেরদৌস বিনতে নমুনা আব্দুল্লাহ আল মামুন চৌধুরী সরকার প্রামাণিক তালুকদার", *fillers.TEXTS),
    "int": ("9", "35", "9999", "99999999"), "decimal": ("9999.99", "39.5"),
}
ROWS = {"least": 1, "everything": 3, "longest": 25}


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    sandbox = Sandbox()
    sandbox.start()
    room = Room(Path(tmp_path_factory.mktemp("home")) / "home", sandbox)
    room.sync()
    yield room.counter
    room.app.stop()
    sandbox.stop()


def filled(counter: Counter, service_id: str, much: str) -> forms.Filling:
    form = apply.form(counter, service_id)
    assert form is not None
    filling = form.fill(today=counter.today(), now=counter.now())
    if form.id in BORN_EARLY:
        filling.answer("/data/applicant/born_on", BORN_EARLY[form.id])
    for part in filling.questions():
        if isinstance(part, forms.Repeat):
            for _row in range(ROWS[much] - len(part.rows)):
                filling.add_repeat(part.ref)
    if much == "longest":
        for asked in list(fillers.questions(filling)):
            if not asked.value and (asked.choices or asked.kind in LONG):
                stretch(filling, asked)
    assert fillers.complete(filling, everything=much != "least") == []
    return filling


def stretch(filling: forms.Filling, asked: forms.Question) -> None:
    """The longest answer that it takes, or none."""
    every = " ".join(name for name, _label in asked.choices)
    for value in (every,) if asked.choices else LONG[asked.kind]:
        filling.answer(asked.ref, value)
        if not filling.look(asked.ref).wrong:
            return
    filling.answer(asked.ref, "")


def pages(paper: Document) -> list[list[Shaped]]:
    """The lines of each page, as they are drawn."""
    return [[run.shaped for band in page for run in band.runs] for page in pdf.laid(paper, "A4")]


def wording(lines: list[Shaped]) -> str:
    return squeezed("".join(line.text for line in lines))


CASES = [(name, much) for much in ("least", "everything") for name in NAMES] + [
    (name, "longest") for name in ("heirs", "cattle", "attestation", "passport", "trade_licence", "guardian")]


@pytest.mark.parametrize(("name", "much"), CASES)
def test_what_was_answered_stands_on_its_paper_in_bangla_and_is_signed_below_facts(
    counter: Counter, name: str, much: str
) -> None:
    service = next(one for one in counter.catalogue.services() if one.form_id == name)
    filling = filled(counter, service.id, much)
    paper = application_paper.of_filling(counter, service.id, filling)
    said = paper.strings()
    asked = list(fillers.questions(filling))

    typed = {one.value for one in asked if not one.choices}
    assert [text for text in said if LATIN.search(text) and text not in typed] == []
    assert [text for text in said if MARKS.search(text)] == []
    assert [text for text in said if safe(text) != text] == []

    for one in asked:
        if one.value and one.kind not in ("note", "attachment") and not one.ref.endswith("/papers"):
            assert facts_on_paper.answer(one) in said, one.ref
    assert not {one.label for one in asked if one.kind == "note"} & set(said)

    printed = pages(paper)
    assert all(glyph.index for page in printed for line in page for glyph in line.glyphs)
    last = next(one for one in reversed(asked) if one.value and one.kind not in ("note", "attachment")
                and not one.ref.endswith("/papers"))
    signed = next(page for page in map(wording, printed) if squeezed("বিনীত নিবেদক") in page)
    assert squeezed(facts_on_paper.answer(last)) in signed


@pytest.mark.parametrize(("service_id", "column", "rows", "total"), [
    ("income", "source[{}]/yearly", ("250000", "500"), "২,৫০,৫০০"), ("cattle", "animal[{}]/count", ("10", "20"), "৩০"),
    ("land-mutation", "plot[{}]/area", ("12.11", "6.22"), "১৮.৩৩"),
])
def test_what_a_table_comes_to_stands_below_it(
    counter: Counter, service_id: str, column: str, rows: tuple[str, ...], total: str
) -> None:
    form = apply.form(counter, service_id)
    assert form is not None
    filling = form.fill(today=counter.today(), now=counter.now())
    filling.add_repeat("/data/" + column.partition("[")[0])
    for place, value in enumerate(rows, start=1):
        filling.answer(f"/data/{column.format(place)}", value)
    assert total in application_paper.of_filling(counter, service_id, filling).strings()
