"""A company that files inspection plans, as far as each test needs them to have come."""

from pathlib import Path

import pytest

from qms.testing.inspection_plans import (
    AUTHOR,
    CODES,
    DRAFT,
    EXPERT,
    HEAD,
    NUMBER,
    OPEN,
    PICTURE,
    RULES,
    TOOLS,
)
from qms.testing.office import Office
from qms.testing.outsiders import SIGNERS, admit, install, runner


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = install(
        tmp_path_factory.mktemp("plans"), "acme-plans", "1.0",
        {"qms.rules": "plans = plan_rules", "qms.tools": "plans = plan_tools"},
        plan_rules=RULES, plan_tools=TOOLS,
    )  # fmt: skip
    (place / "plan_codes.toml").write_text(CODES, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, lx_founded: Office, folder: Path) -> Office:
    """A company that admits the plugin, with a plan that somebody has begun to write."""
    office = lx_founded.copy(tmp_path_factory.mktemp("founded"))
    admit(office, folder, "plans", *SIGNERS)
    office.write("assets/shaft.svg", PICTURE)
    office.write(OPEN, DRAFT)
    return office


@pytest.fixture(scope="module")
def going_round(tmp_path_factory: pytest.TempPathFactory, begun: Office, folder: Path) -> Office:
    """The plan was sent round."""
    office = begun.copy(tmp_path_factory.mktemp("going"))
    assert runner(office, folder)("submit", NUMBER, by=AUTHOR).code == 0
    return office


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, going_round: Office, folder: Path) -> Office:
    """The plan was passed by all, and is filed."""
    office = going_round.copy(tmp_path_factory.mktemp("archive"))
    qms = runner(office, folder)
    for person in (HEAD, EXPERT):
        answer = qms("sign", NUMBER, by=person)
        assert answer.code == 0, answer
    return office


@pytest.fixture
def draft(begun: Office, tmp_path: Path) -> Office:
    return begun.copy(tmp_path)


@pytest.fixture
def going(going_round: Office, tmp_path: Path) -> Office:
    return going_round.copy(tmp_path)


@pytest.fixture
def filed(archive: Office, tmp_path: Path) -> Office:
    return archive.copy(tmp_path)
