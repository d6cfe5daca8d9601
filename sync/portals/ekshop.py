"""ekShop: place an order; the portal splits it by seller. The contract is ours (docs/portals.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.contract.answers import ask_by_key, post_many, post_once
from sync.http import Http
from sync.operations import NotKnownThere, Operation, Outcome
from sync.portals import Capabilities


class EkShop:
    """An order is accepted and then delivered; its statuses come by feed."""

    capabilities = Capabilities(
        batch={"order.place": 50}, compression=True, feeds={"order_statuses": "/order-statuses"}
    )

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        return post_once(http, "/orders", operation, operation.payload, done=False)

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        return post_many(http, [(one, "/orders") for one in operations], done=False)

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        return ask_by_key(http, operation, done=False)


PORTAL = EkShop
