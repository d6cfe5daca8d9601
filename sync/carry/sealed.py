"""A carry file: a readable head, a sealed body, a signature.

    udc-carry 1\\n                      what it is, and which version
    {"about": ..., "count": ...}\\n     the head, one line of JSON: nothing of a citizen
    sealed body                        ChaCha20-Poly1305 (RFC 8439) over zlib over JSON; the lines above are bound to it
    64 bytes                           Ed25519 (RFC 8032) over all that stands before, by the key that the head names

The key of the body is made from a code that a person is shown and that never stands in the file (Argon2id, RFC 9106).
The signature tells a damaged file from a wrong code; what proves who made it is the code.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NAME, _VERSION = b"udc-carry ", b"1"
_LONGEST_HEAD = 4_096
_LARGEST = 256 * 1024 * 1024  # bytes, packed or not
_NONCE, _TAG, _SIGNATURE = 12, 16, 64
_CODE_LETTERS = 16
OPERATIONS, OUTCOMES = "operations", "outcomes"


class BadCarry(Exception):
    """A file that is not taken. `reason`: carry_not_one, carry_newer, carry_cut, carry_altered, carry_wrong_code,
    carry_too_large; the callers add theirs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Head:
    """What anybody may read. `about`: operations or outcomes; `of`: for outcomes the hash of the file that they answer.

    `salt` and `signer` are hex; times are UTC ISO text.
    """

    about: str
    id: str
    sender: str
    made_at_utc: str
    send_until_utc: str
    count: int
    salt: str
    of: str = ""
    signer: str = ""
    length: int = 0  # of the sealed body


_EMPTY = Head("", "", "", "", "", 0, "")

@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that is whole and as it was signed. `digest` is its SHA-256."""

    head: Head
    digest: str
    _bound: bytes
    _body: bytes

    def open(self, key: Key) -> Mapping[str, Any]:
        """What is inside.

        Raises:
            BadCarry: `carry_wrong_code`, `carry_too_large`.
        """
        cipher = ChaCha20Poly1305(key.for_body(self.head.about))
        try:
            packed = cipher.decrypt(self._body[:_NONCE], self._body[_NONCE:], self._bound)
        except InvalidTag as error:
            raise BadCarry("carry_wrong_code") from error
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(packed, _LARGEST)
        if not unpacking.eof:
            raise BadCarry("carry_too_large")
        told: Mapping[str, Any] = json.loads(plain)
        return told


class Key:
    """The code of one file, made into keys; making it takes a fifth of a second on purpose."""

    def __init__(self, code: str, salt: str) -> None:
        """`salt` is the head's."""
        self.salt = salt
        kdf = Argon2id(salt=bytes.fromhex(salt), length=32, iterations=3, lanes=2, memory_cost=64 * 1024)
        self._root = kdf.derive(_bare(code).encode())

    def for_body(self, about: str) -> bytes:
        """What goes out and what comes home have keys of their own."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"udc-carry " + about.encode()).derive(self._root)


def new_code() -> str:
    """80 random bits as four groups of letters and digits that are not taken for each other."""
    text = base64.b32encode(os.urandom(10)).decode()
    return "-".join(text[place:place + 4] for place in range(0, _CODE_LETTERS, 4))


def new_salt() -> str:
    return os.urandom(16).hex()


def seal(head: Head, inside: Mapping[str, Any], key: Key, signer: Ed25519PrivateKey) -> bytes:
    """The whole file. `head` gets its signer and length here."""
    plain = json.dumps(inside, ensure_ascii=False, separators=(",", ":")).encode()
    packed = zlib.compress(plain, 9)
    named = {**asdict(head), "signer": signer.public_key().public_bytes_raw().hex(),
             "length": _NONCE + len(packed) + _TAG}
    bound = _NAME + _VERSION + b"\n" + json.dumps(named, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    nonce = os.urandom(_NONCE)
    body = nonce + ChaCha20Poly1305(key.for_body(head.about)).encrypt(nonce, packed, bound)
    return bound + body + signer.sign(bound + body)


def read(data: bytes) -> Sealed:
    """The file, when it is whole and nothing in it was changed since it was signed.

    Raises:
        BadCarry: `carry_not_one`, `carry_newer`, `carry_cut`, `carry_altered`.
    """
    first, _, rest = data.partition(b"\n")
    _check_name(first, data)
    line, ended, _ = rest[:_LONGEST_HEAD].partition(b"\n")
    if not ended:
        raise BadCarry("carry_cut" if len(rest) < _LONGEST_HEAD else "carry_altered")
    head = _head(line)
    bound = data[:len(first) + len(line) + 2]
    wanted = len(bound) + head.length + _SIGNATURE
    if head.length < 0 or len(data) < wanted:
        raise BadCarry("carry_cut")
    body, signature = data[len(bound):len(bound) + head.length], data[len(bound) + head.length:]
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.signer)).verify(signature, bound + body)
    except (InvalidSignature, ValueError) as error:
        raise BadCarry("carry_altered") from error
    return Sealed(head, digest(data), bound, body)


def read_file(file: Path) -> Sealed:
    """Raises: OSError, and BadCarry as `read` does."""
    with file.open("rb") as opened:
        data = opened.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise BadCarry("carry_not_one")
    return read(data)


def write_file(file: Path, data: bytes) -> None:
    """Put the file there whole, or leave what was there; it is on the disc when this returns. Raises: OSError."""
    draft = file.with_name(file.name + ".part")
    with draft.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
    if os.name != "nt":
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check_name(first: bytes, data: bytes) -> None:
    if first == _NAME + _VERSION and first != data:
        return
    if (_NAME + _VERSION).startswith(data):
        raise BadCarry("carry_cut")
    if first.startswith(_NAME) and first[len(_NAME):].isdigit():
        raise BadCarry("carry_newer")
    raise BadCarry("carry_not_one")


def _head(line: bytes) -> Head:
    try:
        head = Head(**json.loads(line))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCarry("carry_altered") from error
    if any(type(getattr(head, name)) is not type(getattr(_EMPTY, name)) for name in _EMPTY.__slots__):
        raise BadCarry("carry_altered")
    return head


def _bare(code: str) -> str:
    """As people type it: small letters, spaces and dashes, a nought for an O."""
    letters = code.upper().replace("0", "O").replace("1", "I").replace("8", "B")
    return "".join(letter for letter in letters if letter.isalnum())
