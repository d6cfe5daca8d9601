"""Who this counter is at each portal: user and secret, sealed by the device's secret (secret.py) in a file beside the
store. They are in no backup and mean nothing on another machine: there one signs in anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE = "portals.sealed.json"
NOBODY = ("", "")


class Credentials:
    """One folder's. Read once, so that the line may ask before every request."""

    def __init__(self, folder: Path, device_secret: bytes) -> None:
        self._path = folder / FILE
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, b"udc-kiosk portals").derive(device_secret))
        self._known: dict[str, tuple[str, str]] = self._read()

    def of(self, portal: str) -> tuple[str, str]:
        """User and secret; two empty texts when nobody has signed in there."""
        return self._known.get(portal, NOBODY)

    def put(self, portal: str, user: str, secret: str) -> None:
        """Sign in at `portal`; an empty user signs out."""
        known = {**self._known, portal: (user, secret)}
        if not user:
            del known[portal]
        draft = self._path.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            json.dump({name: self._seal(name, *told) for name, told in known.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._known = known

    def _read(self) -> dict[str, tuple[str, str]]:
        try:
            sealed = json.loads(self._path.read_text(encoding="ascii"))
            return {name: self._open(name, text) for name, text in sealed.items()}
        except (OSError, ValueError, TypeError, AttributeError, InvalidTag):
            return {}

    def _seal(self, portal: str, user: str, secret: str) -> str:
        nonce = os.urandom(12)
        return (nonce + self._cipher.encrypt(nonce, json.dumps([user, secret]).encode(), portal.encode())).hex()

    def _open(self, portal: str, sealed: str) -> tuple[str, str]:
        body = bytes.fromhex(sealed)
        user, secret = json.loads(self._cipher.decrypt(body[:12], body[12:], portal.encode()))
        return str(user), str(secret)
