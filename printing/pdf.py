"""The same bands as a PDF page: glyph outlines where the layout put them, with the text itself, unseen, to copy.

Outlines come out of the same shaping as the receipt, so a PDF can't differ from it; reportlab's own shaping is not
used (its faults are listed in docs/decisions/0002-pdf-from-outlines.md).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas

from printing.bands import Band, Box, Run, Seen, pages
from printing.document import Document
from printing.fonts import outline, units_per_em
from printing.layout import layout
from printing.tiles import stretches
from printing.wrapping import wrap
from resources import path

_FONT = "NotoSansBengali"
_DOTS_A_POINT = 203 / 72
_MARGIN = 36.0
_PAPERS = {"A4": (595.28, 841.89), "A5": (419.53, 595.28)}  # points, ISO 216
_ROLL_WIDTH, _ROLL_MARGIN = 226.77, 11.34  # 80 mm and 4 mm
_SIZE = {"A4": 30, "A5": 27}
_FOOT = 24
_BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def render(document: Document, paper: str = "A5") -> bytes:
    """`document` on `paper` (A4, A5 or 80mm), the same bytes each time."""
    if paper == "80mm":
        return _roll(document)
    wide, high = _PAPERS[paper]
    width, room = _inside(paper)
    sheet = _Sheet(document.title, wide, high)
    found = laid(document, paper)
    for place, bands in enumerate(found, start=1):
        foot = f"{document.title} · {place}/{len(found)}".translate(_BANGLA) if len(found) > 1 else ""
        sheet.page([*bands, _numbered(foot, bands, width, room)], _MARGIN)
    return sheet.finish()


def laid(document: Document, paper: str) -> list[list[Band]]:
    """What stands on each page of A4 or A5."""
    width, room = _inside(paper)
    return pages(layout(document, width, _SIZE[paper]), room)


def _inside(paper: str) -> tuple[int, float]:
    """The width and the height within the margins, in dots."""
    wide, high = _PAPERS[paper]
    return round((wide - 2 * _MARGIN) * _DOTS_A_POINT), (high - 2 * _MARGIN) * _DOTS_A_POINT


def _numbered(foot: str, bands: Sequence[Band], width: int, room: float) -> Band:
    """Which page of how many it is, and of what, in the lower margin."""
    shaped = wrap(foot, width, _FOOT, bold=False)[-1]
    below = room - sum(band.height for band in bands) + 2 * _FOOT
    return Band(0, (Run((width - shaped.width) / 2, below, shaped),) if foot else ())


def _roll(document: Document) -> bytes:
    width = round((_ROLL_WIDTH - 2 * _ROLL_MARGIN) * _DOTS_A_POINT)
    bands = layout(document, width, 24)
    high = sum(band.height for band in bands) / _DOTS_A_POINT + 2 * _ROLL_MARGIN
    sheet = _Sheet(document.title, _ROLL_WIDTH, high)
    sheet.page(bands, _ROLL_MARGIN)
    return sheet.finish()


class _Sheet:
    """A PDF under way; glyphs are kept as forms, so that each outline is stored once."""

    def __init__(self, title: str, wide: float, high: float) -> None:
        if _FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(_FONT, str(path("fonts/NotoSansBengali-Regular.ttf"))))
        self._high = high
        self._target = io.BytesIO()
        self._canvas = Canvas(
            self._target, pagesize=(wide, high), invariant=1, pageCompression=1, initialFontName=_FONT
        )
        self._canvas.setTitle(title)
        self._canvas.setCatalogEntry("Lang", PDFString("bn-BD"))
        self._forms: set[str] = set()

    def page(self, bands: Sequence[Band], margin: float) -> None:
        self._make_forms(bands)
        top = 0.0
        for band in bands:
            for box in band.boxes:
                self._box(box, margin, top)
            for tile in band.tiles:
                for x, y, wide, high in stretches(tile):
                    by = tile.scale
                    self._box(Box(tile.x + x * by, tile.y + y * by, wide * by, high * by), margin, top)
            for photo in band.photos:
                self._photo(photo, margin, top)
            for run in band.runs:
                self._glyphs(run, margin, top)
                self._text(run, margin, top)
            top += band.height
        self._canvas.showPage()

    def finish(self) -> bytes:
        self._canvas.save()
        return self._target.getvalue()

    def _make_forms(self, bands: Sequence[Band]) -> None:
        """Forms are made between pages: one inside another page's stream would be lost."""
        for run in (run for band in bands for run in band.runs):
            for glyph in run.shaped.glyphs:
                name = _form_name(glyph.index, run.shaped.bold)
                if name not in self._forms:
                    self._forms.add(name)
                    self._make_form(name, glyph.index, run.shaped.bold)

    def _make_form(self, name: str, index: int, bold: bool) -> None:
        self._canvas.beginForm(name, -1000, -1000, 4000, 3000)
        drawn = self._canvas.beginPath()
        for place, (step, at) in enumerate(outline(index, bold)):
            if step == "move" and place:
                drawn.close()
            {"move": drawn.moveTo, "line": drawn.lineTo, "curve": drawn.curveTo}[step](*at)
        if outline(index, bold):
            drawn.close()
        self._canvas.drawPath(drawn, stroke=0, fill=1, fillMode=FILL_NON_ZERO)
        self._canvas.endForm()

    def _box(self, box: Box, margin: float, top: float) -> None:
        x, wide, high = box.x / _DOTS_A_POINT, box.width / _DOTS_A_POINT, box.height / _DOTS_A_POINT
        y = self._high - margin - (top + box.y) / _DOTS_A_POINT - high
        self._canvas.rect(margin + x, y, wide, high, stroke=0, fill=1)

    def _photo(self, photo: Seen, margin: float, top: float) -> None:
        x, wide, high = photo.x / _DOTS_A_POINT, photo.width / _DOTS_A_POINT, photo.height / _DOTS_A_POINT
        y = self._high - margin - (top + photo.y) / _DOTS_A_POINT - high
        self._canvas.drawImage(ImageReader(io.BytesIO(photo.body)), margin + x, y, wide, high)

    def _glyphs(self, run: Run, margin: float, top: float) -> None:
        shaped = run.shaped
        scale = shaped.size / units_per_em(shaped.bold) / _DOTS_A_POINT
        for glyph in shaped.glyphs:
            if not outline(glyph.index, shaped.bold):
                continue
            self._canvas.saveState()
            self._canvas.transform(
                scale, 0, 0, scale, margin + (run.x + glyph.x) / _DOTS_A_POINT,
                self._high - margin - (top + run.baseline - glyph.y) / _DOTS_A_POINT,
            )
            self._canvas.doForm(_form_name(glyph.index, shaped.bold))
            self._canvas.restoreState()

    def _text(self, run: Run, margin: float, top: float) -> None:
        """The logical text, drawn in no colour (text render mode 3, ISO 32000-1 9.3.6), as wide as what is seen."""
        shaped = run.shaped
        size = shaped.size / _DOTS_A_POINT
        natural = pdfmetrics.stringWidth(shaped.text, _FONT, size)
        text = self._canvas.beginText(
            margin + run.x / _DOTS_A_POINT, self._high - margin - (top + run.baseline) / _DOTS_A_POINT
        )
        text.setTextRenderMode(3)
        text.setFont(_FONT, size)
        if natural:
            text.setHorizScale(100 * shaped.width / _DOTS_A_POINT / natural)
        text.textOut(shaped.text)
        self._canvas.drawText(text)


def _form_name(index: int, bold: bool) -> str:
    return f"{'b' if bold else 'r'}{index}"
