"""An ESC/POS interpreter written from the command reference, for the tests: bytes in, the paper's dots out."""

from __future__ import annotations

from PIL import Image


class NotUnderstood(Exception):
    """Bytes that are none of the commands this reader knows; a printer would print them as letters."""


def read(job: bytes, width_dots: int) -> tuple[Image.Image, bool]:
    """The dots of `job` on paper `width_dots` across (mode "1", ink black), and whether it was cut."""
    rows: list[bytes] = []
    stride = (width_dots + 7) // 8
    at, cut = 0, False
    while at < len(job):
        if job[at:at + 2] == b"\x1b@":
            at += 2
        elif job[at:at + 2] == b"\x1bd":
            at += 3
        elif job[at:at + 3] == b"\x1dVB":
            cut, at = True, at + 4
        elif job[at:at + 4] == b"\x1dv0\x00":
            wide, high = (int.from_bytes(job[at + place:at + place + 2], "little") for place in (4, 6))
            body = job[at + 8:at + 8 + wide * high]
            if len(body) != wide * high or wide > stride:
                raise NotUnderstood(f"a raster of {wide} x {high} at {at}")
            rows += [body[start:start + wide].ljust(stride, b"\x00") for start in range(0, len(body), wide)]
            at += 8 + wide * high
        else:
            raise NotUnderstood(f"{job[at:at + 4]!r} at {at}")
    flipped = bytes(value ^ 0xFF for value in b"".join(rows))
    return Image.frombytes("1", (width_dots, len(rows)), flipped), cut
