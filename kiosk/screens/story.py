"""A line's story as every screen tells it: what happened and when, what that means, the document that came."""

from __future__ import annotations

from datetime import datetime
from html import escape

from kiosk import bangla, times
from kiosk.counter import waiting
from kiosk.counter.records import WaitingLine, Wants
from kiosk.counter.timeline import timeline
from kiosk.screens.desk import Desk
from kiosk.screens.sheets_out import hand_over


def told(desk: Desk, line_id: str, most: int = 100) -> str:
    """The last steps of a line, the latest first, as rich text: when beside what."""
    rows = "".join(
        f'<tr><td style="white-space: pre; padding-right: 14px;">{_when(desk, at)}</td>'
        f"<td>{escape(in_bangla if desk.lang == 'bn' else in_english)}</td></tr>"
        for at, in_bangla, in_english in reversed(timeline(desk.at_work(), line_id)[-most:])
    )
    return f"<table cellspacing='0' cellpadding='1'>{rows}</table>"


def _when(desk: Desk, at: datetime) -> str:
    """Day and time; the year only when it is another one."""
    day = bangla.date_bn(at, desk.lang)
    if at.astimezone(times.DHAKA).year == desk.at_work().today().year:
        day = day.rsplit(" ", 1)[0]
    return f"{day}, {bangla.time_bn(at, desk.lang)}"


def explained(desk: Desk, line: WaitingLine) -> str:
    """What it means and what to do where a paper is looked at; what a person has to end is ended in the list (F7)."""
    if line.wants is not Wants.NOTHING:
        return desk.say("explain.in_the_list", why=desk.reason(line.last_reason), what=desk.say(line.stands))
    return desk.say(line.explained, **line.facts)


def print_document(desk: Desk, line: WaitingLine) -> None:
    """To the system's printer, or kept where it can be found; nothing when nothing came."""
    if not line.has_document:
        desk.told.emit(desk.say("ui.no_document_yet"), "")
        return
    body = waiting.document_bytes(desk.at_work(), line.line.id)
    target = desk.app.save(desk.at_work(), f"{line.line.reference}.pdf", body)
    hand_over(desk, [target], "ui.document_printed", "ui.document_saved")
