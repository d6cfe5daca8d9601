"""What a line, a gateway or a portal does wrong with one request; each is a row of docs/faults.md, named as there."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.faults.http_parts import Told, answer
from tests.faults.pack_tricks import older
from tests.faults.proxy import Exchange, Trick

LATE_SECONDS = 0.7  # later than the kiosk waits in these tests
_SIGN_IN = b"<html><body>Please sign in to this network</body></html>"
_ALIEN = "00000000-0000-7000-8000-000000000000"


def _lost(exchange: Exchange) -> None:
    exchange.hang_up()


def _half_asked(exchange: Exchange) -> None:
    """The portal gets a request that breaks off in its body."""
    asked = exchange.seen.asked
    try:
        exchange.proxy.ask_portal(replace(asked, body=asked.body[: len(asked.body) // 2]))
    finally:
        exchange.hang_up()


def _after(then: Callable[[Exchange, Told], None]) -> Trick:
    """The portal does it; then something goes wrong with the answer."""
    return lambda exchange: then(exchange, exchange.forward())


def _instead(*told: Told | bytes) -> Trick:
    """The portal never sees it; somebody else answers."""

    def trick(exchange: Exchange) -> None:
        for one in told:
            exchange.say(one)
        exchange.hang_up()

    return trick


def _answered(told: Told | bytes) -> Trick:
    """The portal does it, and this is what arrives instead of its answer."""
    return _after(lambda exchange, _told: exchange.say(told))


def _cut(exchange: Exchange, bytes_: bytes) -> None:
    exchange.say(bytes_)
    exchange.hang_up()


def _cut_in_head(exchange: Exchange, told: Told) -> None:
    _cut(exchange, told.wire()[:40])


def _cut_in_body(exchange: Exchange, told: Told) -> None:
    _cut(exchange, told.wire()[: -max(1, len(told.body) // 2)])


def _shortened(exchange: Exchange, told: Told) -> None:
    exchange.say(replace(told, body=told.body[: len(told.body) // 2]))


def _promising_more(exchange: Exchange, told: Told) -> None:
    exchange.say(told.wire(len(told.body) + 100))
    time.sleep(LATE_SECONDS)
    exchange.hang_up()


def _twice(exchange: Exchange, told: Told) -> None:
    exchange.say(told.wire() * 2)


def _late(exchange: Exchange, told: Told) -> None:
    time.sleep(LATE_SECONDS)
    exchange.say(told)


def _arrives_late(exchange: Exchange) -> None:
    """The request lies somewhere until the kiosk has given up, asked and perhaps sent it again; then it arrives."""

    def deliver() -> None:
        time.sleep(2 * LATE_SECONDS)
        exchange.proxy.ask_portal(exchange.seen.asked)

    exchange.proxy.later(deliver)
    exchange.hang_up()


def _arrives_between(exchange: Exchange) -> None:
    exchange.proxy.held.append(exchange.seen.asked)
    exchange.hang_up()


def _trickle(exchange: Exchange, told: Told) -> None:
    until = time.monotonic() + 3 * LATE_SECONDS
    wire = told.wire(len(told.body) + 1_000)
    exchange.say(wire)
    while time.monotonic() < until:
        exchange.say(b" ")
        time.sleep(0.05)
    exchange.hang_up()


def _huge(exchange: Exchange, told: Told) -> None:
    exchange.say(replace(told, body=b'{"a":"').wire(25_000_000))
    for _piece in range(25):
        exchange.say(b"x" * 1_000_000)
    exchange.hang_up()


def _packed(body: bytes) -> Callable[[Exchange, Told], None]:
    def then(exchange: Exchange, told: Told) -> None:
        exchange.say(replace(told, headers={**told.headers, "Content-Encoding": "gzip"}, body=body))

    return then


def _bomb() -> bytes:
    packing = zlib.compressobj(9, wbits=31)
    return b"".join([*(packing.compress(bytes(1_000_000)) for _place in range(60)), packing.flush()])


def _said(change: Callable[[Any], Any]) -> Trick:
    """The answer's JSON is changed on its way."""

    def then(exchange: Exchange, told: Told) -> None:
        exchange.say(told.with_json(change(told.said())))

    return _after(then)


