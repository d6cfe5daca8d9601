"""The sandbox's memory: effects that happen once per key, feeds, and the portals' other rows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, bindparam, create_engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import StaticPool

from sync.sandbox import schema, seed

_Done = TypeVar("_Done")
_TRIES = 5
_CONNECTIONS = 16  # at a time; more requests wait for one
_effects, _floats = schema.effects, schema.floats
# Made once: to make a statement takes longer than to have it done.
_CLAIM = insert(_effects)
_KNOWN = select(_effects.c.answer, _effects.c.kind, _effects.c.portal).where(_effects.c.key == bindparam("its_key"))
_DONE = update(_effects).where(_effects.c.key == bindparam("its_key")).values(
    {name: bindparam(name) for name in ("amount_poisha", "reference", "answer")}
)
_SPEND = update(_floats).where(
    _floats.c.name == bindparam("its_name"), _floats.c.amount_poisha >= bindparam("amount")
).values(amount_poisha=_floats.c.amount_poisha - bindparam("amount"))
caller: ContextVar[tuple[str, int]] = ContextVar("caller", default=("", 0))  # which device asks; its journal's length


class Refused(Exception):
    """The portal will not do it; `reason` is a word of the contract, `facts` what it found."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class Books:
    """One database for all portals.

    SQLite has one writer at a time. On PostgreSQL everything runs side by side: whoever writes a row that another is
    just writing waits for him, begins again and finds it; a replay that runs beside the first gets the first's answer.
    """

    def __init__(self, address: str = "") -> None:
        """`address` is an SQLAlchemy URL; empty keeps everything in memory."""
        self.engine = _engine(address)
        self.turn: AbstractContextManager[Any] = (
            threading.RLock() if self.engine.dialect.name == "sqlite" else nullcontext()
        )
        schema.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            if not connection.execute(select(func.count()).select_from(schema.floats)).scalar_one():
                seed.fill(connection)

    def once(
        self, key: str, portal: str, kind: str, act: Callable[[Connection], tuple[int, str, Mapping[str, Any]]]
    ) -> Mapping[str, Any]:
        """Run `act` for `key`, or give again the answer that it gave; it returns poisha, reference and the answer.

        Raises:
            Refused: `act` refused, or the key was used for another kind (`key_used`); nothing was written.
        """
        claim = {"key": key, "portal": portal, "kind": kind, "amount_poisha": 0, "reference": "", "answer": "",
                 "device": caller.get()[0], "journal_seq": caller.get()[1]}

        def once(connection: Connection) -> Mapping[str, Any]:
            connection.execute(_CLAIM, claim)  # who else has this key waits here, and finds the answer
            amount, reference, answer = act(connection)
            told = {"amount_poisha": amount, "reference": reference, "answer": json.dumps(answer)}
            connection.execute(_DONE, {"its_key": key, **told})
            return answer

        def done(connection: Connection) -> Mapping[str, Any] | None:
            found = connection.execute(_KNOWN, {"its_key": key}).first()
            if found and found.kind != kind:
                raise Refused("key_used")
            return json.loads(found.answer) if found else None

        return self._transaction(once, done)

    def known(self, key: str, portal: str) -> Mapping[str, Any] | None:
        """The answer that `key` was given at `portal`, or None when it was never seen there."""
        found = self.read(lambda connection: connection.execute(_KNOWN, {"its_key": key}).first())
        return json.loads(found.answer) if found and found.portal == portal else None

    def write(self, act: Callable[[Connection], Any]) -> Any:
        """Run `act` in one transaction; again, when another wrote one of its rows at the same moment."""
        return self._transaction(act, lambda _connection: None)

    def _transaction(self, act: Callable[[Connection], _Done], known: Callable[[Connection], _Done | None]) -> _Done:
        """When a row is there already, `known` looks whether that settles it; otherwise `act` begins again."""
        for _try in range(_TRIES):
            try:
                with self.turn, self.engine.begin() as connection:
                    return act(connection)
            except IntegrityError:
                found = self.read(known)
                if found is not None:
                    return found  # type: ignore[no-any-return]
        raise RuntimeError("a row was there at every try")

    def read(self, act: Callable[[Connection], Any]) -> Any:
        """Look something up. One at a time too: books in memory have one connection, and ending a read on it while
        another thread writes would undo the write."""
        with self.turn, self.engine.connect() as connection:
            return act(connection)

    def effects(self) -> list[dict[str, Any]]:
        """Every effect at any portal (for whoever proves that nothing was doubled)."""
        found = self.read(lambda connection: connection.execute(select(schema.effects)).all())
        return [dict(row._mapping) for row in found]

    def page(self, feed: str, cursor: str, limit: int) -> dict[str, Any]:
        """What `feed` has after `cursor`."""
        after = int(cursor or 0)
        table = schema.events
        asked = select(table.c.id, table.c.body).where(table.c.feed == feed, table.c.id > after).order_by(table.c.id)
        found = self.read(lambda connection: connection.execute(asked.limit(limit + 1)).all())
        page = found[:limit]
        last = str(page[-1].id) if page else cursor
        return {"items": [json.loads(row.body) for row in page], "cursor": last, "more": len(found) > limit}

    def float_left(self, name: str) -> int:
        asked = select(schema.floats.c.amount_poisha).where(schema.floats.c.name == name)
        return int(self.read(lambda connection: connection.execute(asked).scalar_one()))


def spend(connection: Connection, name: str, amount_poisha: int) -> None:
    """Take from a float.

    Raises:
        Refused: `float_low`.
    """
    if connection.execute(_SPEND, {"its_name": name, "amount": amount_poisha}).rowcount != 1:
        raise Refused("float_low")


def announce(connection: Connection, feed: str, body: Mapping[str, Any]) -> None:
    """Put one more item on a feed. One at a time, so that no reader's cursor passes an item that is yet to come."""
    table = schema.feeds
    if not connection.execute(update(table).where(table.c.name == feed).values(had=table.c.had + 1)).rowcount:
        connection.execute(insert(table).values(name=feed, had=1))
    connection.execute(insert(schema.events).values(feed=feed, body=json.dumps(body, ensure_ascii=False)))


def _engine(address: str) -> Engine:
    if address and not address.startswith("sqlite"):
        return create_engine(address, pool_size=_CONNECTIONS, max_overflow=0, pool_timeout=600)
    if address:
        return create_engine(address)
    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
