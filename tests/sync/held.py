"""What the sandbox answers, held against the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync.contract import document

OPERATIONS = {(one.method, one.path): one for one in document.operations()}
_TELLING = {"ETag", "Retry-After", "Content-Encoding", "Content-Range", "WWW-Authenticate", "Location"}


@dataclass(frozen=True)
class Said:
    """One request that the sandbox answered, and its answer."""

    method: str
    path: str  # as the contract writes it
    body: bytes
    status: int
    headers: Mapping[str, str]
    answer: bytes


def wrong(one: Said) -> Iterator[str]:
    """What of an exchange is not as the contract has it."""
    operation = OPERATIONS[(one.method, one.path)]
    told = document.followed(operation.said["responses"].get(str(one.status)))
    if told is None:
        yield f"{one.status} is not foreseen"
        return
    yield from _wrong_headers(one, told.get("headers", {}))
    media_type = one.headers.get("Content-Type", "").partition(";")[0]
    content = told.get("content", {})
    if content and media_type not in content:
        yield f"{one.status} is {media_type}"
    elif media_type == "application/json" and content:
        yield from _unfit(content[media_type]["schema"], one.answer)
    schema = document.body_schema(operation)
    if schema is not None and one.body:
        yield from _unfit(schema, one.body)


def _wrong_headers(one: Said, foreseen: Mapping[str, Any]) -> Iterator[str]:
    """A header that lacks, that says something else, that a counter acts on and nobody told it of."""
    for name, written_so in foreseen.items():
        header = document.followed(written_so)
        if name not in one.headers:
            if header.get("required"):
                yield f"{one.status} without {name}"
        elif not document.check(header["schema"]).is_valid(one.headers[name]):
            yield f"{name} is {one.headers[name]}"
    yield from (f"{name} is not foreseen at {one.status}" for name in _TELLING & one.headers.keys() - foreseen.keys())


def _unfit(schema: Mapping[str, Any], body: bytes) -> Iterator[str]:
    for error in document.check(schema).iter_errors(json.loads(body)):
        yield f"{list(error.instance_path)}: {error.message}"
