"""What the commands have in common: the counter opened by whoever asks, results as JSON, papers printed."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk import times
from kiosk.app import App
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError
from kiosk.home import Home

_HIGHEST_PORT = 65_535
Command = Callable[[str, Callable[[argparse.Namespace], int | None], str], argparse.ArgumentParser]


def group(parser: argparse.ArgumentParser) -> Command:
    """What makes a command of a group: its word, what it runs, what its help says."""
    words = parser.add_subparsers(metavar="WHAT", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int | None], told: str) -> argparse.ArgumentParser:
        made = words.add_parser(name, help=told, description=told)
        for option in ("--home", "--operator"):  # also after the word, where people write them
            made.add_argument(option, type=Path if option == "--home" else str, default=argparse.SUPPRESS)
        made.set_defaults(run=run)
        return made

    return command


def say(result: Any) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=1, default=str))


def secret(variable: str, asked: str) -> str:
    """A secret: from the environment, or asked for. Raises: CounterError, `nobody_to_ask`."""
    given = os.environ.get(variable)
    try:
        with warnings.catch_warnings(action="ignore", category=getpass.GetPassWarning):
            return given or getpass.getpass(f"{asked}: ")
    except EOFError as error:
        raise CounterError("nobody_to_ask", asked=asked, variable=variable) from error


def port(text: str) -> int:
    """A port to listen at, as it is written after --port (0: any that is free)."""
    if text.isdecimal() and int(text) <= _HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_HIGHEST_PORT}, not {text}")


def pin() -> str:
    return secret("UDC_KIOSK_PIN", "PIN")


def code(asked: str) -> str:
    """The recovery code, or the code of a carry file."""
    return secret("UDC_KIOSK_CODE", asked)


def operator_id(home: Home, name: str | None) -> str:
    """Who asks: the one with this name, or the only one.

    Raises:
        CounterError: `no_counter_here`, `several_operators`, `no_operator`.
    """
    known = home.envelopes.names()
    if not known:
        raise CounterError("no_counter_here", folder=str(home.path))
    chosen = [one for one, called in known.items() if name in (None, called)]
    if len(chosen) != 1:
        raise CounterError("no_operator" if name else "several_operators", names=", ".join(known.values()))
    return chosen[0]


@contextmanager
def unlocked(given: argparse.Namespace) -> Iterator[tuple[App, Counter]]:
    """The counter, open for `--operator` until the command is done. Where there is none, nothing is made."""
    who = operator_id(Home(given.home, times.now), given.operator)
    app = App(given.home)
    try:
        yield app, app.unlock(who, pin())
    finally:
        app.stop()


def print_papers(app: App) -> None:
    """Everything that is queued."""
    spooler, _close = app.spooler()
    while spooler.step():
        pass
