"""Dots become ESC/POS: GS v 0 rasters in short pieces, blank bands and right margins left out, bit for bit the same.

GS v 0 is the one raster command that every printer sold here understands (platform-printing.md 3 and 4). Commands are
those of Epson's public ESC/POS reference; ESC 7 is of the small 58 mm mechanisms (CSN-A2 manual).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PIL import Image

from printing.document import Document
from printing.layout import bands
from printing.profiles import Profile, Tuning
from printing.raster import strips

DRAWER = b"\x1bp\x00\x19\xfa"  # ESC p: 50 ms on, 500 ms off, first socket
_START = b"\x1b@"
_FEED = b"\x1bd\x04"
_CUT = b"\x1dVB\x00"
_ROWS = 120  # a piece; heights that are multiples of 48 upset some 58 mm printers
_FORBIDDEN_STEP = 48
_INVERTED = bytes(value ^ 0xFF for value in range(256))


def encode(image: Image.Image, *, cut: bool = False) -> bytes:
    """A whole job for `image` (mode "1", ink black), as `raster` drew it."""
    return _START + b"".join(pieces(ink_rows(image))) + _FEED + (_CUT if cut else b"")


def stream(document: Document, width_dots: int, profile: Profile) -> Iterator[bytes]:
    """A job in whole commands, each made when it is asked for: paper moves before the last line is laid out."""
    yield opening(profile)
    yield from drawn(strips(bands(document, width_dots), width_dots), width_dots)
    yield ending(profile)


def drawn(strips_of_paper: Iterable[bytes], width_dots: int) -> Iterator[bytes]:
    """The raster commands of packed strips, as `raster.strips` gives them."""
    return pieces(row for strip in strips_of_paper for row in _rows(strip, width_dots))


def ending(profile: Profile) -> bytes:
    """What stands after the last dot: paper up to the knife or the tear-off edge, and the cut."""
    return _FEED + profile.cut


def opening(profile: Profile) -> bytes:
    """What stands before the first dot: a known state, and the density and speed where they are set."""
    return _START + _tuned(profile)


def end_what_was_begun(profile: Profile) -> bytes:
    """Blank rows for a printer that may still wait for the rest of a picture; one that does not ignores them."""
    return bytes(_ROWS * ((profile.width_dots + 7) // 8))


def _tuned(profile: Profile) -> bytes:
    if not profile.density and not profile.speed:
        return b""
    match profile.tuning:
        case Tuning.EPSON:  # fn 49: 250 to 255 lighter, 1 to 8 darker; fn 50: 1 slowest to 9
            density, speed = profile.density % 256, 5 + profile.speed
            return b"\x1d(K\x02\x001" + bytes([density]) + b"\x1d(K\x02\x002" + bytes([speed])
        case Tuning.HEAT:  # more dots at once are faster, a longer heating (10 us) is darker
            return b"\x1b7" + bytes([7 + 2 * profile.speed, 80 + 20 * profile.density, 2])
        case _:
            return b""


def pieces(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The raster commands, top to bottom; the paper may begin to move before the last row is drawn."""
    band: list[bytes] = []
    for row in rows:
        if band and (len(band) == _ROWS or (not row) != (not band[0]) or _armed(band[-1], row)):
            yield from _rasters(band)
            band = []
        band.append(row)
    if band:
        yield from _rasters(band)


def ink_rows(image: Image.Image) -> list[bytes]:
    """Each row's bytes, a set bit is ink, without the blank bytes at its right."""
    return _rows(image.convert("1").tobytes(), image.width)


def _rows(packed: bytes, width_dots: int) -> list[bytes]:
    stride = (width_dots + 7) // 8
    spare = stride * 8 - width_dots
    flipped = packed.translate(_INVERTED)
    rows = [flipped[at:at + stride] for at in range(0, len(flipped), stride)]
    if spare:
        rows = [row[:-1] + bytes([row[-1] & (0xFF << spare) & 0xFF]) for row in rows]
    return [row.rstrip(b"\x00") for row in rows]


def _armed(above: bytes, below: bytes) -> bool:
    """Whether two rows sent one after the other hold a command between them that no printer may see."""
    return above[-1:] == b"\x10" and below[:1] in (b"\x04", b"\x05", b"\x14")


def _rasters(rows: list[bytes]) -> Iterator[bytes]:
    if len(rows) % _FORBIDDEN_STEP == 0:
        yield _raster(rows[:-1])
        rows = rows[-1:]
    yield _raster(rows)


def _raster(rows: list[bytes]) -> bytes:
    wide = max(1, *map(len, rows))
    head = b"\x1dv0\x00" + wide.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return head + b"".join(row.ljust(wide, b"\x00") for row in rows)
