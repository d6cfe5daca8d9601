"""Works out an instance: what is relevant, what is calculated, how many rows there are; only what changed, again.

A place (see definition.py) whose value may have changed waits in a queue, ordered so that what it depends on is
settled before it. The order comes from the definition.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from time import thread_time
from typing import TypeVar

from forms.agenda import Agenda
from forms.bad import BadForm
from forms.casting import cast
from forms.choices import Offered, in_order_of, kept, offered
from forms.definition import Control, Definition, Place, Rule
from forms.graph import rules_of
from forms.instance import MOST_NODES, MOST_ROWS, State, attach, insert_row, new_row, state_of
from forms.wording import text_of, translated, worded
from forms.xpath import BadExpression, Run
from forms.xpath.tree import ATTRIBUTE, Node

T = TypeVar("T")
LONGEST_SECONDS = 20  # of work for all that is asked of a form at once; who needs them is broken or made to hang
MOST_TEXT = 10_000_000  # characters that answers and calculations may add to one instance


class Engine:
    """An instance and the rules of its form. `changed` is handed every node whose value became another one."""

    def __init__(
        self, form: Definition, top: Node, now: datetime, zone: tzinfo, properties: Mapping[str, str]
    ) -> None:
        self.form = form
        self.top = top
        self.language = form.default_language
        self._properties = properties
        self._now = now
        self._zone = zone
        self._tick = 0
        self._changed: dict[Place, int] = {}
        self._nodes: dict[Place, list[Node]] = {}
        self._agenda = Agenda(form.order)
        self._added = self._letters = 0
        self._at = self.root
        self.begin()
        self.strict = True
        self.opened = False  # from then on every row is a new one
        self.altered: list[Node] = []
        self.made: list[Node] = []

    @property
    def root(self) -> Node:
        """The instance's element."""
        return self.top.children[0]

    def begin(self) -> None:
        """From here on the time counts that the form takes for what is asked of it now."""
        self._until = thread_time() + LONGEST_SECONDS

    # What expressions ask (forms.xpath.World)

    def in_time(self) -> None:
        """Raises: BadForm: the time is over."""
        if thread_time() >= self._until:
            path = state_of(self._at).place.path
            raise BadForm(f"{path}: the form's rules take longer than {LONGEST_SECONDS} seconds")

    def run(self, node: Node) -> Run:
        """Where an expression of `node` is evaluated.

        Raises:
            BadForm: the time is over.
        """
        self._at = node
        self.in_time()
        return Run(node, self.top, self._zone, self._now, self)

    def instance(self, name: str) -> Node | None:
        """A secondary instance."""
        found = self.form.lists.get(name)
        return self.top if found is None and name == self.form.id else found

    def translation(self, name: str) -> str:
        """A translation in the language that is set."""
        return text_of(self, translated(self.form, name, self.language), self.root)

    def property(self, name: str) -> str:
        """What is known of the machine and its operator."""
        return self._properties.get(name, "")

    def version(self) -> str:
        """The form's."""
        return self.form.version

    def choice_name(self, value: str, path: str, at: Node) -> str:
        """The label of a choice of the question at `path`.

        Raises:
            BadExpression: there is no such question.
        """
        nodes = self.form.compile(path.strip(), state_of(at).place).expression.nodes(self.run(at))
        control = state_of(nodes[0]).place.control if nodes else None
        if control is None or not (control.choices or control.itemset):
            raise BadExpression(f"jr:choice-name(): there is no question with choices {path.strip()}")
        label = next((words for name, words in self.offered(control, nodes[0]) if name == value), "")
        return worded(self, label, nodes[0], self.language)

    # What holds of a node

    def remembered(self, node: Node, key: str, places: tuple[Place, ...], work: Callable[[], object]) -> object:
        """What `work` gives, as long as none of `places` changes."""
        cache = state_of(node).cache
        known = cache.get(key)
        if known is not None and all(self._changed.get(place, 0) <= known[0] for place in places):
            return known[1]
        value = work()
        cache[key] = (self._tick, value)
        return value

    def holds(self, node: Node, key: str, rule: Rule | None, *, otherwise: bool = False) -> bool:
        """Whether a rule holds at a node."""
        if rule is None:
            return otherwise
        return bool(self.remembered(
            node, key, rule.places, lambda: self.tried(lambda: rule.expression.boolean(self.run(node)), otherwise)
        ))

    def readonly(self, node: Node) -> bool:
        """Its own or inherited."""
        at: Node | None = node
        while at is not None and isinstance(at.about, State):
            if self.holds(at, "readonly", state_of(at).place.bind.readonly):
                return True
            at = at.parent
        return False

    def required(self, node: Node) -> bool:
        """Whether an answer is required."""
        return self.holds(node, "required", state_of(node).place.bind.required)

    def wrong(self, node: Node) -> str:
        """`required` or `constraint`; empty for what is right or not relevant."""
        state = state_of(node)
        if not state.relevant:
            return ""
        if not value_of(node):
            return "required" if self.required(node) else ""
        satisfied = self.holds(node, "constraint", state.place.bind.constraint, otherwise=True)
        return "" if satisfied else "constraint"

    def offered(self, control: Control, node: Node) -> list[Offered]:
        """The choices of a question as they stand."""
        return self.tried(lambda: offered(self, control, node), [])

    # Where nodes are

    def nodes(self, place: Place) -> list[Node]:
        """The nodes of a place, in document order."""
        known = self._nodes.get(place)
        if known is None:
            known = [self.root] if place.parent is None else self._below(place, place.parent)
            self._nodes[place] = known
        return known

    def _below(self, place: Place, parent: Place) -> list[Node]:
        above = self.nodes(parent)
        if place.name.startswith("@"):
            return [item for node in above for item in node.attributes if f"@{item.name}" == place.name]
        return [child for node in above for child in node.elements() if child.name == place.name]

    # Changes

    def work_out_all(self) -> None:
        """Every rule once; before this nothing is known."""
        self._nodes = {place: [] for place in self.form.places.values()}
        for node in (self.root, *self.root.descendants()):
            for known in (node, *node.attributes):
                if isinstance(known.about, State):
                    self._nodes[known.about.place].append(known)
        for place in self.form.places.values():
            if rules_of(place) or place.control is not None:
                self._agenda.add(place)
        self.settle()

    def assign(self, node: Node, text: str, *, typed: bool = False) -> None:
        """Give a node a value, cast to its type; an answer that was `typed` is kept where the type refuses it."""
        state = state_of(node)
        value = cast(text, state.place.bind.kind)
        state.typed = text if value is None and typed else ""
        state.raw = value or ""
        control = state.place.control
        if typed and control is not None and control.tag == "select" and control.offers:
            state.raw = self.tried(lambda: in_order_of(self, control, node, state.raw), state.raw)
        self._tick += bool(typed)
        self._show(node)

    def _show(self, node: Node) -> None:
        """Let others see what the raw value comes to now."""
        state = state_of(node)
        control = state.place.control
        if not state.relevant:
            seen = ""
        else:
            raw = state.raw
            seen = raw if control is None else self.tried(lambda: kept(self, control, node, raw), raw)
        before = value_of(node)
        if seen != before:
            self._count_letters(len(seen) - len(before), state.place)
            if node.kind == ATTRIBUTE:
                node.value = seen
            else:
                node.set_text(seen)
            self.altered.append(node)
            self._mark(state.place)

    def _count_letters(self, more: int, place: Place) -> None:
        self._letters += more
        if more > 0 and self._letters > MOST_TEXT:
            raise BadForm(f"{place.path}: answers and calculations of more than {MOST_TEXT} characters")

    def _mark(self, place: Place) -> None:
        self._tick += 1
        self._changed[place] = self._tick
        for follower in self.form.followers.get(place, ()):
            self._agenda.add(follower)

    def settle(self) -> None:
        """Work out what waits."""
        for place in self._agenda:
            try:
                self._work_out(place)
            except BadExpression as error:
                raise BadExpression(f"{place.path}: {error}") from error
            except BadForm:
                self._agenda.clear()
                raise

    def _work_out(self, place: Place) -> None:
        if place.count is not None and place.parent is not None:
            for parent in self.nodes(place.parent):
                self._count(parent, place)
        for node in self.nodes(place):
            self._relevance(node, place)
            state = state_of(node)
            if state.relevant and place.bind.calculate is not None:
                self._calculate(node, place.bind.calculate)
            elif not node.elements():
                self._show(node)

    def _calculate(self, node: Node, rule: Rule) -> None:
        """Give a node what comes out; where that is what came out before, what was written over it stays."""
        state = state_of(node)
        outcome = self.tried(lambda: rule.expression.string(self.run(node)), "")
        if outcome == state.outcome:
            self._show(node)
        else:
            state.outcome = outcome
            self.assign(node, outcome)

    def tried(self, work: Callable[[], T], otherwise: T) -> T:
        """What `work` gives; an expression that fails refuses a form as it is loaded, and nobody's work later."""
        try:
            return work()
        except BadExpression:
            if self.strict:
                raise
            return otherwise

    def _relevance(self, node: Node, place: Place) -> None:
        state = state_of(node)
        if place.bind.relevant is not None:
            rule = place.bind.relevant.expression
            state.own = self.tried(lambda: rule.boolean(self.run(node)), True)
        self.inherit(node)

    def inherit(self, node: Node) -> None:
        """Bring `relevant` of a node and of those below in line with what is above."""
        state = state_of(node)
        above = node.parent.about if node.parent is not None else None
        relevant = state.own and (not isinstance(above, State) or above.relevant)
        if relevant == state.relevant:
            return
        state.relevant, state.outcome = relevant, None
        self._mark(state.place)
        if relevant and rules_of(state.place):
            self._agenda.add(state.place)
        if not node.elements():
            self._show(node)
        for child in (*node.elements(), *node.attributes):
            if isinstance(child.about, State):
                self.inherit(child)

    # Rows

    def _count(self, parent: Node, place: Place) -> None:
        assert place.count is not None
        here = self._beside(parent, place)
        count = place.count.expression
        number = self.tried(lambda: count.number(self.run(here)), math.nan)
        if math.isnan(number):
            return  # blank while it is written anew: no row is lost for that
        wanted = int(min(max(number, 0), MOST_ROWS))
        rows = [row for row in parent.elements() if row.name == place.name]
        for row in rows[wanted:]:
            self.take_row(row)
        for index in range(len(rows), wanted):
            self.add_row(parent, place, index)

    @staticmethod
    def _beside(parent: Node, place: Place) -> Node:
        """A node of a repeat that stands for all its rows."""
        here = Node(parent.kind, place.name)
        here.parent, here.about = parent, State(place)
        return here

    def row_to_be(self, parent: Node, place: Place) -> Node:
        """What would hold of a row inside `parent`."""
        here = self._beside(parent, place)
        self._relevance(here, place)
        return here

    def add_row(self, parent: Node, place: Place, index: int | None = None, after: int | None = None) -> Node:
        """One more repeat instance: the form's own at `index`, else of the template; the row.

        Raises:
            BadForm: the instance is as large as it may be.
        """
        brought = state_of(parent).brought.get(place, ())
        given = brought[index] if index is not None and index < len(brought) else None
        row = new_row(place, given)
        self._added += 1 + sum(1 for _node in row.descendants())
        if self._added > MOST_NODES:
            raise BadForm(f"rows of more than {MOST_NODES} nodes")
        self._count_letters(len(row.string()), place)
        insert_row(parent, place, row, after)
        attach(row, place)
        if given is None or self.opened:
            self.made.append(row)
        self._restructured(place)
        for child in (row, *row.descendants()):
            if isinstance(child.about, State):
                self.inherit(child)
        return row

    def take_row(self, row: Node) -> None:
        """One repeat instance less."""
        assert row.parent is not None
        place = state_of(row).place
        row.parent.remove(row)
        self._added -= 1 + sum(1 for _node in row.descendants())
        self._letters -= len(row.string())
        self._restructured(place)

    def _restructured(self, place: Place) -> None:
        for below in place.below():
            self._nodes.pop(below, None)
        for below in place.below():
            self._mark(below)
            if rules_of(below) or below.control is not None:
                self._agenda.add(below)


def value_of(node: Node) -> str:
    """The value that others see."""
    return node.string()


