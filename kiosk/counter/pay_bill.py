"""Taking a bill: what its biller asks for, whether it may be taken now, and the line in the basket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kiosk import bangla, times
from kiosk.catalogue.catalogue import Biller, Input
from kiosk.counter import centre, feeds, lines, rules
from kiosk.counter.context import Counter
from kiosk.counter.records import Answer, CounterError, FieldProblem, Kind, Verdict, Visit
from kiosk.ledger import accounts, journal
from kiosk.people import citizens

HIGHEST_POISHA = 10_000_000_00  # a crore: beyond it a typing slip is likelier than a bill


def check(
    counter: Counter, biller_id: str, answers: Mapping[str, str], amount_poisha: int | None,
) -> tuple[Verdict, list[FieldProblem]]:
    """What the rules say of this bill now, and what is wrong with the answers so far."""
    biller = counter.catalogue.biller(biller_id)
    typed = _ascii(answers)
    problems = [problem for asked in biller.inputs if (problem := _problem(asked, typed.get(asked.name, "")))]
    if amount_poisha is not None and not 0 < amount_poisha <= HIGHEST_POISHA:
        problems.append(FieldProblem("amount", "bad_amount", hard=True))
    return rules.judge(centre.rules(counter), _subject(counter, biller, typed, amount_poisha)), problems


def add(counter: Counter, visit_id: str, biller_id: str, answers: Mapping[str, str], amount_poisha: int) -> Visit:
    """Put the bill into the basket at the amount on the citizen's paper.

    Raises:
        CounterError: the rule's id when it may not be taken now, a field's reason when an answer is surely wrong,
            `same_bill_in_basket`.
    """
    verdict, problems = check(counter, biller_id, answers, amount_poisha)
    for problem in problems:
        if problem.hard:
            raise CounterError(problem.reason, field=problem.name, **problem.facts)
    if verdict.answer in (Answer.REFUSE, Answer.CALL_BACK):
        raise CounterError(verdict.rule, **verdict.facts)
    biller = counter.catalogue.biller(biller_id)
    typed = _ascii(answers)
    line = lines.new_line(
        Kind.BILL, biller.portal, biller.name_bn, biller.name_en, _facts(biller, typed),
        official_poisha=amount_poisha, charge_poisha=biller.charge_poisha,
        warning=verdict.rule if verdict.answer is Answer.WARN else "",
    )
    with counter.store.transaction() as connection:
        visit = lines.open_visit_or_refuse(connection, visit_id)
        if any(_same_bill(other.facts, line.facts) for other in visit.lines):
            raise CounterError("same_bill_in_basket")
        lines.put(connection, visit_id, line)
    return lines.visit(counter.store.connection(), visit_id)


def float_left(counter: Counter, name: str) -> int | None:
    """What the float still covers: what it holds less what is already promised. None when nobody ever said
    what it holds."""
    connection = counter.store.connection()
    account = accounts.float_of(name)
    if not feeds.knows_float(connection, account):
        return None
    promised = counter.store.row(
        """SELECT coalesce(sum(official_poisha), 0) AS poisha FROM lines
           WHERE portal = ? AND coalesce(json_extract(facts, '$.float'), portal) = ?
           AND state IN ('waiting', 'unknown', 'decide')""", name.partition(":")[0], name,
    )
    return journal.balance(connection, account) - int(promised["poisha"] if promised else 0)


def _ascii(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: bangla.ascii_digits(bangla.clean(value)) for name, value in answers.items()}


def _problem(asked: Input, value: str) -> FieldProblem | None:
    if not value:
        return FieldProblem(asked.name, "field_missing", hard=True) if asked.required else None
    if asked.kind == "mobile" and citizens.mobile_number(value) is None:
        return FieldProblem(asked.name, "bad_mobile", hard=True, facts={"value": value})
    if asked.kind == "digits" and not (value.isascii() and value.isdigit()):
        return FieldProblem(asked.name, "not_digits", hard=True, facts={"value": value})
    if asked.kind == "date" and _date(value) is None:
        return FieldProblem(asked.name, "bad_date", hard=True, facts={"value": value})
    if asked.kind == "month" and not _is_month(value):
        return FieldProblem(asked.name, "bad_month", hard=True, facts={"value": value})
    if (asked.min_len and len(value) < asked.min_len) or (asked.max_len and len(value) > asked.max_len):
        least, most = asked.min_len or 1, asked.max_len or asked.min_len
        facts = {"span": str(most) if least == most else f"{least}-{most}", "count": len(value)}
        reason = "unusual_length" if asked.belief else "wrong_length"
        return FieldProblem(asked.name, reason, hard=not asked.belief, facts=facts)
    return None


def _is_month(value: str) -> bool:
    year, _, month = value.partition("-")
    return len(year) == 4 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12


def _facts(biller: Biller, typed: Mapping[str, str]) -> dict[str, object]:
    labels = {asked.name: (asked.label_bn, asked.label_en) for asked in biller.inputs}
    inputs = {name: typed[name] for name in labels if typed.get(name)}
    mobile = _mobile(biller, typed)
    shown = [[*labels[name], bangla.mask(value) if value == mobile else value] for name, value in inputs.items()]
    return {
        "biller_id": biller.id, "inputs": inputs, "float": biller.float, "payer_mobile": mobile, "shown": shown,
        "due_on": typed.get("due_on", ""),
    }


def _mobile(biller: Biller, typed: Mapping[str, str]) -> str:
    return next((typed.get(asked.name, "") for asked in biller.inputs if asked.kind == "mobile"), "")


def _same_bill(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return one.get("biller_id") == other.get("biller_id") and one.get("inputs") == other.get("inputs")


def _subject(
    counter: Counter, biller: Biller, typed: Mapping[str, str], amount_poisha: int | None
) -> rules.Subject:
    mobile = _mobile(biller, typed)
    return rules.Subject(
        biller.portal, Kind.BILL, counter.today(), counter.now().astimezone(times.DHAKA).strftime("%H:%M"),
        counter.line_is_up(), biller.opens or "", biller.closes or "", prepaid=biller.mode == "prepaid",
        a_challan=biller.mode == "challan", amount_poisha=amount_poisha,
        float_left_poisha=float_left(counter, biller.float), due_on=_date(typed.get("due_on", "")),
        payer_bills_today=_bills_today(counter, mobile), taken_today_poisha=_taken_today(counter),
        set_up=biller.portal in counter.portals,
        unlisted_since=_unlisted_since(counter, biller),
    )


def _unlisted_since(counter: Counter, biller: Biller) -> date | None:
    """The day of the portal's list of billers, when there is one and it lacks this one."""
    told = counter.store.row(
        "SELECT max(seen_at_utc) AS seen, sum(biller_id = ?) AS listed FROM listed_billers WHERE portal = ?",
        biller.id, biller.portal,
    )
    if told is None or not told["seen"] or told["listed"]:
        return None
    return times.moment(told["seen"]).astimezone(times.DHAKA).date()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bills_today(counter: Counter, mobile: str) -> int:
    sql = """SELECT count(*) AS bills FROM visits INDEXED BY visits_by_opening CROSS JOIN lines ON visit_id = visits.id
             WHERE lines.kind = 'bill' AND json_extract(facts, '$.payer_mobile') = ? AND ? <> ''
             AND visits.opened_at_utc >= ?"""
    found = counter.store.row(sql, mobile, mobile, _midnight(counter))
    return int(found["bills"]) if found else 0


def _taken_today(counter: Counter) -> int:
    sql = """SELECT coalesce(sum(official_poisha), 0) AS poisha FROM visits INDEXED BY visits_by_settling
             CROSS JOIN lines ON visit_id = visits.id WHERE lines.kind = 'bill' AND visits.settled_at_utc >= ?"""
    found = counter.store.row(sql, _midnight(counter))
    return int(found["poisha"]) if found else 0


def _midnight(counter: Counter) -> str:
    here = counter.now().astimezone(times.DHAKA)
    return times.text(here - timedelta(hours=here.hour, minutes=here.minute, seconds=here.second))
