"""The printer's bytes decoded by somebody else's interpreter: npos, a package of npm, where node and npm are here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from printing import escpos, raster
from printing.document import Document
from printing.profiles import PROFILES, Profile
from tests.printing.papers import BLOCKS

_PACKAGE = "npos@0.1.19"
_FOLDER = Path(__file__).resolve().parents[2] / ".venv" / "npos"
_SCRIPT = Path(__file__).with_name("npos.js")
_OTHERS = {"ESC @", "ESC d", "GS V", "ESC p"}


def holds() -> bool:
    """Print how many papers are the preview, dot for dot; False when one is not."""
    if not (shutil.which("node") and shutil.which("npm")):
        sys.stdout.write("node and npm are not here; no other interpreter was asked.\n")
        return True
    module = _installed()
    wrong = [told for told in _differences(module) if told]
    papers = len(BLOCKS) * len(_profiles())
    sys.stdout.write("".join(f"  {told}\n" for told in wrong))
    sys.stdout.write(f"decoded by {_PACKAGE}: {papers - len(wrong)} of {papers} papers are the preview, dot for dot\n")
    return not wrong


def _profiles() -> Sequence[Profile]:
    return [PROFILES["xprinter58"], PROFILES["xprinter80"]]


def _installed() -> Path:
    """The package, in a folder of its own; none of its install scripts is run."""
    module = _FOLDER / "node_modules" / "npos"
    if not module.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--prefix", str(_FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", "--silent",
             _PACKAGE], check=True,
        )
    return module


def _differences(module: Path) -> Iterator[str]:
    """For each paper and width what differs, or nothing."""
    for profile in _profiles():
        for name, blocks in BLOCKS.items():
            paper = Document("K1-1", name, blocks)
            told = _told(module, b"".join(escpos.stream(paper, profile.width_dots, profile)))
            seen = raster.render(paper, profile.width_dots)
            same = _picture(told, profile.width_dots) == _dots(seen)
            others = {item["command"] for item in told} - _OTHERS - {"GS v 0"}
            yield "" if same and not others else f"{name}, {profile.width_dots} dots: differs {sorted(others)}"


def _dots(seen: Image.Image) -> str:
    return "".join("1" if dot == 0 else "0" for dot in seen.convert("L").tobytes())


def _told(module: Path, job: bytes) -> list[Mapping[str, Any]]:
    done = subprocess.run(["node", "--no-deprecation", str(_SCRIPT), str(module)], input=job, capture_output=True,
                          check=True)
    found: list[Mapping[str, Any]] = json.loads(done.stdout)
    return found


def _picture(told: Sequence[Mapping[str, Any]], width: int) -> str:
    """All rasters one under the other, each at the left edge."""
    rows = ""
    for item in told:
        if item["command"] == "GS v 0":
            dots, wide = str(item["dots"]), int(item["width"])
            rows += "".join(dots[at:at + wide].ljust(width, "0") for at in range(0, len(dots), wide))
    return rows
