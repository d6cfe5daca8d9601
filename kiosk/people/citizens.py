"""Citizens, found again by mobile or NID. One person may be known under several numbers; a number may be a family's."""

from __future__ import annotations

import re
from datetime import datetime

from uuid6 import uuid7

from kiosk import times
from kiosk.store.engine import Connection, Row, insert, row, rows

MOBILE = re.compile(r"01[3-9]\d{8}")  # domain.md 6.1
NID_LENGTHS = (10, 13, 17)  # domain.md 6.1


def mobile_number(digits: str) -> str | None:
    """`digits` (ASCII) as 01XXXXXXXXX, accepting +880 and 880 in front; None when it is no mobile number."""
    bare = re.sub(r"[\s\-]", "", digits)
    bare = re.sub(r"^(\+?88)(?=01)", "", bare)
    return bare if MOBILE.fullmatch(bare) else None


def is_nid(digits: str) -> bool:
    """Whether `digits` has the length of a national identity number."""
    return digits.isascii() and digits.isdigit() and len(digits) in NID_LENGTHS


def find(connection: Connection, digits: str) -> list[Row]:
    """Citizens known by this mobile or NID, latest first."""
    sql = "SELECT id, name, mobile, nid FROM citizens WHERE (mobile = ? OR nid = ?) AND ? <> '' ORDER BY id DESC"
    return rows(connection, sql, (digits, digits, digits))


def remember(connection: Connection, name: str, mobile: str, nid: str, at: datetime) -> str:
    """The id of the citizen with this name and these numbers, made if new."""
    sql = "SELECT id FROM citizens WHERE name = ? AND mobile = ? AND nid = ?"
    known = row(connection, sql, (name, mobile, nid))
    if known:
        return str(known["id"])
    citizen_id = str(uuid7())
    insert(connection, "citizens", {
        "id": citizen_id, "name": name, "mobile": mobile, "nid": nid, "made_at_utc": times.text(at),
    })
    return citizen_id
