"""ekSheba: applications to offices. The contract is ours (docs/portals.md)."""

from __future__ import annotations

from sync.contract.applications import Applications


class EkSheba(Applications):
    """All that its contract has."""


PORTAL = EkSheba
