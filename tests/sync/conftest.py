"""A portal of a test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sync.web import Web


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    made.start()
    yield made
    made.stop()
