"""Printer profiles: what the printers sold in Bangladesh can do, as frozen records. No bytes are sent from here.

Widths, cutters and drawers follow the public ESC/POS capabilities collection that python-escpos carries (POS-5890,
ZJ-5870, NT-80-V-UL, RP326, TM-T20II). Whether a clone answers differs from batch to batch, so most are asked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answers(StrEnum):
    """Whether a printer tells its state (DLE EOT n, GS r n)."""

    ALWAYS = "always"  # silence means that it is off or hangs: nothing is printed
    PERHAPS = "perhaps"  # it is asked; one that stays silent is printed on blindly
    NEVER = "never"  # it is not even asked: some clones print the question


class Tuning(StrEnum):
    """How a printer is told its density and speed."""

    NONE = "none"
    EPSON = "epson"  # GS ( K, functions 49 and 50
    HEAT = "heat"  # ESC 7: heating dots, heating time, heating interval


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of printer. `density` and `speed` go in steps from -3 to 3; at 0 the printer's own setting is kept."""

    name: str
    title: str
    width_dots: int
    cut: bytes = b""  # the whole command; empty where there is no cutter
    drawer: bool = False  # has a socket for a cash drawer
    answers: Answers = Answers.PERHAPS
    fragment_bytes: int = 4096  # about how much is sent between two fences
    ahead: int = 1  # fragments sent beyond the last one told of, so that the paper need not stop at each fence
    tuning: Tuning = Tuning.NONE
    density: int = 0
    speed: int = 0
    baud: int = 115200  # of a serial line
    handshake: bool = True  # of a serial line: RTS and CTS are wired

    def __post_init__(self) -> None:
        for name in ("density", "speed"):
            if not -3 <= getattr(self, name) <= 3:
                raise ValueError(f"{name} is {getattr(self, name)}, not -3 to 3")


_FEED_AND_CUT = b"\x1dVB\x00"  # GS V 66 0: feed to the knife, then cut

GENERIC = Profile("generic", "Any ESC/POS printer", 576, cut=_FEED_AND_CUT)
CLONE_58 = Profile("clone58", "58 mm without a knife (POS-58, ZJ-5870, NT-5890K)", 384,
                   answers=Answers.NEVER, fragment_bytes=2048, tuning=Tuning.HEAT)
EPSON_80 = Profile("epson80", "80 mm, Epson TM-T20, TM-T82 and alike", 576, cut=_FEED_AND_CUT, drawer=True,
                   answers=Answers.ALWAYS, tuning=Tuning.EPSON)
XPRINTER_58 = Profile("xprinter58", "Xprinter XP-58", 384, drawer=True, fragment_bytes=2048)
XPRINTER_80 = Profile("xprinter80", "Xprinter XP-80, XP-N160, XP-Q200", 576, cut=_FEED_AND_CUT, drawer=True)
RONGTA_80 = Profile("rongta80", "Rongta RP80, RP326, RP330", 576, cut=_FEED_AND_CUT, drawer=True)
BLUETOOTH_58 = Profile("bluetooth58", "58 mm over Bluetooth", 384, answers=Answers.NEVER, fragment_bytes=1024,
                       tuning=Tuning.HEAT, handshake=False)

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (GENERIC, CLONE_58, EPSON_80, XPRINTER_58, XPRINTER_80, RONGTA_80, BLUETOOTH_58)
}
_SIGNS = (
    (("xp-58", "xp58"), XPRINTER_58), (("xp-", "xprinter"), XPRINTER_80), (("rongta", "rp80", "rp3"), RONGTA_80),
    (("epson", "tm-t", "tm-m"), EPSON_80), (("bluetooth", "rfcomm", "bt"), BLUETOOTH_58),
    (("58", "5870"), CLONE_58), (("80",), GENERIC),
)


def suggest(says: str) -> Profile:
    """The profile that fits what a printer says of itself (a USB id, a queue's name); a 58 mm clone when unsure."""
    lowered = says.lower()
    for signs, profile in _SIGNS:
        if any(sign in lowered for sign in signs):
            return profile
    return CLONE_58
