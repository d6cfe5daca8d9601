"""How labels and values share a page's width: two facts beside each other, or one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Cells = tuple[str, ...]
Widths = tuple[int, ...]
PAIR: Widths = (4, 5, 4, 5)
_ALONE: tuple[Widths, ...] = ((4, 14), (9, 9))  # their edges fall on those of a pair


def arranged(rows: Sequence[tuple[str, str]], high: Callable[[Cells, Widths], int]) -> Iterator[tuple[Cells, Widths]]:
    """Rows of cells with the shares of their widths; `high` says how many lines such a row takes."""
    at = 0
    while at < len(rows):
        alone = _alone(rows[at], high)
        pair: Cells = (*rows[at], *rows[at + 1]) if at + 1 < len(rows) else ()
        if pair and high(pair, PAIR) < high(rows[at], alone) + high(rows[at + 1], _alone(rows[at + 1], high)):
            yield pair, PAIR
            at += 2
        else:
            yield rows[at], alone
            at += 1


def _alone(row: Cells, high: Callable[[Cells, Widths], int]) -> Widths:
    return min(_ALONE, key=lambda widths: high(row, widths))
