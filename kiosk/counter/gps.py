"""Where the counter stands, by a receiver at a serial port that speaks NMEA 0183 (GGA sentences)."""

from __future__ import annotations

import time
from functools import reduce

from kiosk.counter.records import CounterError

_BAUD = 9600  # what NMEA 0183 receivers send unless told otherwise
_NAMES = ("gps", "gnss", "u-blox", "nmea", "gmouse")
_ACCURACY_OF_HDOP = 5.0  # metres for each unit of dilution: what a plain receiver claims


def port() -> str:
    """The port whose device calls itself a receiver; empty when there is none."""
    from serial.tools import list_ports  # noqa: PLC0415 only where a place is asked for

    for found in list_ports.comports():
        told = f"{found.description} {found.manufacturer or ''} {found.product or ''}".lower()
        if any(name in told for name in _NAMES):
            return str(found.device)
    return ""


def fix(device: str, seconds: float = 20.0) -> str:
    """Latitude, longitude, altitude and accuracy (degrees and metres), as ODK writes a geopoint.

    Raises:
        CounterError: `no_gps` without a receiver, `no_gps_fix` when it saw no satellites in time.
    """
    import serial  # noqa: PLC0415

    if not device:
        raise CounterError("no_gps")
    end = time.monotonic() + seconds
    try:
        with serial.Serial(device, _BAUD, timeout=1) as line:
            while time.monotonic() < end:
                found = point(line.readline(120).decode("ascii", errors="replace").strip())
                if found:
                    return found
    except (serial.SerialException, OSError) as error:
        raise CounterError("no_gps") from error
    raise CounterError("no_gps_fix")


def point(sentence: str) -> str:
    """The place in a GGA sentence with a fix and a right checksum; empty for any other."""
    body, _star, checksum = sentence.removeprefix("$").partition("*")
    fields = body.split(",")
    if not sentence.startswith("$") or len(fields) < 10 or fields[0][2:] != "GGA" or fields[6] in ("", "0"):
        return ""
    if checksum and f"{reduce(lambda so_far, letter: so_far ^ ord(letter), body, 0):02X}" != checksum.upper():
        return ""
    try:
        latitude, longitude = _degrees(fields[2], fields[3]), _degrees(fields[4], fields[5])
        return f"{latitude:.6f} {longitude:.6f} {float(fields[9] or 0):g} {float(fields[8]) * _ACCURACY_OF_HDOP:g}"
    except ValueError:
        return ""


def _degrees(text: str, side: str) -> float:
    """`ddmm.mmmm` or `dddmm.mmmm` as degrees."""
    dot = text.index(".")
    degrees = float(text[: dot - 2]) + float(text[dot - 2:]) / 60
    return -degrees if side in ("S", "W") else degrees
