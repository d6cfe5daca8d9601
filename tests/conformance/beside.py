"""Our engine beside ODK's own: forms of ours are played on both, and every node is compared after every step.

What differs is told, not failed: docs/decisions/0008 says where it should. ODK's engine is fetched with npm into a
folder that goes away again; without Node nothing is compared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import forms
from tests.conformance.beside_forms import PLAYS, Play
from tests.conformance.expressions import NOW, ZONE

_PACKAGES = ("@getodk/xforms-engine", "jsdom")
_SECONDS = 300
_TODAY = NOW.astimezone(ZONE).date()
_NAMED = "meta/"  # names of instances are made up
States = list[Any]  # after each step [[reference, facts], ...], or what went wrong


def holds() -> bool:
    """Print what differs and how much was compared; true unless nothing could be."""
    theirs = _played()
    if theirs is None:
        return True
    compared = differing = 0
    for play, states in zip(PLAYS, theirs, strict=True):
        count, different = _compare(play, states)
        compared += count
        differing += len(different)
        sys.stdout.writelines(f"  differs: {play.name}: {line}\n" for line in different[:5])
    sys.stdout.write(f"beside ODK's engine: {len(PLAYS)} forms, {compared} facts compared, {differing} differ\n")
    return compared > 0


def _played() -> list[States] | None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        sys.stdout.write("There is no Node here: nothing to stand beside.\n")
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plays = [{"xml": play.xml, "plays": [step.plain() for step in play.steps]} for play in PLAYS]
        (folder / "plays.json").write_text(json.dumps(plays), encoding="utf-8")
        shutil.copy(Path(__file__).with_suffix(".mjs"), folder)
        try:
            subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", name, *_PACKAGES],
                           check=True, capture_output=True, timeout=_SECONDS)
            subprocess.run([node, str(folder / "beside.mjs"), name, NOW.isoformat()], check=True, text=True,
                           capture_output=True, timeout=_SECONDS, env={**os.environ, "TZ": "America/Phoenix"})
        except (subprocess.SubprocessError, OSError) as error:
            sys.stdout.write(f"ODK's engine could not be had: {str(getattr(error, 'stderr', error))[-300:]}\n")
            return None
        found: list[States] = json.loads((folder / "states.json").read_text(encoding="utf-8"))
        return found


def _compare(play: Play, states: States) -> tuple[int, list[str]]:
    """How many facts were compared, and those that differ."""
    try:
        filling = forms.load(play.xml.encode()).fill(today=_TODAY, now=NOW, zone=ZONE)
    except forms.BadForm as error:
        return 1, [] if isinstance(states[0], str) else [f"we refuse it: {error}"]
    compared, different = 0, list[str]()
    for number, state in enumerate(states):
        if isinstance(state, str):
            return compared + 1, [*different, f"step {number}: ODK's engine says {state}"]
        if number:
            play.steps[number - 1].on(filling)
        for reference, facts in state:
            for name, theirs in facts.items() if _NAMED not in reference else ():
                compared += 1
                ours = _fact(filling, reference, name)
                if ours != theirs and not (name == "label" and reference.endswith("]")):
                    different.append(f"step {number}: {reference} {name}: {ours!r}, ODK's engine {theirs!r}")
    return compared, different


def _fact(filling: forms.Filling, reference: str, name: str) -> object:
    """What we say of a node; of a repeat (`#`) only its rows are one node here."""
    if name == "count":
        return filling.count(reference.removesuffix("#"))
    seen = filling.look(reference.removesuffix("#"))
    return {"rel": seen.relevant, "ro": seen.readonly, "req": seen.required, "v": seen.value, "label": seen.label,
            "bad": seen.wrong, "choices": [list(choice) for choice in seen.choices]}[name]
