"""A real browser without a window: a page of this computer is opened, its text after its scripts comes back."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

CHROMIUM = shutil.which("chromium")
_SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=20000",
)


def dom(page: Path, fragment: str, folder: Path) -> str:
    """The page's document once nothing more happens in it; `folder` holds the browser's own files."""
    assert CHROMIUM is not None
    address = f"{page.as_uri()}#{fragment}" if fragment else page.as_uri()
    done = subprocess.run(
        [CHROMIUM, *_SWITCHES, f"--user-data-dir={folder / 'browser'}", "--dump-dom", address],
        capture_output=True, text=True, timeout=100, check=True,
    )
    return done.stdout


def element(document: str, name: str) -> str:
    """What is inside the element with this id."""
    found = re.search(rf'<(\w+)[^>]*\bid="{name}"[^>]*>(.*?)</\1>', document, re.DOTALL)
    assert found is not None, document[-2000:]
    return html.unescape(found[2])


def verdict(document: str) -> str:
    found = re.search(r'data-verdict="(\w+)"', document)
    return found[1] if found else ""
