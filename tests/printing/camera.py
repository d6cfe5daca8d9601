"""A cheap phone over a thermal receipt, simulated: dots that spread, a tilted hand, a poor lens, poor light, JPEG.

The same seed makes the same photograph.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter


def photograph(paper: Image.Image, seed: int, *, gain: bool = True, pixels_a_dot: float | None = None) -> Image.Image:
    """`paper` (a dot a pixel) as a phone sees it; `gain`: every dot spreads by one to the right and below."""
    chance = random.Random(seed)
    seen = _spread(paper.convert("L")) if gain else paper.convert("L")
    scale = pixels_a_dot or chance.uniform(1.5, 2.5)
    seen = _on_a_table(seen).resize(
        (round((seen.width + 120) * scale), round((seen.height + 120) * scale)), Image.Resampling.BICUBIC
    )
    seen = _tilted(seen, chance).rotate(chance.uniform(-8, 8), Image.Resampling.BICUBIC, expand=True, fillcolor=90)
    seen = seen.filter(ImageFilter.GaussianBlur(chance.uniform(0.5, 0.9) * scale / 1.5))
    return _compressed(_noisy(_lit(seen, chance), chance))


def _spread(paper: Image.Image) -> Image.Image:
    right = ImageChops.darker(paper, ImageChops.offset(paper, 1, 0))
    return ImageChops.darker(right, ImageChops.offset(right, 0, 1))


def _on_a_table(paper: Image.Image) -> Image.Image:
    table = Image.new("L", (paper.width + 120, paper.height + 120), 90)
    table.paste(paper.point(lambda level: 60 if level < 128 else 225), (60, 60))  # thermal paper is grey on grey
    return table


def _tilted(seen: Image.Image, chance: random.Random) -> Image.Image:
    wide, high = seen.size
    reach = 0.05
    corners = [(0, 0), (wide, 0), (wide, high), (0, high)]
    moved = [(x + chance.uniform(-reach, reach) * wide, y + chance.uniform(-reach, reach) * min(wide, high))
             for x, y in corners]
    return seen.transform(
        seen.size, Image.Transform.PERSPECTIVE, _perspective(corners, moved), Image.Resampling.BICUBIC, fillcolor=90
    )


Points = Sequence[tuple[float, float]]


def _perspective(to: Points, of: Points) -> list[float]:
    """The eight coefficients that map `to` back onto `of`."""
    rows = []
    for (x, y), (u, v) in zip(to, of, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    for at in range(len(rows)):
        best = max(range(at, len(rows)), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at:
                by = rows[other][at]
                rows[other] = [value - by * lead for value, lead in zip(rows[other], rows[at], strict=True)]
    return [row[-1] for row in rows]


def _lit(seen: Image.Image, chance: random.Random) -> Image.Image:
    shade = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(seen.size)
    weak = shade.point(lambda level: 150 + level * 105 // 255)
    return ImageChops.multiply(seen, weak)


def _noisy(seen: Image.Image, chance: random.Random) -> Image.Image:
    grain = Image.frombytes("L", (256, 256), chance.randbytes(256 * 256)).resize(seen.size, Image.Resampling.NEAREST)
    small = grain.point(lambda level: 128 + (level - 128) // 9)
    return ImageChops.add(seen, small, scale=1, offset=-128)


def _compressed(seen: Image.Image) -> Image.Image:
    file = io.BytesIO()
    seen.save(file, "JPEG", quality=70)
    return Image.open(file).convert("L")
