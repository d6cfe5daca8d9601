"""Bands become dots: one bit each, exactly as wide as the paper. The preview shows this very picture."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from PIL import Image, ImageDraw

from printing.bands import Band
from printing.document import Document
from printing.fonts import Shaped, bitmap
from printing.layout import bands

_MARGIN = 8
_HANDFUL = 120  # rows of a strip, at least
_REACH = 16  # rows that stacked marks may rise above their band, or hang below it
# Ink bytes 10 04, 10 05, 10 14 (here inverted: paper is 1) are DLE EOT, DLE ENQ, DLE DC4: a printer may obey them even
# within a picture (platform-printing.md 3).
_COMMAND = re.compile(rb"\xef(?=[\xfb\xfa\xeb])")


def render(document: Document, width_dots: int) -> Image.Image:
    """`document` as a picture of mode "1", ink black (0), `width_dots` across."""
    return draw(bands(document, width_dots), width_dots)


def draw(laid: Iterable[Band], width_dots: int) -> Image.Image:
    """The dots of bands, one under the other."""
    packed = b"".join(strips(laid, width_dots))
    stride = (width_dots + 7) // 8
    return Image.frombytes("1", (width_dots, len(packed) // stride), packed)


def strips(laid: Iterable[Band], width_dots: int) -> Iterator[bytes]:
    """The same picture cut across, top to bottom: whole rows, packed, a set bit is paper.

    Each strip is given as soon as no later band can reach into it.
    """
    top, given = _MARGIN, 0
    paper = Image.new("1", (width_dots, 0), 1)
    for some in _together(laid):
        paper = _longer(paper, top + sum(band.height for band in some) + _REACH - given)
        for band in some:
            _draw(paper, band, top - given)
            top += band.height
        ready = max(0, top - _REACH - given)
        yield disarmed(paper.crop((0, 0, width_dots, ready)))
        paper = paper.crop((0, ready, width_dots, paper.height))
        given += ready
    yield disarmed(_longer(paper, top + _MARGIN - given))


def _together(laid: Iterable[Band]) -> Iterator[list[Band]]:
    """Bands in handfuls: a strip has a cost of its own."""
    some: list[Band] = []
    for band in laid:
        some.append(band)
        if sum(each.height for each in some) >= _HANDFUL:
            yield some
            some = []
    if some:
        yield some


def _longer(paper: Image.Image, height: int) -> Image.Image:
    longer = Image.new("1", (paper.width, height), 1)
    longer.paste(paper, (0, 0))
    return longer


def _draw(paper: Image.Image, band: Band, top: int) -> None:
    pen = ImageDraw.Draw(paper)
    for box in band.boxes:
        paper.paste(0, (box.x, top + box.y, box.x + box.width, top + box.y + box.height))
    for tile in band.tiles:
        squares = Image.frombytes("L", (tile.width, tile.height), tile.light)
        dots = squares.resize((tile.width * tile.scale, tile.height * tile.scale), Image.Resampling.NEAREST)
        paper.paste(dots.convert("1", dither=Image.Dither.NONE), (tile.x, top + tile.y))
    for photo in band.photos:
        grey = Image.open(io.BytesIO(photo.body)).convert("L").resize((photo.width, photo.height))
        paper.paste(grey.convert("1"), (photo.x, top + photo.y))
    for run in band.runs:
        _write(pen, run.x, top + run.baseline, run.shaped)


def _write(pen: ImageDraw.ImageDraw, x: float, baseline: float, shaped: Shaped) -> None:
    for glyph in shaped.glyphs:
        drawn = bitmap(glyph.index, shaped.size, shaped.bold)
        if drawn is not None:
            mask, left, rise = drawn
            pen.bitmap((round(x + glyph.x) + left, round(baseline - glyph.y) - rise), mask, 0)


def disarmed(strip: Image.Image) -> bytes:
    """`strip` packed, with one dot more wherever its bytes would be a command that printers obey even in a picture."""
    packed = bytearray(strip.tobytes())
    for found in _COMMAND.finditer(bytes(packed)):
        packed[found.start()] &= 0b11011111  # the dot at the left of the lone one
    return bytes(packed)
