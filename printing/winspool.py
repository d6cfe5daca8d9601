"""The few calls of the Windows spooler that are needed (winspool.drv), through ctypes. Loads only on Windows.

Names and numbers are those of Microsoft's winspool.h documentation.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from typing import Any

_LOCAL_AND_CONNECTED = 0x02 | 0x04  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
_STATES = (  # PRINTER_STATUS_*
    (0x00400000, "cover_open"), (0x00000010, "paper_out"), (0x00000008, "fault"), (0x00000080, "no_printer"),
    (0x00000002, "fault"), (0x00000001, "paused"),
)


class NotTaken(OSError):
    """The spooler did not take the job at all."""


class _DocInfo(ctypes.Structure):
    """DOC_INFO_1W"""

    _fields_ = [("name", wintypes.LPWSTR), ("file", wintypes.LPWSTR), ("kind", wintypes.LPWSTR)]


class _Status(ctypes.Structure):
    """PRINTER_INFO_6"""

    _fields_ = [("status", wintypes.DWORD)]


class _Name(ctypes.Structure):
    """PRINTER_INFO_4W"""

    _fields_ = [
        ("printer", wintypes.LPWSTR), ("server", wintypes.LPWSTR), ("attributes", wintypes.DWORD),
    ]


def library() -> Any:
    """winspool.drv. Raises OSError elsewhere than on Windows."""
    if sys.platform == "win32":
        return ctypes.WinDLL("winspool.drv", use_last_error=True)
    raise OSError("no Windows spooler here")


def names() -> list[str]:
    """The printers that this Windows knows; none elsewhere."""
    try:
        spooler = library()
    except OSError:
        return []
    needed, count = wintypes.DWORD(), wintypes.DWORD()
    asked = (_LOCAL_AND_CONNECTED, None, 4)
    spooler.EnumPrintersW(*asked, None, 0, ctypes.byref(needed), ctypes.byref(count))
    room = ctypes.create_string_buffer(max(needed.value, 1))
    if not spooler.EnumPrintersW(*asked, room, needed, ctypes.byref(needed), ctypes.byref(count)):
        return []
    found = ctypes.cast(room, ctypes.POINTER(_Name))
    return [str(found[place].printer) for place in range(count.value)]


def trouble(queue: str) -> str:
    """Why `queue` can't print now, as Windows knows; "" when it can. Raises OSError when there is no such queue."""
    spooler = library()
    with _opened(spooler, queue) as handle:
        status, needed = _Status(), wintypes.DWORD()
        if not spooler.GetPrinterW(handle, 6, ctypes.byref(status), ctypes.sizeof(status), ctypes.byref(needed)):
            return ""
    return next((reason for bit, reason in _STATES if status.status & bit), "")


def send(queue: str, name: str, body: bytes) -> None:
    """Queue `body` raw. Raises NotTaken when the spooler took none of it, OSError when it may have taken a part."""
    spooler = library()
    with _opened(spooler, queue) as handle:
        about = _DocInfo(name, None, "RAW")
        if not spooler.StartDocPrinterW(handle, 1, ctypes.byref(about)):
            raise NotTaken(queue)
        try:
            if not spooler.StartPagePrinter(handle):
                raise OSError(queue)
            _write(spooler, handle, body)
            if not spooler.EndPagePrinter(handle):
                raise OSError(queue)
        except OSError:
            spooler.AbortPrinter(handle)
            raise
        if not spooler.EndDocPrinter(handle):
            raise OSError(queue)


def _write(spooler: Any, handle: wintypes.HANDLE, body: bytes) -> None:
    written = wintypes.DWORD()
    while body:
        done = spooler.WritePrinter(handle, body, len(body), ctypes.byref(written))
        if not done or not written.value:
            raise OSError("the spooler takes no more")
        body = body[written.value:]


@contextmanager
def _opened(spooler: Any, queue: str) -> Iterator[wintypes.HANDLE]:
    handle = wintypes.HANDLE()
    if not spooler.OpenPrinterW(queue, ctypes.byref(handle), None):
        raise NotTaken(queue)
    try:
        yield handle
    finally:
        spooler.ClosePrinter(handle)
