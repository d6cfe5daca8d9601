"""Requests and answers as they lie on the wire, and which step of which operation a request is."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sync.sandbox.faults import kind_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its head as it came, its body."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    head: bytes
    body: bytes

    def said(self) -> Any:
        """The JSON of the body, or None."""
        return json_of(gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body)

    def with_json(self, said: Any) -> Asked:
        """The same request with another body, not compressed."""
        body = json.dumps(said).encode()
        first = self.head.split(b"\r\n", 1)[0]
        kept = {name: text for name, text in self.headers.items() if name not in ("content-encoding", "content-length")}
        lines = [first, *(f"{name}: {text}".encode() for name, text in kept.items())]
        head = b"\r\n".join([*lines, b"content-length: %d" % len(body), b"", b""])
        return replace(self, headers=kept, head=head, body=body)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def wire(self, length: int | None = None) -> bytes:
        """Its bytes; `length` is what the head claims, where that is not the truth."""
        told = len(self.body) if length is None else length
        headers = {**self.headers, "Content-Length": str(told)}
        head = f"HTTP/1.1 {self.status} Told\r\n" + "".join(f"{name}: {text}\r\n" for name, text in headers.items())
        return head.encode() + b"\r\n" + self.body

    def said(self) -> Any:
        return json_of(self.body)

    def with_json(self, said: Any) -> Told:
        return replace(self, body=json.dumps(said).encode())


def answer(status: int, body: bytes = b"{}", **headers: str) -> Told:
    """An answer that the portal did not make. `Retry_After="3"` is the header Retry-After."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Told(status, {"Content-Type": "application/json", **named}, body)


def json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def step_of(asked: Asked) -> str:
    """Which step of which operation is asked for: "ekpay.fetch", "eksheba.batch-submit", "eksheba.piece", ..."""
    method, said, bare = asked.method, asked.said(), asked.path.partition("?")[0]
    base, _, last = bare.rpartition("/")
    if "range" in asked.headers:
        return f"{bare.strip('/').split('/')[0]}.rest"
    if last == "batch" and isinstance(said, dict) and said.get("items"):
        kind = kind_of("POST", base + said["items"][0]["path"])
        return kind.replace(".", ".batch-", 1)
    if "/attachments/" in bare:
        word = {"PATCH": "piece", "GET": "received"}.get(method, "done")
        return f"{bare.strip('/').split('/')[0]}.{word}"
    return kind_of(method, bare)


def keys_of(method: str, path: str, said: Any) -> list[str]:
    """The operations that a request would have an effect for, or asks about."""
    if isinstance(said, dict) and isinstance(said.get("items"), list) and path.endswith("/batch"):
        return [key for item in said["items"] for key in keys_of("POST", item["path"], item["body"])]
    if "/operations/" in path or "/attachments/" in path:
        return [path.partition("?")[0].removesuffix("/done").rsplit("/", 1)[-1]]
    if not isinstance(said, dict):
        return []
    named = said.get("key") or said.get("pyd_trxn_refid") or said.get("pyd_inf", {}).get("pyd_trxn_refid")
    return [named] if named else []


def read_asked(client: socket.socket) -> Asked | None:
    """The next request on a connection; None when there is none any more."""
    head = _until_blank(client)
    if head is None:
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, path, _version = lines[0].split(" ")
    headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines[1:] if line)}
    body = _exactly(client, int(headers.get("content-length", "0")))
    return None if body is None else Asked(method, path, headers, head, body)


def _until_blank(client: socket.socket) -> bytes | None:
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        piece = client.recv(1)
        if not piece:
            return None
        head += piece
    return bytes(head)


def _exactly(client: socket.socket, count: int) -> bytes | None:
    body = bytearray()
    while len(body) < count:
        piece = client.recv(count - len(body))
        if not piece:
            return None
        body += piece
    return bytes(body)
