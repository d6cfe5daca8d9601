"""Whatever is sent to the sandbox, of the contract or not, is answered as the contract says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from sync.contract.document import contract, followed
from sync.sandbox import Sandbox
from sync.sandbox.played import PORTALS

_HEAD = f"K7F2 12:{0:064x}"
_WHO = ("sample-centre", "sample-secret")


def _plain(node: Any) -> Any:
    """The contract without headers, which schemathesis makes without regard to their pattern, and without who asks."""
    if isinstance(node, dict):
        return {name: _plain(inner) for name, inner in node.items() if name != "security"}
    if isinstance(node, list):
        return [_plain(inner) for inner in node if followed(inner).get("in") != "header"] if all(
            isinstance(inner, dict) for inner in node) else node
    return node


_SCHEMA = schemathesis.openapi.from_dict(_plain(contract()), config=SchemathesisConfig.from_dict({
    "generation": {"allow-extra-parameters": False, "allow-x00": False},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "401", "404", "409", "413"]}},
})).exclude(path_regex="^/nagorik/")  # the code of ekSheba's routes, on another base


@pytest.fixture(scope="module")
def sandbox_address() -> Iterator[str]:
    sandbox = Sandbox()
    for portal in PORTALS:
        sandbox.accept_only(portal, *_WHO)
    yield sandbox.start()
    sandbox.stop()


@pytest.fixture(scope="module")
def token(sandbox_address: str) -> str:
    asked = {"user_id": _WHO[0], "pass_key": _WHO[1]}
    address = f"{sandbox_address}{PORTALS['ekpay'].base}/get-token"
    return str(requests.post(address, json=asked, timeout=10).json()["security_token"])


@_SCHEMA.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_the_contract_says(
    case: schemathesis.Case[Any], sandbox_address: str, token: str
) -> None:
    """Some requests for each route, of the contract and not, and those that schemathesis's checks add to them."""
    own = {"Authorization": f"Bearer {token}"} if case.path.startswith(PORTALS["ekpay"].base) else {}
    case.call_and_validate(
        base_url=sandbox_address, headers={"X-Journal-Head": _HEAD, **own}, auth=None if own else _WHO,
    )
