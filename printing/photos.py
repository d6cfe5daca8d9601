"""Photographs on paper: a passport photo in its frame, a signature over its line. Grey or coloured, as JPEG."""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image, ImageOps

from printing.bands import Box, Seen
from printing.pictures import opened

_WIDE, _HIGH = 280, 360  # dots: 35 by 45 mm
_MOST = 600  # dots of a side that are kept: twice as fine as a thermal head


def photograph(body: bytes) -> str:
    """A picture as papers hold it.

    Raises:
        BadPicture: it is none that can be read.
    """
    return _kept(opened(body))


def signed(body: bytes) -> str:
    """A signature without the paper around it; empty where nothing was written.

    Raises:
        BadPicture: it is no picture that can be read.
    """
    picture = opened(body)
    ink = ImageOps.invert(picture.convert("L").point(lambda level: 255 if level > 200 else level)).getbbox()
    return _kept(picture.crop(ink)) if ink else ""


def _kept(picture: Image.Image) -> str:
    target = io.BytesIO()
    small = ImageOps.contain(picture, (_MOST, _MOST)) if max(picture.size) > _MOST else picture
    small.save(target, "JPEG", quality=88)
    return base64.b64encode(target.getvalue()).decode()


def frame(width: int) -> tuple[int, int]:
    """Width and height of a photo's frame on paper `width` dots across."""
    wide = min(_WIDE, width)
    return wide, wide * _HIGH // _WIDE


def edges(left: int, wide: int, high: int) -> tuple[Box, ...]:
    right = left + wide - 1
    return Box(left, 0, wide, 1), Box(left, high - 1, wide, 1), Box(left, 0, 1, high), Box(right, 0, 1, high)


def inside(body: str, room: tuple[int, int, int, int]) -> tuple[Seen, ...]:
    """The picture as large as `room` (x, y, width, height) lets it be, in its middle; nothing where it is damaged."""
    x, y, wide, high = room
    try:
        raw = base64.b64decode(body, validate=True)
        with Image.open(io.BytesIO(raw)) as picture:
            by = min(wide / picture.width, high / picture.height)
            size = max(1, int(picture.width * by)), max(1, int(picture.height * by))
    except (binascii.Error, OSError, ValueError):
        return ()
    return (Seen(x + (wide - size[0]) // 2, y + (high - size[1]) // 2, *size, raw),)

