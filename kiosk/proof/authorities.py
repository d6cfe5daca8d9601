"""Whom a checker believes: the authorities' keys, and the devices that were withdrawn. Data, out of a pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.proof.certificate import key_id, public_of
from resources import path

PACK = "authorities.json"
# Everybody can know this key: it is for demonstrations, and what it vouches for is marked so.
SANDBOX_KEY = hashlib.sha256(b"udc-kiosk sandbox authority").digest()


@dataclass(frozen=True, slots=True)
class Authority:
    id: str
    name_bn: str
    name_en: str
    key: bytes
    sandbox: bool


@dataclass(frozen=True, slots=True)
class Known:
    """`authorities` by the first 4 bytes of their keys' ids; `revoked`: when a device's key (its id) was withdrawn."""

    authorities: Mapping[bytes, Authority]
    revoked: Mapping[bytes, date]
    as_of: date


def read(file: Path | None = None) -> Known:
    """The known authorities and withdrawn devices in a pack (the one that came with the program).

    Raises:
        ValueError: not such a pack.
    """
    try:
        told = json.loads((file or path(f"packs/{PACK}")).read_text(encoding="utf-8"))
        found = [_authority(row) for row in told["authorities"]]
        as_of = date.fromisoformat(told["as_of"])
        revoked = {bytes.fromhex(row["key_id"]): date.fromisoformat(row["on"]) for row in told["revoked"]}
    except (KeyError, TypeError) as error:
        raise ValueError(f"{PACK}: {error}") from error
    return Known({key_id(one.key)[:4]: one for one in found}, revoked, as_of)


@cache
def known() -> Known:
    """What `read` gives of the pack that came with the program, read once."""
    return read()


def _authority(row: Mapping[str, Any]) -> Authority:
    key = bytes.fromhex(row["key"])
    if len(key) != 32:
        raise ValueError(f"{PACK}: {row['id']} has no Ed25519 key")
    return Authority(row["id"], row["name_bn"], row["name_en"], key, key == public_of(SANDBOX_KEY))
