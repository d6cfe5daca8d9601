"""What a recorded case came to, and how a run of them is told: by group, with the section that decides each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_XPATH, _ODK = "XPath 1.0", "ODK XForms"
# The section of the specification that decides a group, by the longest beginning of its name that is known.
_SECTIONS = {
    "native/": f"{_XPATH}, 4 Core Function Library", "native/nodeset": f"{_XPATH}, 4.1 Node Set Functions",
    "native/string": f"{_XPATH}, 4.2 String Functions", "native/boolean": f"{_XPATH}, 4.3 Boolean Functions",
    "native/lang": f"{_XPATH}, 4.3 Boolean Functions", "native/number": f"{_XPATH}, 4.4 Number Functions",
    "native/number-operator": f"{_XPATH}, 3.5 Numbers", "native/infix": f"{_XPATH}, 3.4 Booleans and 3.5 Numbers",
    "native/comparison": f"{_XPATH}, 3.4 Booleans", "native/union": f"{_XPATH}, 3.3 Node-sets",
    "native/axis": f"{_XPATH}, 2.2 Axes", "native/axes": f"{_XPATH}, 2.2 Axes", "native/node-": f"{_XPATH}, 2.3",
    "native/predicates": f"{_XPATH}, 2.4 Predicates", "native/path": f"{_XPATH}, 2 Location Paths",
    "native/namespace": f"{_XPATH}, 2.3 Node Tests",
    "xforms/": f"{_ODK}, XPath Functions", "xforms/and-or": f"{_ODK}, XPath Operators",
    "xforms/complex": f"{_ODK}, XPath Operators", "xforms/predicates": f"{_ODK}, XPath Predicates",
    "xforms/date": f"{_ODK}, Date and Time Functions", "xforms/format-date": f"{_ODK}, Date and Time Functions",
    "xforms/decimal": f"{_ODK}, Date and Time Functions", "xforms/now": f"{_ODK}, Date and Time Functions",
    "xforms/today": f"{_ODK}, Date and Time Functions", "xforms/indexed-repeat": f"{_ODK}, Repeat Functions",
    "xpath/functions/": f"{_ODK}, XPath Functions", "bind-types": f"{_ODK}, Data Types",
    "data-types": f"{_ODK}, Data Types", "datetime-bind": f"{_ODK}, Data Types", "time-bind": f"{_ODK}, Data Types",
    "bind-attributes": f"{_ODK}, Bind Attributes", "relevant": f"{_ODK}, Bind Attributes",
    "readonly": f"{_ODK}, Bind Attributes", "required": f"{_ODK}, Bind Attributes",
    "constraint": f"{_ODK}, Bind Attributes", "calculate": f"{_ODK}, Bind Attributes",
    "validity": f"{_ODK}, Bind Attributes", "value-evaluation": f"{_ODK}, Bind Attributes",
    "form-definition": f"{_ODK}, Bindings", "repeat": f"{_ODK}, Repeats", "select": f"{_ODK}, Body Elements",
    "rank": f"{_ODK}, Body Elements", "range": f"{_ODK}, Body Elements", "trigger": f"{_ODK}, Body Elements",
    "appearance": f"{_ODK}, Appearances", "label": f"{_ODK}, Languages", "message": f"{_ODK}, Languages",
    "itext": f"{_ODK}, Languages", "markdown": f"{_ODK}, Body Elements, Markdown",
    "choice-name": f"{_ODK}, Select Functions", "secondary-instances": f"{_ODK}, Secondary Instances",
    "actions-events": f"{_ODK}, Events and Actions", "jr-preload": f"{_ODK}, Preload Attributes",
    "submission": f"{_ODK}, Submission", "instance-input": f"{_ODK}, Primary Instance",
    "instance-attachments": f"{_ODK}, Submission", "smoketests": f"{_ODK}, the whole",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`difference` is empty where the case holds."""

    group: str
    case: str
    difference: str


def section(group: str) -> str:
    """The part of the specification that decides a group."""
    name = group.removeprefix("core ").removeprefix("wf ")
    known = [start for start in _SECTIONS if name.startswith(start)]
    return _SECTIONS[max(known, key=len)] if known else _ODK


def told(title: str, verdicts: Iterable[Verdict]) -> Iterator[str]:
    """The lines to print: what differs, the score of each group, the whole."""
    listed = list(verdicts)
    for verdict in listed:
        if verdict.difference:
            yield f"  differs: {verdict.case} ({section(verdict.group)}): {verdict.difference}"
    groups = Counter(verdict.group for verdict in listed)
    right = Counter(verdict.group for verdict in listed if not verdict.difference)
    for group, total in groups.items():
        yield f"  {right[group]:5} of {total:5}  {group}"
    yield f"{title}: {sum(right.values())} of {len(listed)} ({100 * sum(right.values()) / max(1, len(listed)):.1f} %)"


def failure(error: Exception) -> str:
    """What is said of a case that could not even be tried: it counts as differing and ends nothing."""
    return f"{type(error).__name__}: {str(error)[:300]}"
