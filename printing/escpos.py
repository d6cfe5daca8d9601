"""Dots become ESC/POS: GS v 0 rasters in short pieces, blank bands and right margins left out, bit for bit the same.

GS v 0 is the one raster command that every printer sold here understands (platform-printing.md 3 and 4).
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

_START = b"\x1b@"
_FEED = b"\x1bd\x04"
_CUT = b"\x1dVB\x00"
_ROWS = 120  # a piece; heights that are multiples of 48 upset some 58 mm printers
_FORBIDDEN_STEP = 48


def encode(image: Image.Image, *, cut: bool = False) -> bytes:
    """A whole job for `image` (mode "1", ink black)."""
    return _START + b"".join(pieces(image)) + _FEED + (_CUT if cut else b"")


def pieces(image: Image.Image) -> Iterator[bytes]:
    """The raster commands, top to bottom; the paper may begin to move before the last is made."""
    rows = _ink_rows(image)
    top = 0
    while top < len(rows):
        blank = not rows[top]
        bottom = top + 1
        while bottom < len(rows) and (not rows[bottom]) == blank and bottom - top < _ROWS:
            bottom += 1
        if (bottom - top) % _FORBIDDEN_STEP == 0:
            bottom -= 1
        yield _raster(rows[top:bottom])
        top = bottom


def _ink_rows(image: Image.Image) -> list[bytes]:
    """Each row's bytes, a set bit is ink, without the blank bytes at its right."""
    raw = image.convert("1").tobytes()
    stride = (image.width + 7) // 8
    spare = stride * 8 - image.width
    flipped = bytes(value ^ 0xFF for value in raw)
    found = []
    for at in range(0, len(flipped), stride):
        row = flipped[at:at + stride]
        if spare:
            row = row[:-1] + bytes([row[-1] & (0xFF << spare) & 0xFF])
        found.append(row.rstrip(b"\x00"))
    return found


def _raster(rows: list[bytes]) -> bytes:
    wide = max(1, *(len(row) for row in rows)) if len(rows) > 1 else max(1, len(rows[0]))
    head = b"\x1dv0\x00" + wide.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return head + b"".join(row.ljust(wide, b"\x00") for row in rows)
