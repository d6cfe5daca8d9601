"""What is printed, read by somebody else's eyes: Tesseract, with the distribution's Bangla.

Each line is its own picture, doubled with bicubic interpolation. Words begin with digits (without them Tesseract drops
whole lines); numbers stand after their label, as on every paper (alone Tesseract misjudges their height). The score is
the share of letters, or of digits, that are read right. The same lines without shaping must fail: else the score would
say nothing about Bangla.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from PIL import Image

from kiosk import bangla
from printing import escpos, raster
from printing.bands import Band, Run
from printing.document import nfc
from printing.fonts import Glyph, Shaped, safe, shape
from resources import path
from tests.printing.escpos_reader import read

SIZES = (22, 24)  # px, as printed on 58 and 80 mm
WORDS, DIGITS = 0.98, 0.99
_LINES = 60
_WIDTH = 576  # dots; a line that is wider is left out
_BANGLA_ONLY = frozenset(" ।,:")
_PREFIX, _DIGITS = "৫৪২৭৮", "০১২৩৪৫৬৭৮৯"

Draw = Callable[[str, int], Shaped]


@dataclass(frozen=True, slots=True)
class Score:
    """The share of letters read right, in lines of words and in lines of digits."""

    words: float
    digits: float

    @property
    def passes(self) -> bool:
        return self.words >= WORDS and self.digits >= DIGITS

    def __str__(self) -> str:
        return f"words {self.words:.1%}, digits {self.digits:.1%}"


def holds() -> bool:
    """Print the scores; False when the printed letters are not read well enough, or unshaped ones are."""
    if shutil.which("tesseract") is None:
        sys.stdout.write("Tesseract is not here; nothing was read.\n")
        return True
    kept = True
    for size, bold in ((size, bold) for size in SIZES for bold in (False, True)):
        score = _score(size, partial(shape, bold=bold))
        sys.stdout.write(f"{size} px{' bold' if bold else ''}: {score}\n")
        kept = kept and score.passes
    for size in SIZES:
        score = _score(size, unshaped)
        sys.stdout.write(f"{size} px, unshaped, which must fail: {score}\n")
        kept = kept and not score.passes
    return kept


def word_lines() -> list[str]:
    """The project's own words in Bangla, three to six in a line: services, billers' and papers' words."""
    with path("packs/services.csv").open(encoding="utf-8") as file:
        services = [line["name_bn"] for line in csv.DictReader(file)]
    said = json.loads(path("words/bn.json").read_text(encoding="utf-8"))
    papers = [text for word, text in said.items() if word.startswith(("paper.", "print.", "state."))]
    lines = [line for text in services + papers for line in _broken(nfc(text))]
    return list(dict.fromkeys(lines))[:_LINES]


def _broken(text: str) -> Iterator[str]:
    words = "".join(letter if _is_bangla(letter) else " " for letter in text if letter not in "()").split()
    for at in range(0, len(words), 5):
        if len(words[at:at + 5]) > 1:
            yield " ".join(words[at:at + 5])


def _is_bangla(letter: str) -> bool:
    return letter in _BANGLA_ONLY or ("\u0980" <= letter <= "\u09ff" and not "\u09e6" <= letter <= "\u09ef")


def digit_lines() -> list[str]:
    """Amounts, account numbers and dates, after their labels as papers show them."""
    amounts = [bangla.taka(7_919 * place * place + 50).replace("৳\u00a0", "") for place in range(3, 23)]
    numbers = [bangla.digits(str(1_029_384_756_013 + 86_420_975_319 * place)) for place in range(20)]
    dates = [bangla.digits(f"{1 + place:02d}-{1 + place % 12:02d}-20{20 + place}") for place in range(20)]
    labelled = (("মোট", amounts), ("হিসাব নম্বর", numbers), ("তারিখ", dates))
    return [f"{label} {number}" for label, each in labelled for number in each]


def unshaped(text: str, size: int) -> Shaped:
    """The letters one after the other, each as if it stood alone."""
    glyphs: list[Glyph] = []
    pen = 0.0
    for letter in text:
        alone = shape(letter, size, False)
        glyphs += [Glyph(glyph.index, pen + glyph.x, glyph.y) for glyph in alone.glyphs]
        pen += alone.width
    return Shaped(text, False, size, tuple(glyphs), pen)


def _score(size: int, draw: Draw) -> Score:
    words, digits = _seen(word_lines(), f"{_PREFIX} ", size, draw), _seen(digit_lines(), "", size, draw)
    return Score(
        _share_right([(line, _without_prefix(seen)) for line, seen in words]),
        _share_right([(_only_digits(line), _only_digits(seen)) for line, seen in digits]),
    )


def _seen(lines: Iterable[str], before: str, size: int, draw: Draw) -> list[tuple[str, str]]:
    """The lines that fit, and what is read of each with `before` before it."""
    wanted = [line for line in lines if draw(before + line, size).width <= _WIDTH - 16]
    with ThreadPoolExecutor(2) as pool:
        return list(zip(wanted, pool.map(lambda line: seen_on_paper(before + line, size, draw), wanted), strict=True))


def _share_right(pairs: Iterable[tuple[str, str]]) -> float:
    told = list(pairs)
    return 1 - sum(distance(line, seen) for line, seen in told) / sum(len(line) for line, _seen in told)


def _without_prefix(seen: str) -> str:
    first, _space, rest = seen.partition(" ")
    return rest if _PREFIX[1:4] in first else seen


def _only_digits(text: str) -> str:
    return "".join(letter for letter in text if letter in _DIGITS)


def seen_on_paper(line: str, size: int, draw: Draw) -> str:
    """What Tesseract reads of `line`, from the dots that the printer's bytes make."""
    shaped = draw(safe(line), size)
    drawn = raster.draw([Band(round(size * 1.42), (Run(8, size * 1.02, shaped),))], _WIDTH)
    printed, _cut = read(escpos.encode(drawn), _WIDTH)
    twice = printed.convert("L").resize((2 * printed.width, 2 * printed.height), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    twice.save(file, "PNG")
    asked = ["tesseract", "stdin", "stdout", "-l", "ben", "--psm", "7", "--dpi", "406"]
    done = subprocess.run(asked, input=file.getvalue(), capture_output=True, check=True,
                          env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    return " ".join(nfc(done.stdout.decode()).split())


def distance(wanted: str, found: str) -> int:
    """Levenshtein's: how many letters must be put in, taken out or changed."""
    above = list(range(len(found) + 1))
    for row, letter in enumerate(wanted, start=1):
        line = [row]
        for column, other in enumerate(found, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other)))
        above = line
    return above[-1]
