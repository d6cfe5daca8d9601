"""Pictures, sound and film that go with words (XLSForm reference, "Media"): the names of their files.

The files lie beside the form in one folder without folders in it; a name is only ever looked up among what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.xpath.tree import Node

KINDS = ("image", "big-image", "audio", "video")  # as the forms of a translation's values name them
LARGEST = 1_000_000  # bytes of one file: packs travel on slow lines
_ADDRESS = re.compile(r"jr://(?:images|audio|video|file)/", re.IGNORECASE)
_FILE = re.compile(r"\.(?:png|jpe?g|webp|gif|bmp|svg|mp3|m4a|ogg|wav|mp4|3gp|webm)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Media:
    """Files that go with words, empty where there is none. `big_image` is for whoever wants to see it larger."""

    image: str = ""
    big_image: str = ""
    audio: str = ""
    video: str = ""

    def __bool__(self) -> bool:
        return bool(self.image or self.big_image or self.audio or self.video)


NONE = Media()


@dataclass(frozen=True, slots=True)
class Pictured:
    """A choice's words out of a list beside the form, and its files."""

    text: str
    media: Media


def file_name(address: str) -> str:
    """The file in `jr://images/a.png`."""
    return _ADDRESS.sub("", address.strip(), count=1)


def has_columns(item: Node) -> bool:
    """Whether an item of a list has columns for files; all of its list then have."""
    return any(child.name in KINDS for child in item.children)


def of_item(item: Node) -> Media:
    """The files in the columns `image`, `audio`, ... of an item; what is no file's name means something else."""
    cells = {child.name: file_name(child.string()) for child in item.children if child.name in KINDS}
    return Media(*(name if _FILE.search(name := cells.get(kind, "")) else "" for kind in KINDS))
