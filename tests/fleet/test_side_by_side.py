"""On PostgreSQL nothing takes turns: one key has one effect and one bill is paid once, also by two servers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sync.http import Http
from sync.operations import Accepted, Confirmed, Operation, Outcome, Rejected
from sync.portals.ekpay import EkPay
from sync.portals.eksheba import EkSheba
from sync.portals.ekshop import EkShop
from sync.sandbox import Sandbox
from tests.fleet.postgres import is_there, postgres

pytestmark = pytest.mark.skipif(not is_there(), reason="./run fleet installs PostgreSQL")
MANY = 12


@pytest.fixture(scope="module")
def two() -> Iterator[list[Sandbox]]:
    """Two servers on one set of books."""
    with postgres() as database:
        both = [Sandbox(database.address), Sandbox(database.address)]
        for one in both:
            one.start()
        yield both
        for one in both:
            one.stop()
            one.books.engine.dispose()


def at_once(two: Sequence[Sandbox], portal: str, ask: Callable[[int, Http], Outcome]) -> list[Outcome]:
    """`ask` from MANY clients, half at each server, all let go at the same moment."""
    gate = threading.Barrier(MANY)

    def client(place: int) -> Outcome:
        http = Http(two[place % 2].portals()[portal], timeout=(10, 60))
        gate.wait()
        try:
            return ask(place, http)
        finally:
            http.close()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(client, range(MANY)))


def bill(key: str, number: str, poisha: int = 650_00) -> Operation:
    payload = {"biller_id": "breb", "inputs": {"account_no": number}, "amount_poisha": poisha}
    return Operation(key, "ekpay", "ekpay.bill.pay", payload)


def effects(two: Sequence[Sandbox], prefix: str) -> list[str]:
    return sorted(str(one["key"]) for one in two[0].books.effects() if str(one["key"]).startswith(prefix))


@pytest.mark.parametrize("round_", range(8))
def test_one_key_at_the_same_moment_has_one_effect_and_everybody_gets_its_answer(
    two: Sequence[Sandbox], round_: int
) -> None:
    key = f"same-{round_}"
    before = two[0].books.float_left("ekpay")
    told = at_once(two, "ekpay", lambda _place, http: EkPay().attempt(bill(key, key), http))
    assert len(set(map(str, told))) == 1
    assert isinstance(told[0], Confirmed)
    assert before - two[0].books.float_left("ekpay") == 650_00
    assert effects(two, key) == [key]


@pytest.mark.parametrize("round_", range(4))
def test_one_bill_under_many_keys_is_paid_once_and_the_others_are_told(two: Sequence[Sandbox], round_: int) -> None:
    number = f"bill-{round_}"
    before = two[0].books.float_left("ekpay")
    told = at_once(two, "ekpay", lambda place, http: EkPay().attempt(bill(f"{number}-{place}", number), http))
    assert [type(one) for one in told].count(Confirmed) == 1
    assert [one for one in told if not isinstance(one, Confirmed)] == [Rejected("already_paid")] * (MANY - 1)
    assert before - two[0].books.float_left("ekpay") == 650_00


def test_what_is_refused_leaves_its_key_free(two: Sequence[Sandbox]) -> None:
    two[0].bill("breb", {"bllr_accno": "dear"}, 900_00)
    told = at_once(two, "ekpay", lambda _place, http: EkPay().attempt(bill("dear", "dear"), http))
    assert {type(one) for one in told} == {Rejected}
    http = Http(two[1].portals()["ekpay"])
    assert isinstance(EkPay().attempt(replace(bill("dear", "dear", 900_00)), http), Confirmed)
    http.close()


def test_the_last_bag_of_seed_is_sold_once(two: Sequence[Sandbox]) -> None:
    two[0].set_product("p0001", stock=3, price_poisha=100_00)
    two[0].set_product("p0002", stock=1000, price_poisha=100_00)
    names = ("p0001", "p0002")

    def order(place: int, http: Http) -> Outcome:
        both = names if place % 2 else names[::-1]
        items = [{"product_id": name, "quantity": 1, "unit_price_poisha": 100_00} for name in both]
        operation = Operation(f"seed-{place}", "ekshop", "ekshop.order.place", {"items": items, "address": {}})
        return EkShop().attempt(operation, http)

    told = at_once(two, "ekshop", order)
    assert [type(one) for one in told].count(Accepted) == 3
    assert len(effects(two, "seed")) == 3


def test_a_reader_of_a_feed_misses_nothing_that_is_announced_beside_him(two: Sequence[Sandbox]) -> None:
    for place in range(MANY):
        payload = {"applicant": {"name": "নমুনা নাগরিক"}, "service_id": "nationality"}
        operation = Operation(f"fed-{place}", "eksheba", "eksheba.application.submit", payload)
        http = Http(two[place % 2].portals()["eksheba"])
        assert isinstance(EkSheba().attempt(operation, http), Accepted)
        http.close()
    seen: list[str] = []
    over = threading.Event()

    def read() -> None:
        cursor = ""
        while True:
            last = over.is_set()
            page = two[0].books.page("eksheba.statuses", cursor, 3)
            cursor = page["cursor"]
            seen.extend(item["application_key"] for item in page["items"])
            if last and not page["items"]:
                return

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(MANY) as pool:
        for _round in range(5):
            list(pool.map(lambda place: two[place % 2].advance_application(f"fed-{place}", "secretary"), range(MANY)))
    over.set()
    reader.join()
    assert sorted(seen) == sorted([f"fed-{place}" for place in range(MANY)] * 5)
