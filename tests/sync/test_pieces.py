"""A file comes in pieces that hold nobody up, and a line that breaks in the middle of one is a word, not an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sync.http import Http
from sync.line import LineError
from sync.sandbox.serving import Serving


@contextmanager
def a_file(*pieces: bytes, then: threading.Event, size: int) -> Iterator[Http]:
    """A server that sends the first piece and waits for `then` before each other."""

    def app(_environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", str(size))])
        return sent()

    def sent() -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            then.wait(10)

    serving = Serving(app, 0)
    line = Http(f"http://127.0.0.1:{serving.port}", timeout=(2.0, 0.3), shallow=True)
    yield line
    then.set()
    line.close()
    serving.stop()


def test_what_has_come_is_given_at_once_and_not_held_back_for_more() -> None:
    more = threading.Event()
    with a_file(b"a" * 1_000, b"b" * 1_000, then=more, size=2_000) as line:
        coming = line.stream("/file", 0)
        assert next(coming) == b"a" * 1_000  # the server waits for us now
        more.set()
        assert b"".join(coming) == b"b" * 1_000


def test_a_file_that_stops_coming_is_a_line_that_broke() -> None:
    with a_file(b"a" * 1_000, then=threading.Event(), size=2_000) as line:
        coming = line.stream("/file", 0)
        next(coming)
        with pytest.raises(LineError, match="timeout"):
            next(coming)
