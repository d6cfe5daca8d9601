"""The forms engine beside ODK's own under Node, and beside an earlier one of its own: ./run benchmarks forms [REV]."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.bench.timing import ratio, say, told

ROOT = Path(__file__).resolve().parents[2]
_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>bench</h:title><model>'
)
_SAID = {
    "load": "open a form of 500 questions", "keystroke": "keystroke to screen, 200 calculations that all follow it",
    "recompute": "of that, the engine alone", "cascade": "choose an upazila, see its unions out of 5,000 places",
    "hundredth": "add the 100th row, each with a sum over all", "memory": "memory of the form of 500 questions",
}
_PEER = ("@getodk/xforms-engine", "jsdom")
_INSTALL_SECONDS, _RUN_SECONDS = 300, 300
_TURNS = 2
Times = dict[str, list[float]]


def main(rest: list[str]) -> None:
    """Measure; with a revision of git, also that one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_forms(folder)
        peer = _installed(folder)
        before = _unpacked(rest[0], folder) if rest else None
        ours: Times = {}
        others: dict[str, Times] = {}
        for _turn in range(_TURNS):  # in turn, so that a busy machine is busy for all
            _more(ours, _python(ROOT, folder))
            if peer is not None:
                _more(others.setdefault("ODK's engine", {}), _node(peer, folder))
            if before is not None:
                _more(others.setdefault(rest[0], {}), _python(before, folder))
        for key, said in _SAID.items():
            say(f"{said}: {_figure(key, ours[key])}" + "".join(
                f"; {name}: {_figure(key, found[key])}, {ratio(found[key], ours[key]):.1f} times ours"
                for name, found in others.items() if key in found))


def _more(known: Times, found: Times) -> None:
    for key, values in found.items():
        known[key] = [*known.get(key, []), *values]


def _figure(key: str, values: list[float]) -> str:
    return f"{statistics.median(values):.1f} MiB" if key == "memory" else told(values)


def _python(root: Path, folder: Path) -> Times:
    """What the engine in `root` does, in a process of its own."""
    script = ROOT / "tests" / "bench" / "engine_measure.py"
    done = subprocess.run([sys.executable, str(script), str(folder)], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(root)}, timeout=_RUN_SECONDS)
    found: Times = json.loads(done.stdout)
    return found


def _unpacked(revision: str, folder: Path) -> Path:
    target = folder / "before"
    target.mkdir()
    packed = subprocess.run(["git", "archive", revision, "forms", "resources/__init__.py"], cwd=ROOT,
                            capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)
    return target


def _installed(folder: Path) -> Path | None:
    """The script that measures ODK's engine, with the engine beside it; None where it can't be had."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        say("ODK's engine is not measured: there is no Node here")
        return None
    try:
        subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *_PEER],
                       check=True, capture_output=True, timeout=_INSTALL_SECONDS)
        return Path(shutil.copy(ROOT / "tests" / "bench" / "peer.mjs", folder))
    except (subprocess.SubprocessError, OSError) as error:
        _not_measured(error)
        return None


def _not_measured(error: Exception) -> None:
    detail = getattr(error, "stderr", "") or str(error)
    say(f"ODK's engine is not measured: {str(detail)[-300:]}")


def _node(script: Path, folder: Path) -> Times:
    """What ODK's engine does; nothing where it does not run under Node."""
    try:
        done = subprocess.run(["node", "--expose-gc", str(script), str(folder)], check=True, capture_output=True,
                              text=True, timeout=_RUN_SECONDS)
    except subprocess.SubprocessError as error:
        _not_measured(error)
        return {}
    found: Times = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _write_forms(folder: Path) -> None:
    for name, text in {"long": _long(), "sums": _sums(), "places": _places(), "rows": _rows()}.items():
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")


def _form(instance: str, model: str, body: str) -> str:
    return (f'{_HEAD}<instance><data id="bench" version="1">{instance}</data></instance>{model}</model></h:head>'
            f"<h:body>{body}</h:body></h:html>")


def _bind(path: str, **rules: str) -> str:
    return f'<bind nodeset="/data/{path}" {" ".join(f"{key}={quoteattr(rule)}" for key, rule in rules.items())}/>'


def _input(path: str) -> str:
    return f'<input ref="/data/{path}"><label>Question {path}</label></input>'


def _long() -> str:
    """50 groups of 10 questions; two of three have a rule."""
    names = [f"g{number // 10}/q{number}" for number in range(500)]
    binds = "".join(_long_bind(number, names) for number in range(500))
    groups = "".join(f"<g{group}>" + "".join(f"<q{group * 10 + place}/>" for place in range(10)) + f"</g{group}>"
                     for group in range(50))
    body = "".join(
        f'<group ref="/data/g{group}"><label>Group {group}</label>'
        + "".join(_input(name) for name in names[group * 10:group * 10 + 10]) + "</group>" for group in range(50))
    return _form(groups, binds, body)


def _long_bind(number: int, names: list[str]) -> str:
    if number % 3 == 0:
        return _bind(names[number], type="int", constraint=". >= 0 and . < 1000")
    if number % 3 == 1:
        return _bind(names[number], relevant=f"/data/{names[number - 1]} != '13'", required="true()")
    return _bind(names[number])


def _sums() -> str:
    """200 calculations: half follow the number, half one another."""
    binds = _bind("n", type="int") + "".join(
        _bind(f"c{place}", type="decimal",
              calculate=f"/data/n * {place + 1} + 1" if place % 2 == 0 else f"round(/data/c{place - 1} div 3, 2)")
        for place in range(200))
    return _form("<n>0</n>" + "".join(f"<c{place}/>" for place in range(200)), binds, _input("n") + "".join(
        f'<input ref="/data/c{place}"><label>Sum {place}: <output value="/data/c{place}"/></label></input>'
        for place in range(0, 200, 10)))


def _places() -> str:
    """64 districts, 500 upazilas, 5,000 unions."""
    def rows(name: str, count: int, above: str, share: int) -> str:
        items = "".join(
            f"<item><name>{name}{place}</name><label>Place {place}</label><up>{above}{place // share}</up></item>"
            for place in range(count))
        return f'<instance id="{name}"><root>{items}</root></instance>'

    def select(path: str, name: str, condition: str = "") -> str:
        nodes = "/".join((f"instance('{name}')", "root", f"item{condition}"))
        return (f'<select1 ref="/data/{path}"><label>{path}</label><itemset nodeset="{nodes}"><value ref="name"/>'
                f'<label ref="label"/></itemset></select1>')

    model = rows("d", 64, "v", 8) + rows("u", 500, "d", 8) + rows("w", 5000, "u", 10)
    # The upazila is asked out of all, so that any may be chosen.
    body = select("district", "d") + select("upazila", "u") + select("union", "w", "[up = /data/upazila]")
    return _form("<district/><upazila/><union/>", model, body)


def _rows() -> str:
    """Rows with a place, a product and a share of the sum over all rows."""
    binds = (_bind("row/n", type="int") + _bind("row/at", calculate="position(..)")
             + _bind("row/twice", calculate="../n * 2") + _bind("row/all", calculate="sum(../../row/n)")
             + _bind("total", calculate="sum(/data/row/n)"))
    body = ('<group ref="/data/row"><label>Rows</label><repeat nodeset="/data/row">'
            + "".join(_input(f"row/{name}") for name in ("n", "a", "b", "at", "twice")) + "</repeat></group>")
    return _form("<row><n>1</n><a/><b/><at/><twice/><all/></row><total/>", binds, body)
