"""Set-up, written once: system packages, a virtual environment from the lock, then the command that was asked for.

Runs on a bare Python 3.11 to 3.13 with nothing but its standard library; `./run` and `run.cmd` call it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
STAMP = VENV / "udc-kiosk-set-up"

# What Qt needs to draw without a screen, and with one (found by running on a bare Debian 12).
_OFFSCREEN = (
    "libglib2.0-0", "libgl1", "libegl1", "libx11-6", "libdbus-1-3", "libfontconfig1", "libfreetype6", "libxkbcommon0",
    "libbrotli1",
)
_SCREEN = (
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0",
    "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0", "libx11-xcb1",
)
_FLEET = ("postgresql",)
_CHECKS = ("poppler-utils", "zbar-tools")  # the tests read PDFs and QR codes back with other people's programs
_BROWSER = "chromium"  # the page that checks receipts is tried in it; without it those tests are left out
_READERS = ("tesseract-ocr", "tesseract-ocr-ben")  # somebody else's eyes on the Bangla that is printed


class SetupFailed(Exception):
    """A step failed; the text says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Set up what the command needs, then run it; its exit status."""
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("open", [])
    if name not in COMMANDS:
        _say(f"There is no command {name}. There are: {', '.join(COMMANDS)}", error=True)
        return 2
    try:
        _system_packages(name)
        _environment()
    except (SetupFailed, subprocess.CalledProcessError, OSError) as error:
        _say(f"Set-up stopped: {error}", error=True)
        return 1
    return COMMANDS[name](rest)


def _say(text: str, *, error: bool = False) -> None:
    stream = sys.stderr if error else sys.stdout
    stream.write(f"{text}\n")
    stream.flush()


def _system_packages(command: str) -> None:
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        return
    wanted = list(_OFFSCREEN)
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        wanted += _SCREEN
    if command == "test":
        wanted += _CHECKS
    if command == "fleet":
        wanted += _FLEET
    if command == "conformance":
        wanted += _READERS
    if not _has_venv():
        wanted.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    missing = [name for name in wanted if not _installed(name)]
    if missing:
        _apt(missing)
    if command == "test" and not shutil.which(_BROWSER):
        _browser()


def _has_venv() -> bool:
    """Debian ships Python without the module that fills a virtual environment."""
    try:
        import ensurepip  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def _installed(name: str) -> bool:
    """Whether the package is there, under its name or the one that newer releases gave it."""
    asked = ["dpkg-query", "-W", "-f=${Status}\n", name, f"{name}t64"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return "install ok installed" in found


def _apt(missing: Sequence[str]) -> None:
    _say(f"Installing from the distribution: {' '.join(missing)}")
    before = [] if os.geteuid() == 0 else ["sudo"]
    if before and not shutil.which("sudo"):
        raise SetupFailed(f"as root, run: apt-get install {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*before, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    quiet = subprocess.DEVNULL
    if subprocess.run(install, env=environment, stdout=quiet, stderr=quiet, check=False).returncode == 0:
        return
    subprocess.run([*before, "apt-get", "update", "-qq"], env=environment, check=True)
    if subprocess.run(install, env=environment, stdout=quiet, check=False).returncode != 0:
        raise SetupFailed(f"the distribution did not give {' '.join(missing)}; see the lines above")


def _browser() -> None:
    """A browser where the distribution has one as a package (Ubuntu does not)."""
    offered = subprocess.run(["apt-cache", "show", _BROWSER], capture_output=True, check=False).returncode == 0
    try:
        if offered:
            _apt([_BROWSER])
    except (SetupFailed, subprocess.CalledProcessError) as error:
        _say(f"Without {_BROWSER}: {error}")


def _environment() -> None:
    """The virtual environment of the lock; made anew when the lock or the Python changed."""
    wanted = f"{sys.version_info[:3]} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted and _python().exists():
        return
    _say("Making the virtual environment in .venv")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    _say(f"Installing the packages of {LOCK.name}, each checked by its hash (about 150 MB to download the first time)")
    asked = ["install", "-q", "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes", "-r"]
    done = subprocess.run([str(_python()), "-m", "pip", *asked, str(LOCK)], check=False)
    if done.returncode != 0:
        raise SetupFailed("the packages could not be installed; is there a line? Run the same command again to go on")
    STAMP.write_text(wanted, encoding="utf-8")


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _kiosk(*arguments: str) -> int:
    """The program, where it was called from: the files that it is given are there. It sees to its screen itself."""
    called_from = os.environ.get("UDC_CALLED_FROM") or str(ROOT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    # -P: nothing that lies there by chance is taken for a part of the program
    command = [str(_python()), "-P", "-m", "kiosk.cli", *arguments]
    return subprocess.run(command, cwd=called_from, env=environment, check=False).returncode


def _run(*arguments: str) -> int:
    """Run the environment's Python from the project's folder."""
    environment = dict(os.environ)
    if os.name != "nt" and sys.platform != "darwin" and not _has_screen():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return subprocess.run([str(_python()), *arguments], cwd=ROOT, env=environment, check=False).returncode


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _lint(_rest: list[str]) -> int:
    return _run("-m", "ruff", "check", ".") or _run("-m", "mypy")


def _test(rest: list[str]) -> int:
    """All tests are shared out to two processes; a choice of tests stays in one."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return _run("-m", "pytest", *(rest or ["-n", "2"]))


def _faults(rest: list[str]) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    chosen = any(one.startswith("tests") for one in rest)
    return _run("-m", "pytest", "-o", "addopts=-q -s", *([] if chosen else ["tests/faults"]), *rest)


def _soak(rest: list[str]) -> int:
    return _faults(["-k", "soak", *rest])


def _fleet(rest: list[str]) -> int:
    side_by_side = _run("-m", "pytest", "-o", "addopts=-q", "tests/fleet")
    return side_by_side or _run("-m", "tests.fleet", *rest)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "open": lambda rest: _kiosk("open", *rest),
    "demo": lambda rest: _kiosk("demo", *rest),
    "test": _test,
    "lint": _lint,
    "faults": _faults,
    "soak": _soak,
    "fleet": _fleet,
    "conformance": lambda rest: _run("-m", "tests.conformance", *rest),
    "benchmarks": lambda rest: _run("-m", "tests.bench", *rest),
    "kiosk": lambda rest: _kiosk(*rest),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
