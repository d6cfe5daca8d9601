"""ekShop: place an order; the portal splits it by seller. The contract is ours (docs/portals.md)."""

from __future__ import annotations

from sync.http import Http
from sync.operations import NotKnownThere, Operation, Outcome
from sync.portals.answers import ask_by_key, post_once


class EkShop:
    """An order is accepted and then delivered; its statuses come by feed."""

    name = "ekshop"

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        return post_once(http, "/orders", operation, operation.payload, done=False)

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        return ask_by_key(http, operation, done=False)
