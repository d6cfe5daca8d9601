"""The test page: how wide a printer is, whether it stands straight, how dark it prints, where it cuts.

The ruler is as wide as the widest paper, whatever the printer is taken for: what lies beyond its head is not printed,
so the last number that is whole is its width in dots.
"""

from __future__ import annotations

from collections.abc import Iterator

from printing import escpos
from printing.bands import Band, Box, Run
from printing.document import Document
from printing.fonts import shape
from printing.layout import bands
from printing.profiles import Profile
from printing.raster import strips

RULER_DOTS = 576
_STEPS = ((8, 8), (32, 16), (96, 30))  # a tick every so many dots, so long
_SIZE = 22
_BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_EDGE, _HIGH, _SWATCH = 3, 40, 48


def stream(document: Document, profile: Profile) -> Iterator[bytes]:
    """The page as a job: the ruler, edges and shades, then what `document` says, then the knife."""
    yield escpos.opening(profile)
    yield from escpos.drawn(strips([ruler()], RULER_DOTS), RULER_DOTS)
    yield from escpos.drawn(strips(page(document, profile.width_dots), profile.width_dots), profile.width_dots)
    yield escpos.ending(profile)


def ruler() -> Band:
    """Ticks from the left edge on, with a number that ends at every ninety-sixth dot."""
    ticks = [
        Box(at - 2, 0, 2, max(long for every, long in _STEPS if at % every == 0)) for at in range(8, RULER_DOTS + 1, 8)
    ]
    runs = []
    for at in range(96, RULER_DOTS + 1, 96):
        number = shape(str(at).translate(_BANGLA), _SIZE, True)
        runs.append(Run(at - 6 - number.width, 46, number))
    return Band(62, tuple(runs), (Box(0, 0, RULER_DOTS, 3), *ticks))


def page(document: Document, width: int) -> Iterator[Band]:
    """What comes under the ruler on paper `width` dots across."""
    yield _edges(width)
    yield _shades()
    yield from bands(document, width)


def _edges(width: int) -> Band:
    """A bar at either edge and one in the middle: all three are whole when the paper stands straight."""
    bars = [Box(left, 0, _EDGE, _HIGH) for left in (0, (width - _EDGE) // 2, width - _EDGE)]
    return Band(_HIGH + 10, boxes=(*bars, Box(0, _HIGH // 2, width, 2)))


def _shades() -> Band:
    """Full, three, two and one dots of four, then lines of one, two and three dots."""
    boxes = [Box(0, 0, _SWATCH, _SWATCH)]
    for place, inked in enumerate((3, 2, 1), start=1):
        left = place * (_SWATCH + 8)
        boxes += [
            Box(left + x, y, 1, 1) for y in range(_SWATCH) for x in range(_SWATCH) if _is_inked(x, y, inked)
        ]
    for wide in (1, 2, 3):
        left = 4 * (_SWATCH + 8) + (wide - 1) * 44
        boxes += [Box(left + x, 0, wide, _SWATCH) for x in range(0, 36, 3 * wide)]
    return Band(_SWATCH + 12, boxes=tuple(boxes))


def _is_inked(x: int, y: int, of_four: int) -> bool:
    """A two by two pattern with `of_four` dots; two of them lie across."""
    return {1: x % 2 == y % 2 == 0, 2: (x + y) % 2 == 0, 3: x % 2 == 0 or y % 2 == 0}[of_four]
