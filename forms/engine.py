"""Works out an instance: what is relevant, what is calculated, how many rows there are; only what changed, again.

A place (see definition.py) whose value may have changed waits in a queue, ordered so that what it depends on is
settled before it. The order comes from the definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from heapq import heappop, heappush
from typing import TypeVar

from forms.bad import BadForm
from forms.casting import cast
from forms.choices import Label, Named, Offered, kept, offered
from forms.definition import Control, Definition, Output, Place, Rule, Words
from forms.graph import rules_of
from forms.instance import MOST_NODES, MOST_ROWS, State, attach, insert_row, new_row, state_of
from forms.xpath import BadExpression, Run
from forms.xpath.tree import ATTRIBUTE, Node

T = TypeVar("T")
_MOST_ROUNDS = 50  # of one place within one change


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
        self._queue: list[tuple[int, Place]] = []
        self._waiting: set[Place] = set()
        self._rounds: dict[Place, int] = {}
        self.strict = True
        self.altered: list[Node] = []
        self.made: list[Node] = []

    @property
    def root(self) -> Node:
        """The instance's element."""
        return self.top.children[0]

    # What expressions ask (forms.xpath.World)

    def run(self, node: Node) -> Run:
        """Where an expression of `node` is evaluated."""
        return Run(node, self.top, self._zone, self._now, self)

    def instance(self, name: str) -> Node | None:
        """A secondary instance."""
        found = self.form.lists.get(name)
        return self.top if found is None and name == self.form.id else found

    def translation(self, name: str) -> str:
        """A translation in the language that is set."""
        return self.text(self.translated(name, self.language), self.root, self.language)

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
        if control is None:
            raise BadExpression(f"jr:choice-name(): there is no question {path.strip()}")
        label = next((words for name, words in self.offered(control, nodes[0]) if name == value), "")
        return self.words(label, nodes[0], self.language)

    # Words

    def translated(self, name: str, language: str) -> Words:
        """A translation, in any language before none at all ("bn" finds "বাংলা (bn)")."""
        known = self.form.texts.get(name, {})
        exact = next((words for lang, words in known.items() if lang == language or lang.endswith(f"({language})")), None)
        return exact or known.get(self.form.default_language) or next(iter(known.values()), Words())

    def words(self, words: Label, node: Node, language: str) -> str:
        """Words as they read now, at `node`."""
        if isinstance(words, str):
            return words
        if isinstance(words, Named):
            return self.text(self.translated(words.itext, language), node, language)
        if words.itext is not None:
            words = self.translated(words.itext.expression.string(self.run(node)), language)
        return self.text(words, node, language)

    def text(self, words: Words, node: Node, language: str) -> str:
        """Pieces put together; `language` is that of translations inside."""
        return "".join(piece if isinstance(piece, str) else self._piece(piece, node) for piece in words.pieces)

    def _piece(self, piece: Rule | Output, node: Node) -> str:
        rule = self.form.compile(piece.text, state_of(node).place) if isinstance(piece, Output) else piece
        return self._tried(lambda: rule.expression.string(self.run(node)), "")

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
            node, key, rule.places, lambda: self._tried(lambda: rule.expression.boolean(self.run(node)), otherwise)
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
        return self._tried(lambda: offered(self, control, node), [])

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
        for place in self.form.places.values():
            if rules_of(place) or place.control is not None:
                self._queue_up(place)
        self.settle()

    def assign(self, node: Node, text: str, *, typed: bool = False) -> None:
        """Give a node a value, cast to its type; an answer that was `typed` is kept where the type refuses it."""
        state = state_of(node)
        value = cast(text, state.place.bind.kind)
        state.typed = text if value is None and typed else ""
        state.raw = value or ""
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
            seen = raw if control is None else self._tried(lambda: kept(self, control, node, raw), raw)
        if seen != value_of(node):
            if node.kind == ATTRIBUTE:
                node.value = seen
            else:
                node.set_text(seen)
            self.altered.append(node)
            self._mark(state.place)

    def _mark(self, place: Place) -> None:
        self._tick += 1
        self._changed[place] = self._tick
        for follower in self.form.followers.get(place, ()):
            self._queue_up(follower)

    def _queue_up(self, place: Place) -> None:
        if place not in self._waiting:
            self._waiting.add(place)
            heappush(self._queue, _Waiting((self.form.order[place], place)))

    def settle(self) -> None:
        """Work out what waits; a form that never settles is cut short."""
        self._rounds.clear()
        while self._queue:
            place = heappop(self._queue)[1]
            self._waiting.discard(place)
            self._rounds[place] = self._rounds.get(place, 0) + 1
            if self._rounds[place] <= _MOST_ROUNDS:
                self._work_out(place)

    def _work_out(self, place: Place) -> None:
        if place.count is not None and place.parent is not None:
            for parent in self.nodes(place.parent):
                self._count(parent, place)
        for node in self.nodes(place):
            self._relevance(node, place)
            state = state_of(node)
            if state.relevant and place.bind.calculate is not None:
                self.assign(node, self._calculated(node, place.bind.calculate))
            elif not node.elements():
                self._show(node)

    def _calculated(self, node: Node, rule: Rule) -> str:
        text = self._tried(lambda: rule.expression.string(self.run(node)), "")
        return "" if text == "NaN" else text

    def _tried(self, work: Callable[[], T], otherwise: T) -> T:
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
            state.own = self._tried(lambda: rule.boolean(self.run(node)), True)
        self.inherit(node)

    def inherit(self, node: Node) -> None:
        """Bring `relevant` of a node and of those below in line with what is above."""
        state = state_of(node)
        above = node.parent.about if node.parent is not None else None
        relevant = state.own and (not isinstance(above, State) or above.relevant)
        if relevant == state.relevant:
            return
        state.relevant = relevant
        self._mark(state.place)
        if relevant and rules_of(state.place):
            self._queue_up(state.place)
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
        number = self._tried(lambda: count.number(self.run(here)), 0.0)
        wanted = int(min(max(number, 0), MOST_ROWS)) if number == number else 0
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
        if len(self._nodes) and sum(len(nodes) for nodes in self._nodes.values()) > MOST_NODES:
            raise BadForm(f"more than {MOST_NODES} nodes")
        row = new_row(place, index)
        insert_row(parent, place, row, after)
        attach(row, place)
        if index is None or index >= len(place.defaults):
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
        self._restructured(place)

    def _restructured(self, place: Place) -> None:
        for below in place.below():
            self._nodes.pop(below, None)
        for below in place.below():
            self._mark(below)
            if rules_of(below) or below.control is not None:
                self._queue_up(below)


class _Waiting(tuple[int, Place]):
    """Compared by the number alone."""

    __slots__ = ()

    def __lt__(self, other: tuple[int, Place]) -> bool:  # type: ignore[override]
        return self[0] < other[0]


def value_of(node: Node) -> str:
    """The value that others see."""
    return node.string()


