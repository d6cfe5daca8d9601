"""Where everything goes on a paper of a given width: blocks become bands of shaped runs and black boxes.

The thermal raster, the preview and the PDF all draw these bands; nothing measures twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from printing import columns, photos, qr
from printing.bands import Band, Box, Run, beside, tied
from printing.document import (
    QR,
    Align,
    Bars,
    Beside,
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Photo,
    Picture,
    Row,
    Rule,
    Signature,
    Space,
    Stamp,
    Table,
    Text,
    Together,
)
from printing.fonts import Shaped, safe, shape
from printing.pictures import light
from printing.tiles import Tile
from printing.wrapping import wrap

THERMAL = {384: 22, 576: 24}  # text size by paper width; smaller is not legible at 203 dpi (platform-printing.md 3)
_LINE = 1.42  # line height by text size: room for reph above and vowel signs below
_ASCENT = 1.02


def layout(document: Document, width: int, size: int | None = None) -> list[Band]:
    """The bands of `document`, top to bottom, on paper `width` dots across with text `size` dots high."""
    return list(bands(document, width, size))


def bands(document: Document, width: int, size: int | None = None) -> Iterator[Band]:
    """The same, each laid out when it is asked for."""
    paper = _Paper(width, size or THERMAL.get(width, 24))
    for block in document.blocks:
        yield from paper.bands(block)


class _Paper:
    """Sets one block after the other on a paper of one width and text size."""

    def __init__(self, width: int, size: int) -> None:
        self.width = width
        self.size = size

    def bands(self, block: Block) -> Iterator[Band]:
        match block:
            case Heading():
                size = round(self.size * {0: 4.0, 1: 1.3, 2: 1.15}.get(block.level, 1.0))
                yield from self._paragraph(block.text, size, bold=True, align=Align.CENTRE)
            case Text():
                yield from self._paragraph(block.text, self._text_size(block.small), bold=block.bold, align=block.align)
            case Row():
                yield from self._row(block)
            case Table():
                yield from self._table(block)
            case Bars():
                yield from self._bars(block)
            case Picture():
                yield from self._picture(block)
            case Rule():
                yield self._rule(block.dashed)
            case Space():
                yield Band(round(self.size * 0.7) * max(block.lines, 0))
            case QR():
                yield from self._qr(block)
            case Stamp():
                yield from self._stamp(block.text)
            case Signature():
                yield from self._signature(block)
            case _:
                yield from self._of_pages(block)

    def _of_pages(self, block: Grid | Facts | Photo | Beside | Together) -> Iterator[Band]:
        """What only whole pages have."""
        match block:
            case Grid():
                yield from self._grid(block)
            case Facts():
                yield from self._facts(block)
            case Photo():
                yield self._photo(block)
            case Beside():
                yield self._beside(block)
            case Together():
                yield from tied([list(self.bands(inner)) for inner in block.blocks])

    def _text_size(self, small: bool) -> int:
        return max(22, self.size - 2) if small else self.size

    def _line_height(self, size: int) -> int:
        return round(size * _LINE)

    def _paragraph(self, text: str, size: int, *, bold: bool, align: Align) -> Iterator[Band]:
        for line in wrap(text, self.width, size, bold):
            yield Band(self._line_height(size), (self._placed(line, size, align, 0, self.width),))

    def _placed(self, line: Shaped, size: int, align: Align, left: float, width: float) -> Run:
        room = max(0.0, width - line.width)
        shift = {Align.LEFT: 0.0, Align.CENTRE: room / 2, Align.RIGHT: room}[align]
        return Run(left + shift, size * _ASCENT, line)

    def _row(self, row: Row) -> Iterator[Band]:
        """The value stands at the right of the label's last line, or below when it leaves the label no room."""
        size, gap, indent = self.size, self.size * 0.6, row.indent * self.size * 0.6
        height = self._line_height(size)
        values = wrap(row.value, self.width, size, row.bold)
        together = indent + shape(safe(row.label), size, row.bold).width + gap + values[0].width
        beside = len(values) == 1 and (values[0].width <= self.width * 0.62 or together <= self.width)
        room = self.width - indent - (values[0].width + gap if beside else 0)
        labels = wrap(row.label, max(room, self.width * 0.3), size, row.bold)
        for place, label in enumerate(labels):
            runs = [self._placed(label, size, Align.LEFT, indent, self.width)]
            if beside and place == len(labels) - 1:
                runs.append(self._placed(values[0], size, Align.RIGHT, 0, self.width))
            yield Band(height, tuple(runs))
        if not beside:
            for value in values:
                yield Band(height, (self._placed(value, size, Align.RIGHT, 0, self.width),))

    def _table(self, table: Table) -> Iterator[Band]:
        widths = self._columns(table)
        yield self._cells(table.header, widths, table.aligns, bold=True)
        yield self._rule(dashed=False)
        for row in table.rows:
            yield self._cells(row, widths, table.aligns, bold=False)

    def _columns(self, table: Table) -> list[float]:
        """Each column by its share, but amounts (what stands at the right) get the room they need on one line."""
        room = self.width - self._gap * (len(table.widths) - 1)
        shares = [room * width / sum(table.widths) for width in table.widths]
        needs = [
            max((shape(safe(row[place]), self.size, False).width for row in table.rows), default=0.0) + 1
            if align is Align.RIGHT else 0.0 for place, align in enumerate(table.aligns)
        ]
        if all(need <= share for need, share in zip(needs, shares, strict=True)) or sum(needs) > 0.75 * room:
            return shares
        left = sum(width for width, need in zip(table.widths, needs, strict=True) if not need) or 1
        rest = room - sum(needs)
        return [need or rest * width / left for width, need in zip(table.widths, needs, strict=True)]

    @property
    def _gap(self) -> int:
        return round(self.size * 0.4)

    def _cells(self, cells: Sequence[str], widths: Sequence[float], aligns: Sequence[Align], *, bold: bool) -> Band:
        runs: list[Run] = []
        left, lines = 0.0, 1
        for text, width, align in zip(cells, widths, aligns, strict=True):
            wrapped = wrap(text, width, self.size, bold)
            lines = max(lines, len(wrapped))
            for place, line in enumerate(wrapped):
                run = self._placed(line, self.size, align, left, width)
                runs.append(Run(run.x, run.baseline + place * self._line_height(self.size), line))
            left += width + self._gap
        return Band(lines * self._line_height(self.size), tuple(runs))

    def _grid(self, grid: Grid) -> Iterator[Band]:
        """Each row is a band of its own, so that a page break falls between rows; the header comes again after it."""
        edges = self._edges(grid.widths or self._natural(grid))
        head = (self._ruled(grid.header, edges, bold=True, first=True),) if grid.header else ()
        over = head or (self._line_above(),)
        yield from (replace(band, tied=True) for band in head)
        for place, row in enumerate(grid.rows):
            first = not head and not place
            band = self._ruled(row, edges, bold=False, first=first, tall=grid.tall)
            yield band if first else replace(band, over=over)

    def _facts(self, block: Facts) -> Iterator[Band]:
        for place, (cells, widths) in enumerate(columns.arranged(block.rows, self._lines_of)):
            band = self._ruled(cells, self._edges(widths), bold=False, first=not place)
            yield replace(band, over=(self._line_above(),)) if place else band

    def _natural(self, grid: Grid) -> columns.Widths:
        bold = bool(grid.header)  # the head's letters are the widest
        return columns.natural(
            list(zip(*([grid.header] if bold else []), *grid.rows, strict=True)),
            lambda text: shape(safe(text), self.size, bold).width, self.width, 2 * self._pad + 2)

    def _edges(self, widths: Sequence[int]) -> list[int]:
        share = (self.width - 1) / sum(widths)
        return [round(share * sum(widths[:place])) for place in range(len(widths) + 1)]

    def _line_above(self) -> Band:
        return Band(1, boxes=(Box(0, 0, self.width, 1),))

    def _lines_of(self, cells: Sequence[str], widths: Sequence[int]) -> int:
        edges = self._edges(widths)
        return max(len(wrap(text, right - left - 2 * self._pad, self.size, bold=False))
                   for text, left, right in zip(cells, edges, edges[1:], strict=False))

    @property
    def _pad(self) -> int:
        return round(self.size * 0.35)

    def _ruled(self, cells: Sequence[str], edges: Sequence[int], *, bold: bool, first: bool, tall: int = 1) -> Band:
        pad, above, high = self._pad, round(self.size * 0.15), self._line_height(self.size)
        runs: list[Run] = []
        lines = tall
        for text, left, right in zip(cells, edges, edges[1:], strict=False):
            wrapped = wrap(text, right - left - 2 * pad, self.size, bold)
            lines = max(lines, len(wrapped))
            runs += [Run(left + pad, above + self.size * _ASCENT + place * high, line)
                     for place, line in enumerate(wrapped) if line.text]
        height = lines * high + 2 * above
        boxes = [Box(edge, 0, 1, height) for edge in edges]
        boxes.append(Box(0, height - 1, self.width, 1))
        if first:
            boxes.append(Box(0, 0, self.width, 1))
        return Band(height, tuple(runs), tuple(boxes))

    def _bars(self, chart: Bars) -> Iterator[Band]:
        """Label, bar, value beside the bar's end; every bar on the same scale."""
        labels = [shape(label, self.size, False) for label, _value, _share in chart.bars]
        values = [shape(value, self.size, False) for _label, value, _share in chart.bars]
        gap, height = round(self.size * 0.4), self._line_height(self.size)
        left = round(max((label.width for label in labels), default=0)) + gap
        room = self.width - left - gap - round(max((value.width for value in values), default=0))
        for label, value, (_label, _value, share) in zip(labels, values, chart.bars, strict=True):
            long = max(2, round(room * min(max(share, 0), 1000) / 1000))
            bar = Box(left, round(height * 0.2), long, round(height * 0.6))
            runs = (self._placed(label, self.size, Align.RIGHT, 0, left - gap),
                    Run(left + long + gap, self.size * _ASCENT, value))
            yield Band(height, runs, (bar,))

    def _picture(self, picture: Picture) -> Iterator[Band]:
        dots = light(picture)
        if dots:
            tile = Tile((self.width - picture.width) // 2, 0, 1, picture.width, picture.height, dots)
            yield Band(picture.height + round(self.size * 0.3), tiles=(tile,))

    def _beside(self, block: Beside) -> Band:
        left, right = (round((self.width - self.size) * share / sum(block.widths)) for share in block.widths)
        columns = ((0, left, block.left), (self.width - right, right, block.right))
        return beside([(edge, [band for inner in blocks for band in _Paper(wide, self.size).bands(inner)])
                       for edge, wide, blocks in columns])

    def _photo(self, block: Photo) -> Band:
        wide, high = photos.frame(self.width)
        left, size = self.width - wide, self._text_size(small=True)
        caption = [] if block.body else wrap(block.caption, wide - size, size, bold=False)
        top = (high - len(caption) * self._line_height(size)) / 2
        runs = tuple(Run(left + (wide - line.width) / 2, top + size * _ASCENT + place * self._line_height(size), line)
                     for place, line in enumerate(caption))
        return Band(high, runs, photos.edges(left, wide, high),
                    photos=photos.inside(block.body, (left + 4, 4, wide - 8, high - 8)))

    def _rule(self, dashed: bool) -> Band:
        top, height = round(self.size * 0.3), 2
        if not dashed:
            return Band(2 * top + height, boxes=(Box(0, top, self.width, height),))
        dashes = tuple(Box(x, top, min(8, self.width - x), height) for x in range(0, self.width, 14))
        return Band(2 * top + height, boxes=dashes)

    def _qr(self, block: QR) -> Iterator[Band]:
        """Four dots a module where it fits, three at least, or no code (platform-printing.md 6); quiet zone of four."""
        wide, dots = qr.code(block.payload)
        modules = wide + 8
        scale = max(3, min(4 * max(1, round(self.size / 24)), self.width // modules))
        tile = Tile((self.width - wide * scale) // 2, 2 * scale, scale, wide, wide, dots)
        if wide and modules * scale <= self.width:
            yield Band((modules - 4) * scale, tiles=(tile,))
        if block.caption:
            yield from self._paragraph(block.caption, self.size, bold=True, align=Align.CENTRE)

    def _stamp(self, text: str) -> Iterator[Band]:
        size, frame, pad = round(self.size * 1.2), 3, round(self.size * 0.35)
        lines = wrap(text, self.width - 4 * pad, size, bold=True)
        inner = self._line_height(size) * len(lines)
        wide = min(self.width, round(max(line.width for line in lines)) + 4 * pad)
        left, top, high = (self.width - wide) // 2, pad, inner + pad
        runs = tuple(
            Run((self.width - line.width) / 2, top + pad / 2 + size * _ASCENT + place * self._line_height(size), line)
            for place, line in enumerate(lines)
        )
        boxes = (
            Box(left, top, wide, frame), Box(left, top + high - frame, wide, frame),
            Box(left, top, frame, high), Box(left + wide - frame, top, frame, high),
        )
        yield Band(high + 2 * pad, runs, boxes)

    def _signature(self, block: Signature) -> Iterator[Band]:
        wide, high = round(self.width * 0.6), round(self.size * (3.6 if block.body else 2.2))
        left, line = self.width - wide, high - round(self.size * 0.2)
        yield Band(high, boxes=(Box(left, line, wide, 2),), tied=True,
                   photos=photos.inside(block.body, (left, 0, wide, line - 2)))
        yield from self._paragraph(block.caption, self._text_size(small=True), bold=False, align=Align.RIGHT)
