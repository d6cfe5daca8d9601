"""The contract's links lead where they say: schemathesis goes from answer to request by them, as a centre that the
portals know, and every one of them is gone to a good end."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import Bundle
from schemathesis.generation import GenerationMode
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput
from schemathesis.specs.openapi.stateful import is_root_allowed, transition

from sync.contract import document
from sync.sandbox.played import PORTALS
from sync.sandbox.seed import FLOATS
from tests.sync.asking import CONFIG, credentials, guarded, token_of

_TURNS = 12  # two or three are taken
_SETTINGS = settings(max_examples=3, stateful_step_count=18, deadline=None, database=None, phases=[Phase.generate],
                     suppress_health_check=list(HealthCheck))
_OF_APPLICATIONS = {
    "/(applications|operations|statuses|documents)": "POST /applications",
    "/(attachments|operations)": "GET /attachments/{key}",
    "/packs": "GET /packs",
}
# The paths of a walk, and what it begins with. The links of a portal, each in one walk: short ones come about sooner.
_WALKS = {
    "ekpay": {"/": "POST /fetch-bill"}, "eksheba": _OF_APPLICATIONS, "nagorik": _OF_APPLICATIONS,
    "ekshop": {"/": "POST /orders"}, "municipality": {"/": "GET /holdings"},
}


def _of_one_device() -> dict[str, Any]:
    """The contract for a counter whose journal has one head: to make heads up would take longer than all else here."""
    said = copy.deepcopy(document.contract())
    head = said["components"]["parameters"]["JournalHead"]
    head |= {"required": True, "schema": {"const": head["example"]}}
    return said


_SCHEMA = schemathesis.openapi.from_dict(_of_one_device(), config=CONFIG)


class Centre:
    """What a centre knows without being told by an answer, and the links that it has gone to a good end."""

    def __init__(self) -> None:
        self.sandbox = guarded()
        for name in FLOATS:
            self.sandbox.set_float(name, 10**15)  # enough for any fee
        self.sandbox.publish({"fees.csv": "id\n"}, "2099-01-01T00:00:00Z")
        self.token = token_of(self.sandbox)
        self.line = requests.Session()
        self.line.trust_env = False
        self.gone: set[str] = set()
        self._application = ""
        self._papers: dict[str, bytes] = {}

    def close(self) -> None:
        self.line.close()
        self.sandbox.stop()

    def fill_in(self, case: schemathesis.Case[Any]) -> None:
        """What there is to buy, and for how much; which application a paper is for, and the hash of its bytes."""
        body: Any = case.body
        if case.operation.path == "/ekshop/orders":
            body["items"] = [{"product_id": "p0001", "quantity": 1, "unit_price_poisha": 80_00}]
        if case.operation.path.endswith("/fee"):
            body.pop("service_id", None)  # with it, it may be for an application that is yet to come
        if case.operation.path.endswith("/done"):
            paper = self._papers.get(case.path_parameters["key"], b"")
            body |= {"application_key": self._application, "sha256": hashlib.sha256(paper).hexdigest()}

    def remember(self, case: schemathesis.Case[Any], answer: schemathesis.Response) -> None:
        """Offices and sellers work on what was sent; the pieces of a paper come together."""
        if answer.status_code != 200:
            return
        body: Any = case.body
        if case.operation.path.endswith("/applications"):
            self._application = body["key"]
            self.sandbox.advance_application(self._application, "approved")
        if case.operation.path == "/ekshop/orders":
            self.sandbox.advance_order(body["key"], "delivered")
        if case.method.upper() == "PATCH":
            key, sent = case.path_parameters["key"], answer.request.body
            self._papers[key] = self._papers.get(key, b"") + (sent if isinstance(sent, bytes) else b"")


def walk(centre: Centre, paths: str, begins: str) -> type[APIStateMachine]:
    """The links between some paths, to be gone by `centre`, from the operation `begins` on."""
    schema = _SCHEMA.include(path_regex=paths)

    class Walk(schema.as_state_machine()):  # type: ignore[misc]
        def step(self, input: StepInput) -> StepOutput:
            centre.fill_in(input.case)
            told: StepOutput = super().step(input)
            centre.remember(input.case, told.response)
            if input.transition is not None and input.is_applied and is_good(told.response):
                centre.gone.add(input.transition.id)
            return told

        def get_call_kwargs(self, case: schemathesis.Case[Any]) -> dict[str, Any]:
            said = credentials(case.operation.path, centre.token)
            return {"base_url": centre.sandbox.address, "session": centre.line, **said}

    # schemathesis would not begin with an application: nothing in the contract tells a service's id
    method, _, path = begins.partition(" ")
    made = schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE).map(StepInput.initial)
    first = transition(name="first", target=Bundle("catch_all"), input=made, precondition=is_root_allowed(begins))
    return type("Walk", (Walk,), {"first": first})


def is_good(answer: schemathesis.Response) -> bool:
    """Done, found or unchanged. ekPay's refusals are 200 too, and so is a key that nobody knows."""
    if answer.status_code in (206, 304):
        return True
    said = answer.json() if "application/json" in answer.headers["content-type"] else {}
    refused = said.get("known") is False or said.get("resp_status", {}).get("rsp_cd", "0000") != "0000"
    return answer.status_code == 200 and not refused


def links(paths: str) -> Iterator[str]:
    """Every link between some paths, as schemathesis calls it."""
    named = {one.said.get("operationId"): f"{one.method} {one.path}" for one in document.operations()}
    for one in document.operations():
        for status, told in one.said["responses"].items():
            for name, link in document.followed(told).get("links", {}).items():
                if re.match(paths, one.path):
                    yield f"{one.method} {one.path} -> [{status}] {name} -> {named[link['operationId']]}"


@pytest.mark.parametrize("portal", PORTALS)
def test_every_link_is_gone_to_a_good_end(portal: str) -> None:
    base, centre = PORTALS[portal].base, Centre()
    try:
        for paths, begins in _WALKS[portal].items():
            machine = walk(centre, f"^{base}{paths}", begins.replace(" ", f" {base}"))
            for turn in range(_TURNS):
                seed(turn)(machine).run(settings=_SETTINGS)
                if centre.gone.issuperset(links(f"^{base}{paths}")):
                    break
    finally:
        centre.close()
    every = set(links(f"^{base}/"))
    assert every
    assert every - centre.gone == set()


def test_every_operation_has_a_name_of_its_own() -> None:
    """Links lead to names."""
    names = [one.said["operationId"] for one in document.operations() if "operationId" in one.said]
    assert len(names) == len(set(names))
