"""Who may sign receipts: an authority's word (a CWT with `cnf`, RFC 8392 and RFC 8747) that a key is a device's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kiosk.proof import base45, cose
from kiosk.times import DHAKA

SUB, EXP, CNF = 2, 4, 8
NAME = -65537  # private use: what the authority calls the centre
_COSE_KEY, _KTY, _CRV, _X = 1, 1, -1, -2
_OKP, _ED25519 = 1, 6
_REQUEST, _CERTIFICATE = "UDCQ1:", "UDCC1:"
_LONGEST_NAME = 48  # bytes: it stands in every QR


@dataclass(frozen=True, slots=True)
class Identity:
    """A device: the code before its receipts' numbers, its public key, the centre's name as said or as certified."""

    device: str
    key: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """An identity as an authority vouches for it, till the end of a day."""

    identity: Identity
    until: datetime
    authority: bytes  # the first 4 bytes of the id of the authority's key
    signed: cose.Signed


def key_id(public_key: bytes) -> bytes:
    """The short name of a key: the first 8 bytes of its SHA-256."""
    return hashlib.sha256(public_key).digest()[:8]


def public_of(key: bytes) -> bytes:
    """The public half of an Ed25519 key, both as 32 raw bytes."""
    return cose.key_of(key).public_key().public_bytes_raw()


def unsigned(identity: Identity) -> Mapping[int, Any]:
    """What a device says of itself that nobody vouches for (a CWT Claims Set)."""
    return {SUB: identity.device, CNF: _cnf(identity.key)}


def said_by_itself(claims: Any) -> Identity:
    """The identity in such a claims set. Raises ValueError."""
    try:
        return Identity(_text(claims[SUB]), _key(claims[CNF]), "")
    except (LookupError, TypeError) as error:
        raise ValueError("not a claims set") from error


def request(device: str, name: str, key: bytes) -> str:
    """What a device sends to its authority: who it is, proved by the key itself."""
    identity = Identity(device, public_of(key), name)
    return _REQUEST + base45.encode(cose.sign({}, {**unsigned(identity), NAME: name}, key))


def read_request(text: str) -> Identity:
    """The identity that asks.

    Raises:
        ValueError: not a request, or not by the key that it names.
    """
    found = cose.read(_body(text, _REQUEST))
    asks = said_by_itself(found.claims)
    if not found.is_by(asks.key):
        raise ValueError("not signed by the key that it names")
    return Identity(asks.device, asks.key, _text(found.claims.get(NAME)))


def certify(asks: Identity, name: str, until: date, authority_key: bytes) -> bytes:
    """An authority's word for a device, good to the end of the day `until` in Dhaka.

    Raises:
        ValueError: the name is longer than 48 bytes.
    """
    if not 0 < len(name.encode()) <= _LONGEST_NAME:
        raise ValueError(f"the name takes more than {_LONGEST_NAME} bytes")
    ends = datetime(until.year, until.month, until.day, tzinfo=DHAKA) + timedelta(days=1)
    claims = {**unsigned(asks), EXP: int(ends.timestamp()), NAME: name}
    return cose.sign({cose.KID: key_id(public_of(authority_key))[:4]}, claims, authority_key)


def read(data: bytes) -> Certificate:
    """The certificate in `data`; whether its authority is to be believed is for others to say.

    Raises:
        ValueError: not a certificate.
    """
    return opened(cose.embedded(data))


def opened(tagged: Any) -> Certificate:
    """The same, of a certificate that stands in a receipt's header. Raises ValueError."""
    found = cose.opened(tagged)
    plain, kid, exp = said_by_itself(found.claims), found.header.get(cose.KID), found.claims.get(EXP)
    if not (isinstance(kid, bytes) and type(exp) is int and 0 <= exp < 2**32):
        raise ValueError("not a certificate")
    identity = Identity(plain.device, plain.key, _text(found.claims.get(NAME)))
    return Certificate(identity, datetime.fromtimestamp(exp, UTC), kid, found)


def to_text(certificate: bytes) -> str:
    """A certificate as it is carried by mail or on a stick."""
    return _CERTIFICATE + base45.encode(certificate)


def from_text(text: str) -> bytes:
    """The same back. Raises ValueError."""
    body = _body(text, _CERTIFICATE)
    read(body)
    return body


def _body(text: str, mark: str) -> bytes:
    stripped = text.strip("\r\n\t\ufeff")
    if not stripped.startswith(mark):
        raise ValueError(f"does not begin with {mark}")
    return base45.decode(stripped.removeprefix(mark))


def _cnf(key: bytes) -> Mapping[int, Any]:
    return {_COSE_KEY: {_KTY: _OKP, _CRV: _ED25519, _X: key}}


def _key(cnf: Any) -> bytes:
    known = cnf[_COSE_KEY]
    key = known[_X]
    if known != {_KTY: _OKP, _CRV: _ED25519, _X: key} or not isinstance(key, bytes) or len(key) != 32:
        raise ValueError("not an Ed25519 key")
    return key


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value
