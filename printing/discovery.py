"""Finding printers: what is plugged in or set up on this machine. The network is never searched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from printing import queues, winspool
from printing.printers import FilePrinter, NetworkPrinter, Printer, SerialPrinter, UsbPrinter
from printing.profiles import BLUETOOTH_58, Profile, suggest

_DEVICES, _ABOUT = Path("/dev/usb"), Path("/sys/class/usbmisc")


@dataclass(frozen=True, slots=True)
class Found:
    """A printer that could be used: `kind` and `address` make it (`connect`), `title` is what it calls itself."""

    kind: str  # usb | cups | windows | serial
    address: str
    title: str
    profile: Profile


def discover() -> list[Found]:
    """Everything that this machine offers, surest first. Asks the system only; nothing is sent to a printer."""
    return [*usb_printers(), *system_queues(), *serial_ports()]


def connect(kind: str, address: str, profile: Profile) -> Printer:
    """The printer of `kind` at `address` (a device, queue, port, folder, or HOST:PORT of a network printer).

    Raises:
        ValueError: there is no such kind, or the address can't be one.
    """
    match kind:
        case "network":
            host, _colon, port = address.rpartition(":")
            return NetworkPrinter(host, int(port), profile) if host else NetworkPrinter(address, profile=profile)
        case "usb":
            return UsbPrinter(Path(address), profile)
        case "serial":
            return SerialPrinter(address, profile)
        case "cups":
            return queues.CupsPrinter(address, profile)
        case "windows":
            return queues.WindowsPrinter(address, profile)
        case "file":
            return FilePrinter(Path(address), profile)
        case _:
            raise ValueError(f"{kind!r} is no kind of printer")


def usb_printers(devices: Path = _DEVICES, about: Path = _ABOUT) -> list[Found]:
    """The printers of Linux' usblp driver, with the names that they give themselves (IEEE 1284 device id)."""
    found = []
    for device in sorted(devices.glob("lp*")):
        title = _title(about / device.name / "device" / "ieee1284_id") or device.name
        found.append(Found("usb", str(device), title, suggest(title)))
    return found


def _title(file: Path) -> str:
    """MFG and MDL of a device id such as `MFG:Xprinter;CMD:ESC/POS;MDL:XP-80;`."""
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = dict(part.strip().split(":", 1) for part in text.split(";") if ":" in part)
    names = (fields.get("MFG", fields.get("MANUFACTURER", "")), fields.get("MDL", fields.get("MODEL", "")))
    return " ".join(name for name in names if name)


def system_queues() -> list[Found]:
    """The queues of CUPS and of Windows."""
    cups = [Found("cups", name, name, suggest(name)) for name in queues.cups_queues()]
    return cups + [Found("windows", name, name, suggest(name)) for name in winspool.names()]


def serial_ports() -> list[Found]:
    """The serial ports, where pyserial is installed; which of them has a printer is for a person to say."""
    try:
        from serial.tools.list_ports import comports  # noqa: PLC0415
    except ImportError:
        return []
    return [
        Found("serial", port.device, f"{port.device} {port.description or ''}".strip(), BLUETOOTH_58)
        for port in sorted(comports(), key=lambda port: str(port.device))
    ]
