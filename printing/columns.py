"""How columns share a page's width: two facts beside each other or one alone; a table's by what stands in them."""

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


def natural(columns: Sequence[Sequence[str]], wide: Callable[[str], float], room: float, pad: float) -> Widths:
    """Widths that break no word shorter than a third of `room`: what is left goes to the columns that are longest.

    `wide` says how wide a text is on one line.
    """
    least = [min(room / 3, max(wide(word) for cell in column for word in cell.split(" ")) + pad) for column in columns]
    wish = [max(map(wide, column)) + pad - narrow for column, narrow in zip(columns, least, strict=True)]
    left = max(0.0, room - sum(least))
    share = min(1.0, left / (sum(wish) or 1.0))
    rest = max(0.0, left - sum(wish)) / sum(least)
    return tuple(max(1, round(narrow * (1 + rest) + more * share))
                 for narrow, more in zip(least, wish, strict=True))
