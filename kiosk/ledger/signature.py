"""What this device signs of a receipt, and the check of it (Ed25519, RFC 8032)."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def statement(number: int, kind: str, visit_id: str, issued_at_utc: str, document: str) -> bytes:
    """The signed words: which receipt, whose visit, when, and the hash of the paper as it was printed."""
    digest = hashlib.sha256(document.encode()).hexdigest()
    return f"{number} {kind} {visit_id} {issued_at_utc} {digest}".encode()


def is_signed(public_key: Ed25519PublicKey, signature: str, said: bytes) -> bool:
    """Whether `signature` (hex) is this key's over `said`."""
    try:
        public_key.verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True
