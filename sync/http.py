"""One portal's line: requests over a kept connection, the bytes and the time that they took, the portal's clock.

What can go wrong, and whether the portal may have seen the request, is in line.py.
"""

from __future__ import annotations

import base64
import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from sync.line import LineError, check, clock_off, of_exception

_LARGEST_ANSWER = 20_000_000
_LONGEST_SAID = 300  # letters
_LONGEST_ANSWER_SECONDS = 60.0
_WORTH_COMPRESSING = 400  # bytes: below this gzip's own frame and the header eat what it saves
_SLOWEST = 4_000  # bytes a second: what a line is taken to carry until it has shown better
_SPEED_OVER_SECONDS = 4.0
_SHALLOW_BYTES = 8_192  # of a socket's buffer: a second of a 64 kbit/s line
_SMALLEST_PIECE, _LARGEST_PIECE = 1_024, 262_144
_LOOK_UP_SECONDS = 0.2  # while an answer is awaited

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A portal's answer: a JSON object, or for `get_bytes` the raw body. 304 has neither: nothing has changed."""

    status: int
    body: Mapping[str, Any]
    raw: bytes
    etag: str = ""


class Http:
    """A session to one base address.

    Counts bytes in both directions as they go over the wire: heads and compressed bodies, without TLS and TCP. Where
    `meanwhile` is set it is called again and again while an answer is awaited: a portal that says nothing for ten
    seconds must not hold a payment to another one for as long.
    """

    meanwhile: Callable[[], None] | None = None

    def __init__(
        self, base: str, *, timeout: tuple[float, float] = (3.0, 10.0),
        monotonic: Callable[[], float] = time.monotonic, tells: Callable[[], Mapping[str, str]] = dict,
        credentials: Callable[[], tuple[str, str]] = lambda: ("", ""), compresses: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC), shallow: bool = False,
    ) -> None:
        """`tells` gives the headers that go with every request, asked for each time; `credentials` who we are there,
        sent as HTTP's Basic until `headers` has another Authorization (a token); `compresses` says that the portal
        takes gzip; `now` is this machine's own clock, to hold against the portal's. A `shallow` line lets little come
        in unasked, so that a large download leaves room for others when it is paused."""
        self.base = base.rstrip("/")
        self.headers: dict[str, str] = {}
        self.bytes_sent = 0
        self.bytes_received = 0
        self.asked = 0  # requests
        self.said = ""  # what came of the last one, for people who look for what went wrong: at most _LONGEST_SAID
        self.clock_off: timedelta | None = None
        self.bytes_a_second: float = _SLOWEST
        self._read_bytes = self._read_seconds = 0.0
        self._timeout = timeout
        self.credentials = credentials
        self._tells = tells
        self._monotonic = monotonic
        self._compresses = compresses
        self._now = now
        self._aside = ThreadPoolExecutor(1, "line")  # has no thread as long as there is nothing to do meanwhile
        self._session = requests.Session()
        self._session.trust_env = False
        if shallow:
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, _Shallow())
        self._session.headers.update({
            "User-Agent": "sync/1", "Accept": "application/json", "Accept-Encoding": "gzip",
        })

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send `body` as JSON.

        Raises:
            LineError: no usable answer came.
        """
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if self._compresses and len(data) > _WORTH_COMPRESSING:
            data, headers["Content-Encoding"] = gzip.compress(data, mtime=0), "gzip"
        return _as_json(self._send("POST", path, headers, data=data))

    def get(self, path: str, params: Mapping[str, str] | None = None, etag: str = "") -> Answer:
        """Ask for a JSON object; with `etag`, only if it is another one by now (status 304 says that it isn't).

        Raises:
            LineError: no usable answer came.
        """
        told = self._send("GET", path, {"If-None-Match": etag} if etag else {}, params=params)
        return told if told.status == 304 else _as_json(told)

    def get_bytes(self, path: str) -> Answer:
        """Ask for a file.

        Raises:
            LineError: no usable answer came.
        """
        told = self._send("GET", path, {})
        if told.status != 200:
            raise LineError("bad_answer", sent=True)
        return told

    def patch_bytes(self, path: str, body: bytes) -> Answer:
        """Send a piece of a file, and learn from it how large the next may be.

        Raises:
            LineError: no usable answer came.
        """
        began, pace = self._monotonic(), self.bytes_a_second
        self.bytes_a_second = pace / 2  # if this one is lost, the next one must be smaller
        answer = _as_json(self._send("PATCH", path, {"Content-Type": "application/octet-stream"}, data=body))
        seen = len(body) / max(self._monotonic() - began, 0.001)
        self.bytes_a_second = max(_SLOWEST, (pace + seen) / 2)
        return answer

    def stream(self, path: str, start: int, etag: str = "") -> Iterator[bytes]:
        """A file from byte `start` on, in pieces as they come; nothing is read between them.

        Raises:
            LineError: the portal or the line did not go on; `bad_answer` when it has another file than `etag` by now.
        """
        headers = {"Accept-Encoding": "identity"}  # offsets are those of the file
        if start:
            headers |= {"Range": f"bytes={start}-"} | ({"If-Range": etag} if etag else {})
        asked = requests.Request("GET", self.base + path, headers=headers | self._every_time())
        try:
            yield from self._pieces(self._session.prepare_request(asked), start)
        except requests.exceptions.RequestException as error:
            raise of_exception(error) from error
        except urllib3.exceptions.HTTPError as error:  # pieces are read below requests
            timed_out = isinstance(error, urllib3.exceptions.ReadTimeoutError)
            raise LineError("timeout" if timed_out else "answer_lost", sent=True) from error

    def piece(self, seconds: float) -> int:
        """How many bytes this line carries in that time, as it has been."""
        return int(min(_LARGEST_PIECE, max(_SMALLEST_PIECE, self.bytes_a_second * seconds)))

    def close(self) -> None:
        self._aside.shutdown(wait=False)
        self._session.close()

    def _every_time(self) -> dict[str, str]:
        user, secret = self.credentials()
        basic = base64.b64encode(f"{user}:{secret}".encode()).decode()
        return {**({"Authorization": f"Basic {basic}"} if user else {}), **self.headers, **self._tells()}

    def _send(self, method: str, path: str, headers: dict[str, str], **given: Any) -> Answer:
        headers = headers | self._every_time()
        asked = requests.Request(method, self.base + path, headers=headers, **given)
        try:
            prepared = self._session.prepare_request(asked)
            return self._await(lambda: self._exchange(prepared))
        except requests.exceptions.RequestException as error:
            self.said = _short(f"{type(error).__name__}: {error}")
            raise of_exception(error) from error

    def _exchange(self, asked: requests.PreparedRequest) -> Answer:
        self.asked += 1
        self.bytes_sent += _wire_bytes(f"{asked.method} {asked.path_url}", asked.headers) + len(asked.body or b"")
        with self._session.send(asked, timeout=self._timeout, allow_redirects=False, stream=True) as answer:
            raw = self._read(answer)
            self.said = _short(f"{answer.status_code} {raw[:_LONGEST_SAID].decode(errors='replace')}")
            check(answer, raw, conditional="If-None-Match" in asked.headers)
            off = clock_off(answer.headers.get("Date", ""), self._now())
            self.clock_off = off if off is not None else self.clock_off
            return Answer(answer.status_code, {}, raw, answer.headers.get("ETag", ""))

    def _pieces(self, asked: requests.PreparedRequest, start: int) -> Iterator[bytes]:
        self.bytes_sent += _wire_bytes(f"{asked.method} {asked.path_url}", asked.headers)
        send = partial(self._session.send, timeout=self._timeout, allow_redirects=False, stream=True)
        with self._await(lambda: send(asked)) as answer:
            check(answer, b"")
            if answer.status_code != (206 if start else 200):
                raise LineError("bad_answer", sent=True)
            self.bytes_received += _wire_bytes(f"{answer.status_code} {answer.reason}", answer.headers)
            while True:
                began = self._monotonic()
                piece = self._await(lambda: answer.raw.read1(_LARGEST_PIECE))  # what has come, without waiting for more
                if not piece:
                    return
                self.bytes_received += len(piece)
                self._learn_speed(len(piece), self._monotonic() - began)
                yield piece

    def _await(self, talk: Callable[[], T]) -> T:
        if self.meanwhile is None:
            return talk()
        under_way = self._aside.submit(talk)
        while not wait([under_way], _LOOK_UP_SECONDS).done:
            self.meanwhile()
        return under_way.result()

    def _learn_speed(self, count: int, seconds: float) -> None:
        """Over some seconds of waiting, since what is read may have lain ready; what was long ago counts less."""
        self._read_bytes, self._read_seconds = self._read_bytes + count, self._read_seconds + seconds
        if self._read_seconds > _SPEED_OVER_SECONDS:
            self.bytes_a_second = self._read_bytes / self._read_seconds
            self._read_bytes, self._read_seconds = self._read_bytes / 2, self._read_seconds / 2

    def _read(self, answer: requests.Response) -> bytes:
        """The body, bounded in size and in time: a trickle must not hold the worker for ever."""
        until = self._monotonic() + _LONGEST_ANSWER_SECONDS
        raw = bytearray()
        try:
            for piece in answer.iter_content(65_536):
                raw += piece
                if len(raw) > _LARGEST_ANSWER or self._monotonic() > until:
                    raise LineError("bad_answer", sent=True)
        finally:
            self.bytes_received += _wire_bytes(f"{answer.status_code} {answer.reason}", answer.headers)
            self.bytes_received += answer.raw.tell()  # as they came, before they were unpacked
        return bytes(raw)


class _Shallow(HTTPAdapter):
    """Connections whose receive buffer is small."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        options = [*HTTPConnection.default_socket_options, (socket.SOL_SOCKET, socket.SO_RCVBUF, _SHALLOW_BYTES)]
        super().init_poolmanager(*given, socket_options=options, **named)


def _wire_bytes(first: str, headers: Mapping[str, str]) -> int:
    """The length of a head: its first line with the version, each header with ": " and a line end, an empty line."""
    return len(first) + 11 + sum(len(name) + len(value) + 4 for name, value in headers.items()) + 2


def _short(text: str) -> str:
    """In one line, without what a terminal or a database would stumble over."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_LONGEST_SAID]


def _as_json(told: Answer) -> Answer:
    try:
        body = json.loads(told.raw)
    except (ValueError, RecursionError) as error:
        raise LineError("bad_answer", sent=True) from error
    if not isinstance(body, dict):
        raise LineError("bad_answer", sent=True)
    return Answer(told.status, body, told.raw, told.etag)
