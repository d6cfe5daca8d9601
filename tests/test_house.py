"""The house's own rules: who may import whom, how long a file may be, what may not be written down."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WINGS = ("forms", "sync", "printing")
# What each room of the hall may import of the hall; `app` and `cli` see all, and what they alone are made of.
LEAVES = {"marked", "bangla", "words", "times", "speech"}
ALLOWED = {
    "store": LEAVES,
    "ledger": LEAVES | {"store"},
    "catalogue": LEAVES | {"store"},
    "people": LEAVES | {"store"},
    "proof": LEAVES,
    "counter": LEAVES | {"store", "ledger", "catalogue", "people", "proof"},
    "screens": LEAVES | {"store", "ledger", "catalogue", "people", "proof", "counter", "app", "carrying", "settings",
                        "refusals"},
    "bangla": {"times"}, "marked": set(), "words": {"bangla"}, "times": set(), "settings": set(),
    "speech": {"bangla", "words"}, "verify": {"store", "ledger"},
    "home": LEAVES | {"store", "ledger", "people", "counter"},
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(file: Path) -> set[str]:
    """The dotted names that `file` imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_wings_know_nothing_of_the_kiosk_nor_of_each_other() -> None:
    for wing in WINGS:
        others = {"kiosk", *WINGS} - {wing}
        for file in sources(wing):
            assert not {name.split(".")[0] for name in imported(file)} & others, file


def test_imports_in_the_hall_go_one_way() -> None:
    for file in sources("kiosk"):
        room = file.relative_to(ROOT / "kiosk").parts[0].removesuffix(".py")
        if room not in ALLOWED:
            continue
        rooms = {name.split(".")[1] for name in imported(file) if name.startswith("kiosk.")}
        assert rooms <= ALLOWED[room] | {room}, f"{file.name} imports {rooms - ALLOWED[room] - {room}}"


def test_qt_stays_in_the_screens() -> None:
    for file in sources("kiosk", *WINGS):
        if "screens" not in file.parts and "demo" not in file.parts:
            assert not any(name.startswith("PySide6") for name in imported(file)), file


def test_every_file_says_what_lives_in_it_and_fits_a_sitting() -> None:
    for file in sources("kiosk", *WINGS, "resources", "installer", "tests"):
        text = file.read_text(encoding="utf-8")
        assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{file} has no first sentence"
        assert len(text.splitlines()) <= 400, f"{file} is longer than a sitting"


def test_no_registry_host_and_no_path_of_a_machine_is_written_down() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    words = ("files.python" "hosted", "pypi.org/" "simple", "registry.npm" "js", "/wor" "k/", "/roo" "t/")
    forbidden = re.compile("|".join(words))
    for name in listed.splitlines():
        file = ROOT / name
        if file.suffix in (".ttf", ".png", ".xml") or not file.is_file():
            continue
        assert not forbidden.search(file.read_text(encoding="utf-8")), name


def test_no_portal_is_named_in_the_hall_but_where_old_packs_are_read() -> None:
    """Rows say which portal takes what. `municipality` is also what people call one; the demo plays the portals."""
    portals = {file.stem for file in sources("sync/portals")} - {"__init__", "municipality"}
    assert portals >= {"ekpay", "eksheba", "nagorik"}
    for file in sources("kiosk"):
        if "demo" not in file.parts and file.name != "catalogue.py":
            for text in spoken(file):
                assert not set(re.split(r"\W+", text)) & portals, f"{file} names a portal: {text!r}"


def spoken(file: Path) -> Iterator[str]:
    """Every text in `file` but those that stand alone, as docstrings do."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_the_lock_pins_and_hashes_everything() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        pins = re.findall(r"^([a-z0-9][\w.\-\[\]]*)==\S+.*\\$", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 15
        assert text.count("--hash=sha256:") >= len(pins)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_qt_does_not_lose_references_of_none(qapp: object) -> None:
    from PySide6.QtWidgets import QLabel

    shown = QLabel()
    before = sys.getrefcount(None)
    for _ in range(200):
        shown.setText("ক")
    assert abs(sys.getrefcount(None) - before) < 50
