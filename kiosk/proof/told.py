"""A verdict in words, for whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.proof.check import Checked, Verdict
from kiosk.proof.statement import REST, Item, Statement
from kiosk.speech import Speech


def told(checked: Checked, names: Mapping[str, tuple[str, str]], lang: str) -> list[str]:
    """The verdict, what to do, and what the receipt says; `names` are what items are called by their ids."""
    speech = Speech(lang)
    word = f"proof.{checked.verdict}"
    lines = [speech.say(word), speech.say(f"{word}.long", **_date(speech, checked))]
    if checked.authority and checked.authority.sandbox:
        lines.append(speech.say("proof.sandbox"))
    if checked.read is None:
        return lines
    said, who = checked.read.statement, checked.read.identity
    lines += [f"{speech.say('proof.centre')}: {who.name}"] if who.name else []
    lines += [
        f"{speech.say('proof.kind')}: {speech.say(f'proof.kind.{said.kind}')}",
        f"{speech.say('paper.number')}: {speech.digits(checked.read.shown_number)}",
        f"{speech.say('paper.date')}: {speech.moment(said.at)}",
        *(_item(speech, one, names) for one in said.items),
    ]
    return [*lines, f"{speech.say(_total(said))}: {speech.taka(abs(said.total_poisha))}"]


def facts(checked: Checked) -> dict[str, Any]:
    """The same for a program."""
    if checked.read is None:
        return {"verdict": checked.verdict}
    said = checked.read.statement
    return {
        "verdict": checked.verdict, "number": checked.read.shown_number, "kind": said.kind, "at": said.at.isoformat(),
        "centre": checked.read.identity.name, "authority": checked.authority.id if checked.authority else "",
        "total_poisha": said.total_poisha, "ask_after": said.ask_after, "revoked_on": checked.revoked_on,
        "items": [{name: getattr(one, name) for name in Item.__slots__} for one in said.items],
    }


def _date(speech: Speech, checked: Checked) -> dict[str, str]:
    day = checked.revoked_on if checked.verdict is Verdict.REVOKED else None
    if checked.verdict is Verdict.TRUE_PROVISIONAL and checked.read is not None:
        day = checked.read.statement.ask_after
    return {"date": speech.day(day)} if day else {"date": ""}


def _total(said: Statement) -> str:
    if said.kind == "refund" or (said.kind == "collection" and said.total_poisha < 0):
        return "paper.returned"
    return "paper.collected" if said.kind == "collection" else "paper.total"


def _item(speech: Speech, one: Item, names: Mapping[str, tuple[str, str]]) -> str:
    if one.what == REST:
        title = speech.say("proof.rest", count=speech.digits(one.tail))
    else:
        title = names[one.what][speech.lang != "bn"] if one.what in names else one.what
        title += f" ({speech.say('proof.tail')} {speech.digits(one.tail)})" if one.tail else ""
    end = "" if one.end == "open" else f", {speech.say(f'paper.state.{one.end}')}"
    charge = f" + {speech.say('paper.charge')} {speech.taka(one.charge_poisha)}" if one.charge_poisha else ""
    return f"- {title}: {speech.say('proof.official')} {speech.taka(one.official_poisha)}{charge}{end}"
