"""In which order values are worked out, who follows whom, and the circles that no order can satisfy."""

from __future__ import annotations

from collections.abc import Iterable

from forms.bad import BadForm
from forms.definition import Place, Rule
from forms.xpath.syntax import Binary, Call, Filter, Negative, Part, Path

_BESIDE = {"indexed-repeat", "once", "jr:choice-name"}


def rules_of(place: Place) -> list[Rule]:
    """What decides the value that others see of a place: whether it is relevant, and what it is."""
    bind, control = place.bind, place.control
    found = [bind.relevant, bind.calculate, place.count]
    if control is not None and control.offers and control.itemset is not None:
        found += [control.itemset.nodes, control.itemset.value]
    return [rule for rule in found if rule is not None]


def followers(places: Iterable[Place]) -> dict[Place, tuple[Place, ...]]:
    """For each place, those whose value has to be looked at again when its own has changed."""
    found: dict[Place, dict[Place, None]] = {}
    for place in places:
        for rule in rules_of(place):
            for other in rule.places:
                found.setdefault(other, {})[place] = None
    return {place: tuple(those) for place, those in found.items()}


def order(places: Iterable[Place]) -> dict[Place, int]:
    """A number for each place: what it depends on comes before it wherever that is possible."""
    numbered: dict[Place, int] = {}
    waiting: set[Place] = set()
    for place in places:
        _visit(place, numbered, waiting)
    return numbered


def _visit(start: Place, numbered: dict[Place, int], waiting: set[Place]) -> None:
    stack = [(start, iter(_before(start)))]
    waiting.add(start)
    while stack:
        place, rest = stack[-1]
        following = next((other for other in rest if other not in waiting), None)
        if following is not None:
            waiting.add(following)
            stack.append((following, iter(_before(following))))
            continue
        stack.pop()
        numbered.setdefault(place, len(numbered))


def _before(place: Place) -> list[Place]:
    above = [place.parent] if place.parent is not None else []
    return above + [other for rule in rules_of(place) for other in rule.places]


def refuse_circles(places: Iterable[Place]) -> None:
    """A calculation or a relevance that needs its own outcome (as ODK Validate does).

    Raises:
        BadForm: there is one; the text has the path from it to itself.
    """
    done: set[Place] = set()
    for place in places:
        circle = _circle(place, done)
        if circle:
            raise BadForm(f"a calculation or relevance depends on itself: {' -> '.join(item.path for item in circle)}")


def _circle(start: Place, done: set[Place]) -> list[Place]:
    path = {start: None}
    stack = [(start, iter(_needs(start)))]
    while stack:
        rest = stack[-1][1]
        following = next((other for other in rest if other in path or other not in done), None)
        if following is None:
            done.add(stack.pop()[0])
            path.popitem()
        elif following in path:
            around = list(path)
            return [*around[around.index(following):], following]
        else:
            path[following] = None
            stack.append((following, iter(_needs(following))))
    return []


def _needs(place: Place) -> list[Place]:
    """The places whose values decide that of a place; those of other repeat instances do not close a circle."""
    rules = [place.bind.calculate, *(above.bind.relevant for above in place.up())]
    known = [rule for rule in rules if rule is not None and not _looks_beside(rule.expression.part)]
    return [other for rule in known for other in rule.places if not other.children]


def _looks_beside(part: Part) -> bool:
    """Whether it picks among repeat instances, by predicate, sibling or index: too fine for a static check."""
    match part:
        case Path(_, steps, start):
            return any(step.predicates or "sibling" in step.axis for step in steps) or (
                start is not None and _looks_beside(start)
            )
        case Binary(_, left, right):
            return _looks_beside(left) or _looks_beside(right)
        case Negative(inner):
            return _looks_beside(inner)
        case Filter():
            return True
        case Call(name, arguments):
            return name in _BESIDE or any(_looks_beside(item) for item in arguments)
    return False
