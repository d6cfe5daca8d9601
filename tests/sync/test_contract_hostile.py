"""Whatever is sent to the sandbox, of the contract or not, is answered as the contract says: no 500, no answer of another
shape, nobody let in who is not known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import missing_required_header

from sync.contract.document import contract
from sync.sandbox import Sandbox
from sync.sandbox.played import PORTALS

_SCHEMA = schemathesis.openapi.from_dict(contract())
_HEAD = f"K7F2 12:{0:064x}"  # schemathesis makes headers without their pattern
_WHO = ("sample-centre", "sample-secret")


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
@settings(max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_the_contract_says(case: schemathesis.Case, sandbox_address: str, token: str) -> None:
    """Some twenty requests for each route, of the contract and not, and those that schemathesis's checks add to them."""
    own = {"Authorization": f"Bearer {token}"} if case.path.startswith(PORTALS["ekpay"].base) else {}
    case.call_and_validate(
        base_url=sandbox_address, headers={"X-Journal-Head": _HEAD, **own}, auth=None if own else _WHO,
        # Authorization is the only one, and comes from here; `ignored_auth` takes it away again.
        excluded_checks=[missing_required_header],
    )
