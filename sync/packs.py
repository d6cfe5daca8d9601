"""Packs: files that the portals publish for everyone (services, fees, forms, products), signed as a list.

A pack comes a piece at a time and goes on where it was broken off; nothing of it is used before the whole list is
here, every file has its hash, and the list has the signature of a publisher who is trusted.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.http import Http
from sync.line import LineError

Verify = Callable[[str, bytes, bytes], bool]  # the publisher's key id, what was signed, the signature

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}")
_LARGEST = 2_000_000_000


class BadPack(Exception):
    """What was published can't be trusted or used; the text says which and why. What was there before stays."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One published file."""

    name: str
    version: str
    size: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a portal publishes, and since when (a UTC stamp that sorts as it reads)."""

    published: str
    packs: Sequence[Pack]


@dataclass(slots=True)
class Progress:
    """How far something is, in `of`: bytes of a download, operations that go out, bytes of attachments that do.
    `seconds_left` by the line's speed as it has been, None before it has shown."""

    done: int
    total: int
    seconds_left: float | None = None
    of: str = "bytes"


def listed(line: Http, verify: Verify, etag: str = "") -> tuple[Listed | None, str]:
    """What the portal publishes and the answer's tag; None when it has not changed since the answer tagged `etag`.

    Raises:
        LineError: no usable answer came.
        BadPack: nobody whom we trust has signed the list, or it is no list of packs.
    """
    answer = line.get("/packs", etag=etag)
    if answer.status == 304:
        return None, etag
    if answer.status != 200:
        raise LineError("bad_answer", sent=True)
    try:
        said = {name: answer.body[name] for name in ("items", "published")}
        if not verify(str(answer.body["key"]), canonical(said), _base64(answer.body["signed"])):
            raise BadPack("list: signature")
        return Listed(str(said["published"]), [_pack(item) for item in said["items"]]), answer.etag
    except (KeyError, TypeError, ValueError) as error:
        raise BadPack("list: unreadable") from error


def canonical(said: Mapping[str, Any]) -> bytes:
    """What is signed: the list's `items` and `published`, in one way of writing JSON."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fetch(line: Http, pack: Pack, folder: Path) -> Iterator[Progress]:
    """Bring `pack` into `folder` as `<sha256>`, telling how far it is after each piece.

    Raises:
        LineError: the line broke; the pieces so far are kept.
        BadPack: the whole file has another hash; it is dropped.
    """
    part, whole = folder / f"{pack.sha256}.part", folder / pack.sha256
    if whole.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    done = part.stat().st_size if part.exists() else 0
    if done > pack.size:
        part.unlink()
        done = 0
    if done < pack.size:
        with part.open("ab") as target:
            for piece in line.stream(pack.url, done, f'"{pack.sha256}"'):
                target.write(piece)
                done += len(piece)
                if done > pack.size:
                    break
                yield Progress(done, pack.size, (pack.size - done) / line.bytes_a_second)
    if done < pack.size:
        raise LineError("answer_lost", sent=True)
    _keep(part, whole, pack)


def _keep(part: Path, whole: Path, pack: Pack) -> None:
    with part.open("rb") as read:
        found = hashlib.file_digest(read, "sha256").hexdigest()
    if found != pack.sha256:
        part.unlink()
        raise BadPack(f"{pack.name}: hash")
    part.replace(whole)


def _pack(item: Mapping[str, Any]) -> Pack:
    name, sha256, size, url = str(item["name"]), str(item["sha256"]), int(item["size"]), str(item["url"])
    if not _NAME.fullmatch(name) or not _SHA256.fullmatch(sha256) or not 0 <= size <= _LARGEST or url[:1] != "/":
        raise ValueError(name)
    return Pack(name, str(item["version"]), size, sha256, url)


def _base64(text: Any) -> bytes:
    return base64.b64decode(str(text), validate=True)
