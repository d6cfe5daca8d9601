"""The test page tells a printer's width by where its ruler ends, on any printer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printing import testpage
from printing.document import Document, Text
from printing.profiles import PROFILES, Profile
from tests.printing.escpos_reader import Reader, read

PAGE = Document("K1-T1", "পরীক্ষা", (Text("পরীক্ষার কাগজ"),))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_the_ruler_is_as_wide_as_the_widest_paper_whatever_the_printer_is_taken_for(profile: Profile) -> None:
    printed, cut = read(b"".join(testpage.stream(PAGE, profile)), testpage.RULER_DOTS)
    top = printed.crop((0, 0, testpage.RULER_DOTS, 40)).convert("L")
    assert [top.getpixel((at - 1, 25)) == 0 for at in (96, 192, 288, 384, 480, 576)] == [True] * 6
    assert top.getpixel((100, 25)) != 0
    below = printed.crop((profile.width_dots, 80, testpage.RULER_DOTS, printed.height)).convert("L")
    assert profile.width_dots == testpage.RULER_DOTS or below.getextrema() == (255, 255)
    assert cut == bool(profile.cut)


def test_density_and_speed_are_set_before_the_first_dot() -> None:
    profile = replace(PROFILES["epson80"], density=2, speed=-1)
    reader = Reader(testpage.RULER_DOTS)
    for byte in b"".join(testpage.stream(PAGE, profile)):
        reader.feed(byte)
    assert [command[:2] for command in reader.commands[:3]] == [b"\x1b@", b"\x1d(", b"\x1d("]
