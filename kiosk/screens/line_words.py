"""How far the line is with something, in words: what is left, and honestly how long that will take."""

from __future__ import annotations

from kiosk.words import Say
from sync.packs import Progress


def how_far(say: Say, progress: Progress) -> str:
    """Files in kilobytes, operations by how many are left; the time only when the line has shown its speed."""
    if progress.of == "operations":
        told = say("ui.sending", count=progress.total - progress.done)
    else:
        word = "ui.sending_papers" if progress.of == "attachments" else "ui.fetching"
        told = say(word, done=progress.done // 1000, total=-(-progress.total // 1000))
    if progress.seconds_left is None:
        return told
    minutes = round(progress.seconds_left / 60)
    left = say("ui.minutes_left", count=minutes) if minutes > 1 else say(
        "ui.seconds_left", count=int(progress.seconds_left) + 1)
    return f"{told}, {left}"
