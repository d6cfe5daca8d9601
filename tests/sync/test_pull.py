"""Feeds: what came is asked for once, a page is here whole or not at all, and what has not changed costs no body."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Response, jsonify, request

from sync.http import Http
from sync.line import LineError
from sync.pull import Feed, pull_page
from sync.schema import MIGRATIONS
from tests.sync.test_engine import writing
from tests.sync.web import Web

_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_PAGE = 2


class Office:
    """A portal with news, two on a page, that tags its answers; and who listens to it."""

    def __init__(self, web: Web) -> None:
        self.news: list[dict[str, Any]] = []
        self.asked: list[tuple[str, int]] = []  # with which cursor; the status of the answer
        web.app.add_url_rule("/news", view_func=self._answer)
        self.line = Http(web.address)
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for _name, script in MIGRATIONS:
            self.connection.executescript(script)
        self.connection.execute("CREATE TABLE heard (word TEXT)")
        self.feed = Feed("office.news", "office", "/news", self._apply)

    def _answer(self) -> Response:
        after = int(request.args["cursor"] or 0)
        page = self.news[after:after + _PAGE]
        told = jsonify(items=page, cursor=str(after + len(page)) if page else request.args["cursor"],
                       more=len(self.news) > after + _PAGE)
        told.set_etag(f"{after}-{len(self.news)}")
        told.make_conditional(request)
        self.asked.append((request.args["cursor"], told.status_code))
        return told

    @staticmethod
    def _apply(connection: sqlite3.Connection, items: Sequence[Mapping[str, Any]]) -> None:
        for item in items:
            connection.execute("INSERT INTO heard VALUES (?)", (item["word"],))

    def pull(self) -> bool:
        return pull_page(self.connection, self.feed, self.line, writing, lambda: _NOW)

    def heard(self) -> list[str]:
        return [word for (word,) in self.connection.execute("SELECT word FROM heard ORDER BY rowid")]


@pytest.fixture
def office(web: Web) -> Iterator[Office]:
    made = Office(web)
    yield made
    made.line.close()


def test_news_come_page_by_page_each_once(office: Office) -> None:
    office.news = [{"word": word} for word in "abc"]
    assert (office.pull(), office.pull(), office.pull()) == (True, False, False)
    assert office.heard() == ["a", "b", "c"]
    assert [cursor for cursor, _status in office.asked] == ["", "2", "3"]


def test_what_has_not_changed_costs_no_body_and_what_is_new_comes_all_the_same(office: Office) -> None:
    office.news = [{"word": "a"}]
    for _look in range(4):
        office.pull()
    assert [status for _cursor, status in office.asked] == [200, 200, 304, 304]
    office.news.append({"word": "b"})
    for _look in range(3):
        office.pull()
    assert [status for _cursor, status in office.asked[4:]] == [200, 200, 304]
    assert office.heard() == ["a", "b"]


def test_a_page_that_is_not_understood_is_not_here_at_all_and_is_asked_for_again(office: Office) -> None:
    office.news = [{"word": "a"}, {"wrod": "b"}]
    for _look in range(2):
        with pytest.raises(LineError) as failed:
            office.pull()
        assert failed.value.reason == "bad_answer"
        assert office.heard() == []
    office.news[1] = {"word": "b"}
    office.pull()
    assert office.heard() == ["a", "b"]
    assert [cursor for cursor, _status in office.asked] == ["", "", ""]
