"""The choices of a question as they stand, and what they leave of its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from forms.definition import Control, Itemset, Place, Rule, Words
from forms.media import Pictured, has_columns, of_item
from forms.xpath import Names, Run
from forms.xpath.compiler import Compiler
from forms.xpath.library import ODK
from forms.xpath.syntax import Call, Path
from forms.xpath.tree import ELEMENT, Node
from forms.xpath.values import number_of


@dataclass(frozen=True, slots=True)
class Named:
    """A translation's name: the words wait for the language."""

    itext: str


Label = Words | Named | Pictured | str
Offered = tuple[str, Label]


class Asks(Protocol):
    """What the choices need of the engine."""

    def run(self, node: Node) -> Run: ...
    def remembered(self, node: Node, key: str, places: tuple[Place, ...], work: Callable[[], object]) -> object: ...


def offered(engine: Asks, control: Control, node: Node) -> list[Offered]:
    """Values and labels, in order."""
    fixed: list[Offered] = [(choice.value, choice.label) for choice in control.choices]
    if control.itemset is None:
        return fixed
    itemset = control.itemset
    found = engine.remembered(node, "choices", _places(itemset), lambda: _found(engine, itemset, node))
    assert isinstance(found, list)
    return fixed + found


def _places(itemset: Itemset) -> tuple[Place, ...]:
    label = itemset.label.places if itemset.label is not None else ()
    return (*itemset.nodes.places, *itemset.value.places, *label)


def _found(engine: Asks, itemset: Itemset, node: Node) -> list[Offered]:
    run = engine.run(node)
    value = _reader(itemset.value, run)
    label = _label_reader(itemset.label, run) if itemset.label is not None else value
    items = itemset.nodes.expression.nodes(run)
    if not items or not has_columns(items[0]):
        return [(value(item), label(item)) for item in items]
    return [(value(item), _pictured(label(item), item)) for item in items]


def _pictured(label: Label, item: Node) -> Label:
    return Pictured(label, of_item(item)) if isinstance(label, str) else label


def _label_reader(rule: Rule, run: Run) -> Callable[[Node], Label]:
    """Of `jr:itext(...)`, the name alone."""
    part = rule.expression.part
    if not isinstance(part, Call) or part.name != "jr:itext":
        return _reader(rule, run)
    named = _reader(_argument(rule), run)
    return lambda item: Named(named(item))


@lru_cache(maxsize=2000)
def _argument(rule: Rule) -> Rule:
    assert isinstance(rule.expression.part, Call)
    part = rule.expression.part.arguments[0]
    expression = replace(rule.expression, part=part, compiled=Compiler(ODK, Names()).compile(part))
    return Rule(expression, rule.places)


def _reader(rule: Rule, run: Run) -> Callable[[Node], str]:
    """A rule at an item; one that only names a child is read without an evaluation."""
    part = rule.expression.part
    if isinstance(part, Path) and not part.absolute and part.start is None and len(part.steps) == 1:
        step = part.steps[0]
        if step.axis == "child" and step.test.kind == "name" and not step.predicates and step.test.prefix is None:
            return lambda item: _child_text(item, step.test.name)
    return lambda item: rule.expression.string(run, item)


def _child_text(item: Node, name: str) -> str:
    return next((child.string() for child in item.children if child.name == name and child.kind == ELEMENT), "")


def in_order_of(engine: Asks, control: Control, node: Node, raw: str) -> str:
    """What was ticked, as it stands in the list; what is not offered now comes last."""
    chosen = dict.fromkeys(raw.split())
    values = [value for value, _label in offered(engine, control, node) if value in chosen]
    return " ".join([*values, *(value for value in chosen if value not in values)])


def kept(engine: Asks, control: Control, node: Node, raw: str) -> str:
    """What of an answer the question takes: of choices those that are offered now, of a range what lies in it."""
    if not raw:
        return ""
    if control.tag == "trigger":
        return "OK" if raw in {"OK", "true"} else ""
    if control.bounds is not None:
        return raw if control.bounds[0] <= number_of(raw, None) <= control.bounds[1] else ""
    if not control.offers:
        return raw
    values = [value for value, _label in offered(engine, control, node)]
    if control.tag == "select1":
        return raw if raw in values else ""
    chosen = list(dict.fromkeys(raw.split()))
    if control.tag == "select":
        return " ".join(value for value in chosen if value in values)
    ranked = [value for value in chosen if value in values]
    return " ".join([*ranked, *(value for value in values if value not in ranked)])
