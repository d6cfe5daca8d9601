"""One bounded round with the portals in the calling thread, for the command line, tests and the demo."""

from __future__ import annotations

from kiosk.app import App
from sync.line import LineError
from sync.worker import taken


def sync_once(app: App, rounds: int = 3) -> str:
    """Send and pull `rounds` times; the last trouble with the line, or "online"."""
    kit = app.sync_kit()
    trouble = "online" if kit.pulls else "no_portal"
    kit.engine.recover()
    kit.engine.thrift = kit.thrift()
    for _round in range(rounds):
        kit.engine.hurry()
        kit.engine.run(1_000)
        for pull in kit.pulls:
            try:
                while taken(kit.engine, pull):
                    pass
            except LineError as error:
                trouble = error.reason
    return trouble