def _every_leaf(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def changed(said: Any) -> Any:
        if isinstance(said, dict):
            return {name: changed(one) for name, one in said.items()}
        return [changed(one) for one in said] if isinstance(said, list) else value(said)

    return changed


def _foreign(exchange: Exchange, told: Told) -> None:
    """Every key that was sent comes back as somebody else's, where a bill was asked for another one does."""
    body = told.body.decode("latin-1")
    for key in exchange.seen.keys:
        body = body.replace(key, _ALIEN)
    if exchange.seen.step.endswith("fetch"):
        body = re.sub(r'("bll_no": ?)"\d+"', r'\1"1"', body)
    exchange.say(replace(told, body=body.encode("latin-1")))


def _dated(off: timedelta) -> Trick:
    def then(exchange: Exchange, told: Told) -> None:
        exchange.say(replace(told, headers={**told.headers, "Date": format_datetime(datetime.now(UTC) + off)}))

    return _after(then)


def _items(change: Callable[[list[Any]], list[Any]]) -> Trick:
    """The answers to the items of a batch are changed."""
    return _said(lambda said: {**said, "items": change(said["items"])})


def _only_first(status: int, told: Any) -> Trick:
    """The portal does the first item of a batch and says this to the others."""

    def trick(exchange: Exchange) -> None:
        asked = exchange.seen.asked
        said = asked.said()
        first = exchange.proxy.ask_portal(asked.with_json({**said, "items": said["items"][:1]}))
        exchange.seen.told = first
        refused = [{"status": status, "body": told} for _item in said["items"][1:]]
        exchange.say(first.with_json({"items": [*first.said()["items"], *refused]}))

    return trick


def _stale(exchange: Exchange) -> None:
    """A cache on the way gives what was true before the portal had seen anything."""
    path = exchange.seen.asked.path
    if "/operations/" in path:
        exchange.say(answer(200, b'{"known": false}'))
    elif exchange.seen.step == "eksheba.packs":
        exchange.say(older())
    elif exchange.seen.step == "ekpay.ask":
        exchange.say(answer(200, b'{"resp_status": {"rsp_cd": "1005", "rsp_msg": "not_known"}, "bllr_inf": {}}'))
    else:
        cursor = parse_qs(urlsplit(path).query).get("cursor", [""])[0]
        exchange.say(answer(200, json.dumps({"items": [], "cursor": cursor, "more": False}).encode()))


_CAPTIVE = answer(200, _SIGN_IN, Content_Type="text/html")
_NESTED = b'{"a":' * 100_000
TRICKS: dict[str, Trick] = {
    "reset-before": lambda exchange: exchange.reset(),
    "lost-before": _lost,
    "half-a-request": _half_asked,
    "arrives-late": _arrives_late,
    "arrives-between": _arrives_between,
    "reset-after": _after(lambda exchange, _told: exchange.reset()),
    "answer-lost": _after(lambda exchange, _told: exchange.hang_up()),
    "answer-late": _after(_late),
    "cut-in-head": _after(_cut_in_head),
    "cut-in-body": _after(_cut_in_body),
    "shortened": _after(_shortened),
    "promises-more": _after(_promising_more),
    "answer-twice": _after(_twice),
    "answer-empty": _answered(answer(200, b"")),
    "no-http": _answered(b"SSH-2.0-router\r\n\r\n"),
    "trickle": _after(_trickle),
    "oversized": _after(_huge),
    "gzip-bomb": _after(_packed(_bomb())),
    "gzip-broken": _after(_packed(b"not gzip at all")),
    "500-before": _instead(answer(500)),
    "500-after": _answered(answer(500)),
    "502-after": _answered(answer(502, b"bad gateway", Content_Type="text/plain")),
    "504-after": _answered(answer(504, _SIGN_IN, Content_Type="text/html")),
    "429": _instead(answer(429)),
    "429-wait": _instead(answer(429, Retry_After="7")),
    "503": _instead(answer(503)),
    "503-wait": _instead(answer(503, Retry_After=format_datetime(datetime.now(UTC) + timedelta(minutes=2)))),
    "503-odd-wait": _instead(answer(503, Retry_After="99999999999")),
    "503-liar": _answered(answer(503)),
    "401": _instead(answer(401)),
    "401-liar": _answered(answer(401)),
    "403": _instead(answer(403, b'{"error": "forbidden"}')),
    "404": _instead(answer(404, b"not found", Content_Type="text/plain")),
    "413": _instead(answer(413, b"too large", Content_Type="text/plain")),
    "captive": _instead(_CAPTIVE),
    "captive-after": _answered(_CAPTIVE),
    "captive-511": _instead(replace(_CAPTIVE, status=511)),
    "captive-as-json": _instead(answer(200, _SIGN_IN)),
    "login": _instead(answer(302, b"", Location="http://login.test/")),
    "moved": _instead(answer(307, b"", Location="http://127.0.0.1:9/elsewhere")),
    "json-broken": _answered(answer(200, b'{"reference": "X"')),
    "json-list": _answered(answer(200, b"[1, 2]")),
    "json-null": _answered(answer(200, b"null")),
    "json-empty": _answered(answer(200, b"{}")),
    "json-nested": _answered(answer(200, _NESTED)),
    "json-numbers": _said(_every_leaf(lambda _leaf: 7)),
    "json-nulls": _said(_every_leaf(lambda _leaf: None)),
    "json-lists": _said(_every_leaf(lambda leaf: [leaf])),
    "not-utf8": _answered(answer(200, b'{"reference": "\xff\xfe"}')),
    "foreign-key": _after(_foreign),
    "clock-ahead": _dated(timedelta(days=1)),
    "clock-behind": _dated(timedelta(days=-1)),
    "stale-cache": _stale,
    "batch-other-order": _items(lambda items: items[::-1]),
    "batch-short": _items(lambda items: items[:-1]),
    "batch-holes": _items(lambda items: [items[0], *(None for _item in items[1:])]),
    "batch-bad-item": _only_first(400, {"error": "unreadable"}),
    "batch-item-500": _only_first(500, {}),
    "batch-item-429": _only_first(429, {}),
    "batch-item-401": _only_first(401, {"resp_status": {"rsp_cd": "1401", "rsp_msg": "token"}}),
}
