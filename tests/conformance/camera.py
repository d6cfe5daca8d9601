"""The code of every receipt, photographed by a simulated phone, read by two readers: zbar and ZXing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from kiosk.proof import scan
from kiosk.words import LANGUAGES
from printing import raster
from printing.document import QR
from tests.kiosk.every_paper import device, receipts
from tests.printing.camera import photograph

_TRIALS = 4  # of every receipt, both widths, both languages, with and without dots that spread
_PROMISED = 0.97


def holds() -> bool:
    """Print what each reader read; whether it is as much as was promised."""
    if shutil.which("zbarimg") is None:
        sys.stdout.write("camera: zbar is not installed; nothing to read with.\n")
        return True
    read = {"zbar": 0, "ZXing": 0, "either": 0}
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        for payload, photo in _photographs():
            tried += 1
            file = Path(folder) / "photo.png"
            photo.save(file)
            seen = {"zbar": _by_zbar(file, photo), "ZXing": scan.codes(file)}
            for name, texts in seen.items():
                read[name] += payload in texts
            read["either"] += any(payload in texts for texts in seen.values())
    told = ", ".join(f"{name} {count} of {tried}" for name, count in read.items())
    sys.stdout.write(f"camera: codes of receipts read from simulated photographs: {told} (promised {_PROMISED:.0%})\n")
    return min(read["zbar"], read["ZXing"]) >= _PROMISED * tried


def _photographs() -> list[tuple[str, Image.Image]]:
    found, seed = [], 0
    for lang in LANGUAGES:
        for document in receipts(device(lang)).values():
            [payload] = [block.payload for block in document.blocks if isinstance(block, QR)]
            for width in (384, 576):
                paper = raster.render(document, width)
                for _trial in range(_TRIALS):
                    seed += 1
                    code = paper.crop((0, max(0, paper.height - 560), width, paper.height))
                    found.append((payload, photograph(code, seed, gain=bool(seed % 2))))
    return found


def _by_zbar(file: Path, photo: Image.Image) -> list[str]:
    """zbar does worse where a module covers many noisy pixels (platform-printing.md 6): half the size, too."""
    texts: list[str] = []
    for shrink in (1, 2):
        photo.reduce(shrink).save(file.with_suffix(".look.png"))
        done = subprocess.run(
            ["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(file.with_suffix(".look.png"))],
            capture_output=True, text=True, check=False,
        )
        texts += done.stdout.splitlines()
    return texts
