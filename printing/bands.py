"""Strips of laid-out paper: shaped runs, black boxes, pictures, each with its place; and how they fall onto pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from printing.fonts import Shaped
from printing.tiles import Tile

_TORN = 6  # bands; a table that is longer may be torn, but its end keeps this many less three with what follows


@dataclass(frozen=True, slots=True)
class Run:
    """Shaped text with its origin on the baseline, in dots from the band's top left."""

    x: float
    baseline: float
    shaped: Shaped


@dataclass(frozen=True, slots=True)
class Box:
    """A black box, in dots from the band's top left."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A photograph (a JPEG's bytes), in dots from the band's top left."""

    x: int
    y: int
    width: int
    height: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of paper that a page break must not cut."""

    height: int
    runs: tuple[Run, ...] = ()
    boxes: tuple[Box, ...] = ()
    tiles: tuple[Tile, ...] = ()
    photos: tuple[Seen, ...] = ()
    tied: bool = False  # no page ends after it
    over: tuple[Band, ...] = ()  # what stands above it where it begins a page: a table's head, its upper line

    @property
    def is_blank(self) -> bool:
        return not (self.runs or self.boxes or self.tiles or self.photos)


def tied(parts: Sequence[Sequence[Band]]) -> Iterator[Band]:
    """The bands of all parts, no page ending between them; of a part of many bands only its ends are held."""
    last = len(parts) - 1
    for place, part in enumerate(parts):
        for at, band in enumerate(part):
            ends = place == last and at == len(part) - 1
            inside = len(part) > _TORN and 0 < at < len(part) - _TORN // 2
            yield band if ends or inside else replace(band, tied=True)


def beside(columns: Sequence[tuple[int, Sequence[Band]]]) -> Band:
    """One band of columns, each with the place of its left edge."""
    runs, boxes, tiles, photos, high = list[Run](), list[Box](), list[Tile](), list[Seen](), 0
    for left, laid in columns:
        top = 0
        for band in laid:
            runs += [replace(run, x=run.x + left, baseline=run.baseline + top) for run in band.runs]
            boxes += [replace(box, x=box.x + left, y=box.y + top) for box in band.boxes]
            tiles += [replace(tile, x=tile.x + left, y=tile.y + top) for tile in band.tiles]
            photos += [replace(photo, x=photo.x + left, y=photo.y + top) for photo in band.photos]
            top += band.height
        high = max(high, top)
    return Band(high, tuple(runs), tuple(boxes), tuple(tiles), tuple(photos))


def pages(laid: Sequence[Band], room: float) -> list[list[Band]]:
    """Bands on pages with `room` dots of height; no page but the first begins with blank paper."""
    found: list[list[Band]] = [[]]
    left = room
    for group in _groups(laid):
        high = sum(band.height for band in group)
        for band in group:
            if found[-1] and (left < band.height or left < high <= room):
                found.append([])
                left = room
            high -= band.height
            fresh = not found[-1] and len(found) > 1
            if fresh and band.is_blank:
                continue
            for placed in (*(band.over if fresh else ()), band):
                found[-1].append(placed)
                left -= placed.height
    return found


def _groups(laid: Sequence[Band]) -> Iterator[list[Band]]:
    group: list[Band] = []
    for band in laid:
        group.append(band)
        if not band.tied:
            yield group
            group = []
    if group:
        yield group
