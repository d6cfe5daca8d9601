"""The bytes that go to a printer: decoded back they are the preview, and whatever is written, only dots and cuts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printing import escpos, raster
from printing.document import QR, Align, Bars, Document, Heading, Row, Signature, Stamp, Table, Text
from printing.profiles import PROFILES, Profile
from tests.printing.escpos_reader import Reader, read
from tests.printing.papers import BLOCKS, LONG

COMMANDS = {b"\x1b@", b"\x1b7", b"\x1bd", b"\x1dv", b"\x1d(", b"\x1dV"}
OBEYED_ANYWHERE = (b"\x10\x04", b"\x10\x05", b"\x10\x14")  # DLE EOT, ENQ, DC4: within a picture too

# Letters that once broke somebody's printer: controls, printers' own commands, marks in heaps, right to left, emoji.
NASTY = st.text(st.one_of(
    st.characters(), st.sampled_from("\x00\x07\x0a\x10\x04\x14\x1b\x1d\x7f\u200d\u200e\u202e\u2066\ufeff\ufffd"),
    st.sampled_from("ক্ষুয়়র‍্যঁঃৎ ৳০৯"), st.sampled_from("\u0300\u036f\u0489\u20dd"), st.sampled_from("שלוםعربي"),
    st.sampled_from("👩‍👩‍👧🇧🇩🏽"), st.sampled_from("\U0010ffff\ue000"),
), max_size=80)


def job(document: Document, profile: Profile) -> bytes:
    return b"".join(escpos.stream(document, profile.width_dots, profile))


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.tobytes() == other.tobytes()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
@pytest.mark.parametrize("name", BLOCKS)
def test_every_kind_of_paper_decodes_to_its_preview(name: str, profile: Profile) -> None:
    paper = Document("K1-1", name, BLOCKS[name])
    printed, cut = read(job(paper, profile), profile.width_dots)
    assert same(printed, raster.render(paper, profile.width_dots))
    assert cut == bool(profile.cut)


def test_what_stands_on_paper_is_seen_by_eye_to_differ() -> None:
    """The comparison above can fail: one dot is enough."""
    paper = raster.render(Document("K1-1", "", BLOCKS["row"]), 384)
    other = paper.copy()
    other.putpixel((383, paper.height - 1), 0)
    printed, _cut = read(escpos.encode(other), 384)
    assert not same(printed, paper)


def is_harmless(paper: Document, profile: Profile) -> None:
    body = job(paper, profile)
    reader = Reader(profile.width_dots)
    for byte in body:
        reader.feed(byte)
    assert not reader.inside
    assert not reader.ignored
    assert {command[:2] for command in reader.commands} <= COMMANDS
    assert not any(bad in body for bad in OBEYED_ANYWHERE)
    assert same(reader.picture(), raster.render(paper, profile.width_dots))


@settings(max_examples=80, deadline=None)
@given(NASTY, NASTY, st.sampled_from(list(PROFILES.values())))
def test_any_letters_in_any_field_are_dots_and_never_commands(one: str, other: str, profile: Profile) -> None:
    is_harmless(Document(one, other, (
        Heading(one), Text(other, Align.RIGHT, bold=True), Row(one, other, indent=2), Row(other, one, bold=True),
        Table((one, other), ((other, one),), (1, 3), (Align.LEFT, Align.RIGHT)), Bars(((one, other, 5000),)),
        Stamp(other), Signature(one), QR("x", one),
    )), profile)


@pytest.mark.parametrize("letter", ["ক্", "\u0301", "\x1b", "👩‍", "ש", LONG[:40]])
def test_ten_thousand_letters_are_printed_whole_on_paper_that_ends(letter: str) -> None:
    long = (letter * 10_000)[:10_000]
    is_harmless(Document("K1-1", "", (Text(long), Row(long[:500], long[:500]), Stamp(long[:500]))), PROFILES["clone58"])


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=48 * 3, max_size=48 * 130), st.booleans())
def test_any_picture_at_all_goes_through_but_for_the_dots_that_disarm_it(dots: bytes, cut: bool) -> None:
    high = len(dots) // 48
    strip = Image.frombytes("1", (384, high), dots[:48 * high])
    drawn = Image.frombytes("1", strip.size, raster.disarmed(strip))
    body = escpos.encode(drawn, cut=cut)
    printed, was_cut = read(body, 384)
    assert same(printed, drawn)
    assert was_cut is cut
    assert not any(bad in body for bad in OBEYED_ANYWHERE)
