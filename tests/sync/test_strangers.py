"""Whom a portal does not know is told so at every route, as the contract has it, and nothing was done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from requests.auth import AuthBase, HTTPBasicAuth

from kiosk.counter.records import LineState
from sync.contract import document
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.kiosk.stories import settled_bill, state
from tests.sync.asking import WHO, token_of
from tests.sync.held import OPERATIONS, Said, wrong


class Says(AuthBase):
    """An `Authorization` as it stands; empty: none."""

    def __init__(self, said: str = "") -> None:
        self._said = said

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._said:
            request.headers["Authorization"] = self._said
        return request


@pytest.fixture(scope="module")
def line() -> Iterator[requests.Session]:
    with requests.Session() as kept:
        kept.trust_env = False
        yield kept


def asked(operation: document.Operation, portals: Sandbox, line: requests.Session, who: AuthBase) -> Said:
    """The answer to a request that has nothing but its path."""
    path = re.sub(r"\{sha256\}", "0" * 64, operation.path)
    address = portals.address + re.sub(r"\{\w+\}", "a", path)
    told = line.request(operation.method, address, auth=who, timeout=10)
    return Said(operation.method, operation.path, b"", told.status_code, told.headers, told.content)


def scheme(operation: document.Operation) -> str:
    """How the contract wants to be told who asks: `basic`, `token`, or not at all."""
    wanted = operation.said.get("security", document.contract()["security"])
    return next((name for one in wanted for name in one), "")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=[" ".join(one) for one in OPERATIONS])
def test_only_who_is_known_is_answered(
    operation: document.Operation, portals: Sandbox, line: requests.Session
) -> None:
    token = f"Bearer {token_of(portals)}"
    portals.tokens_hold(0)
    past = f"Bearer {token_of(portals)}"
    portals.tokens_hold(3600)
    basic, nobody = HTTPBasicAuth(*WHO), Says()
    known, strangers = {
        "basic": (basic, (nobody, HTTPBasicAuth(WHO[0], "other"), HTTPBasicAuth("other", WHO[1]), Says(token))),
        "token": (Says(token), (nobody, Says("Bearer other"), Says("Bearer"), Says(past), basic)),
        "": (nobody, ()),
    }[scheme(operation)]
    for who in strangers:
        told = asked(operation, portals, line, who)
        assert (told.status, list(wrong(told))) == (401, [])
    assert asked(operation, portals, line, known).status != 401
    assert portals.books.effects() == []


def test_only_a_token_is_had_without_being_known_and_the_journal_at_ekpay() -> None:
    assert {path.rpartition("/api/")[2] for (_, path), one in OPERATIONS.items() if not scheme(one)} == {
        "get-token", "journal", "journal/operations"}


def test_a_wrong_user_gets_no_token(portals: Sandbox, line: requests.Session) -> None:
    path = "/ekpay/syndicate/api/get-token"
    told = line.post(portals.address + path, json={"user_id": WHO[0], "pass_key": "other"}, timeout=10)
    said = Said("POST", path, told.request.body, told.status_code, told.headers, told.content)  # type: ignore[arg-type]
    assert (said.status, list(wrong(said))) == (401, [])


def test_a_token_that_is_past_its_time_costs_nothing_but_time(room: Room) -> None:
    bill = settled_bill(room)
    room.sandbox.tokens_hold(0)
    room.sync()
    assert (state(room, bill), room.sandbox.books.effects()) == (LineState.WAITING, [])
    room.sandbox.tokens_hold(3600)
    room.clock.forward(minutes=10)
    room.sync()
    assert (state(room, bill), len(room.sandbox.books.effects())) == (LineState.CONFIRMED, 1)
