"""ekShop: a cart becomes one order per seller, stock is taken when placed, parcels move in steps (domain.md 4)."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection, Row, insert, select, update

from sync.sandbox import schema
from sync.sandbox.books import Books, Refused, announce, spend
from sync.sandbox.faults import Faults

DELIVERY = {
    "pending": "অর্ডার গৃহীত হয়েছে", "confirmed": "বিক্রেতা নিশ্চিত করেছেন", "picked_up": "পণ্য সংগ্রহ করা হয়েছে",
    "on_the_way": "পণ্য পথে আছে", "delivered": "পণ্য পৌঁছে গেছে", "cancelled": "বাতিল",
}


def blueprint(books: Books, faults: Faults) -> Blueprint:
    """The portal's routes."""
    portal = Blueprint("ekshop", __name__)

    @portal.post("/orders")
    def _place() -> Any:
        body = request.get_json()

        def act(connection: Connection) -> tuple[int, str, dict[str, Any]]:
            fault = faults.take("ekshop.order", "refuse")
            if fault:
                raise Refused(fault.reason or "refused")
            return _place_order(connection, body["key"], body["items"])

        try:
            return jsonify(books.once(body["key"], "ekshop", "ekshop.order.place", act))
        except Refused as refused:
            return jsonify(error=refused.reason, **refused.facts), 409

    @portal.get("/operations/<key>")
    def _operation(key: str) -> Response:
        answer = books.known(key, "ekshop")
        return jsonify(known=answer is not None, **(answer or {}))

    @portal.get("/order-statuses")
    def _statuses() -> Response:
        return jsonify(books.page("orders", request.args.get("cursor", ""), request.args.get("limit", 200, type=int)))

    return portal


def advance(books: Books, key: str, status: str) -> None:
    """Every parcel of an order moves on."""

    def act(connection: Connection) -> None:
        table = schema.orders
        connection.execute(update(table).where(table.c.key == key).values(status=status))
        for order in connection.execute(select(table).where(table.c.key == key)):
            announce(connection, "orders", {
                "order_key": key, "code": order.code, "status": status, "status_bn": DELIVERY[status],
            })

    books.write(act)


def _place_order(
    connection: Connection, key: str, items: Sequence[Mapping[str, Any]]
) -> tuple[int, str, dict[str, Any]]:
    totals: dict[str, int] = defaultdict(int)
    for item in sorted(items, key=lambda item: str(item["product_id"])):  # two carts never wait for each other
        product = _take_stock(connection, item)
        totals[product.seller] += product.price_poisha * item["quantity"]
    total = sum(totals.values())
    spend(connection, "ekshop", total)
    orders = [
        {"code": f"{_code()}{secrets.randbelow(10**6):06d}", "seller": seller, "total_poisha": part}
        for seller, part in totals.items()
    ]
    connection.execute(insert(schema.orders), [
        {"code": order["code"], "key": key, "seller": order["seller"], "status": "pending"} for order in orders
    ])
    reference = str(orders[0]["code"])
    return total, reference, {"key": key, "reference": reference, "orders": orders}


def _take_stock(connection: Connection, item: Mapping[str, Any]) -> Row[Any]:
    table = schema.products
    product = connection.execute(select(table).where(table.c.id == item["product_id"])).first()
    if product is None or product.stock < item["quantity"]:
        raise Refused("out_of_stock", product_id=item["product_id"])
    if product.price_poisha != item["unit_price_poisha"]:
        raise Refused("price_changed", product_id=product.id, old_poisha=item["unit_price_poisha"],
                      new_poisha=product.price_poisha)
    left = table.c.id == product.id, table.c.stock >= item["quantity"]
    if not connection.execute(update(table).where(*left).values(stock=table.c.stock - item["quantity"])).rowcount:
        raise Refused("out_of_stock", product_id=product.id)  # another took the last, a moment ago
    return product


def _code() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
