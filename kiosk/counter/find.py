"""The one search box: a service's name, a biller, an account number, a mobile, a receipt's number, a parked visit."""

from __future__ import annotations

import re

from kiosk import bangla
from kiosk.catalogue.catalogue import Input
from kiosk.counter import pay_due, visit, waiting
from kiosk.counter.context import Counter
from kiosk.counter.records import Citizen, CounterError, Found, WaitingLine
from kiosk.people import citizens
from kiosk.proof import authorities, check, statement
from kiosk.speech import Speech
from kiosk.words import LANGUAGES

_RECEIPT = re.compile(r"[a-z][\w.]*-\d{1,9}", re.ASCII)
_REFERENCE = re.compile(r"(?=.*\d)[\w./-]{5,40}", re.ASCII)
_MOST = 12
_OF_A_CITIZEN = 4  # lines that are found by their mobile; the citizen's screen has all


def find(counter: Counter, text: str) -> list[Found]:
    """What `text` may mean, the likeliest first. Any text is answered; nothing is raised."""
    if text.lstrip().startswith(statement.MARK):  # a hand scanner types a receipt's code, letter by letter
        return _scanned(counter, text.strip("\r\n\t"))
    wanted = bangla.normalise(text).strip()
    if not wanted:
        return [*_parked(counter, ""), *_favourites(counter)][:_MOST]
    found = [
        *_receipts(counter, wanted), *_tracked(counter, wanted), *_citizens(counter, wanted), *_parked(counter, wanted),
        *_holdings(counter, wanted), *_bills(counter, wanted), *_catalogue(counter, text),
    ]
    return found[:_MOST]


def _scanned(counter: Counter, code: str) -> list[Found]:
    """This counter's receipt that a code belongs to, or the verdict on another one's; nothing while it comes in."""
    checked = check.check(code, authorities.known())
    if checked.read is None:
        return []
    number, said = checked.read.shown_number, checked.read.statement
    speech = [Speech(lang) for lang in LANGUAGES]
    bn, en = (f"{say.say(f'proof.{checked.verdict}')}: {say.digits(number)}" for say in speech)
    note_bn, note_en = (f"{say.moment(said.at)} · {say.taka(abs(said.total_poisha))}" for say in speech)
    return _receipts(counter, bangla.normalise(number)) or [Found("proof", number, bn, en, note_bn, note_en)]


def _favourites(counter: Counter) -> list[Found]:
    return _catalogue(counter, "")


def _catalogue(counter: Counter, text: str) -> list[Found]:
    return [
        Found(hit.kind, hit.ref, hit.title_bn, hit.title_en, hit.note_bn, hit.note_en)
        for hit in counter.catalogue.search(text, _MOST)
    ]


def _receipts(counter: Counter, wanted: str) -> list[Found]:
    if not _RECEIPT.fullmatch(wanted):
        return []
    try:
        receipt = waiting.receipt(counter, wanted)
    except CounterError:
        return []
    return [Found("receipt", receipt.shown_number, receipt.document.title, receipt.shown_number)]


def _tracked(counter: Counter, wanted: str) -> list[Found]:
    """By the number that a portal gave."""
    return [_line(one) for one in waiting.tracked(counter, wanted)] if _REFERENCE.fullmatch(wanted) else []


def _line(one: WaitingLine) -> Found:
    """A settled line, with its receipt's number, its day and how it stands."""
    line, speech = one.line, [Speech(lang) for lang in LANGUAGES]
    bn, en = (f"{say.digits(one.receipt)} · {say.day(one.taken_at)} · {say.say(one.stands, **one.facts)}"
              for say in speech)
    return Found("receipt", one.receipt, line.title_bn, line.title_en, bn, en, {"line": line.id})


def _citizens(counter: Counter, wanted: str) -> list[Found]:
    digits = citizens.mobile_number(wanted) or (wanted if citizens.is_nid(wanted) else "")
    known = [Citizen(**row) for row in citizens.find(counter.store.connection(), digits)]
    found = [
        Found("citizen", person.id, person.name, person.name, bangla.digits(bangla.mask(person.mobile)),
              bangla.mask(person.mobile), {"mobile": person.mobile, "nid": person.nid})
        for person in known
    ]
    found += [_line(one) for person in known for one in waiting.of_citizen(counter, person.id, _OF_A_CITIZEN)]
    if digits and not found:
        name = "mobile" if citizens.mobile_number(wanted) else "nid"
        found.append(Found("new_citizen", digits, bangla.digits(digits), digits, answers={name: digits}))
    return found


def _parked(counter: Counter, wanted: str) -> list[Found]:
    found = []
    for basket in visit.parked(counter):
        name = basket.label or (basket.citizen.name if basket.citizen else "")
        if bangla.normalise(name).startswith(wanted):
            bn, en = (bangla.taka(basket.total_poisha, lang=lang) for lang in ("bn", "en"))
            found.append(Found("parked", basket.id, name or bn, name or en, bn, en))
    return found


def _holdings(counter: Counter, wanted: str) -> list[Found]:
    return [
        Found("holding", f"{holding.municipality_id}/{holding.number}", f"{holding.number} · {holding.owner}",
              f"{holding.number} · {holding.owner}", bangla.digits(holding.ward), holding.ward)
        for holding in pay_due.holdings(counter, wanted)[:3]
    ]


def _bills(counter: Counter, wanted: str) -> list[Found]:
    """An account number: the billers that it was paid to before, then every biller whose form it fits."""
    if not (wanted.isdigit() and wanted.isascii() and len(wanted) >= 6):
        return []
    before = counter.store.rows(
        """SELECT DISTINCT json_extract(facts, '$.biller_id') AS biller_id
           FROM lines, json_each(facts, '$.inputs') AS typed WHERE kind = 'bill' AND typed.value = ?""", wanted,
    )
    known = [str(item["biller_id"]) for item in before]
    fitting = [biller.id for biller in counter.catalogue.billers() if _takes(biller.inputs[0], wanted)]
    return [_biller(counter, name, wanted) for name in dict.fromkeys([*known, *fitting])][:6]


def _takes(asked: Input, digits: str) -> bool:
    return asked.kind == "digits" and (asked.min_len or 1) <= len(digits) <= (asked.max_len or 30)


def _biller(counter: Counter, biller_id: str, digits: str) -> Found:
    biller = counter.catalogue.biller(biller_id)
    asked = biller.inputs[0]
    return Found(
        "biller", biller.id, biller.name_bn, biller.name_en, f"{asked.label_bn} {bangla.digits(digits)}",
        f"{asked.label_en} {digits}", {asked.name: digits},
    )
