"""What must be true when the line is well again, whatever went wrong: told as a list of what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.catalogue import shelf
from kiosk.counter import notices, waiting
from kiosk.verify import verify
from sync import outbox
from sync.operations import State
from sync.sandbox.seed import FLOATS
from tests.faults import published
from tests.faults.proxy import Seen
from tests.faults.site import Site

_DONE = (State.ACCEPTED, State.CONFIRMED)


def wrongs(site: Site, ends: tuple[str, ...], safe_by: str, floats: Mapping[str, int] = FLOATS) -> list[str]:
    """Everything that is not as it must be; `ends` and `safe_by` as in docs/faults.md, and `cancelled`; `floats` as
    they were before the first work."""
    found = [str(finding) for finding in verify(site.connection)]
    found += _ends(site, ends)
    if "asked" not in ends:
        found += _agreement(site, floats)
        found += site.unheard()
    found += _right_bills(site)
    found += _packs(site)
    if safe_by == "asking":
        found += _sent_again(site)
    return found


def _ends(site: Site, ends: tuple[str, ...]) -> Iterator[str]:
    """Every operation has one of these ends."""
    allowed = {*_DONE} if "done" in ends else set()
    allowed |= {State.REJECTED} if "owed" in ends else set()
    allowed |= {State.CANCELLED} if "cancelled" in ends else set()
    for kept in outbox.every(site.connection):
        if kept.state not in allowed and not ("asked" in ends and site.waits_for_a_person(kept)):
            yield f"{kept.operation.kind} is {kept.state} ({kept.reason})"
    owed = {due.line_id for due in waiting.refunds_due(site.counter)}
    if owed and "owed" not in ends:
        yield f"money is owed for {len(owed)} lines"


def _agreement(site: Site, floats: Mapping[str, int]) -> Iterator[str]:
    """Kiosk and portals tell the same of every operation and of the money."""
    effects = {effect["key"]: effect for effect in site.sandbox.books.effects()}
    kept = {one.operation.key: one for one in outbox.every(site.connection)}
    for key in effects.keys() - kept.keys():
        yield f"the portal did {effects[key]['kind']} that nobody here asked for"
    for key, one in kept.items():
        if one.operation.kind.endswith(".document.fetch"):
            continue
        if (one.state in _DONE) != (key in effects):
            yield f"{one.operation.kind} is {one.state} here, and {'done' if key in effects else 'not done'} there"
        elif key in effects and effects[key]["reference"] != one.reference:
            yield f"{one.operation.kind}: another reference here ({one.reference})"
    spent = sum(floats.values()) - sum(site.sandbox.books.float_left(name) for name in floats)
    if spent != sum(effect["amount_poisha"] for effect in effects.values()):
        yield f"the portals' floats gave {spent}"
    if spent != _passed_on(site):
        yield f"here {_passed_on(site)} went to the portals, there {spent} arrived"


def _passed_on(site: Site) -> int:
    sql = """SELECT coalesce(sum(official_poisha), 0) FROM line_operations JOIN operations ON key = operation_key
             WHERE operations.state IN ('accepted', 'confirmed')"""
    return int(site.connection.execute(sql).fetchone()[0])


def _right_bills(site: Site) -> Iterator[str]:
    """What was paid under an operation's key is that operation's bill."""
    kept = {one.operation.key: one.operation for one in outbox.every(site.connection)}
    for seen in site.proxy.seen:
        if seen.step not in ("ekpay.pay", "ekpay.batch-pay"):
            continue
        said = seen.asked.said()
        for key, pay in zip(seen.keys, [item["body"] for item in said.get("items", [])] or [said], strict=True):
            if pay["bllr_inf"]["bll_no"] != kept[key].payload["inputs"]["bill_no"]:
                yield f"{key} paid another bill"


def _packs(site: Site) -> Iterator[str]:
    """What was published last is here and in use, and nothing of how it came is left."""
    if published.in_use(site.app.catalogue) != site.editions or site.is_behind():
        yield f"prices are of edition {published.in_use(site.app.catalogue)}, not {site.editions}"
    yield from (f"{one.reason} is still told: {one.facts}" for one in notices.notices(site.counter)
                if one.subject.startswith("packs:"))
    coming = shelf.coming(site.home)
    if coming.exists() and list(coming.iterdir()):
        yield "pieces of packs are left over"


def _sent_again(site: Site) -> Iterator[str]:
    """No operation was sent once more after the portal had done it."""
    done = Counter(done_keys(site))
    yield from (f"{key} was sent {count} times after it was done" for key, count in done.items() if count > 1)


def done_keys(site: Site) -> list[str]:
    """The operations that a portal said it had done, each as often as it was sent and that was said."""
    return [key for seen in site.proxy.seen for key in _done_in(seen)]


def _done_in(seen: Seen) -> Iterator[str]:
    """The operations that the portal did, or said again that it had done, in answer to this request."""
    step = seen.step.rpartition(".")[2].removeprefix("batch-")
    if seen.told is None or step not in ("pay", "submit", "order"):  # a file's end may be said again
        return
    told = seen.told.said()
    items = told.get("items") if isinstance(told, dict) else None
    answers = [item["body"] for item in items] if isinstance(items, list) else [told]
    for key, answer in zip(seen.keys, answers, strict=False):
        if isinstance(answer, dict) and _is_done(answer):
            yield key


def _is_done(answer: dict[str, Any]) -> bool:
    return "pyd_inf" in answer or "reference" in answer
