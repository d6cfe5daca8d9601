"""Makes the catalogue file out of packs: beside the old one first, then in its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from kiosk.catalogue import packs
from kiosk.catalogue.search import TABLES, words_of
from kiosk.store import engine
from kiosk.store.engine import Connection

_SCHEMA = (
    "CREATE TABLE meta (version TEXT NOT NULL) STRICT",
    "CREATE TABLE items (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT",
    """CREATE TABLE fees (version TEXT PRIMARY KEY, service_id TEXT NOT NULL, office TEXT NOT NULL,
       variant TEXT NOT NULL, label_bn TEXT NOT NULL, label_en TEXT NOT NULL, official_poisha INTEGER NOT NULL,
       charge_poisha INTEGER NOT NULL, from_date TEXT NOT NULL, until_date TEXT NOT NULL, source TEXT NOT NULL,
       belief INTEGER NOT NULL, sample INTEGER NOT NULL, assessed INTEGER NOT NULL) STRICT""",
    "CREATE INDEX fees_by_service ON fees (service_id, from_date)",
    *TABLES,
)
_ORDER = {"service": 0, "biller": 0, "product": 1}


def build(folder: Path, target: Path) -> str:
    """Make `target` from the packs in `folder`; the version.

    Raises:
        PackError: a pack can't be used; `target` is left as it was.
    """
    content = packs.read(folder)
    beside = target.with_suffix(".new")
    for stale in beside.parent.glob(f"{beside.name}*"):
        stale.unlink()
    connection = engine.connect(beside)
    try:
        with engine.writing(connection):
            _fill(connection, content)
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()
    beside.replace(target)
    return content.version


def _fill(connection: Connection, content: packs.Packs) -> None:
    for statement in _SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES (?)", (content.version,))
    kinds = {
        "service": content.services, "biller": content.billers, "rule": content.rules,
        "municipality": content.municipalities, "product": content.products,
        "form": content.forms, "media": content.media,
    }
    for kind, rows in kinds.items():
        connection.executemany(
            "INSERT INTO items VALUES (?, ?, ?)",
            [(kind, row["id"], json.dumps(row, ensure_ascii=False)) for row in rows],
        )
    connection.executemany(
        """INSERT INTO fees VALUES (:version, :service_id, :office, :variant, :label_bn, :label_en, :official_poisha,
           :charge_poisha, :from, :until, :source, :belief, :sample, :assessed)""", content.fees,
    )
    _index(connection, content)


def _index(connection: Connection, content: packs.Packs) -> None:
    """The rowid is the rank by popularity, so that the first hits found are the likeliest (platform.md 3)."""
    ranked = sorted(_entries(content), key=lambda entry: (_ORDER[entry[0]], -int(entry[2]["popularity"])))
    for rank, (kind, note, row) in enumerate(ranked, start=1):
        connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
            (rank, kind, row["id"], row["name_bn"], row["name_en"], *note),
        )
        text = " ".join(str(row.get(name, "")) for name in ("name_bn", "name_en", "keywords", "category_bn"))
        connection.execute("INSERT INTO found (rowid, words) VALUES (?, ?)", (rank, " ".join(words_of(text))))


def _entries(content: packs.Packs) -> Iterator[tuple[str, tuple[str, str], packs.Row]]:
    yield from _of("service", content.services, "office", "office")
    yield from _of("biller", content.billers, "", "")
    yield from _of("product", content.products, "seller_bn", "seller_en")


def _of(
    kind: str, rows: Iterable[packs.Row], bn: str, en: str
) -> Iterator[tuple[str, tuple[str, str], packs.Row]]:
    for row in rows:
        yield kind, (row.get(bn, ""), row.get(en, "")), row
