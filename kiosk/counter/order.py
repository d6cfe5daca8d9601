"""Ordering for a citizen: one line holds all that goes to one portal, which splits it by seller."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk import bangla
from kiosk.catalogue.catalogue import Product
from kiosk.counter import lines
from kiosk.counter.context import Counter
from kiosk.counter.judged import warning
from kiosk.counter.records import CounterError, Kind, Line, Visit
from kiosk.store.engine import Connection
from kiosk.words import words

_MOST = 999


def add(counter: Counter, visit_id: str, product_id: str, quantity: int) -> Visit:
    """Put `quantity` more of a product into the visit's order, at today's price.

    Raises:
        CounterError: `bad_quantity`, the rule's id when it may not be taken now.
    """
    if not 0 < quantity <= _MOST:
        raise CounterError("bad_quantity", most=_MOST)
    product = counter.catalogue.product(product_id)
    warned = warning(counter, Kind.ORDER, product.portal)
    with counter.store.transaction() as connection:
        line = next((one for one in _orders(connection, visit_id) if one.portal == product.portal), None)
        items = _with(line.facts["items"] if line else [], product, quantity)
        if line is None:
            lines.put(connection, visit_id, _priced(_empty(product.portal, warned), items))
        else:
            lines.reprice(connection, _priced(line, items))
    return lines.visit(counter.store.connection(), visit_id)


def set_address(counter: Counter, visit_id: str, address: str) -> Visit:
    """Where the parcel goes; empty means that it is fetched at the centre."""
    with counter.store.transaction() as connection:
        for line in _orders(connection, visit_id):
            lines.reprice(connection, replace(line, facts={**line.facts, "address": bangla.clean(address)}))
    return lines.visit(counter.store.connection(), visit_id)


def _orders(connection: Connection, visit_id: str) -> list[Line]:
    visit = lines.open_visit_or_refuse(connection, visit_id)
    return [line for line in visit.lines if line.kind is Kind.ORDER]


def _empty(portal: str, warned: str) -> Line:
    titles = [words(lang)("line.order") for lang in ("bn", "en")]
    return lines.new_line(
        Kind.ORDER, portal, titles[0], titles[1], {"items": [], "address": ""}, official_poisha=0, charge_poisha=0,
        warning=warned,
    )


def _with(items: list[dict[str, Any]], product: Product, quantity: int) -> list[dict[str, Any]]:
    others = [item for item in items if item["product_id"] != product.id]
    before = sum(item["quantity"] for item in items if item["product_id"] == product.id)
    together = min(before + quantity, _MOST)
    return [*others, {
        "product_id": product.id, "name_bn": product.name_bn, "name_en": product.name_en, "quantity": together,
        "unit_price_poisha": product.price_poisha, "seller": product.seller_bn, "charge_poisha": product.charge_poisha,
    }]


def _priced(line: Line, items: list[dict[str, Any]]) -> Line:
    return replace(
        line, facts={**line.facts, "items": items},
        official_poisha=sum(item["unit_price_poisha"] * item["quantity"] for item in items),
        charge_poisha=sum(item["charge_poisha"] for item in items),
    )
