"""Shaping and measuring: HarfBuzz turns a string into placed glyphs, FreeType draws them. No system font is used."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import freetype
import uharfbuzz as hb
from PIL import Image

from resources import path

_FILES = {False: "fonts/NotoSansBengali-Regular.ttf", True: "fonts/NotoSansBengali-Bold.ttf"}
_drawing = threading.Lock()  # a FreeType face holds one glyph at a time, and two threads draw with it
_JOINERS = "\u200c\u200d"
_INK = 112  # coverage (of 255) from which a dot is printed: thin strokes must survive the thermal head


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph, placed relative to its run's origin, in pixels."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Shaped:
    """A string after shaping: its glyphs and how wide it is, in pixels."""

    text: str
    bold: bool
    size: int
    glyphs: tuple[Glyph, ...]
    width: float


@cache
def _hb_font(bold: bool) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path(_FILES[bold])))))


@cache
def _ft_face(bold: bool) -> freetype.Face:
    return freetype.Face(str(path(_FILES[bold])))


def units_per_em(bold: bool) -> int:
    return int(_hb_font(bold).face.upem)


@lru_cache(maxsize=4096)
def shape(text: str, size: int, bold: bool) -> Shaped:
    """`text` (one line, already `safe`) as glyphs. Always left to right: paper here is Bangla and Latin."""
    if not text:
        return Shaped(text, bold, size, (), 0.0)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", "Beng", "bn"
    font = _hb_font(bold)
    hb.shape(font, buffer)
    scale = size / font.face.upem
    glyphs, pen = [], 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyphs.append(Glyph(info.codepoint, pen + place.x_offset * scale, place.y_offset * scale))
        pen += place.x_advance * scale
    return Shaped(text, bold, size, tuple(glyphs), pen)


def safe(text: str) -> str:
    """`text` in NFC with everything that this paper cannot show replaced by a plain sign: no control, no tofu."""
    return "".join(_safe_letters(unicodedata.normalize("NFC", text)))


def _safe_letters(text: str) -> Iterator[str]:
    for letter in text:
        if letter.isspace() and letter != "\u00a0":
            yield " "
        elif letter in _JOINERS or _has_glyph(letter):
            yield letter
        elif unicodedata.category(letter) not in ("Cc", "Cf", "Mn", "Me", "Cs"):
            yield "?"


@lru_cache(maxsize=4096)
def _has_glyph(letter: str) -> bool:
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
        return False
    return bool(_hb_font(False).get_nominal_glyph(ord(letter)))


@lru_cache(maxsize=4096)
def bitmap(index: int, size: int, bold: bool) -> tuple[Image.Image, int, int] | None:
    """A glyph's dots as a 1-bit mask, and where its left edge and top lie from the origin; None when it has no ink."""
    with _drawing:
        face = _ft_face(bold)
        face.set_pixel_sizes(0, size)
        face.load_glyph(index, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING)
        grey, left, rise = face.glyph.bitmap, face.glyph.bitmap_left, face.glyph.bitmap_top
        if not grey.width or not grey.rows:
            return None
        image = Image.frombytes("L", (grey.width, grey.rows), bytes(grey.buffer), "raw", "L", grey.pitch)
    return image.point(lambda level: 255 if level >= _INK else 0, "1"), left, rise


@lru_cache(maxsize=4096)
def outline(index: int, bold: bool) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """A glyph's outline in font units: ("move" | "line" | "curve", coordinates), curves cubic."""
    steps: list[tuple[str, tuple[float, ...]]] = []
    last = [0.0, 0.0]

    def move(to: freetype.FT_Vector, _context: object) -> None:
        steps.append(("move", (to.x, to.y)))
        last[:] = to.x, to.y

    def line(to: freetype.FT_Vector, _context: object) -> None:
        steps.append(("line", (to.x, to.y)))
        last[:] = to.x, to.y

    def conic(by: freetype.FT_Vector, to: freetype.FT_Vector, _context: object) -> None:
        x, y = last
        near = (x + 2 * (by.x - x) / 3, y + 2 * (by.y - y) / 3)
        far = (to.x + 2 * (by.x - to.x) / 3, to.y + 2 * (by.y - to.y) / 3)
        steps.append(("curve", (*near, *far, to.x, to.y)))
        last[:] = to.x, to.y

    def cubic(near: freetype.FT_Vector, far: freetype.FT_Vector, to: freetype.FT_Vector, _context: object) -> None:
        steps.append(("curve", (near.x, near.y, far.x, far.y, to.x, to.y)))
        last[:] = to.x, to.y

    with _drawing:
        face = _ft_face(bold)
        face.load_glyph(index, freetype.FT_LOAD_NO_SCALE)
        face.glyph.outline.decompose(None, move_to=move, line_to=line, conic_to=conic, cubic_to=cubic)
    return tuple(steps)
