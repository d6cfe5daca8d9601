"""What came along with a form: pictures of its labels, lists of its choices. Out of the packs, else of the program."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kiosk.catalogue.catalogue import Catalogue
from resources import path

_LIST = re.compile(rb'src="(jr://file(?:-csv)?/([^"/]+))"')
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}")  # as in a pack: no way out of the folder


def file(catalogue: Catalogue, name: str) -> bytes | None:
    """A form's file by its name, in whatever case; None where it did not come along."""
    small = name.lower()
    if not _NAME.fullmatch(small):
        return None
    came = catalogue.media(small)
    if came is not None:
        return came
    ours = path(f"forms/media/{small}")
    return ours.read_bytes() if ours.is_file() else None


def lists(catalogue: Catalogue, xml: bytes) -> Mapping[str, bytes]:
    """The lists that a form asks for and that came along with it, by their addresses."""
    found = {address.decode(): file(catalogue, name.decode("utf-8", "replace")) for address, name in _LIST.findall(xml)}
    return {address: body for address, body in found.items() if body is not None}
