"""Text broken into lines of a width: at spaces, and inside a word only between syllables."""

from __future__ import annotations

from collections.abc import Iterator

from printing.fonts import Shaped, safe, shape


def wrap(text: str, width: float, size: int, bold: bool) -> list[Shaped]:
    """`text` in lines no wider than `width`, broken at spaces, and inside a word only when it is wider alone."""
    lines: list[str] = []
    for word in (piece for spaced in safe(text).split(" ") if spaced for piece in _broken(spaced, width, size, bold)):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and shape(joined, size, bold).width <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return [shape(line, size, bold) for line in lines or [""]]


def _broken(word: str, width: float, size: int, bold: bool) -> list[str]:
    if shape(word, size, bold).width <= width:
        return [word]
    pieces = [""]
    for cluster in _clusters(word):
        if pieces[-1] and shape(pieces[-1] + cluster, size, bold).width > width:
            pieces.append(cluster)
        else:
            pieces[-1] += cluster
    return pieces


def _clusters(word: str) -> Iterator[str]:
    """Syllables that must stay together: a letter with its signs, and conjuncts joined by hasanta."""
    cluster = ""
    for letter in word:
        joins = cluster and (letter in "\u200c\u200d" or cluster[-1] in "\u09cd\u200d" or not _begins(letter))
        if cluster and (not joins or len(cluster) > 12):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _begins(letter: str) -> bool:
    return not ("\u0981" <= letter <= "\u0983" or "\u09bc" <= letter <= "\u09cd" or "\u0300" <= letter <= "\u036f"
                or letter == "\u09d7")
