"""The company LX, founded once per run, where plugins of others come and go."""

from pathlib import Path

import pytest

from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS

COMPANY = Path(__file__).parents[1] / "stories" / "companies" / "lx"


@pytest.fixture(scope="session")
def lx_founded(tmp_path_factory: pytest.TempPathFactory) -> Office:
    files = {one.name: one.read_bytes() for one in COMPANY.iterdir()}
    return Office.found(tmp_path_factory.mktemp("lx"), files, SIGNERS)
