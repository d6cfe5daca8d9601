"""An ESC/POS interpreter written from the command reference, for the tests: bytes in, the paper's dots out.

It works as a printer does: byte after byte, a row is on paper as soon as it is whole.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

# What follows a command's first bytes, in bytes; GS v 0 and GS ( are read apart.
_LENGTHS = {
    b"\x1b@": 0, b"\x1bd": 1, b"\x1b7": 3, b"\x1bp": 3, b"\x1dr": 1, b"\x1dV": 2,
}
_NOTHING = {b"\x00", b"\x10", b"\x04", b"\x1b\x00", b"\x1d\x00"}  # no commands, and nothing is printed for them


class NotUnderstood(Exception):
    """Bytes that are none of the commands this reader knows; a printer would print them as letters."""


class Reader:
    """Paper `width_dots` across that bytes are fed to."""

    def __init__(self, width_dots: int, fence: Callable[[int], None] = lambda _asked: None) -> None:
        """`fence` is called for GS r, in its turn."""
        self.width_dots = width_dots
        self.rows: list[bytes] = []
        self.commands: list[bytes] = []
        self.ignored = 0  # bytes that are no command and print nothing
        self._fence = fence
        self._pending = b""
        self._wide = self._left = 0  # of the picture under way: bytes of a row, rows still to come

    @property
    def inside(self) -> bool:
        """Whether a command is only half there."""
        return bool(self._pending or self._left)

    def switch_off(self) -> None:
        """Forget the command that is half there."""
        self._pending, self._left = b"", 0

    def feed(self, byte: int) -> None:
        """Take one byte. Raises NotUnderstood."""
        self._pending += bytes([byte])
        if self._left:
            self._take_row()
        else:
            self._take_command()

    def _take_row(self) -> None:
        if len(self._pending) == self._wide:
            self.rows.append(self._pending.ljust((self.width_dots + 7) // 8, b"\x00"))
            self._pending, self._left = b"", self._left - 1

    def _take_command(self) -> None:
        got = self._pending
        if got in _NOTHING:
            self._pending, self.ignored = b"", self.ignored + len(got)
            return
        if len(got) == 1:
            if got not in (b"\x1b", b"\x1d"):
                raise NotUnderstood(f"{got!r} after {len(self.rows)} rows")
            return
        if got[:2] == b"\x1dv":
            self._take_picture(got)
            return
        if got[:2] == b"\x1d(":
            whole = 5 + int.from_bytes(got[3:5], "little") if len(got) >= 5 else 5
        elif got[:2] in _LENGTHS:
            whole = 2 + _LENGTHS[got[:2]]
        else:
            raise NotUnderstood(f"{got!r} after {len(self.rows)} rows")
        if len(got) >= max(whole, 2) and not (got[:2] == b"\x1d(" and len(got) == 5):
            self._pending = b""
            self.commands.append(got)
            if got[:2] == b"\x1dr":
                self._fence(got[2])

    def _take_picture(self, got: bytes) -> None:
        if len(got) < 8:
            return
        self._wide, self._left = (int.from_bytes(got[at:at + 2], "little") for at in (4, 6))
        if not self._wide or not self._left:  # a picture of no dots
            self._pending, self._left, self.ignored = b"", 0, self.ignored + len(got)
            return
        if got[2:4] != b"0\x00" or not 0 < self._wide <= (self.width_dots + 7) // 8:
            raise NotUnderstood(f"a raster {self._wide} bytes wide")
        self._pending = b""
        self.commands.append(got)

    def picture(self) -> Image.Image:
        """What is on paper so far (mode "1", ink black)."""
        flipped = bytes(value ^ 0xFF for value in b"".join(self.rows))
        return Image.frombytes("1", (self.width_dots, len(self.rows)), flipped)


def read(job: bytes, width_dots: int) -> tuple[Image.Image, bool]:
    """The dots of `job` on paper `width_dots` across, and whether it was cut. Raises NotUnderstood."""
    reader = Reader(width_dots)
    for byte in job:
        reader.feed(byte)
    if reader.inside or reader.ignored:
        raise NotUnderstood("the job ends within a command, or holds bytes that are none")
    return reader.picture(), any(command.startswith(b"\x1dV") for command in reader.commands)
