"""Pictures made small and one bit deep, so that they fit a receipt and are kept with every paper at little cost."""

from __future__ import annotations

import base64
import binascii
import io
import zlib

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
    grey = ImageOps.contain(opened(body).convert("L"), (MOST_WIDE, MOST_HIGH), Image.Resampling.LANCZOS)
    return from_dots(ImageOps.autocontrast(grey).point(lambda level: 0 if level < 128 else 255).convert("1"))


def opened(body: bytes) -> Image.Image:
    """The whole picture upright on white paper, of mode "RGB".

    Raises:
        BadPicture: see there.
    """
    try:
        with Image.open(io.BytesIO(body)) as found:
            if found.width * found.height > _MOST_PIXELS:
                raise BadPicture("too large")
            seen = ImageOps.exif_transpose(found).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture(str(error)) from error
    paper = Image.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    return paper.convert("RGB")


def from_dots(image: Image.Image) -> Picture:
    """A picture of mode "1", ink black, as a block."""
    ink = bytes(value ^ 0xFF for value in image.tobytes())
    return Picture(image.width, image.height, base64.b64encode(zlib.compress(ink, 9)).decode())


def light(picture: Picture) -> bytes:
    """A byte for each dot: 0 is ink; nothing at all where the block is damaged."""
    wide, high = picture.width, picture.height
    if not (0 < wide <= MOST_WIDE and 0 < high <= MOST_HIGH):
        return b""
    whole = (wide + 7) // 8 * high
    try:
        ink = zlib.decompressobj().decompress(base64.b64decode(picture.bits, validate=True), whole)
    except (binascii.Error, ValueError, zlib.error):
        return b""
    paper = bytes(value ^ 0xFF for value in ink)
    return Image.frombytes("1", (wide, high), paper).convert("L").tobytes() if len(ink) == whole else b""
