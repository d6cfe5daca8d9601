"""Portals of a test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.sandbox import Sandbox
from tests.sync.asking import guarded
from tests.sync.web import Web


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def portals() -> Iterator[Sandbox]:
    """The sandbox with doors that ask who comes."""
    sandbox = guarded()
    yield sandbox
    sandbox.stop()
