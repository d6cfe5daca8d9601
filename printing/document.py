"""The document: what a paper says, before anyone decides how it looks. Frozen blocks, plain strings, NFC.

One document feeds the thermal raster, the preview (the same bitmap) and the PDF.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Heading:
    """A title line. `level` 1 is the largest, 3 the smallest; 0 is to be read across a room. Centred, bold."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph that wraps."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A label at the left, a value or an amount at the right on the same line; the label wraps, the value never."""

    label: str
    value: str
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with a header line; `widths` are shares of the paper, `aligns` one for each column."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    aligns: tuple[Align, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with lines around every cell, for whole pages; `header` may be empty, `widths` too: by what it holds.

    Each row has at least `tall` lines: room to write in by hand.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    tall: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and their values, ruled, for whole pages; two beside each other where that takes less paper."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What no end of a page tears apart; of a long table that is its first row and its last ones."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns by their shares of the width, which no end of a page tears apart."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    widths: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Photo:
    """A passport photo's frame, at the right.

    `body` is the picture as `photos.photograph` makes it; where there is none, `caption` stands in the frame.
    """

    body: str
    caption: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of lying bars: a short label, the value in words, and its share of the longest in thousandths."""

    bars: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture (a logo), centred: its size in dots, and packed rows (a set bit is ink), zlib, base64."""

    width: int
    height: int
    bits: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""

    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """Blank paper, in lines of text."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class QR:
    """A QR code, centred, with a caption under it."""

    payload: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A framed word that no reader may miss: অস্থায়ী, অনুলিপি."""

    text: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on, with what is signed under it; over it the signature that was taken (`photos.signed`)."""

    caption: str
    body: str = ""


Block = (
    Heading | Text | Row | Table | Grid | Facts | Bars | Picture | Photo | Rule | Space | Together | Beside | QR | Stamp
    | Signature
)
_KINDS: dict[str, type[Block]] = {
    kind.__name__.lower(): kind for kind in (
        Heading, Text, Row, Table, Grid, Facts, Bars, Picture, Photo, Rule, Space, Together, Beside, QR, Stamp,
        Signature)
}
_NESTED = ("blocks", "left", "right")


@dataclass(frozen=True, slots=True)
class Document:
    """A paper. `id` names it for the spool (a receipt's number); `title` names it for a person and in the PDF."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    def to_json(self) -> str:
        """Canonical JSON, the same bytes for the same document."""
        return json.dumps(
            {"id": self.id, "title": self.title, "blocks": [_fields(block) for block in self.blocks]},
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )

    @staticmethod
    def from_json(text: str) -> Document:
        """The document that `to_json` wrote.

        Raises:
            ValueError: the text is not such a document.
        """
        try:
            raw = json.loads(text)
            blocks = tuple(_block(item) for item in raw["blocks"])
            return Document(raw["id"], raw["title"], blocks)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a document: {error}") from error

    def strings(self) -> Sequence[str]:
        """Every string a reader sees, in reading order (for tests that compare the faces)."""
        found: list[str] = []
        for block in self.blocks:
            found.extend(_strings(block))
        return found


def _fields(block: Block) -> dict[str, Any]:
    told = {name: getattr(block, name) for name in block.__slots__}
    for name in _NESTED:
        if name in told:
            told[name] = [_fields(inner) for inner in told[name]]
    told["kind"] = type(block).__name__.lower()
    return told


def _block(item: dict[str, Any]) -> Block:
    fields = dict(item)
    kind = _KINDS[fields.pop("kind")]
    fields |= {name: tuple(map(_block, fields[name])) for name in _NESTED if name in fields}
    if kind in (Table, Grid):
        fields["header"] = tuple(fields["header"])
    if kind in (Table, Grid, Beside):
        fields["widths"] = tuple(fields["widths"])
    if kind in (Table, Grid, Facts):
        fields["rows"] = tuple(tuple(row) for row in fields["rows"])
    if kind is Table:
        fields["aligns"] = tuple(Align(name) for name in fields["aligns"])
    elif kind is Bars:
        fields["bars"] = tuple(tuple(bar) for bar in fields["bars"])
    elif kind is Text:
        fields["align"] = Align(fields["align"])
    return kind(**fields)


def _strings(block: Block) -> list[str]:
    match block:
        case Heading(text=text) | Text(text=text) | Stamp(text=text):
            return [text]
        case Row(label=label, value=value):
            return [label, value]
        case Table(header=header, rows=rows) | Grid(header=header, rows=rows):
            return [*header, *(cell for row in rows for cell in row)]
        case Facts(rows=rows):
            return [cell for row in rows for cell in row]
        case Together(blocks=blocks):
            return [text for inner in blocks for text in _strings(inner)]
        case Beside(left=left, right=right):
            return [text for inner in (*left, *right) for text in _strings(inner)]
        case Photo(body="", caption=caption):
            return [caption]
        case Bars(bars=bars):
            return [part for label, value, _share in bars for part in (label, value)]
        case QR(caption=caption) | Signature(caption=caption):
            return [caption]
        case _:
            return []


def nfc(text: str) -> str:
    """The one spelling that documents hold (U+09DF and U+09AF U+09BC draw alike but compare unlike)."""
    return unicodedata.normalize("NFC", text)
