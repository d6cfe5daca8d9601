"""Plays the recorded scenarios and says which of their assertions do not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

import forms
from tests.conformance.expressions import NOW, ZONE
from tests.conformance.score import Verdict, failure

Step = dict[str, Any]
_TODAY = NOW.astimezone(ZONE).date()
_UNDERSTOOD = {"ref", "javarosa", "v", "rel", "ro", "req", "valid", "bad", "label", "choices", "count"}


def verdicts(folder: Path) -> Iterator[Verdict]:
    """One for each assertion, and for each step that has to work or to fail."""
    for scenario in json.loads((folder / "scenarios.json").read_text(encoding="utf-8"))["scenarios"]:
        try:
            yield from _Play(scenario, folder).verdicts()
        except Exception as error:  # whatever a scenario holds, the others are still to be played
            name = str(scenario.get("id", "?"))
            yield Verdict(f"core {name.partition('#')[0]}", name, failure(error))


class _Play:
    def __init__(self, scenario: Step, folder: Path) -> None:
        self._scenario = scenario
        self._xml = (folder / scenario["form"]).read_bytes()
        self._group = scenario["id"].partition("#")[0]
        self._files = {name: text.encode() for name, text in (scenario.get("attachments") or {}).items()
                       if text != "Not found"}
        self._form: forms.Form | None = None
        self._filling: forms.Filling | None = None

    def verdicts(self) -> Iterator[Verdict]:
        """Play all steps."""
        for number, step in enumerate(self._scenario["steps"]):
            failed = self._failure(step)
            name = f"{self._scenario['id']} step {number} {step['op']}"
            if step.get("error"):
                yield Verdict(f"core {self._group}", name, "" if failed else "an error is expected")
                continue
            if failed:
                yield Verdict(f"core {self._group}", name, failed)
            for tier, key in (("core", "assert"), ("wf", "assert_wf")):
                for asserted in step.get(key) or ():
                    yield Verdict(f"{tier} {self._group}", name, failed or self._difference(asserted))

    def _failure(self, step: Step) -> str:
        steps: dict[str, Callable[[Step], None]] = {
            "load": self._load, "set": self._set, "add_repeat": self._add, "remove_repeat": self._remove,
            "set_language": self._language, "round_trip": self._round_trip, "restore": self._restore,
            "new_instance": self._load,
        }
        try:
            steps[step["op"]](step)
        except Exception as error:  # a step that fails counts as differing and ends nothing
            return failure(error)
        return ""

    @property
    def _now(self) -> forms.Filling:
        if self._filling is None:
            raise forms.BadForm("it was not loaded")
        return self._filling

    def _load(self, _step: Step) -> None:
        self._form = forms.load(self._xml, self._files)
        edited = self._scenario.get("edit_instance")
        if edited:
            self._filling = self._form.edit(edited.encode(), today=_TODAY, now=NOW, zone=ZONE)
        else:
            self._filling = self._form.fill(today=_TODAY, now=NOW, zone=ZONE)

    def _set(self, step: Step) -> None:
        self._now.answer(step["ref"], step["value"])

    def _add(self, step: Step) -> None:
        self._now.add_repeat(step["ref"])

    def _remove(self, step: Step) -> None:
        self._now.take_row(step["ref"])

    def _language(self, step: Step) -> None:
        self._now.set_language(step["lang"])

    def _round_trip(self, _step: Step) -> None:
        self._restored(self._now.submission())

    def _restore(self, step: Step) -> None:
        self._restored(step["xml"].encode())

    def _restored(self, xml: bytes) -> None:
        assert self._form is not None
        self._filling = self._form.restore(xml, today=_TODAY, now=NOW, zone=ZONE)

    def _difference(self, asserted: Step) -> str:
        try:
            return self._compared(asserted)
        except Exception as error:  # an assertion that can't be tried counts as differing
            return f"{asserted}: {failure(error)}"

    def _compared(self, asserted: Step) -> str:
        if "xml" in asserted:
            return _xml_difference(self._now.submission(), asserted["xml"].encode())
        if "violations" in asserted:
            found = [list(item) for item in self._now.violations()]
            return "" if found == asserted["violations"] else f"{found} instead of {asserted['violations']}"
        unknown = asserted.keys() - _UNDERSTOOD
        if unknown:
            return f"{asserted}: {', '.join(sorted(unknown))} is not understood"
        found_facts = self._facts(asserted)
        wrong = [key for key, value in found_facts.items() if not _same(value, asserted[key])]
        return "; ".join(f"{asserted['ref']} {key}: {found_facts[key]!r} instead of {asserted[key]!r}" for key in wrong)

    def _facts(self, asserted: Step) -> Step:
        """What the engine says of those things that are asserted."""
        counted = {"count": self._now.count(asserted["ref"])} if "count" in asserted else {}
        if not asserted.keys() - {"ref", "count", "javarosa"}:
            return counted
        seen = self._now.look(asserted["ref"])
        said: Step = {
            **counted,
            "v": seen.value, "rel": seen.relevant, "ro": seen.readonly, "req": seen.required, "valid": not seen.wrong,
            "bad": seen.wrong, "label": seen.label, "choices": [list(choice) for choice in seen.choices],
        }
        return {key: value for key, value in said.items() if key in asserted}


def _same(found: object, expected: object) -> bool:
    if not isinstance(found, str) or not isinstance(expected, str):
        return found == expected
    if found == expected or (expected == "uuid:*" and re.fullmatch(r"uuid:[0-9a-f-]{36}", found) is not None):
        return True
    one, other = _numbers(found), _numbers(expected)
    if one is not None and other is not None:
        return len(one) == len(other) and all(abs(a - b) < 1e-9 for a, b in zip(one, other, strict=True))
    return _as_moment(found) is not None and _as_moment(found) == _as_moment(expected)


def _numbers(text: str) -> list[float] | None:
    """The numbers of a text that holds nothing else, such as a geopoint."""
    try:
        return [float(part) for part in text.split()] or None
    except ValueError:
        return None


def _as_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _xml_difference(found: bytes, expected: bytes) -> str:
    one, other = (_plain(etree.fromstring(xml)) for xml in (found, expected))
    return "" if _alike(one, other) else f"{found.decode()} instead of {expected.decode()}"


Plain = tuple[str, dict[str, str], str, list[Any]]


def _plain(element: etree._Element) -> Plain:
    return (str(element.tag), {str(name): str(value) for name, value in element.attrib.items()},
            (element.text or "").strip(), [_plain(child) for child in element])


def _alike(one: Plain, other: Plain) -> bool:
    same = one[:2] == other[:2] and _same(one[2], other[2]) and len(one[3]) == len(other[3])
    return same and all(_alike(a, b) for a, b in zip(one[3], other[3], strict=True))
