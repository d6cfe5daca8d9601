"""COSE_Sign1 with Ed25519 (RFC 9052 4.2, RFC 9053 2.2), everything that is said inside the signature.

CBOR comes from cbor2, the signature from cryptography; what is left of COSE for one signer and one algorithm is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALG, KID, KCWT, KCCS = 1, 4, 13, 14  # header labels: RFC 9052 3.1, RFC 9528 10.6
EDDSA = -8
_SIGN1 = 18  # the tag of RFC 9052 4.2
_MOST = 4096  # bytes; no QR holds more


@dataclass(frozen=True, slots=True)
class Signed:
    """A COSE_Sign1 that is well formed; nobody has checked its signature yet."""

    header: Mapping[int, Any]
    claims: Mapping[int, Any]
    signature: bytes
    said: bytes  # what the signature is over (Sig_structure, RFC 9052 4.4)

    def is_by(self, public_key: bytes) -> bool:
        """Whether the holder of `public_key` (32 raw bytes) signed this."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.said)
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(maxsize=4)
def key_of(key: bytes) -> Ed25519PrivateKey:
    """The Ed25519 key of 32 raw bytes. To make it ready takes as long as a signature: a device's is kept."""
    return Ed25519PrivateKey.from_private_bytes(key)


def sign(header: Mapping[int, Any], claims: Mapping[int, Any], key: bytes) -> bytes:
    """`claims` under `header` (`alg` is added), signed with the Ed25519 key of 32 raw bytes."""
    protected, payload = _bytes({ALG: EDDSA, **header}), _bytes(claims)
    signature = key_of(key).sign(_sig_structure(protected, payload))
    return _bytes(cbor2.CBORTag(_SIGN1, [protected, {}, payload, signature]))


def read(data: bytes) -> Signed:
    """What `sign` wrote. There is one spelling of it: any other bytes are refused, whatever they mean.

    Raises:
        ValueError: it wrote no such bytes.
    """
    return opened(_plain(data))


def embedded(data: bytes) -> Any:
    """A COSE_Sign1 as it stands in another one's header; `opened` reads it there."""
    return _plain(data)


def opened(tagged: Any) -> Signed:
    """The same as `read`, of a decoded value. Raises ValueError."""
    if not (isinstance(tagged, cbor2.CBORTag) and tagged.tag == _SIGN1 and _is_sign1(tagged.value)):
        raise ValueError("not a COSE_Sign1")
    protected, _unprotected, payload, signature = tagged.value
    header, claims = _plain(protected), _plain(payload)
    if not (_is_map(header) and _is_map(claims) and header.get(ALG) == EDDSA):
        raise ValueError("not signed with Ed25519")
    return Signed(header, claims, signature, _sig_structure(protected, payload))


def _is_sign1(parts: Any) -> bool:
    return (
        isinstance(parts, (list, tuple)) and len(parts) == 4 and not parts[1] and _is_map(parts[1])
        and all(isinstance(part, bytes) for part in (parts[0], parts[2], parts[3]))
    )


def _is_map(found: Any) -> bool:
    return isinstance(found, Mapping) and all(type(name) is int for name in found)


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    return _bytes(["Signature1", protected, b"", payload])


def _bytes(value: Any) -> bytes:
    return bytes(cbor2.dumps(value, canonical=True))


def _plain(data: bytes) -> Any:
    """The value in `data`, which must be its shortest encoding and nothing more (RFC 8949 4.2.1)."""
    if len(data) > _MOST:
        raise ValueError("too long")
    try:
        value = cbor2.loads(data)
        if _bytes(value) == data:
            return value
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, LookupError) as error:
        raise ValueError("not CBOR") from error
    raise ValueError("not the one encoding")
