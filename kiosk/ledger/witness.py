"""What stands outside the store and remembers how far its journal had come: a small file with a seal of this machine.

A store that was put back to an older copy, or whose tail was cut off, no longer reaches the head in the file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from kiosk.ledger.chain import Head

FILE = "witness.json"


def remember(home: Path, device_secret: bytes, head: Head) -> None:
    """Write down where the journal ends. A lost file loses only this witness; the portals are others."""
    body = {"seq": head.seq, "head": head.hash, "seal": _seal(device_secret, head)}
    draft = home / f"{FILE}.new"
    draft.write_text(json.dumps(body), encoding="utf-8")
    draft.replace(home / FILE)


def stands(home: Path) -> bool:
    """Whether a head was ever written down here, also one that can't be read any more."""
    return (home / FILE).exists()


def remembered(home: Path, device_secret: bytes) -> Head | None:
    """The head that was written down, or None when there is none that this machine sealed."""
    try:
        body = json.loads((home / FILE).read_text(encoding="utf-8"))
        head = Head(int(body["seq"]), str(body["head"]))
        sealed = hmac.compare_digest(str(body["seal"]), _seal(device_secret, head))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if sealed else None


def _seal(device_secret: bytes, head: Head) -> str:
    return hmac.new(device_secret, f"udc-kiosk witness {head}".encode(), hashlib.sha256).hexdigest()
