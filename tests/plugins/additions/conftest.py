"""A company of its own for each test of somebody else's plugin."""

from pathlib import Path

import pytest

from qms.testing.office import Office


@pytest.fixture
def lx(lx_founded: Office, tmp_path: Path) -> Office:
    return lx_founded.copy(tmp_path)
