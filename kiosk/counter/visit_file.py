"""A whole visit as JSON in and its result as JSON out: the counter without a window."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from uuid6 import uuid7

import forms
from kiosk import bangla
from kiosk.counter import apply, order, pay_bill, pay_due, visit
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Tender, TenderKind, Visit
from kiosk.counter.settle import settle

_KEYS = {  # of a line, beside its kind
    "bill": ("biller", "inputs", "amount"), "order": ("product", "quantity"), "due": ("municipality", "holding", "due"),
    "application": ("service", "answers", "consent", "guardian", "variant", "amount"),
}


def serve(counter: Counter, text: str) -> dict[str, Any]:
    """Serve the visit that `text` describes, all or nothing.

    The shape: `citizen` {name, mobile, nid}, `lines` [{kind: bill, biller, inputs, amount} | {kind: application,
    service, answers, consent, guardian, variant, amount} | {kind: order, product, quantity} | {kind: due, municipality,
    holding, due}], `tenders` [{kind, amount, reference}]; amounts are taka as text. Digits may be Bangla. A key that is
    not known is refused: one that is misspelt would otherwise take other money than was meant.

    Raises:
        CounterError: a reason that begins with `visit_file_`, or what the counter would say at the window; with
            `where` in the file it is, where that is known.
    """
    asked = _parsed(text)
    _known_only(asked, ("citizen", "lines", "tenders"), "{}")
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
    except json.JSONDecodeError as error:
        raise CounterError("visit_file_not_json", row=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise CounterError("visit_file_not_json", row=1, column=1) from error
    return _object(asked, "{}")


def _fill(counter: Counter, visit_id: str, asked: Mapping[str, Any]) -> None:
    citizen = asked.get("citizen")
    if citizen is not None:
        with _at("citizen"):
            _known_only(citizen, ("name", "mobile", "nid"), "citizen")
            given = {name: _text(citizen, name, "citizen") for name in ("name", "mobile", "nid")}
            visit.set_citizen(counter, visit_id, **given)
    adders = {"bill": _bill, "application": _application, "order": _order, "due": _due}
    for place, raw in enumerate(_list(asked, "lines")):
        where = f"lines[{place}]"
        kind = _text(raw, "kind", where)
        if kind not in adders:
            raise _one_of(f"{where}.kind", kind, adders)
        _known_only(raw, ("kind", *_KEYS[kind]), where)
        with _at(where):
            adders[kind](counter, visit_id, raw, where)


@contextmanager
def _at(where: str) -> Iterator[None]:
    """What the counter says of a part of the file, with where that is."""
    try:
        yield
    except LookupError as error:
        raise CounterError("visit_file_no_such", where=where, detail=str(error)) from error
    except CounterError as error:
        field = error.facts.get("field")
        place = f"{where}.{field}" if field == "amount" else f"{where}.inputs.{field}" if field else where
        raise CounterError(error.reason, **{"where": place, **error.facts}) from error


def _known_only(raw: Any, known: Iterable[str], where: str) -> None:
    for key in _object(raw, where):
        if key not in known:
            raise CounterError("visit_file_unknown_key", where=where, key=key, instead=_instead(key, known))


def _one_of(where: str, value: str, known: Iterable[str]) -> CounterError:
    return CounterError("visit_file_one_of", where=where, value=value, instead=_instead(value, known))


def _instead(written: str, known: Iterable[str]) -> str:
    """The nearest of what may stand there, or all of it when none is near."""
    return ", ".join(get_close_matches(written, list(known), 1) or known)


def _bill(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    biller, inputs = _text(raw, "biller", where), _texts(raw, "inputs", where)
    _known_only(inputs, [asked.name for asked in counter.catalogue.biller(biller).inputs], f"{where}.inputs")
    pay_bill.add(counter, visit_id, biller, inputs, _taka(raw, where))


def _application(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    service_id, answers = _text(raw, "service", where), _texts(raw, "answers", where)
    submission = _filled(counter, visit_id, service_id, answers, where)
    apply.add(
        counter, visit_id, service_id, answers, submission, consent=raw.get("consent") is True,
        guardian=_text(raw, "guardian", where), variant=_text(raw, "variant", where),
        assessed_poisha=_taka(raw, where) if "amount" in raw else None,
    )


def _filled(
    counter: Counter, visit_id: str, service_id: str, answers: Mapping[str, str], where: str
) -> bytes | None:
    form = apply.form(counter, service_id, visit.get(counter, visit_id).citizen)
    if form is None:
        return None
    filling = form.fill(today=counter.today(), now=counter.now())
    for ref, value in answers.items():
        try:
            filling.answer(ref, value.strip())
        except KeyError:
            asked = [part.ref for part in filling.questions() if isinstance(part, forms.Question)]
            _known_only({ref: value}, asked, f"{where}.answers")
            raise
    for (ref, bn), (_ref, en) in zip(filling.errors("bn"), filling.errors("en"), strict=True):
        raise CounterError("visit_file_answer", where=f"{where}.answers.{ref}", said_bn=bn, said_en=en)
    return filling.submission(f"uuid:{uuid7()}")


def _order(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    quantity = raw.get("quantity", 1)
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise CounterError("visit_file_not_whole", where=f"{where}.quantity")
    order.add(counter, visit_id, _text(raw, "product", where), quantity)


def _due(counter: Counter, visit_id: str, raw: Mapping[str, Any], where: str) -> None:
    pay_due.add(
        counter, visit_id, _text(raw, "municipality", where), _text(raw, "holding", where), _text(raw, "due", where)
    )


def _tender(raw: Any, place: int) -> Tender:
    where = f"tenders[{place}]"
    _known_only(raw, ("kind", "amount", "reference"), where)
    kind = _text(raw, "kind", where) or "cash"
    if kind not in list(TenderKind):
        raise _one_of(f"{where}.kind", kind, TenderKind)
    return Tender(TenderKind(kind), _taka(raw, where), _text(raw, "reference", where))


def _taka(raw: Mapping[str, Any], where: str) -> int:
    try:
        return bangla.parse_taka(str(raw.get("amount", "")))
    except ValueError as error:
        raise CounterError("bad_amount", where=f"{where}.amount") from error


def _text(raw: Any, name: str, where: str) -> str:
    value = _object(raw, where).get(name, "")
    if not isinstance(value, str | int):
        raise CounterError("visit_file_not_text", where=f"{where}.{name}")
    return str(value)


def _texts(raw: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    asked = _object(raw.get(name, {}), f"{where}.{name}")
    return {key: _text(asked, key, f"{where}.{name}") for key in asked}


def _object(raw: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise CounterError("visit_file_not_object", where=where)
    return raw


def _list(asked: Mapping[str, Any], name: str) -> list[Any]:
    value = asked.get(name, [])
    if not isinstance(value, list):
        raise CounterError("visit_file_not_list", where=name)
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
