"""A long game against the model (./run faults)."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.faults.model import Counterside

Counterside.TestCase.settings = settings(
    max_examples=int(os.environ.get("UDC_KIOSK_GAMES", "200")), stateful_step_count=25, deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLong = pytest.mark.timeout(3600)(Counterside.TestCase)
