"""Small pictures within a paper, a QR code or a logo: squares that are dark or not, each some dots wide."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Tile:
    """`light` has a byte for each square, row by row: 0 is ink, 255 paper. Its top left is in dots of the band."""

    x: int
    y: int
    scale: int  # dots of a square
    width: int  # squares
    height: int
    light: bytes


def stretches(tile: Tile) -> list[tuple[int, int, int, int]]:
    """Where there is ink: boxes (x, y, width, height) in squares; equal stretches of following rows are one box."""
    rows = [_dark(tile.light[at:at + tile.width]) for at in range(0, len(tile.light), tile.width)]
    return [
        (x, y, long, _height(rows, y, (x, long)))
        for y, row in enumerate(rows) for x, long in row if not y or (x, long) not in rows[y - 1]
    ]


def _dark(row: bytes) -> list[tuple[int, int]]:
    at, found = 0, []
    for light, stretch in groupby(row):
        long = len(list(stretch))
        if not light:
            found.append((at, long))
        at += long
    return found


def _height(rows: list[list[tuple[int, int]]], top: int, stretch: tuple[int, int]) -> int:
    high = 1
    while top + high < len(rows) and stretch in rows[top + high]:
        high += 1
    return high
