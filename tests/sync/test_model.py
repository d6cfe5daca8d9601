"""A short game against the model of tests/faults/model.py; a long one: ./run faults."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, settings

from tests.faults.model import Counterside

Counterside.TestCase.settings = settings(
    max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck),
)
TestShort = pytest.mark.skipif(sys.platform != "linux", reason="resets are Linux's here")(Counterside.TestCase)
