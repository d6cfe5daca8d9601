"""udc-kiosk carry pack | send | bring | listen | hand | status."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiosk import times
from kiosk.commands.terminal import code, group, port, print_papers, say, unlocked
from kiosk.home import Home
from sync.carry import sealed
from sync.carry.home import Carry

_MINUTES, _MOST_DAYS = 10, 30


def add(parser: argparse.ArgumentParser) -> None:
    """Hang the commands under `carry`."""
    command = group(parser)

    packing = command("pack", _pack, "write what waits into a file on a stick; prints the code that opens it")
    packing.add_argument("--to", type=Path, required=True, help="the stick's folder")
    packing.add_argument("--days", type=_days, metavar="N", default=7,
                         help="how long the stick may stay away (7)")
    sending = command("send", _send, "send a file from this machine; its code is asked for, or UDC_KIOSK_CODE")
    sending.add_argument("file", type=Path)
    sending.add_argument("--minutes", type=float, default=_MINUTES, help="give up after so long (10)")
    bringing = command("bring", _bring, "apply the outcomes that a stick brought home")
    bringing.add_argument("file", type=Path, help="the .outcomes file, or the .carry file that it lies beside")
    listening = command("listen", _listen, "take what field laptops hand over on this network, and send it")
    listening.add_argument("--minutes", type=float, default=_MINUTES, help="then stop listening (10)")
    listening.add_argument("--host", default="0.0.0.0",
                           help="listen at this one of the machine's addresses and show it, where it is in several "
                           "networks (without: at all, showing the one towards the internet)")
    listening.add_argument("--port", type=port, default=8941)
    handing = command("hand", _hand, "hand over to a counter that listens; the code on its screen is asked for")
    handing.add_argument("address", help="HOST:PORT, as the counter shows it")
    handing.add_argument("--minutes", type=float, default=2, help="how long to wait for outcomes (2)")
    command("status", _status, "which files are out, until when, and their codes")


def _days(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= _MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"a stick may stay away for 1 to {_MOST_DAYS} days, not {text}")


def _status(given: argparse.Namespace) -> None:
    from kiosk import carrying  # noqa: PLC0415

    with unlocked(given) as (app, counter):
        say({"carries": _told(carrying.carries(app, counter))})


def _pack(given: argparse.Namespace) -> None:
    from kiosk import carrying  # noqa: PLC0415

    with unlocked(given) as (app, counter):
        say({"carries": _told(carrying.pack(app, counter, given.to, given.days))})


def _send(given: argparse.Namespace) -> int:
    from kiosk import carrying, settings, wiring  # noqa: PLC0415

    here = Home(given.home, times.now)
    who = here.credentials.of if here.secret_kept_in else wiring.nobody
    sealed.read_file(given.file)  # what is not there or no file to send is told before anything is asked
    sent = carrying.send(given.file, code("Code"), settings.read(given.home).portals, given.minutes * 60, who)
    say({"count": sent.count, "ended": sent.ended, "trouble": sent.trouble})
    return 0 if sent.ended == sent.count else 1


def _bring(given: argparse.Namespace) -> int:
    from kiosk import carrying  # noqa: PLC0415

    with unlocked(given) as (app, counter):
        brought = carrying.bring(app, counter, given.file)
        say({"new": brought.new, "known": brought.known, "out": brought.out, "differ": list(brought.differ)})
        print_papers(app)
    return 1 if brought.differ else 0


def _listen(given: argparse.Namespace) -> None:
    from kiosk import carrying, settings, wiring  # noqa: PLC0415

    here = Home(given.home, times.now)
    who = here.credentials.of if here.secret_kept_in else wiring.nobody
    came = carrying.listen(
        given.home / carrying.FOR_OTHERS, settings.read(given.home).portals, given.minutes * 60, who,
        lambda shown, port: say({"code": shown, "address": f"{carrying.own_address(given.host)}:{port}"}),
        given.host, given.port,
    )
    say({"came": came})


def _hand(given: argparse.Namespace) -> int:
    from kiosk import carrying  # noqa: PLC0415

    with unlocked(given) as (app, counter):
        brought = carrying.hand(app, counter, given.address, code("Code"), given.minutes * 60)
        say({"new": brought.new, "known": brought.known, "out": brought.out, "differ": list(brought.differ)})
        print_papers(app)
    return 1 if brought.differ else 0


def _told(carries: Sequence[Carry]) -> list[dict[str, Any]]:
    return [
        {"file": one.name, "code": one.code, "out": one.out, "made_at": one.made_at, "send_until": one.send_until}
        for one in carries
    ]
