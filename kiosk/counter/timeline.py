"""What happened to a line, first to last, in words: taken, sent, what the portal and the office said, what arrived."""

from __future__ import annotations

import json
from datetime import datetime

from kiosk import times
from kiosk.counter.context import Counter
from kiosk.counter.outcomes import A_PERSONS
from kiosk.store.engine import Row
from kiosk.words import LANGUAGES, every, reason, words

_FIRST_SENT = """
SELECT min(begun_at_utc) AS at FROM attempts JOIN line_operations USING (operation_key)
WHERE line_id = ? AND what = 'send' AND outcome <> 'later'
"""  # what came to nothing before it left is not told as sent


def timeline(counter: Counter, line_id: str) -> list[tuple[datetime, str, str]]:
    """Each step: when, in Bangla, in English."""
    events = counter.store.rows("SELECT * FROM line_events WHERE line_id = ? ORDER BY id", line_id)
    told = [(times.moment(event["at_utc"]), *_both(event, first=place == 0)) for place, event in enumerate(events)]
    sent = counter.store.row(_FIRST_SENT, line_id)
    if told and sent and sent["at"]:
        bn, en = (words(lang)("line.sent") for lang in LANGUAGES)
        told.insert(1, (times.moment(sent["at"]), bn, en))
    return told


def _both(event: Row, *, first: bool) -> tuple[str, str]:
    bn, en = (words(lang)("line.taken") if first else _text(event, lang) for lang in LANGUAGES)
    return bn, en


def _text(event: Row, lang: str) -> str:
    facts = json.loads(event["facts"])
    if event["reason"] in A_PERSONS:
        return reason(lang, event["reason"])  # nobody is being asked but the operator
    said = _said(event["text_bn"], facts, lang)
    if said:
        return said
    reference, done = facts.get("reference", ""), f"done.{facts.get('kind', '').partition('.')[2]}"
    if not event["reason"] and done in every(lang):
        return words(lang)(done, reference=reference)
    text = words(lang)(f"state.{event['state']}")
    text = f"{text}: {reason(lang, event['reason'])}" if event["reason"] else text
    return f"{text} ({reference})" if reference else text


def _said(text_bn: str, facts: dict[str, str], lang: str) -> str:
    """The portal's own words; in English where we know what its status means. A note stays as the office wrote it."""
    status = f"status.{facts.get('status', '')}"
    text = text_bn
    if status in every(lang) and (lang != "bn" or not text_bn):
        text = ": ".join(filter(None, (words(lang)(status), facts.get("note", ""))))
    parcel = facts.get("reference", "")
    return f"{text} ({parcel})" if text and parcel else text
