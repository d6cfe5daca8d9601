"""Whole pages (a certificate as PDF) to the system's own printer, or into a folder where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from printing.results import Done, NotStarted, Result, Uncertain

_SECONDS = 20


def print_pdf(file: Path) -> Result:
    """Hand `file` to the system's default printer. The system says only that it took it."""
    if sys.platform == "win32":
        try:
            os.startfile(file, "print")
        except OSError:
            return NotStarted("no_printer")
        return Done(told=False)
    if shutil.which("lp") is None:
        return NotStarted("no_printer")
    try:
        done = subprocess.run(["lp", "--", str(file)], capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Uncertain("no_answer")  # it may have taken the file before it fell silent
    return Done(told=False) if done.returncode == 0 else NotStarted("no_printer")
