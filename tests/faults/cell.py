"""One fault at one step: work is taken at the counter, the line goes wrong, and all is looked at afterwards."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kiosk.catalogue import packs, shelf
from sync.worker import LineState
from tests.faults import names, published
from tests.faults.catalogue import Fault, Step
from tests.faults.certificates import Certificates
from tests.faults.http_parts import answer
from tests.faults.judge import wrongs
from tests.faults.names import Leads, Stranger, Swallowing
from tests.faults.pack_tricks import PACK_TRICKS
from tests.faults.proxy import Exchange, Trick
from tests.faults.site import Site, in_a_process, on_a_bad_line
from tests.faults.tricks import TRICKS
from tests.faults.works import WORKS, application, bill, elsewhere, order, other_due

_SIGN_IN = answer(200, b"<html>Please sign in</html>", Content_Type="text/html").wire()
_WORDS = {"full-disc": LineState.CANNOT_KEEP, "clock-ahead": LineState.CLOCK_WRONG,
          "clock-behind": LineState.CLOCK_WRONG}  # what the window must have said meanwhile
_NOT_THERE, _TRIES = "the fault did not happen", 3
_FORGETFUL = ("restarted-before", "forgot-after", "yesterday-after")
_STRANGERS = {"tls-self-signed": "self_signed", "tls-expired": "expired", "tls-not-yet-valid": "not_yet_valid",
              "tls-other-name": "other_name"}


def tried(
    fault: Fault, step: Step, like: Path, folder: Path, certificates: Certificates, monkeypatch: Any
) -> list[str]:
    """Let `fault` happen at `step`, on a copy of the home `like`; what is wrong afterwards.

    On a machine that is busy with other work a request may run out of time before its turn, and what should have gone
    in one batch goes apart: then the step was never there, which says nothing, and it is tried anew.
    """
    found = [_NOT_THERE]
    for place in range(_TRIES):
        if found == [_NOT_THERE]:
            found = _once(fault, step, like, folder / f"home-{place}", certificates, monkeypatch)
    return found


def _once(
    fault: Fault, step: Step, like: Path, home: Path, certificates: Certificates, monkeypatch: Any
) -> list[str]:
    shown = certificates if fault.name.startswith("tls-") else None
    site = Site(like, home, shown)
    try:
        with on_a_bad_line(monkeypatch, site, shown):
            return _tried(fault, step, site, certificates)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        site.close()


def _tried(fault: Fault, step: Step, site: Site, certificates: Certificates) -> list[str]:
    memory = _yesterday(fault, step, site)
    WORKS[step.work](site)
    if step.after:
        site.proxy.plan(step.after, TRICKS[step.so])
    happened, end = _plan(fault, step, site, certificates, memory)
    if fault.name.startswith("kill-") and in_a_process(site) != -signal.SIGKILL:
        return [_NOT_THERE]
    meanwhile = Meanwhile(site, happened)
    site.live(after=meanwhile.look if step.is_published else _room_again)
    end()
    site.live()
    found = meanwhile.wrongs + wrongs(site, fault.ends, fault.safe_by)
    word = _WORDS.get(fault.name)
    if word is not None and word not in site.told:
        found.append(f"nobody was told {word}")
    return found if happened() else [*found, _NOT_THERE]


def _yesterday(fault: Fault, step: Step, site: Site) -> sqlite3.Connection | None:
    """For a portal that forgets: some work is known to be done before it; the backup of the first evening."""
    if fault.name not in _FORGETFUL:
        return None
    WORKS[step.work](site)
    site.live()
    memory = site.memory() if fault.name == "yesterday-after" else None
    site.clock.forward(days=1)
    for work in (bill, application, elsewhere, order, other_due):  # at every portal, so that each can be caught out
        work(site)
    site.live()
    return memory


class Meanwhile:
    """Looks at the catalogue after every round, and takes a payment while a newer one can't come."""

    def __init__(self, site: Site, happened: Callable[[], bool]) -> None:
        self._site = site
        self._happened = happened
        self._taken = self._looked = False
        self.wrongs: list[str] = []

    def look(self) -> None:
        _room_again()
        holds, used = published.on_the_shelf(self._site.home), published.in_use(self._site.app.catalogue)
        if holds != used:
            self.wrongs.append(f"edition {holds} is on the shelf, prices are of {used}")
        packs.read(shelf.newest(self._site.home))  # raises when it is not whole
        if self._taken and not self._looked:
            self._looked = True
            if self._site.is_open():
                self.wrongs.append("a payment waited for the packs")
        if self._happened() and self._site.is_behind() and not self._taken:
            self._taken = True
            bill(self._site)


def _plan(
    fault: Fault, step: Step, site: Site, certificates: Certificates, memory: sqlite3.Connection | None
) -> tuple[Callable[[], bool], Callable[[], None]]:
    """What says whether the fault happened, and what ends it."""
    leads = _leads(fault, certificates)
    if leads is None:
        planned = site.proxy.plan("" if fault.times < 0 else step.request, _trick(fault, site, memory), fault.times)
        return lambda: planned.happened > 0, site.proxy.finish
    site.astray = [(step.request, leads)] * fault.times

    def end() -> None:
        site.astray.clear()
        if isinstance(leads, (Stranger, Swallowing)):
            leads.close()

    return lambda: site.went_astray > 0, end


def _leads(fault: Fault, certificates: Certificates) -> Leads | None:
    simple: dict[str, Callable[[], Leads]] = {
        "refused": lambda: names.refusing, "no-name": lambda: names.nowhere, "no-route": lambda: names.unreachable,
        "swallowed": Swallowing, "tls-cut": lambda: Stranger(None), "tls-plain": lambda: Stranger(None, _SIGN_IN),
    }
    if fault.name in _STRANGERS:
        return Stranger(certificates.contexts[_STRANGERS[fault.name]])
    return simple[fault.name]() if fault.name in simple else None


def _trick(fault: Fault, site: Site, memory: sqlite3.Connection | None) -> Trick:
    if fault.name in TRICKS:
        return TRICKS[fault.name]
    if fault.name in PACK_TRICKS:
        return PACK_TRICKS[fault.name]
    own: dict[str, Trick] = {
        "kill-asked": _kill, "kill-done": _kill_done, "kill-answered": _kill_answered, "full-disc": _full_disc,
        "restarted-before": partial(forgets_first, site), "forgot-after": partial(_forgets_after, site, memory),
        "yesterday-after": partial(_forgets_after, site, memory), "list-renewed": partial(_renewed, site),
    }
    return own[fault.name]


def _renewed(site: Site, exchange: Exchange) -> None:
    site.publish()
    exchange.say(exchange.forward())


def _kill(exchange: Exchange) -> None:
    os.kill(exchange.proxy.kiosk, signal.SIGKILL)
    exchange.hang_up()


def _kill_done(exchange: Exchange) -> None:
    exchange.forward()
    _kill(exchange)


def _kill_answered(exchange: Exchange) -> None:
    told = exchange.forward().wire()
    exchange.say(told[: len(told) // 2])
    _kill(exchange)


def _full_disc(exchange: Exchange) -> None:
    """From now on no file takes a byte, until the worker has been round once."""
    told = exchange.forward()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    exchange.say(told)


def _room_again() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def forgets_first(site: Site, exchange: Exchange) -> None:
    site.forget()
    exchange.say(exchange.forward())


def _forgets_after(site: Site, memory: sqlite3.Connection | None, exchange: Exchange) -> None:
    exchange.forward()
    site.forget(memory)
    exchange.hang_up()
