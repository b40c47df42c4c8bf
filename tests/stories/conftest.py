"""Every story gets a copy of its own of a company."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.testing.office import Office


@pytest.fixture
def lx(founded: Callable[[str], Office], tmp_path: Path) -> Office:
    return founded("lx").copy(tmp_path)


@pytest.fixture
def food(founded: Callable[[str], Office], tmp_path: Path) -> Office:
    return founded("food").copy(tmp_path)


@pytest.fixture(scope="session")
def _drafted(founded: Callable[[str], Office], copied: Callable[..., Office]) -> Office:
    office = copied(founded("lx"), "gong.yi new work-instruction --title 车床")
    office.git("add", "-A")
    office.git("commit", "-q", "-m", "Draft")
    return office


@pytest.fixture(scope="session")
def _submitted(_drafted: Office, copied: Callable[..., Office]) -> Office:
    return copied(_drafted, "gong.yi submit LX-WI-01")


@pytest.fixture
def drafted(_drafted: Office, tmp_path: Path) -> Office:
    """LX with a draft of a work instruction."""
    return _drafted.copy(tmp_path)


@pytest.fixture
def submitted(_submitted: Office, tmp_path: Path) -> Office:
    """LX with a work instruction that waits for Fu Yi."""
    return _submitted.copy(tmp_path)


@pytest.fixture(scope="session")
def _released(_submitted: Office, copied: Callable[..., Office]) -> Office:
    return copied(_submitted, "fu.yi sign LX-WI-01", "wen.kong release LX-WI-01")


@pytest.fixture
def released(_released: Office, tmp_path: Path) -> Office:
    """LX with a work instruction in force."""
    return _released.copy(tmp_path)


@pytest.fixture
def machine(released: Office, tmp_path: Path) -> Office:
    """The same at a machine that has printed nothing yet."""
    released.environment |= {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    return released


@pytest.fixture(scope="session")
def printed(_released: Office, copied: Callable[..., Office]) -> Path:
    """What a run in an empty folder leaves, where a work instruction is in force."""
    return copied(_released, "wen.kong publish").folder / "published"


@pytest.fixture(scope="session")
def _issued(_submitted: Office, copied: Callable[..., Office]) -> Office:
    return copied(
        _submitted,
        "fu.yi sign LX-WI-01",
        "wen.kong release LX-WI-01 --effective +7",
        "wen.kong issue LX-WI-01 --to technical",
    )


@pytest.fixture
def issued(_issued: Office, tmp_path: Path) -> Office:
    """LX with a work instruction that is in force in a week; copy 001 is out."""
    return _issued.copy(tmp_path)


@pytest.fixture(scope="session")
def _server(_drafted: Office, copied: Callable[..., Office]) -> Path:
    office = copied(_drafted)
    return office.shared(office.folder.parent)


@pytest.fixture
def server(drafted: Office, _server: Path, tmp_path: Path) -> Path:
    """The shared repository with a draft and the gate; the office's `origin`."""
    folder = shutil.copytree(_server, tmp_path / _server.name, symlinks=True)
    drafted.git("remote", "add", "origin", str(folder))
    drafted.git("update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


@pytest.fixture
def team(tmp_path: Path) -> Callable[..., tuple[Office, ...]]:
    """Clones of one office, made when asked for; its own repo is the first of them."""

    def clones(office: Office, *names: str) -> tuple[Office, ...]:
        server = office.shared(tmp_path / "shared") if not (tmp_path / "shared").exists() else None
        found = [office]
        for name in names:
            folder = tmp_path / name / "docs"
            office.git("clone", "-q", str(server), str(folder))
            other = Office(folder, office.keys, office.now, dict(office.environment))
            for key, value in (
                ("user.name", name), ("user.email", f"{name}@qms.invalid"),
                ("qms.allowUnencryptedKey", "true"), ("qms.rehearsal", "true"),
            ):  # fmt: skip
                other.git("config", key, value)
            found.append(other)
        return tuple(found)

    (tmp_path / "state").mkdir()
    return clones
