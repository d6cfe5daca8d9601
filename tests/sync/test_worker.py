"""The worker tells how the line is: each kind of trouble has its own word, and one answer ends it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, Response

from sync import outbox
from sync.engine import Engine, Thrift
from sync.http import Http
from sync.operations import Confirmed, NotKnownThere, Operation, Outcome, State
from sync.portals import Capabilities, Portal
from sync.schema import MIGRATIONS
from sync.worker import Kit, LineState, LineStatus, Pull, Worker
from tests.sync.test_engine import writing
from tests.sync.web import Web


class Talker:
    """Asks for a page before it says that something is done."""

    capabilities = Capabilities(batch={})

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        from sync.contract.answers import outcome_of_line
        from sync.line import LineError

        try:
            http.post("/pay", {"key": operation.key})
        except LineError as error:
            return outcome_of_line(error)
        return Confirmed("R")

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        assert operation.key
        http.get("/feed")
        return NotKnownThere()


class Counter:
    """A worker on a real server that can be told how to answer."""

    def __init__(
        self, web: Web, thrift: Thrift | None = None, slow_by: timedelta = timedelta(0), lines: int = 1
    ) -> None:
        """`slow_by`: this machine's clock; `lines`: how many requests may be under way at once."""
        self.lines = lines
        self.slow_by = slow_by
        self.web = web
        self.thrift = thrift or Thrift()
        self.told: list[LineStatus] = []
        self.came = threading.Condition()
        self.later = timedelta(0)
        self.worker = Worker(self._kit, self._now, self._hear)
        self.connection: sqlite3.Connection | None = None
        self.to_add: list[Operation] = []

    def _hear(self, status: LineStatus) -> None:
        with self.came:
            self.told.append(status)
            self.came.notify_all()

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def _kit(self) -> Kit:
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for _name, text in MIGRATIONS:
            self.connection.executescript(text)
        with writing(self.connection):
            for operation in self.to_add:
                outbox.add(self.connection, operation)
        portals: Mapping[str, Portal] = {"p": Talker()}
        looking = Http(self.web.address, now=lambda: datetime.now(UTC) - self.slow_by)
        engine = Engine(self.connection, portals, {"p": [Http(self.web.address) for _line in range(self.lines)]},
                        lambda *_told: None, writing, self._now, beside=[looking])

        def take() -> bool:
            looking.get("/feed")
            return False

        looks = [Pull("p", looking, take, 60.0), Pull("p", looking, lambda: False, 60.0)]  # the second asks nothing
        return Kit(self.connection, engine, looks, engine.close, lambda: self.thrift)

    def state(self, wanted: LineState) -> None:
        """Wait until the line is told so."""
        with self.came:
            assert self.came.wait_for(lambda: self.worker.status.state is wanted, 20), self.worker.status

    def until(self, true: Callable[[], bool]) -> None:
        with self.came:
            assert self.came.wait_for(true, 20)


def operation(key: str, priority: int) -> Operation:
    return Operation(key, "p", "p.pay", {"n": 1}, (), priority, datetime.now(UTC))


def portal_page(app: Flask, answer: Callable[[], Response]) -> None:
    app.add_url_rule("/feed", "feed", answer)
    app.add_url_rule("/pay", "pay", answer, methods=["POST"])


def good() -> Response:
    return Response("{}", mimetype="application/json")


@pytest.mark.parametrize(("answer", "word"), [
    (good, LineState.ONLINE),
    (lambda: Response("<html>sign in</html>", mimetype="text/html"), LineState.NOT_THE_PORTAL),
    (lambda: Response("", 302, {"Location": "http://login.example/"}), LineState.NOT_THE_PORTAL),
    (lambda: Response("{}", 401, mimetype="application/json"), LineState.CREDENTIALS),
    (lambda: Response("{}", 503, mimetype="application/json"), LineState.PORTAL_DOWN),
])
def test_every_trouble_of_the_line_has_its_own_word(
    web: Web, answer: Callable[[], Response], word: LineState
) -> None:
    portal_page(web.app, answer)
    counter = Counter(web)
    counter.worker.start()
    counter.state(word)
    counter.worker.stop()


def test_no_route_is_no_line_and_a_refused_connection_is_a_portal_that_is_down(web: Web) -> None:
    portal_page(web.app, good)
    counter = Counter(web)
    counter.worker.start()
    counter.state(LineState.ONLINE)
    web.stop()
    counter.worker.hurry()
    counter.state(LineState.PORTAL_DOWN)
    counter.worker.stop()


def test_a_clock_that_is_a_day_slow_is_told_before_all_else(web: Web) -> None:
    portal_page(web.app, good)
    counter = Counter(web, slow_by=timedelta(days=1))
    counter.worker.start()
    counter.state(LineState.CLOCK_WRONG)
    counter.worker.stop()


def test_a_name_that_nobody_knows_is_no_line(web: Web) -> None:
    web.address = "http://nobody.invalid"
    counter = Counter(web)
    counter.worker.start()
    counter.state(LineState.OFFLINE)
    counter.worker.stop()


