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


@pytest.fixture(scope="session")
def _drafted(founded: Callable[[str], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = founded("lx").copy(tmp_path_factory.mktemp("drafted"))
    office.qms("new", "work-instruction", "--title", "车床", by="gong.yi")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    return office


@pytest.fixture(scope="session")
def _submitted(_drafted: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = _drafted.copy(tmp_path_factory.mktemp("submitted"))
    office.qms("submit", "LX-WI-01", by="gong.yi")
    return office


@pytest.fixture
def drafted(_drafted: Office, tmp_path: Path) -> Office:
    """LX with a draft of a work instruction."""
    return _drafted.copy(tmp_path)


@pytest.fixture
def submitted(_submitted: Office, tmp_path: Path) -> Office:
    """LX with a work instruction that waits for Fu Yi."""
    return _submitted.copy(tmp_path)
