"""The two companies of the source, founded once per run; every story gets a copy of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Office

COMPANIES = Path(__file__).parent / "companies"
FOUNDERS = {"lx": ("gao.feng", "guan.ning"), "food": ("zong.jing", "ban.gong")}


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Office]:
    """Each company as it was founded, made when first asked for."""
    made: dict[str, Office] = {}

    def found(name: str) -> Office:
        if name not in made:
            files = {one.name: one.read_bytes() for one in (COMPANIES / name).iterdir()}
            made[name] = Office.found(tmp_path_factory.mktemp(name), files, FOUNDERS[name])
        return made[name]

    return found


@pytest.fixture
def lx(founded: Callable[[str], Office], tmp_path: Path) -> Office:
    return founded("lx").copy(tmp_path)


@pytest.fixture
def food(founded: Callable[[str], Office], tmp_path: Path) -> Office:
    return founded("food").copy(tmp_path)
