"""Nagorik Sheba, which is to follow ekSheba (domain.md 1.5). Nothing is public of what it says to operators' programs;
until then it is spoken to by our contract for applications (docs/portals.md)."""

from __future__ import annotations

from sync.contract.applications import Applications


class NagorikSheba(Applications):
    """All that its contract has."""


PORTAL = NagorikSheba
