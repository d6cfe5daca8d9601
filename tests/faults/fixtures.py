"""What every test on a bad line starts from, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.certificates import Certificates, make
from tests.faults.site import a_home


@pytest.fixture(scope="session")
def like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has seen the line once, to be copied."""
    return a_home(tmp_path_factory.mktemp("like"))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make(tmp_path_factory.mktemp("certificates"))