def test_a_metered_line_carries_payments_only_until_the_operator_says_otherwise(web: Web) -> None:
    portal_page(web.app, good)
    counter = Counter(web, Thrift(payments_only=True))
    counter.to_add = [operation("payment", 1), operation("application", 3)]
    counter.worker.start()
    counter.state(LineState.PAYMENTS_ONLY)
    assert state(counter, "payment") is State.CONFIRMED
    assert state(counter, "application") is State.READY
    assert web.asked("/feed") == 0
    counter.thrift = Thrift()
    counter.worker.hurry()
    counter.state(LineState.ONLINE)
    assert state(counter, "application") is State.CONFIRMED
    counter.worker.stop()


def test_when_the_days_bytes_are_gone_payments_still_go_and_the_rest_waits_for_tomorrow(web: Web) -> None:
    portal_page(web.app, good)
    counter = Counter(web, Thrift(bytes_a_day=100))
    counter.to_add = [operation("payment", 1), operation("late payment", 1), operation("application", 3)]
    counter.worker.start()
    counter.state(LineState.BUDGET_SPENT)
    assert [state(counter, key) for key in ("payment", "late payment", "application")] == [
        State.CONFIRMED, State.CONFIRMED, State.READY]
    counter.worker.stop()


def test_a_paused_line_says_nothing_until_it_goes_on(web: Web) -> None:
    portal_page(web.app, good)
    counter = Counter(web)
    counter.to_add = [operation("payment", 1)]
    counter.worker.pause(True)
    counter.worker.start()
    counter.state(LineState.PAUSED)
    assert web.asked("/pay") == 0
    counter.worker.pause(False)
    counter.until(lambda: web.asked("/pay") == 1)
    counter.worker.stop()


@pytest.mark.parametrize(("answer", "said"), [
    (lambda: Response('{"error": "float_low"}', 503, mimetype="application/json"), '503 {"error": "float_low"}'),
    (lambda: Response("<html>\n sign\tin\0 </html>", mimetype="text/html"), "200 <html> sign in </html>"),
    (lambda: Response(b"\xff\xfe" + b"x" * 900, 500), "500 \ufffd\ufffd" + "x" * 294),
    (None, "ConnectionError: "),
])
def test_what_came_instead_of_an_answer_stands_with_the_attempt(
    web: Web, answer: Callable[[], Response] | None, said: str
) -> None:
    portal_page(web.app, answer or good)
    counter = Counter(web)
    counter.to_add = [operation("payment", 1)]
    if answer is None:
        web.stop()
    kit = counter._kit()
    kit.engine.step()
    [tried] = outbox.attempts(kit.connection, "payment")
    assert tried.outcome in ("later", "unknown")
    assert tried.said.startswith(said) if answer is None else tried.said == said
    assert len(tried.said) <= 300
    kit.close()


def test_what_was_on_its_way_when_the_line_was_paused_is_still_heard_of(web: Web) -> None:
    came, let = threading.Event(), threading.Event()

    def pay() -> Response:
        came.set()
        assert let.wait(20)
        return good()

    portal_page(web.app, good)
    web.app.view_functions["pay"] = pay
    counter = Counter(web, lines=2)
    counter.to_add = [operation("payment", 1)]
    counter.worker.start()
    assert came.wait(20)
    counter.worker.pause(True)
    threading.Timer(1.0, let.set).start()  # long after the worker has seen that it is paused
    counter.state(LineState.PAUSED)
    assert counter.worker.status.waiting == 0
    counter.worker.stop()


@pytest.mark.parametrize("after", [0, 1], ids=["nothing", "half an answer"])
def test_a_payment_does_not_wait_for_a_portal_that_says_nothing(web: Web, after: int) -> None:
    """It is due as soon as the look at what is new has begun, and that has no answer before the payment is made."""
    paid, order = threading.Event(), []

    def feed() -> Response:
        def body() -> Iterator[bytes]:
            yield b"{" * after
            order.append("feed waits")
            counter.later = timedelta(minutes=6)
            order.append("feed goes on" if paid.wait(9) else "feed gave up")
            yield b"{}"[after:]

        if not after:
            return Response(b"".join(body()), mimetype="application/json")
        return Response(body(), mimetype="application/json")

    def pay() -> Response:
        order.append("paid")
        paid.set()
        return good()

    web.app.add_url_rule("/feed", "feed", feed)
    web.app.add_url_rule("/pay", "pay", pay, methods=["POST"])
    counter = Counter(web)
    counter.to_add = [replace(operation("payment", 1), made_at=datetime.now(UTC) + timedelta(minutes=5))]
    counter.worker.start()
    counter.state(LineState.ONLINE)
    counter.worker.stop()
    assert order == ["feed waits", "paid", "feed goes on"]


def state(counter: Counter, key: str) -> State:
    assert counter.connection is not None
    kept = outbox.get(counter.connection, key)
    assert kept is not None
    return kept.state
