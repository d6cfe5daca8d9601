"""One portal's line: requests over a kept connection, and what went wrong told in five words.

The one question that matters after a failure is whether the portal may have seen the request: `LineError.sent`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

_LARGEST_ANSWER = 20_000_000
_LONGEST_ANSWER_SECONDS = 60.0
_NOT_DONE = {429, 503}  # the contract: a portal that answers these has done nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """A portal's answer: a JSON object, or for `get_bytes` the raw body."""

    status: int
    body: Mapping[str, Any]
    raw: bytes


class LineError(Exception):
    """No usable answer. `sent` is False only when surely nothing was done at the portal.

    `reason`: no_line, portal_down, portal_busy, timeout, answer_lost, not_the_portal, bad_answer, credentials.
    """

    def __init__(self, reason: str, *, sent: bool, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.retry_after = retry_after


class Http:
    """A session to one base address. Counts the bytes of bodies in both directions."""

    def __init__(
        self, base: str, *, timeout: tuple[float, float] = (3.0, 10.0),
        monotonic: Callable[[], float] = time.monotonic, tells: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """`tells` gives the headers that go with every request, asked for each time."""
        self.base = base.rstrip("/")
        self.headers: dict[str, str] = {}
        self.bytes_sent = 0
        self.bytes_received = 0
        self._timeout = timeout
        self._tells = tells
        self._monotonic = monotonic
        self._session = requests.Session()
        self._session.trust_env = False

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send `body` as JSON.

        Raises:
            LineError: no usable answer came.
        """
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        self.bytes_sent += len(data)
        return _as_json(*self._send("POST", path, data=data))

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask for a JSON object.

        Raises:
            LineError: no usable answer came.
        """
        return _as_json(*self._send("GET", path, params=params))

    def get_bytes(self, path: str) -> Answer:
        """Ask for a file.

        Raises:
            LineError: no usable answer came.
        """
        status, raw, kind = self._send("GET", path)
        if status != 200 or kind.startswith("text/html"):
            raise LineError("bad_answer", sent=True)
        return Answer(status, {}, raw)

    def close(self) -> None:
        self._session.close()

    def _send(self, method: str, path: str, **given: Any) -> tuple[int, bytes, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", **self.headers, **self._tells()}
        try:
            with self._session.request(
                method, self.base + path, headers=headers, timeout=self._timeout, allow_redirects=False, stream=True,
                **given,
            ) as answer:
                raw = self._read(answer)
                return _checked(answer, raw), raw, answer.headers.get("Content-Type", "")
        except requests.exceptions.ConnectTimeout as error:
            raise LineError("no_line", sent=False) from error
        except requests.exceptions.Timeout as error:
            raise LineError("timeout", sent=True) from error
        except requests.exceptions.ConnectionError as error:
            raise _connection_error(error) from error
        except requests.exceptions.RequestException as error:
            raise LineError("answer_lost", sent=True) from error

    def _read(self, answer: requests.Response) -> bytes:
        """The body, bounded in size and in time: a trickle must not hold the worker for ever."""
        until = self._monotonic() + _LONGEST_ANSWER_SECONDS
        raw = bytearray()
        for piece in answer.iter_content(65_536):
            raw += piece
            if len(raw) > _LARGEST_ANSWER or self._monotonic() > until:
                raise LineError("bad_answer", sent=True)
        self.bytes_received += len(raw)
        return bytes(raw)


def _connection_error(error: requests.exceptions.ConnectionError) -> LineError:
    """Refused or unnamed means that nothing left; a connection that broke later may have delivered the request."""
    told = repr(error)
    if "NameResolutionError" in told or "Network is unreachable" in told or "No route to host" in told:
        return LineError("no_line", sent=False)
    if "NewConnectionError" in told:
        return LineError("portal_down", sent=False)
    return LineError("answer_lost", sent=True)


def _checked(answer: requests.Response, raw: bytes) -> int:
    status = answer.status_code
    if 300 <= status < 400:
        raise LineError("not_the_portal", sent=False)
    if status in _NOT_DONE:
        raise LineError("portal_busy", sent=False, retry_after=_retry_after(answer.headers.get("Retry-After", "")))
    if status == 511 or answer.headers.get("Content-Type", "").startswith("text/html"):
        raise LineError("not_the_portal", sent=status < 500 or bool(raw))
    if status == 401:
        raise LineError("credentials", sent=False)
    if status >= 500:
        raise LineError("answer_lost", sent=True)
    return status


def _retry_after(value: str) -> float | None:
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None


def _as_json(status: int, raw: bytes, _kind: str) -> Answer:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise LineError("bad_answer", sent=True) from error
    if not isinstance(body, dict):
        raise LineError("bad_answer", sent=True)
    return Answer(status, body, raw)
