"""Whatever is sent to the sandbox, of the contract or not, is answered as the contract says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import CoveragePhaseData

from sync.contract import document
from sync.sandbox import Sandbox
from tests.sync.asking import CONFIG, credentials, token_of

_SCHEMA = schemathesis.openapi.from_dict(document.contract(), config=CONFIG)
_HEADERS = {(one.method, one.path): {
    name: document.check(schema) for name, schema in document.parameters_schema(one, "header")["properties"].items()
} for one in document.operations()}


@pytest.fixture(scope="module")
def token(portals: Sandbox) -> str:
    return token_of(portals)


@pytest.fixture(scope="module")
def line() -> Iterator[requests.Session]:
    """A kept connection, as counters have it."""
    with requests.Session() as kept:
        kept.trust_env = False
        yield kept


@_SCHEMA.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_the_contract_says(
    case: schemathesis.Case[Any], portals: Sandbox, token: str, line: requests.Session
) -> None:
    """Some requests for each route, of the contract and not, and those that schemathesis's checks add to them: the same
    with nobody's credentials, and with a stranger's."""
    leave_what_is_meant(case)
    case.call_and_validate(base_url=portals.address, session=line, **credentials(case.path, token))


def leave_what_is_meant(case: schemathesis.Case[Any]) -> None:
    """Where schemathesis tries one thing after the other it writes `0` into every header that has a pattern, and calls
    that valid; the request would be refused for it, and what it was made for never looked at."""
    if case.meta is None or not isinstance(case.meta.phase.data, CoveragePhaseData):
        return
    is_wrong = case.meta.generation.mode is GenerationMode.NEGATIVE
    meant = case.meta.phase.data.parameter if is_wrong else None
    for name, check in _HEADERS.get((case.operation.method.upper(), case.operation.path), {}).items():
        if name != meant and name in case.headers and not check.is_valid(case.headers[name]):
            del case.headers[name]
