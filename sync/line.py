"""What can be wrong with a line, told by reason; and the one question that matters: may the portal have seen it?"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

CLOCK_MAY_DIFFER = timedelta(minutes=10)
_NOT_DONE = {429, 503}  # the contract: a portal that answers these has done nothing
_NOT_THERE = {404, 405, 501}  # the portal does not know the path, so it did nothing
_NO_ROUTE = ("NameResolutionError", "Network is unreachable", "No route to host")
_NOT_YET_VALID = 9  # X509_V_ERR_CERT_NOT_YET_VALID: the certificate is from our future, so our clock is behind
_A_DAY = 86_400.0  # seconds


class LineError(Exception):
    """No usable answer. `sent` is False only when surely nothing was done at the portal.

    `reason`: no_line, portal_down, portal_busy, timeout, answer_lost, not_the_portal, bad_answer, credentials,
    clock_wrong, no_such_path.
    """

    def __init__(self, reason: str, *, sent: bool, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.retry_after = retry_after


def of_exception(error: requests.exceptions.RequestException) -> LineError:
    """Refused, unnamed or unproved means that nothing left; a connection that broke later may have delivered."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return LineError("no_line", sent=False)
    if isinstance(error, requests.exceptions.Timeout):
        return LineError("timeout", sent=True)
    if isinstance(error, requests.exceptions.SSLError):
        return _of_tls(error)
    told = repr(error)
    if any(word in told for word in _NO_ROUTE):
        return LineError("no_line", sent=False)
    return LineError("portal_down", sent=False) if "NewConnectionError" in told else LineError("answer_lost", sent=True)


def check(answer: requests.Response, raw: bytes, *, conditional: bool = False) -> None:
    """Whether this is an answer of the portal at all.

    Raises:
        LineError: it isn't, or the portal did not do what was asked and may be asked again.
    """
    status = answer.status_code
    if status in _NOT_THERE:
        raise LineError("no_such_path", sent=False)
    if 300 <= status < 400 and not (status == 304 and conditional):
        raise LineError("not_the_portal", sent=False)
    if status in _NOT_DONE:
        raise LineError("portal_busy", sent=False, retry_after=_retry_after(answer.headers.get("Retry-After", "")))
    if status == 511 or answer.headers.get("Content-Type", "").startswith("text/html"):
        raise LineError("not_the_portal", sent=status < 500 or bool(raw))
    if status == 401:
        raise LineError("credentials", sent=False)
    if status >= 500:
        raise LineError("answer_lost", sent=True)


def clock_off(date: str, now: datetime) -> timedelta | None:
    """How far `now` is from what an answer's `Date` says; None when it says nothing."""
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    return abs(now - told) if told.tzinfo else None


def _of_tls(error: BaseException) -> LineError:
    """A certificate is judged before anything is sent; other trouble with TLS may come at any time."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            wrong = "clock_wrong" if cause.verify_code == _NOT_YET_VALID else "not_the_portal"
            return LineError(wrong, sent=False)
        if isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER":
            return LineError("not_the_portal", sent=False)  # whoever answered the greeting does not speak TLS
    return LineError("answer_lost", sent=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and what lies under it; the libraries keep it as cause, context, argument or `reason`."""
    pending, seen = [error], set[int]()
    while pending:
        one = pending.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        pending += [one.__cause__, one.__context__, *one.args, getattr(one, "reason", None)]


def _retry_after(value: str) -> float | None:
    """Seconds; None where nothing is said, or nothing that can be meant: who asks for years is come back to as ever."""
    seconds = _seconds(value)
    return seconds if seconds is not None and seconds <= _A_DAY else None


def _seconds(value: str) -> float | None:
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None
