"""A visit: opened, filled, parked, taken up again. Every change is in the store before the screen shows it."""

from __future__ import annotations

from uuid6 import uuid7

from kiosk import bangla, times
from kiosk.counter import lines
from kiosk.counter.context import Counter
from kiosk.counter.records import CounterError, Visit
from kiosk.people import citizens
from kiosk.store.engine import insert


def open_visit(counter: Counter) -> Visit:
    """A new visit, with an empty basket."""
    visit_id = str(uuid7())
    with counter.store.transaction() as connection:
        insert(connection, "visits", {
            "id": visit_id, "state": "open", "operator_id": counter.operator.id,
            "opened_at_utc": times.text(counter.now()),
        })
    return get(counter, visit_id)


def current(counter: Counter) -> Visit | None:
    """The visit that this operator has open, also after the power was cut."""
    sql = "SELECT id FROM visits WHERE state = 'open' AND operator_id = ? ORDER BY opened_at_utc DESC LIMIT 1"
    found = counter.store.row(sql, counter.operator.id)
    return get(counter, found["id"]) if found else None


def get(counter: Counter, visit_id: str) -> Visit:
    return lines.visit(counter.store.connection(), visit_id)


def set_citizen(counter: Counter, visit_id: str, name: str, mobile: str = "", nid: str = "") -> Visit:
    """Say whose visit it is.

    Raises:
        CounterError: `name_missing`, `bad_mobile`, `bad_nid`.
    """
    name, nid = bangla.clean(name), bangla.ascii_digits(bangla.clean(nid))
    number = citizens.mobile_number(bangla.ascii_digits(mobile)) if mobile.strip() else ""
    if not name:
        raise CounterError("name_missing")
    if number is None:
        raise CounterError("bad_mobile", value=mobile)
    if nid and not citizens.is_nid(nid):
        raise CounterError("bad_nid", value=nid)
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        citizen_id = citizens.remember(connection, name, number, nid, counter.now())
        connection.execute("UPDATE visits SET citizen_id = ? WHERE id = ?", (citizen_id, visit_id))
    return get(counter, visit_id)


def take_up(counter: Counter, visit_id: str, citizen_id: str) -> Visit:
    """Say that the visit is a known citizen's."""
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        connection.execute("UPDATE visits SET citizen_id = ? WHERE id = ?", (citizen_id, visit_id))
    return get(counter, visit_id)


def leave(counter: Counter, visit_id: str) -> None:
    """Give up an empty visit, citizen and all.

    Raises:
        CounterError: `still_open`: there is something in its basket.
    """
    with counter.store.transaction() as connection:
        left = lines.open_visit_or_refuse(connection, visit_id)
        if left.lines:
            raise CounterError("still_open")
        for table in ("drafts", "attachments"):
            connection.execute(f"DELETE FROM {table} WHERE visit_id = ?", (visit_id,))
        connection.execute("DELETE FROM visits WHERE id = ?", (visit_id,))


def remove_line(counter: Counter, visit_id: str, line_id: str) -> Visit:
    """Take a line out of the basket. Nothing has been paid for it."""
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        connection.execute("DELETE FROM lines WHERE id = ? AND visit_id = ?", (line_id, visit_id))
    return get(counter, visit_id)


def park(counter: Counter, visit_id: str, label: str = "") -> None:
    """Put the basket aside for the next in the queue. An empty one without a citizen is forgotten."""
    with counter.store.transaction() as connection:
        parked_one = lines.open_visit_or_refuse(connection, visit_id)
        drafts = connection.execute("SELECT count(*) FROM drafts WHERE visit_id = ?", (visit_id,)).fetchone()[0]
        if not parked_one.lines and parked_one.citizen is None and not drafts:
            connection.execute("DELETE FROM visits WHERE id = ?", (visit_id,))
        else:
            connection.execute(
                "UPDATE visits SET state = 'parked', label = ? WHERE id = ?", (bangla.clean(label), visit_id)
            )


def parked(counter: Counter) -> list[Visit]:
    """Baskets put aside, oldest first, whoever parked them."""
    found = counter.store.rows("SELECT id FROM visits WHERE state = 'parked' ORDER BY opened_at_utc")
    return [get(counter, item["id"]) for item in found]


def resume(counter: Counter, visit_id: str) -> Visit:
    """Take a parked basket up again; it becomes this operator's.

    Raises:
        CounterError: `visit_not_parked`.
    """
    with counter.store.transaction() as connection:
        if lines.visit(connection, visit_id).state != "parked":
            raise CounterError("visit_not_parked")
        connection.execute(
            "UPDATE visits SET state = 'open', operator_id = ? WHERE id = ?", (counter.operator.id, visit_id)
        )
    return get(counter, visit_id)


def forget(counter: Counter, visit_id: str) -> None:
    """Throw an unsettled basket away, on purpose."""
    with counter.store.transaction() as connection:
        if lines.visit(connection, visit_id).state == "settled":
            raise CounterError("visit_not_open")
        for table, column in (("lines", "visit_id"), ("drafts", "visit_id"), ("visits", "id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (visit_id,))
