"""Bands become dots: one bit each, exactly as wide as the paper. The preview shows this very picture."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from printing.document import Document
from printing.fonts import Shaped, bitmap
from printing.layout import Band, layout

_MARGIN = 8


def render(document: Document, width_dots: int) -> Image.Image:
    """`document` as a picture of mode "1", ink black (0), `width_dots` across."""
    return draw(layout(document, width_dots), width_dots)


def draw(bands: Sequence[Band], width_dots: int) -> Image.Image:
    """The dots of `bands`, one under the other."""
    paper = Image.new("1", (width_dots, sum(band.height for band in bands) + 2 * _MARGIN), 1)
    top = _MARGIN
    for band in bands:
        for box in band.boxes:
            paper.paste(0, (box.x, top + box.y, box.x + box.width, top + box.y + box.height))
        for run in band.runs:
            _write(paper, run.x, top + run.baseline, run.shaped)
        top += band.height
    return paper


def _write(paper: Image.Image, x: float, baseline: float, shaped: Shaped) -> None:
    for glyph in shaped.glyphs:
        drawn = bitmap(glyph.index, shaped.size, shaped.bold)
        if drawn is not None:
            mask, left, rise = drawn
            paper.paste(0, (round(x + glyph.x) + left, round(baseline - glyph.y) - rise), mask)
