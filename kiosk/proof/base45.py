"""Bytes as the letters that QR codes pack tightest and every reader gives back unchanged (RFC 9285).

Decoding is strict: two different texts never give the same bytes.
"""

from __future__ import annotations

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_TWO = [_LETTERS[value % 45] + _LETTERS[value // 45] for value in range(2025)]
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}


def encode(data: bytes) -> str:
    """Three letters for two bytes, two for a last single one."""
    pairs = (int.from_bytes(data[at:at + 2], "big") for at in range(0, len(data), 2))
    text = "".join(_TWO[pair % 2025] + _LETTERS[pair // 2025] for pair in pairs)
    return text[:-1] if len(data) % 2 else text  # a single byte is below 2025: its third letter is always 0


def decode(text: str) -> bytes:
    """The bytes that `encode` wrote.

    Raises:
        ValueError: it wrote no such text.
    """
    data = bytearray()
    for at in range(0, len(text), 3):
        piece = text[at:at + 3]
        if len(piece) == 1 or not _VALUES.keys() >= set(piece):
            raise ValueError("not base45")
        value = sum(_VALUES[letter] * 45**place for place, letter in enumerate(piece))
        data += value.to_bytes(len(piece) - 1, "big") if value < 256 ** (len(piece) - 1) else _too_much()
    return bytes(data)


def _too_much() -> bytes:
    raise ValueError("not base45")
