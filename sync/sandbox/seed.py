"""What the sandbox portals know on their first morning: floats, sample holdings with dues, the sample products."""

from __future__ import annotations

import csv
import json
from typing import Any

from sqlalchemy import Connection, insert

from resources import path
from sync.sandbox import schema

FLOATS = {"ekpay": 50_000_00, "ekpay:prepaid": 10_000_00, "eksheba": 20_000_00, "nagorik": 20_000_00,
          "ekshop": 50_000_00, "municipality": 30_000_00}
_MUNICIPALITY = "sample"
_YEARS = ("2025-2026", "2026-2027")


def fill(connection: Connection) -> None:
    """Put the first rows into empty tables."""
    connection.execute(insert(schema.floats), [{"name": name, "amount_poisha": sum_} for name, sum_ in FLOATS.items()])
    connection.execute(insert(schema.billers), [{"id": biller} for biller in _billers()])
    for place in range(1, 13):
        _holding(connection, place)
    products = _products()
    if products:
        connection.execute(insert(schema.products), products)


def _billers() -> list[str]:
    packed = json.loads(path("packs/billers.json").read_text(encoding="utf-8"))
    return [biller["id"] for biller in packed["billers"]]


def _holding(connection: Connection, place: int) -> None:
    number = f"{place:03d}"
    row: dict[str, Any] = {
        "municipality_id": _MUNICIPALITY, "holding_no": number, "owner": f"নমুনা হোল্ডিং মালিক {place}",
        "village": "নমুনা পাড়া", "ward": str(1 + place % 9),
    }
    connection.execute(insert(schema.holdings).values(row))
    dues = [
        _due(f"T-{number}-{year}", "holding_tax", year, 200_00 + place * 25_00) for year in _YEARS
    ]
    dues.append(_due(f"W-{number}-{_YEARS[1]}", "water", _YEARS[1], 120_00))
    owner = {"municipality_id": _MUNICIPALITY, "holding_no": number}
    connection.execute(insert(schema.dues), [{**due, **owner, "paid": False} for due in dues])
    told = {**row, "dues": [{**due, "state": "unpaid"} for due in dues]}
    connection.execute(insert(schema.events).values(feed="holdings", body=json.dumps(told, ensure_ascii=False)))


def _due(due_id: str, kind: str, year: str, amount_poisha: int) -> dict[str, Any]:
    return {"due_id": due_id, "kind": kind, "fiscal_year": year, "amount_poisha": amount_poisha}


def _products() -> list[dict[str, Any]]:
    pack = path("packs/products.csv")
    if not pack.exists():
        return []
    with pack.open(encoding="utf-8", newline="") as rows:
        return [
            {"id": row["id"], "seller": row["seller_bn"], "price_poisha": int(row["price_poisha"]),
             "stock": int(row["stock"])}
            for row in csv.DictReader(rows)
        ]
