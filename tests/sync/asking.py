"""Who asks the sandbox in the tests of the contract: schemathesis, as a centre that each portal knows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig

from sync.sandbox import Sandbox
from sync.sandbox.played import PORTALS

WHO = ("sample-centre", "sample-secret")
CONFIG = SchemathesisConfig.from_dict({
    "generation": {"allow-extra-parameters": False, "allow-x00": False, "with-security-parameters": False},
    "phases": {"stateful": {"generation": {"mode": "positive"}, "inference": {"algorithms": []},
                            "checks": {"ignored_auth": {"enabled": False}}}},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "401", "404", "409", "413", "416"]}},
})


def guarded() -> Sandbox:
    """A sandbox whose portals let nobody else in."""
    sandbox = Sandbox()
    for portal in PORTALS:
        sandbox.accept_only(portal, *WHO)
    sandbox.start()
    return sandbox


def token_of(sandbox: Sandbox) -> str:
    """A token of ekPay's."""
    asked = {"user_id": WHO[0], "pass_key": WHO[1]}
    answer = requests.post(f"{sandbox.portals()['ekpay']}/get-token", json=asked, timeout=10)
    return str(answer.json()["security_token"])


def credentials(path: str, token: str) -> Mapping[str, Any]:
    """As requests takes them: ekPay's token, the others' user and secret."""
    if path.startswith(PORTALS["ekpay"].base):
        return {"headers": {"Authorization": f"Bearer {token}"}}
    return {"auth": WHO}


@schemathesis.serializer("application/json")
def _packed_if_said_so(context: schemathesis.SerializationContext, body: Any) -> bytes:
    """JSON; what is said to be packed is."""
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    return gzip.compress(said, mtime=0) if context.case.headers.get("Content-Encoding") == "gzip" else said
