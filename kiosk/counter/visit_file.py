"""A whole visit as JSON in and its result as JSON out: the counter without a window."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from uuid6 import uuid7

from kiosk import bangla
from kiosk.counter import apply, order, pay_bill, pay_due, visit
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Tender, TenderKind, Visit
from kiosk.counter.settle import settle

_BAD = "bad_visit_file"


def serve(counter: Counter, text: str) -> dict[str, Any]:
    """Serve the visit that `text` describes, all or nothing.

    The shape: `citizen` {name, mobile, nid}, `lines` [{kind: bill, biller, inputs, amount} | {kind: application,
    service, answers, consent} | {kind: order, product, quantity} | {kind: due, municipality, holding, due}],
    `tenders` [{kind, amount, reference}]; amounts are taka as text. Digits may be Bangla.

    Raises:
        CounterError: `bad_visit_file` (with `where`), or what the counter would say at the window.
    """
    asked = _parsed(text)
    opened = visit.open_visit(counter)
    try:
        _fill(counter, opened.id, asked)
        tenders = [_tender(raw, place) for place, raw in enumerate(_list(asked, "tenders"))]
        settled = settle(counter, opened.id, tenders)
    except CounterError:
        visit.forget(counter, opened.id)
        raise
    return _result(visit.get(counter, opened.id), settled.receipt.shown_number, settled.change_poisha)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CounterError(_BAD, where="json", detail=str(error)) from error
    if not isinstance(asked, dict):
        raise CounterError(_BAD, where="json", detail="{...}")
    return asked


def _fill(counter: Counter, visit_id: str, asked: Mapping[str, Any]) -> None:
    citizen = asked.get("citizen")
    if citizen is not None:
        given = {name: _text(citizen, name, "citizen") for name in ("name", "mobile", "nid")}
        visit.set_citizen(counter, visit_id, **given)
    for place, raw in enumerate(_list(asked, "lines")):
        where = f"lines[{place}]"
        adders = {"bill": _bill, "application": _application, "order": _order, "due": _due}
        adder = adders.get(_text(raw, "kind", where))
        if adder is None:
            raise CounterError(_BAD, where=f"{where}.kind", detail=" | ".join(adders))
        try:
            adder(counter, visit_id, raw, where)
        except LookupError as error:
            raise CounterError(_BAD, where=where, detail=str(error)) from error


def _bill(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    inputs = {str(name): str(value) for name, value in _mapping(raw, "inputs", where).items()}
    pay_bill.add(counter, visit_id, _text(raw, "biller", where), inputs, _taka(raw, where))


def _application(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    service_id = _text(raw, "service", where)
    answers = {str(name): str(value) for name, value in _mapping(raw, "answers", where).items()}
    submission = _filled(counter, service_id, answers, where)
    apply.add(
        counter, visit_id, service_id, answers, submission, consent=raw.get("consent") is True,
        guardian=_text(raw, "guardian", where), variant=_text(raw, "variant", where),
        assessed_poisha=_taka(raw, where) if "amount" in raw else None,
    )


def _filled(counter: Counter, service_id: str, answers: Mapping[str, str], where: str) -> bytes | None:
    form = apply.form(counter, service_id)
    if form is None:
        return None
    filling = form.fill(today=counter.today(), now=counter.now())
    for ref, value in answers.items():
        filling.answer(ref, value)
    errors = filling.errors("bn")
    if errors:
        ref, message = errors[0]
        raise CounterError(_BAD, where=f"{where}.answers[{ref}]", detail=message)
    return filling.submission(f"uuid:{uuid7()}")


def _order(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    quantity = raw.get("quantity", 1)
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise CounterError(_BAD, where=f"{where}.quantity", detail="1, 2, ...")
    order.add(counter, visit_id, _text(raw, "product", where), quantity)


def _due(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    pay_due.add(
        counter, visit_id, _text(raw, "municipality", where), _text(raw, "holding", where), _text(raw, "due", where)
    )


def _tender(raw: Any, place: int) -> Tender:
    where = f"tenders[{place}]"
    kind = _text(raw, "kind", where) or "cash"
    if kind not in list(TenderKind):
        raise CounterError(_BAD, where=f"{where}.kind", detail=" | ".join(TenderKind))
    return Tender(TenderKind(kind), _taka(raw, where), _text(raw, "reference", where))


def _taka(raw: Mapping[str, Any], where: str) -> int:
    try:
        return bangla.parse_taka(str(raw.get("amount", "")))
    except ValueError as error:
        raise CounterError("bad_amount", where=f"{where}.amount") from error


def _text(raw: Any, name: str, where: str) -> str:
    if not isinstance(raw, dict):
        raise CounterError(_BAD, where=where, detail="{...}")
    value = raw.get(name, "")
    if not isinstance(value, str | int):
        raise CounterError(_BAD, where=f"{where}.{name}", detail="text")
    return str(value)


def _mapping(raw: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = raw.get(name, {})
    if not isinstance(value, dict):
        raise CounterError(_BAD, where=f"{where}.{name}", detail="{...}")
    return value


def _list(asked: Mapping[str, Any], name: str) -> list[Any]:
    value = asked.get(name, [])
    if not isinstance(value, list):
        raise CounterError(_BAD, where=name, detail="[...]")
    return value


def _result(served: Visit, receipt: str, change_poisha: int) -> dict[str, Any]:
    lines = [
        {"id": line.id, "kind": line.kind, "title": line.title_bn, "official_poisha": line.official_poisha,
         "charge_poisha": line.charge_poisha, "state": line.state, "warning": line.warning}
        for line in served.lines
    ]
    return {
        "visit": served.id, "receipt": receipt, "total_poisha": served.total_poisha, "change_poisha": change_poisha,
        "lines": lines,
    }
