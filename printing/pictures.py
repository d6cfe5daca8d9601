"""Pictures made small and one bit deep, so that they fit a receipt and are kept with every paper at little cost."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from functools import lru_cache
from itertools import groupby

from PIL import Image, ImageOps

from printing.document import Picture

MOST_WIDE, MOST_HIGH = 192, 80  # dots: 24 by 10 mm
_MOST_PIXELS = 40_000_000  # of the file that is chosen


class BadPicture(ValueError):
    """The file is no picture, or too large a one."""


def from_file(body: bytes) -> Picture:
    """The picture in a PNG, JPEG or another file that Pillow reads, as large as a logo may be.

    Raises:
        BadPicture: see there.
    """
    try:
        with Image.open(io.BytesIO(body)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BadPicture("too large")
            seen = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture(str(error)) from error
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    grey = ImageOps.contain(paper.convert("L"), (MOST_WIDE, MOST_HIGH), Image.Resampling.LANCZOS)
    return from_dots(ImageOps.autocontrast(grey).point(lambda level: 0 if level < 128 else 255).convert("1"))


def from_dots(image: Image.Image) -> Picture:
    """A picture of mode "1", ink black, as a block."""
    ink = bytes(value ^ 0xFF for value in image.tobytes())
    return Picture(image.width, image.height, base64.b64encode(zlib.compress(ink, 9)).decode())


@lru_cache(maxsize=8)
def stretches(picture: Picture) -> tuple[tuple[int, int, int, int], ...]:
    """Where there is ink: boxes (x, y, width, height), equal stretches of following rows as one; none when damaged."""
    rows = [_ink(row) for row in _rows(picture)]
    found = [
        (x, y, long, _height(rows, y, (x, long)))
        for y, row in enumerate(rows) for x, long in row if not y or (x, long) not in rows[y - 1]
    ]
    return tuple(found)


def _rows(picture: Picture) -> list[bytes]:
    wide, high = picture.width, picture.height
    if not (0 < wide <= MOST_WIDE and 0 < high <= MOST_HIGH):
        return []
    stride = (wide + 7) // 8
    try:
        packed = zlib.decompressobj().decompress(base64.b64decode(picture.bits, validate=True), stride * high)
    except (binascii.Error, ValueError, zlib.error):
        return []
    return [packed[at:at + stride] for at in range(0, len(packed), stride)]


def _ink(row: bytes) -> list[tuple[int, int]]:
    at, found = 0, []
    for dark, stretch in groupby("".join(f"{byte:08b}" for byte in row)):
        long = len(list(stretch))
        if dark == "1":
            found.append((at, long))
        at += long
    return found


def _height(rows: list[list[tuple[int, int]]], top: int, stretch: tuple[int, int]) -> int:
    high = 1
    while top + high < len(rows) and stretch in rows[top + high]:
        high += 1
    return high
