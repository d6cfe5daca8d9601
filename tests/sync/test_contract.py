"""The contract (sync/contract/openapi.yaml) says what the sandbox has, and what the engine and the sandbox say to each
other is of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask, Response, request

from kiosk.counter import attach, pay_due
from kiosk.counter.records import LineState
from sync.contract import document
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.kiosk.stories import begin, pay, state, take_application, take_bill, take_order
from tests.sync.held import OPERATIONS, Said, wrong

KEPT_APART = {"/static/{path:filename}", "/_sandbox/{word}"}  # Flask's own; how a test tells the sandbox to misbehave

CUT_OFF = {path for _method, path in OPERATIONS if path.endswith("/journal/operations") and "/nagorik/" not in path}


@pytest.fixture
def said(sandbox: Sandbox) -> list[Said]:
    """All that is said from now on, items of batches on their own too."""
    heard: list[Said] = []

    def listen(response: Response) -> Response:
        response.direct_passthrough = False
        heard.append(Said(
            request.method, document.written(str(request.url_rule)), request.get_data(),
            response.status_code, dict(response.headers), response.get_data(),
        ))
        return response

    sandbox._app.after_request(listen)
    return heard


@pytest.fixture
def room(tmp_path: Path, sandbox: Sandbox, said: list[Said]) -> Iterator[Room]:
    """A counter that believes the sandbox's publisher."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"publishers": sandbox.publishers()}), encoding="utf-8")
    made = Room(home, sandbox)
    yield made
    made.app.stop()


def _routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, path) for rule in app.url_map.iter_rules() if (path := document.written(str(rule))) not in KEPT_APART
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_contract_is_a_valid_document() -> None:
    assert document.contract()["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document.contract()).validate()


def test_it_has_what_the_sandbox_has_and_nothing_else() -> None:
    assert _routes(Sandbox()._app) == set(OPERATIONS)


def test_nagorik_shebas_part_is_ekshebas_in_another_place() -> None:
    """With other paths and names, and links that stay there."""
    paths = document.contract()["paths"]
    names = {item[method]["operationId"]: paths[path.replace("/eksheba/", "/nagorik/")][method]["operationId"]
             for path, item in paths.items() if path.startswith("/eksheba/")
             for method in ("get", "post", "patch") if "operationId" in item.get(method, {})}
    assert not names.keys() & set(names.values())
    for path, item in paths.items():
        if path.startswith("/eksheba/"):
            moved = json.dumps(item).replace('"eksheba"', '"nagorik"')
            for here, there in names.items():
                moved = moved.replace(f'"operationId": "{here}"', f'"operationId": "{there}"')
            assert json.loads(moved) == paths[path.replace("/eksheba/", "/nagorik/")]


def test_what_the_engine_and_the_portals_say_to_each_other_is_of_the_contract(room: Room, said: list[Said]) -> None:
    sandbox = room.sandbox
    room.sync()
    visits = a_day_of(room)
    for lost in ("ekpay.pay", "eksheba.submit", "ekshop.order", "municipality.pay"):
        sandbox.fail_next(lost, "lose_after")  # so that each is asked about
    sandbox.publish({"fees.csv": "id\n"}, "2099-01-01T00:00:00Z")
    for _round in range(3):
        room.clock.forward(minutes=10)
        room.sync()
    work_on(sandbox)
    room.clock.forward(minutes=10)
    room.sync()
    room.sync()

    assert [state(room, one, place) for one, place in visits] == [LineState.CONFIRMED] * 4
    assert {(one.method, one.path, one.status, *wrong(one)) for one in said if list(wrong(one))} == set()
    unsaid = {path for _method, path in OPERATIONS.keys() - {(one.method, one.path) for one in said}}
    # no row of the packs sends anything to Nagorik Sheba; no journal was cut off here
    assert {path for path in unsaid if not path.startswith("/nagorik/")} == CUT_OFF


def a_day_of(room: Room) -> list[Any]:
    """Two visits with everything that a counter sells, so that there are batches; visit and line of the first."""
    visits = []
    for place in range(2):
        opened = begin(room)
        paper = attach.keep(room.counter, opened.id, "nationality", "/data/paper", "nid.pdf", b"%PDF" + bytes(9_000))
        take_bill(room, opened, 650_00 + place)  # the same bill at another amount
        take_application(room, opened, {"/data/paper": paper})
        take_order(room, opened)
        holding = pay_due.holdings(room.counter, "০০১")[0]
        pay_due.add(room.counter, opened.id, holding.municipality_id, holding.number, holding.dues[place].id)
        pay(room, opened)
        visits.append(opened)
    return [(visits[0], place) for place in range(4)]


def work_on(sandbox: Sandbox) -> None:
    """The offices and sellers end what was sent to them."""
    for effect in sandbox.books.effects():
        if effect["kind"] == "eksheba.application.submit":
            sandbox.advance_application(effect["key"], "approved")
        if effect["kind"] == "ekshop.order.place":
            sandbox.advance_order(effect["key"], "delivered")
