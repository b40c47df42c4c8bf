"""The company LX, where plugins of others come and go."""

from collections.abc import Callable

import pytest

from qms.testing.office import Office


@pytest.fixture(scope="session")
def lx_founded(founded: Callable[[str], Office]) -> Office:
    return founded("lx")
