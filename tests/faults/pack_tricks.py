"""What goes wrong with what is published for every counter: the list of packs and their bytes; see docs/faults.md."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.packs import canonical
from sync.sandbox.packs import Publisher
from tests.faults.http_parts import Told, answer
from tests.faults.proxy import Exchange, Trick

TORN_AFTER = 6_000  # bytes
_STREAMS = ("eksheba.pack", "eksheba.rest")
_BEFORE = "2020-01-01T00:00:00Z"


def cheaper(listed: dict[str, Any]) -> dict[str, Any]:
    """The list with another file in the place of its first, as somebody on the way would like it."""
    first, *others = listed["items"]
    return {**listed, "items": [{**first, "sha256": "0" * 64, "url": f"/packs/{'0' * 64}"}, *others]}


def older() -> Told:
    """What the publisher once signed: an empty list of years ago."""
    publisher = Publisher()
    publisher.publish({"rules.json": b"{}"}, _BEFORE)
    return answer(200, json.dumps(publisher._list).encode(), ETag='"old"')


def _signed_by_nobody(exchange: Exchange) -> None:
    told = exchange.forward()
    exchange.say(told.with_json({**told.said(), "signed": base64.b64encode(b"nobody's").decode()}))


def _changed_under_its_signature(exchange: Exchange) -> None:
    told = exchange.forward()
    exchange.say(told.with_json(cheaper(told.said())))


def _signed_by_a_stranger(exchange: Exchange) -> None:
    """Rightly signed, by a key that nobody here trusts, under the name of one that is trusted."""
    told = exchange.forward()
    said = cheaper(told.said())
    signed = Ed25519PrivateKey.generate().sign(canonical({name: said[name] for name in ("items", "published")}))
    exchange.say(told.with_json({**said, "signed": base64.b64encode(signed).decode()}))


def _rolled_back(exchange: Exchange) -> None:
    exchange.forward()
    exchange.say(older())


def _altered(exchange: Exchange) -> None:
    """One bit in the middle is another."""
    told = exchange.forward()
    body = bytearray(told.body)
    body[len(body) // 2] ^= 1
    exchange.say(replace(told, body=bytes(body)))


def _another_file(exchange: Exchange) -> None:
    told = exchange.forward()
    exchange.say(replace(told, body=b"?" * len(told.body)))


def _whole_again(exchange: Exchange) -> None:
    """The whole file where its rest was asked for."""
    asked = exchange.seen.asked
    headers = {name: text for name, text in asked.headers.items() if name not in ("range", "if-range")}
    exchange.say(exchange.forward(replace(asked, headers=headers)))


def _other_rest(exchange: Exchange) -> None:
    """Said to be the rest, and begins somewhere else."""
    told = exchange.forward()
    exchange.say(replace(told, body=told.body[100:] + told.body[:100]))


def _torn(exchange: Exchange) -> None:
    told = exchange.forward()
    exchange.say(told.wire()[: -max(1, len(told.body) - TORN_AFTER)] if len(told.body) > TORN_AFTER else told)
    if len(told.body) > TORN_AFTER:
        exchange.hang_up()


def _on_streams(trick: Trick) -> Trick:
    return lambda exchange: (
        trick(exchange) if exchange.seen.step in _STREAMS else exchange.say(exchange.forward())
    )


PACK_TRICKS: dict[str, Trick] = {
    "list-unsigned": _signed_by_nobody,
    "list-changed": _changed_under_its_signature,
    "list-of-a-stranger": _signed_by_a_stranger,
    "list-rolled-back": _rolled_back,
    "pack-altered": _altered,
    "pack-swapped": _another_file,
    "pack-torn": _on_streams(_torn),
    "rest-whole": _whole_again,
    "rest-elsewhere": _other_rest,
}
